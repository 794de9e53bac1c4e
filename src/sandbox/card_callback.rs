//! Presses on cards: POST api `/v1.0/card/callbacks/register`, the body that a press makes, and its answer.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use super::World;
use super::card::{SCOPE, merge};
use super::push::{CardAnswer, Parcel, Placed, Push, Topic};
use super::refuse::{Refusal, api};
use super::route::{Answer, Auth, Call, Route, Success};
use super::state::State;
use super::state::card::CallbackRoute;
use super::strict::filled;
use crate::clock::hex;

pub(super) const ROUTES: &[Route] =
    &[Route::api("POST", "/v1.0/card/callbacks/register", Auth::App(SCOPE), "param.invalid", register)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Register {
    #[serde(rename = "callbackRouteKey")]
    callback_route_key: Option<String>,
    #[serde(rename = "callbackUrl")]
    callback_url: Option<String>,
    #[serde(rename = "apiSecret")]
    api_secret: Option<String>,
    #[serde(rename = "forceUpdate", default)]
    force_update: bool,
}

fn register(call: &Call<'_>) -> Answer {
    let request: Register = call.body()?;
    let Some(url) = filled(request.callback_url.as_deref()) else {
        return Err(api("param.callbackUrlEmpty", "callbackUrl is empty"));
    };
    if !url::Url::parse(url).is_ok_and(|url| ["http", "https"].contains(&url.scheme())) {
        return Err(call.bad("`callbackUrl` is no address"));
    }
    let Some(key) = filled(request.callback_route_key.as_deref()) else {
        return Err(api("param.callbackRouteKeyEmpty", "callbackRouteKey is empty"));
    };
    let secret = request.api_secret.filter(|secret| !secret.is_empty()).unwrap_or_else(|| {
        let mut bytes = [0; 16];
        call.clock.random(&mut bytes);
        hex(&bytes)
    });
    let route = CallbackRoute { url: url.to_string(), secret };
    let mut cards = call.state.cards.lock();
    if !request.force_update && cards.routes.get(key).is_some_and(|old| *old != route) {
        let message = "callbackRouteKey已存在".into();
        return Err(Refusal::Api { status: 500, code: "param.callbackRouteKeyExist".into(), message });
    }
    let result = json!({"callbackUrl": route.url, "apiSecret": route.secret});
    cards.routes.insert(key.to_string(), route);
    Ok(Success::Body(json!({"success": true, "result": result})))
}

/// Records a press; nothing when no such card was delivered, or when it tells nobody.
pub(super) fn record(
    state: &State,
    out_track_id: &str,
    user_id: &str,
    action_ids: &[&str],
    params: &Map<String, Value>,
) -> Option<Value> {
    let corp_id = state.organisation.read().company.corp_id.clone();
    let groups = state.groups.read().of(user_id);
    let mut cards = state.cards.lock();
    let card = cards.get_mut(out_track_id).filter(|card| card.callback_type.is_some())?;
    // Where this person sees it, if that is known.
    let sees = |id: &String| id == user_id || groups.contains(id);
    let seen = card.spaces.iter().rev().find(|(_, id)| sees(id));
    let (space_type, space_id) = seen.or(card.spaces.last())?;
    let content = json!({"cardPrivateData": {"actionIds": action_ids, "params": params}});
    let body = json!({
        "type": "actionCallback",
        "outTrackId": out_track_id,
        "corpId": corp_id,
        "userId": user_id,
        "userIdType": 1,
        "spaceType": space_type,
        "spaceId": space_id,
        "extension": "{}",
        "content": content.to_string(),
    });
    card.callbacks.push(body.clone());
    Some(body)
}

/// Sends a press on its way; `told` hears how it ended.
pub(super) fn push(
    world: &World,
    out_track_id: &str,
    body: &Value,
    told: Option<oneshot::Sender<Push>>,
) -> Placed {
    let card = world.state.cards.lock().get(out_track_id).cloned();
    let route_key = card.and_then(|card| card.callback_route_key);
    let parcel = Parcel::new(Topic::Card, world.clock.millis(), body.to_string(), out_track_id.into());
    world.push(Parcel { route_key, told, ..parcel })
}

/// Writes the answer to a press into its card.
pub(super) fn apply(state: &State, callback: &str, answer: &CardAnswer) {
    let callback: Value = serde_json::from_str(callback).unwrap_or_default();
    let text = |name: &str| callback[name].as_str().unwrap_or_default();
    let mut cards = state.cards.lock();
    let Some(card) = cards.get_mut(text("outTrackId")) else { return };
    if let Some(data) = &answer.card {
        merge(&mut card.params, data.params.clone(), answer.options.card_by_key);
    }
    if let Some(data) = &answer.private {
        let place = card.private.entry(text("userId").into()).or_default();
        merge(place, data.params.clone(), answer.options.private_by_key);
    }
}
