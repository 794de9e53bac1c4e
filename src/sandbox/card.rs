//! Making and changing cards: POST and PUT api `/v1.0/card/instances`.

use std::collections::BTreeMap;

use serde_json::json;

use super::card_body::{Create, PrivateData, Update};
use super::refuse::{Refusal, api};
use super::route::{Answer, Auth, Call, Route, Success};
use super::state::card::{Card, Flow, Params, TemplateState};
use super::strict::filled;

/// The permission point for cards.
pub(super) const SCOPE: &str = "Card.Instance.Write";
/// Most characters of an `outTrackId`.
const LONGEST_ID: usize = 100;

pub(super) const ROUTES: &[Route] = &[
    Route::api("POST", "/v1.0/card/instances", Auth::App(SCOPE), "param.invalid", create),
    Route::api("PUT", "/v1.0/card/instances", Auth::App(SCOPE), "param.invalid", update),
];

fn create(call: &Call<'_>) -> Answer {
    let card = checked(call, call.body()?)?;
    let id = card.out_track_id.clone();
    keep(call, card)?;
    Ok(Success::Body(json!({"success": true, "result": id})))
}

/// Keeps a new card.
pub(super) fn keep(call: &Call<'_>, card: Card) -> Result<(), Refusal> {
    if call.state.cards.lock().make(card) {
        Ok(())
    } else {
        Err(api("param.cardAlreadyExist", "outTrackId已存在"))
    }
}

/// The card of a body, if everything about it is right.
pub(super) fn checked(call: &Call<'_>, body: Create) -> Result<Card, Refusal> {
    let Some(template) = filled(body.card_template_id.as_deref()) else {
        return Err(api("param.cardTemplateIdEmpty", "cardTemplateId is empty"));
    };
    let id = track_id(call, body.out_track_id.as_deref())?.to_string();
    let (template_state, routed) = {
        let cards = call.state.cards.lock();
        let key = filled(body.callback_route_key.as_deref());
        (cards.template(template), key.map(|key| cards.routes.contains_key(key)))
    };
    match template_state {
        TemplateState::Published => {}
        TemplateState::Unpublished => return Err(api("param.templateUnpublished", "模板未发布")),
        TemplateState::Unknown => return Err(api("param.templateNotExist", "模板不存在")),
    }
    match (body.callback_type.as_deref(), routed) {
        (None | Some("STREAM"), None) | (Some("HTTP"), Some(true)) => {}
        (Some("HTTP"), None) => return Err(call.bad("`callbackType` HTTP needs a `callbackRouteKey`")),
        (Some("HTTP"), Some(false)) => return Err(call.bad("`callbackRouteKey` is not registered")),
        (None | Some("STREAM"), Some(_)) => {
            return Err(call.bad("`callbackRouteKey` belongs to `callbackType` HTTP"));
        }
        (Some(other), _) => return Err(call.bad(format!("`callbackType` cannot be {other}"))),
    }
    let models = body.models(call)?;
    let template_id = template.to_string();
    let data = body.card_data.ok_or_else(|| api("param.empty", "cardData is missing"))?;
    Ok(Card {
        out_track_id: id,
        template_id,
        params: data.checked(call)?,
        private: private(call, body.private_data, body.user_id_type)?,
        callback_type: body.callback_type,
        callback_route_key: body.callback_route_key,
        spaces: Vec::new(),
        flow: Flow::Processing,
        frames: Vec::new(),
        callbacks: Vec::new(),
        models,
    })
}

/// The caller's id of a card.
pub(super) fn track_id<'t>(call: &Call<'_>, id: Option<&'t str>) -> Result<&'t str, Refusal> {
    let Some(id) = filled(id) else {
        return Err(api("param.outTrackIdEmpty", "outTrackId is empty"));
    };
    if id.chars().count() > LONGEST_ID {
        return Err(call.bad(format!("`outTrackId` has more than {LONGEST_ID} characters")));
    }
    Ok(id)
}

/// Whether ids of people are unionIds; they are userIds unless it is said.
pub(super) fn by_union(call: &Call<'_>, kind: Option<i64>) -> Result<bool, Refusal> {
    match kind {
        None | Some(1) => Ok(false),
        Some(2) => Ok(true),
        Some(other) => Err(call.bad(format!("`userIdType` cannot be {other}"))),
    }
}

/// Variables of people who have to exist.
fn private(
    call: &Call<'_>,
    data: Option<PrivateData>,
    kind: Option<i64>,
) -> Result<BTreeMap<String, Params>, Refusal> {
    let by_union = by_union(call, kind)?;
    let organisation = call.state.organisation.read();
    let mut private = BTreeMap::new();
    for (id, data) in data.unwrap_or_default() {
        let person = if by_union { organisation.user_by_union(&id) } else { organisation.user(&id) };
        if person.is_none() {
            return Err(api("param.userIdNotExist", format!("no user {id}")));
        }
        private.insert(id, data.checked(call)?);
    }
    Ok(private)
}

fn update(call: &Call<'_>) -> Answer {
    let body: Update = call.body()?;
    let id = track_id(call, body.out_track_id.as_deref())?;
    let params = body.card_data.map(|data| data.checked(call)).transpose()?.unwrap_or_default();
    let private = private(call, body.private_data, body.user_id_type)?;
    if params.is_empty() && private.is_empty() {
        return Err(api("param.cardDataAndPrivateDataBothEmpty", "cardData and privateData are empty"));
    }
    let options = body.options.unwrap_or_default();
    let mut cards = call.state.cards.lock();
    let card = cards.get_mut(id).ok_or_else(|| api("param.cardNotExist", "卡片不存在"))?;
    if !params.is_empty() {
        merge(&mut card.params, params, options.card_by_key);
    }
    for (person, params) in private {
        merge(card.private.entry(person).or_default(), params, options.private_by_key);
    }
    Ok(Success::Body(json!({"success": true, "result": true})))
}

/// Writes variables over others; not by key means that the others vanish.
pub(super) fn merge(old: &mut Params, new: Params, by_key: bool) {
    if !by_key {
        old.clear();
    }
    old.extend(new);
}
