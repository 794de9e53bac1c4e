//! What files need before a message is sent: everything is checked and uploaded before the first message leaves.

use super::media::{Staged, stage};
use super::send::Way;
use super::upload::{is_only_there, upload};
use super::{Context, send};
use crate::error::{Error, Result};
use crate::lang::Text;
use crate::message::{Message, Target, known_duration, sendable_file};
use crate::model::{File, MediaKind, Shared};

/// Checks and uploads the files of `messages`, the covers of films included.
///
/// # Errors
/// A target that carries no files, a file that cannot be sent. Nothing was sent then.
pub(super) async fn prepare(cx: &Context, target: Option<&Target>, messages: &[&Message]) -> Result<()> {
    let files: Vec<&Shared<File>> = messages.iter().flat_map(|message| message.files()).collect();
    if files.is_empty() {
        return Ok(());
    }
    if matches!(target, None | Some(Target::Url(_) | Target::Webhook(_))) {
        return Err(no_files());
    }
    match send::api_way(cx, target)? {
        Way::Group(cid) => cx.flight.set_group(&cid),
        Way::Person(staff_id) => cx.tell_scale(&[staff_id], 1),
        Way::Webhook(_) | Way::Ended => {}
    }
    cx.session.robot_code()?;
    let mut ready: Vec<(Shared<File>, Staged)> = Vec::new();
    for file in files {
        sendable_file(&file.read())?;
        let cover = file.read().cover.clone();
        for file in [Some(file.clone()), cover].into_iter().flatten() {
            if let Some(staged) = staged(cx, &file).await? {
                ready.push((file, staged));
            }
        }
    }
    for (file, staged) in ready {
        upload(cx, &file, staged).await?;
    }
    Ok(())
}

/// A file made ready for its upload; nothing when DingTalk has it and everything about it is known.
async fn staged(cx: &Context, file: &Shared<File>) -> Result<Option<Staged>> {
    let file = file.read().clone();
    let lasts = matches!(file.kind, MediaKind::Voice | MediaKind::Video);
    let is_there = !file.media_id.is_empty() && !cx.session.safety.made_up_id(&file.media_id);
    let complete = is_there && (!lasts || file.duration.is_some());
    if complete || is_only_there(&file) {
        if lasts {
            known_duration(file.kind, file.duration)?;
        }
        return Ok(None);
    }
    let staged = stage(cx, &file, Some(file.kind)).await?;
    if lasts {
        known_duration(file.kind, file.duration.or(staged.facts.duration))?;
    }
    sendable_file(&File { given_name: staged.name.clone(), ..file })?;
    Ok(Some(staged))
}

/// The error of a file for a webhook.
pub(super) fn no_files() -> Error {
    Error::unsendable("a webhook carries no files", "Webhook 不能发送文件").hint(Text::fixed(
        "send them to a group (cid…) or a person, which goes through the API",
        "请发送到群（cid…）或成员，文件通过 API 发送",
    ))
}
