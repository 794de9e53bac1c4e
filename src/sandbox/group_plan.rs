//! What both families of scene-group calls do, without their ways of saying it.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::group_event::Cause;
use super::route::Call;
use super::state::group::Group;
use super::state::switches::{Change, Switches};
use crate::clock::hex;

/// Most characters of a title.
const LONGEST_TITLE: usize = 30;
/// Most people of one call that makes a group.
const MOST_AT_CREATION: usize = 999;
/// Most people of one call that adds or removes.
const MOST_PER_CALL: usize = 100;
/// Most members of a group.
const MOST_MEMBERS: usize = 1000;

/// A group to be made.
pub(super) struct Plan {
    pub(super) title: Option<String>,
    pub(super) template_id: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) people: Vec<String>,
    pub(super) admins: Vec<String>,
    pub(super) uuid: Option<String>,
    pub(super) icon: Option<String>,
    pub(super) switches: Vec<Change>,
}

/// What shall change in a group.
pub(super) struct Amendment {
    pub(super) title: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) icon: Option<String>,
    pub(super) switches: Vec<Change>,
}

/// Why it cannot be done; each family has its own codes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// A parameter is missing, too long or not allowed.
    Parameter(String),
    /// The app has no such template.
    Template,
    /// Somebody is not in the organisation.
    Person(String),
    /// More people than a group holds.
    Crowded,
    /// No such group.
    Unknown,
    /// The group was made without a template of the app.
    Ordinary,
}

/// The group, if it is there and was made from a template.
pub(super) fn find(call: &Call<'_>, cid: Option<&str>) -> Result<Group, Trouble> {
    let groups = call.state.groups.read();
    let cid = filled(cid, "open_conversation_id")?;
    let group = groups.get(cid).filter(|group| !group.disbanded).ok_or(Trouble::Unknown)?;
    if group.template_id.is_none() { Err(Trouble::Ordinary) } else { Ok(group.clone()) }
}

/// Makes a group, or gives the one that was made for the same `uuid`.
pub(super) fn create(call: &Call<'_>, plan: Plan) -> Result<Group, Trouble> {
    if let Some(uuid) = &plan.uuid
        && let Some(group) = call.state.groups.read().made_for(uuid)
    {
        return Ok(group.clone());
    }
    let title = filled(plan.title.as_deref(), "title")?.to_string();
    check_title(&title)?;
    let template = filled(plan.template_id.as_deref(), "template_id")?;
    let owner = filled(plan.owner.as_deref(), "owner_user_id")?.to_string();
    let icon = plan.icon.unwrap_or_default();
    check_icon(&icon)?;
    if plan.people.len() > MOST_AT_CREATION {
        return Err(Trouble::Crowded);
    }
    if !call.state.group_templates.iter().any(|known| known == template) {
        return Err(Trouble::Template);
    }
    check_people(call, std::iter::once(&owner).chain(&plan.people).chain(&plan.admins))?;
    let mut group = Group {
        open_conversation_id: new_cid(call),
        chat_id: new_chat_id(call),
        title,
        template_id: Some(template.to_string()),
        icon,
        members: vec![owner.clone()],
        admins: Vec::new(),
        robot: true,
        disbanded: false,
        options: Switches::default(),
        muted: BTreeMap::new(),
        links: 0,
        owner,
    };
    group.options.apply(&plan.switches);
    group.add(&plan.people);
    group.add(&plan.admins);
    for admin in plan.admins {
        if admin != group.owner && !group.admins.contains(&admin) {
            group.admins.push(admin);
        }
    }
    if group.members.len() > MOST_MEMBERS {
        return Err(Trouble::Crowded);
    }
    call.state.groups.write().make(group.clone(), plan.uuid);
    Ok(group)
}

