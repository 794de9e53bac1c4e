//! Delivering cards: POST api `/v1.0/card/instances/deliver` and `/v1.0/card/instances/createAndDeliver`.

use serde_json::{Map, Value, json};

use super::card::{SCOPE, by_union, checked, keep, track_id};
use super::card_body::{DELIVERY, Deliver};
use super::refuse::{Refusal, api};
use super::robot::process_query_key;
use super::route::{Answer, Auth, Call, Route, Success};
use super::state::card::{Card, Space};
use super::state::message::{SentMessage, Via};
use super::strict::filled;

/// How a space id begins.
const SCHEME: &str = "dtv1.card//";
/// Most characters of a space id.
const LONGEST: usize = 1000;

pub(super) const ROUTES: &[Route] = &[
    Route::api("POST", "/v1.0/card/instances/deliver", Auth::App(SCOPE), "param.invalid", deliver),
    Route::api(
        "POST",
        "/v1.0/card/instances/createAndDeliver",
        Auth::App(SCOPE),
        "param.invalid",
        create_and_deliver,
    ),
];

/// A delivery whose parameters are right.
struct Delivery {
    places: Vec<(Space, &'static str, String)>,
    by_union: bool,
    robot_code: Option<String>,
}

fn deliver(call: &Call<'_>) -> Answer {
    let body: Deliver = call.body()?;
    let id = track_id(call, body.out_track_id.as_deref())?.to_string();
    let delivery = planned(call, body)?;
    let card = call.state.cards.lock().get(&id).cloned();
    let card = card.ok_or_else(|| api("param.cardNotExist", "卡片不存在"))?;
    let results = hand_over(call, &card, &delivery);
    Ok(Success::Body(json!({"success": true, "result": results})))
}

fn create_and_deliver(call: &Call<'_>) -> Answer {
    let mut fields: Map<String, Value> = call.body()?;
    let mut delivery: Map<String, Value> =
        DELIVERY.iter().filter_map(|name| fields.shift_remove_entry(*name)).collect();
    if let Some(kind) = fields.get("userIdType") {
        delivery.insert("userIdType".into(), kind.clone());
    }
    let card = checked(call, call.rest(fields)?)?;
    let delivery = planned(call, call.rest(delivery)?)?;
    let id = card.out_track_id.clone();
    keep(call, card.clone())?;
    let results = hand_over(call, &card, &delivery);
    Ok(Success::Body(json!({"success": true, "result": {"outTrackId": id, "deliverResults": results}})))
}

/// Checks a delivery before anything is delivered.
fn planned(call: &Call<'_>, body: Deliver) -> Result<Delivery, Refusal> {
    let Some(space_id) = filled(body.open_space_id.as_deref()) else {
        return Err(api("param.openSpaceIdEmpty", "openSpaceId is empty"));
    };
    let places = places(space_id)
        .ok_or_else(|| api("param.openSpaceIdInvalid", format!("openSpaceId {space_id} is invalid")))?;
    let given = |space: Space| match space {
        Space::Group => body.group.is_some(),
        Space::Robot => body.robot.is_some(),
        Space::Single => body.single.is_some(),
        Space::TopBar => body.top.is_some(),
    };
    if ![Space::Group, Space::Robot, Space::Single, Space::TopBar].into_iter().any(given) {
        return Err(api("param.openDeliverModelEmpty", "no deliver model"));
    }
    if let Some((_, name, _)) = places.iter().find(|(space, _, _)| !given(*space)) {
        return Err(api("param.spaceDeliverModelEmpty", format!("no deliver model for {name}")));
    }
    if body.robot.as_ref().is_some_and(|model| model.space_type != "IM_ROBOT") {
        return Err(call.bad("`imRobotOpenDeliverModel`: `spaceType` must be IM_ROBOT"));
    }
    let codes = body.group.map(|model| model.robot_code).into_iter();
    let mut codes = codes.chain(body.robot.and_then(|model| model.robot_code));
    let own = call.state.app.read().robot_code.clone();
    Ok(Delivery {
        places,
        by_union: by_union(call, body.user_id_type)?,
        robot_code: codes.find(|code| *code != own),
    })
}

/// The places of `dtv1.card//TYPE.id;TYPE.id`.
fn places(space_id: &str) -> Option<Vec<(Space, &'static str, String)>> {
    if space_id.chars().count() > LONGEST {
        return None;
    }
    let place = |part: &str| {
        let (kind, id) = part.split_once('.').filter(|(_, id)| !id.is_empty())?;
        let (space, name) = match kind.to_ascii_uppercase().as_str() {
            "IM_GROUP" => (Space::Group, "IM_GROUP"),
            "IM_ROBOT" => (Space::Robot, "IM_ROBOT"),
            "IM_SINGLE" => (Space::Single, "IM_SINGLE"),
            "ONE_BOX" => (Space::TopBar, "ONE_BOX"),
            _ => return None,
        };
        Some((space, name, id.to_string()))
    };
    space_id.strip_prefix(SCHEME)?.split(';').map(place).collect()
}

/// Delivers to every place that can be delivered to; each has its own result.
fn hand_over(call: &Call<'_>, card: &Card, delivery: &Delivery) -> Vec<Value> {
    let mut results = Vec::new();
    for (space, name, id) in &delivery.places {
        let problem = problem(call, card, delivery, *space, id);
        let carrier = match problem {
            None => arrive(call, card, *space, name, id),
            Some(_) => String::new(),
        };
        results.push(json!({
            "spaceType": name,
            "spaceId": id,
            "success": problem.is_none(),
            "carrierId": carrier,
            "errorMsg": problem.unwrap_or_default(),
        }));
    }
    results
}

/// Why this place gets no card.
fn problem(
    call: &Call<'_>,
    card: &Card,
    delivery: &Delivery,
    space: Space,
    id: &str,
) -> Option<&'static str> {
    if !card.models.contains(&space) {
        return Some("space model is not exist");
    }
    if delivery.robot_code.is_some() {
        return Some("robotCode is illegal");
    }
    let legal = match space {
        Space::Group | Space::TopBar => {
            call.state.groups.read().get(id).is_some_and(|group| group.robot && !group.disbanded)
        }
        Space::Robot => {
            let organisation = call.state.organisation.read();
            if delivery.by_union { organisation.user_by_union(id) } else { organisation.user(id) }.is_some()
        }
        // Nobody here has a cool app for single chats.
        Space::Single => false,
    };
    if legal { None } else { Some("spaceId is illegal") }
}

/// Puts the card into a chat as a message, which can be recalled by the key that this gives.
fn arrive(call: &Call<'_>, card: &Card, space: Space, name: &str, id: &str) -> String {
    if let Some(card) = call.state.cards.lock().get_mut(&card.out_track_id) {
        card.spaces.push((name.to_string(), id.to_string()));
    }
    let key = process_query_key(call.clock);
    call.state.messages.lock().deliver(SentMessage {
        to: id.to_string(),
        via: if space == Space::Robot { Via::OneToOne } else { Via::Group },
        kind: "card".into(),
        body: json!({"outTrackId": card.out_track_id, "cardTemplateId": card.template_id}),
        process_query_key: Some(key.clone()),
        recalled: false,
        at: call.clock.millis(),
    });
    key
}
