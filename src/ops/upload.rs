//! `upload_file`: what DingTalk has already is not sent again.

use std::sync::Arc;

use super::media::{Staged, stage};
use super::{Context, Output};
use crate::api::media::{FileArg, UploadFile};
use crate::api::{Arg, Args, Object};
use crate::client::{Body, Call, Reply, Upload};
use crate::error::{Error, Kind, Result};
use crate::lang::Text;
use crate::model::media::mime_of;
use crate::model::{File, MediaKind, Shared, extension};
use crate::spec::{Effect, Endpoint, Host, Method, Verb};

const UPLOAD: Endpoint = Endpoint { verb: Verb::Post, host: Host::Oapi, path: "/media/upload" };

/// DingTalk did not see the `type` of the form.
const TYPE_UNSEEN: &str = "40004";

pub(super) async fn upload_file(cx: &Context, args: UploadFile) -> Result<Output> {
    let (file, kind) = match args.file {
        FileArg::Object(file) => {
            let kind = file.read().kind;
            (file, Some(kind))
        }
        FileArg::Source(source, name) => {
            let file = File { given_name: name, ..File::new(MediaKind::File, source) };
            (Shared::new(file), None)
        }
    };
    if !is_only_there(&file.read()) {
        let asked = file.read().clone();
        let staged = stage(cx, &asked, kind).await?;
        upload(cx, &file, staged).await?;
    }
    Ok(Output::Object(Object::File(file)))
}

/// Puts a mediaId in the place of each file that was given where one belongs, uploading what was not uploaded yet.
pub(super) async fn ids_for_files(cx: &Context, method: &Method, args: &mut Args) -> Result<()> {
    for (index, file) in args.files_for_ids(method) {
        upload_file(cx, UploadFile { file: FileArg::Object(file.clone()) }).await?;
        args.set(index, Arg::Text(file.read().media_id.clone()));
    }
    Ok(())
}

/// True for a file that is known by its mediaId alone.
pub(super) fn is_only_there(file: &File) -> bool {
    file.source == crate::model::Source::Nowhere && !file.media_id.is_empty()
}

/// Gives `file` the mediaId of its content, from the cache when that is possible, and what was found out about it.
pub(super) async fn upload(cx: &Context, file: &Shared<File>, staged: Staged) -> Result<()> {
    let cache = &cx.session.cache;
    let media_id = match cache.media_id(&staged.sha256) {
        Some(known) => known,
        None => {
            let (sent, is_real) = send(cx, &staged).await?;
            if is_real {
                cache.save_media_id(&staged.sha256, &sent);
            }
            sent
        }
    };
    fill(&mut file.write(), staged, media_id);
    Ok(())
}

/// What a person said about the file stands; the rest is what the file says.
fn fill(file: &mut File, staged: Staged, media_id: String) {
    file.kind = staged.kind;
    file.media_id = media_id;
    file.given_name = staged.name;
    file.size = Some(staged.size);
    file.duration = file.duration.or(staged.facts.duration);
    file.width = file.width.or(staged.facts.size.map(|size| size.0));
    file.height = file.height.or(staged.facts.size.map(|size| size.1));
}

/// The mediaId, and whether DingTalk gave it.
async fn send(cx: &Context, staged: &Staged) -> Result<(String, bool)> {
    let kind = staged.kind.wire();
    let mime = mime_of(&extension(&staged.name));
    let content = staged.content.clone();
    let mut form = Upload::new("media", staged.name.clone(), mime, content, staged.size);
    form.fields.push(("type", kind.to_owned()));
    let meter = cx.session.meter(staged.name.clone(), Some(staged.size));
    let watched = Arc::clone(&meter);
    form.tick = Arc::new(move |done| watched.reached(done));
    let mut call = Call::new(UPLOAD, Effect::Write, serde_json::Value::Null);
    call.body = Some(Body::Form(form));
    let reply = match cx.call(&call).await {
        Err(error) if error.code() == TYPE_UNSEEN => {
            call.query.push(("type".into(), kind.into()));
            cx.call(&call).await?
        }
        other => other?,
    };
    media_id(&call, &reply).map(|id| (id, reply.was_sent()))
}

fn media_id(call: &Call, reply: &Reply) -> Result<String> {
    let found = reply.json.get("media_id").and_then(serde_json::Value::as_str).filter(|id| !id.is_empty());
    found.map(str::to_owned).ok_or_else(|| {
        let problem = Text::fixed("without `media_id`", "缺少 `media_id`");
        Error::new(Kind::Unreadable { call: call.label(), status: reply.status, problem })
    })
}