/// Changes what is given and nothing else.
pub(super) fn update(call: &Call<'_>, cid: Option<&str>, amendment: Amendment) -> Result<(), Trouble> {
    let group = find(call, cid)?;
    if let Some(title) = &amendment.title {
        filled(Some(title), "title")?;
        check_title(title)?;
    }
    check_icon(amendment.icon.as_deref().unwrap_or_default())?;
    if let Some(owner) = &amendment.owner {
        filled(Some(owner), "owner_user_id")?;
        check_people(call, std::iter::once(owner))?;
        if !group.members.contains(owner) {
            return Err(Trouble::Parameter(format!("{owner} is not in the group")));
        }
    }
    change(call, &group, |group| {
        if let Some(title) = amendment.title {
            group.rename(title);
        }
        if let Some(owner) = amendment.owner {
            group.give_to(owner);
        }
        if let Some(icon) = amendment.icon {
            group.icon = icon;
        }
        group.options.apply(&amendment.switches);
    })
}

/// Takes people into a group.
pub(super) fn add(call: &Call<'_>, cid: Option<&str>, people: &[String]) -> Result<(), Trouble> {
    check_batch(people)?;
    let group = find(call, cid)?;
    check_people(call, people.iter())?;
    let mut grown = group.clone();
    grown.add(people);
    if grown.members.len() > MOST_MEMBERS {
        return Err(Trouble::Crowded);
    }
    change(call, &group, |group| group.add(people))
}

/// Puts people out of a group; whoever is not in it is passed over.
pub(super) fn remove(call: &Call<'_>, cid: Option<&str>, people: &[String]) -> Result<(), Trouble> {
    check_batch(people)?;
    let group = find(call, cid)?;
    change(call, &group, |group| group.remove(people))
}

/// Changes a group in place; what becomes of it is told to whoever subscribed to events.
pub(super) fn change(call: &Call<'_>, group: &Group, edit: impl FnOnce(&mut Group)) -> Result<(), Trouble> {
    let changed = call.world.change_group(&group.open_conversation_id, Cause::Call, edit);
    if changed { Ok(()) } else { Err(Trouble::Unknown) }
}

fn filled<'t>(text: Option<&'t str>, name: &str) -> Result<&'t str, Trouble> {
    text.filter(|text| !text.is_empty())
        .ok_or_else(|| Trouble::Parameter(format!("missing parameter `{name}`")))
}

fn check_title(title: &str) -> Result<(), Trouble> {
    let length = title.chars().count();
    if length <= LONGEST_TITLE {
        return Ok(());
    }
    Err(Trouble::Parameter(format!("the title has {length} characters, at most {LONGEST_TITLE}")))
}

/// An icon is a media id.
fn check_icon(icon: &str) -> Result<(), Trouble> {
    if icon.is_empty() || icon.starts_with(['@', '$']) {
        return Ok(());
    }
    Err(Trouble::Parameter(format!("`icon` {icon} is no media id")))
}

fn check_batch(people: &[String]) -> Result<(), Trouble> {
    match people.len() {
        0 => Err(Trouble::Parameter("`user_ids` is empty".into())),
        1..=MOST_PER_CALL => Ok(()),
        count => Err(Trouble::Parameter(format!("{count} user_ids, at most {MOST_PER_CALL}"))),
    }
}

fn check_people<'p>(call: &Call<'_>, mut people: impl Iterator<Item = &'p String>) -> Result<(), Trouble> {
    let organisation = call.state.organisation.read();
    match people.find(|person| organisation.user(person).is_none()) {
        Some(stranger) => Err(Trouble::Person(stranger.clone())),
        None => Ok(()),
    }
}

fn new_cid(call: &Call<'_>) -> String {
    let mut bytes = [0; 16];
    call.clock.random(&mut bytes);
    format!("cid{}", STANDARD.encode(bytes))
}

fn new_chat_id(call: &Call<'_>) -> String {
    let mut bytes = [0; 16];
    call.clock.random(&mut bytes);
    format!("chat{}", hex(&bytes))
}
