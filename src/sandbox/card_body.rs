//! Bodies of the card calls (<https://open.dingtalk.com/document/orgapp/create-and-deliver-cards>).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::refuse::Refusal;
use super::route::Call;
use super::state::card::{Params, Space};

/// Most bytes of a variable's name.
const LONGEST_KEY: usize = 100;
/// Most bytes of a variable's value.
const LONGEST_VALUE: usize = 1024;

/// Variables; every value is a text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Data {
    #[serde(rename = "cardParamMap")]
    params: Params,
}

/// Variables of single people.
pub(super) type PrivateData = BTreeMap<String, Data>;

impl Data {
    /// The variables, if none is too long.
    pub(super) fn checked(self, call: &Call<'_>) -> Result<Params, Refusal> {
        for (key, value) in &self.params {
            if key.is_empty() || key.len() > LONGEST_KEY {
                return Err(call.bad(format!("variable `{key}`: its name needs 1 to {LONGEST_KEY} bytes")));
            }
            if value.len() > LONGEST_VALUE {
                let size = value.len();
                return Err(call.bad(format!("variable `{key}` has {size} bytes, at most {LONGEST_VALUE}")));
            }
        }
        Ok(self.params)
    }
}

/// Body of a new card.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Create {
    #[serde(rename = "cardTemplateId")]
    pub(super) card_template_id: Option<String>,
    #[serde(rename = "outTrackId")]
    pub(super) out_track_id: Option<String>,
    #[serde(rename = "cardData")]
    pub(super) card_data: Option<Data>,
    #[serde(rename = "privateData")]
    pub(super) private_data: Option<PrivateData>,
    #[serde(rename = "callbackType")]
    pub(super) callback_type: Option<String>,
    #[serde(rename = "callbackRouteKey")]
    pub(super) callback_route_key: Option<String>,
    #[serde(rename = "userId")]
    _user_id: Option<String>,
    #[serde(rename = "userIdType")]
    pub(super) user_id_type: Option<i64>,
    #[serde(rename = "cardAtUserIds")]
    _card_at_user_ids: Option<Vec<String>>,
    #[serde(rename = "imGroupOpenSpaceModel")]
    group: Option<SpaceModel>,
    #[serde(rename = "imRobotOpenSpaceModel")]
    robot: Option<SpaceModel>,
    #[serde(rename = "imSingleOpenSpaceModel")]
    single: Option<SpaceModel>,
    #[serde(rename = "topOpenSpaceModel")]
    top: Option<TopSpaceModel>,
    #[serde(rename = "openDynamicDataConfig")]
    _dynamic: Option<Map<String, Value>>,
}

impl Create {
    /// The kinds of space that the card is made for.
    pub(super) fn models(&self, call: &Call<'_>) -> Result<Vec<Space>, Refusal> {
        if self.top.as_ref().is_some_and(|model| model.space_type != "ONE_BOX") {
            return Err(call.bad("`topOpenSpaceModel`: `spaceType` must be ONE_BOX"));
        }
        let given = [
            (self.group.is_some(), Space::Group),
            (self.robot.is_some(), Space::Robot),
            (self.single.is_some(), Space::Single),
            (self.top.is_some(), Space::TopBar),
        ];
        Ok(given.into_iter().filter_map(|(given, space)| given.then_some(space)).collect())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpaceModel {
    #[serde(rename = "supportForward")]
    _support_forward: bool,
    #[serde(rename = "lastMessageI18n")]
    _last_message: Option<BTreeMap<String, String>>,
    #[serde(rename = "searchSupport")]
    _search: Option<Map<String, Value>>,
    #[serde(rename = "notification")]
    _notification: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TopSpaceModel {
    #[serde(rename = "spaceType")]
    space_type: String,
}

/// Body of a delivery.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Deliver {
    #[serde(rename = "outTrackId")]
    pub(super) out_track_id: Option<String>,
    #[serde(rename = "openSpaceId")]
    pub(super) open_space_id: Option<String>,
    #[serde(rename = "userIdType")]
    pub(super) user_id_type: Option<i64>,
    #[serde(rename = "imGroupOpenDeliverModel")]
    pub(super) group: Option<GroupModel>,
    #[serde(rename = "imRobotOpenDeliverModel")]
    pub(super) robot: Option<RobotModel>,
    #[serde(rename = "imSingleOpenDeliverModel")]
    pub(super) single: Option<SingleModel>,
    #[serde(rename = "topOpenDeliverModel")]
    pub(super) top: Option<TopModel>,
}

/// The fields that only a delivery has.
pub(super) const DELIVERY: [&str; 5] = [
    "openSpaceId",
    "imGroupOpenDeliverModel",
    "imRobotOpenDeliverModel",
    "imSingleOpenDeliverModel",
    "topOpenDeliverModel",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupModel {
    #[serde(rename = "robotCode")]
    pub(super) robot_code: String,
    #[serde(rename = "atUserIds")]
    _at_user_ids: Option<BTreeMap<String, String>>,
    #[serde(rename = "recipients")]
    _recipients: Option<Vec<String>>,
    #[serde(rename = "extension")]
    _extension: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RobotModel {
    #[serde(rename = "spaceType")]
    pub(super) space_type: String,
    #[serde(rename = "robotCode")]
    pub(super) robot_code: Option<String>,
    #[serde(rename = "extension")]
    _extension: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SingleModel {
    #[serde(rename = "atUserIds")]
    _at_user_ids: Option<BTreeMap<String, String>>,
    #[serde(rename = "extension")]
    _extension: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TopModel {
    #[serde(rename = "expiredTimeMillis")]
    _expired: i64,
    #[serde(rename = "userIds")]
    _user_ids: Option<Vec<String>>,
    #[serde(rename = "platforms")]
    _platforms: Option<Vec<Platform>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Platform {
    Android,
    Ios,
    Win,
    Mac,
}

/// Body of an update.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Update {
    #[serde(rename = "outTrackId")]
    pub(super) out_track_id: Option<String>,
    #[serde(rename = "cardData")]
    pub(super) card_data: Option<Data>,
    #[serde(rename = "privateData")]
    pub(super) private_data: Option<PrivateData>,
    #[serde(rename = "cardUpdateOptions")]
    pub(super) options: Option<UpdateOptions>,
    #[serde(rename = "userIdType")]
    pub(super) user_id_type: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateOptions {
    #[serde(rename = "updateCardDataByKey", default)]
    pub(super) card_by_key: bool,
    #[serde(rename = "updatePrivateDataByKey", default)]
    pub(super) private_by_key: bool,
}
