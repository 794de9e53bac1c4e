//! `download_file`: a received file into a file of this machine, whole or not at all.

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::NamedTempFile;

use super::{Context, Output};
use crate::api::media::DownloadFile;
use crate::client::{Call, Stream};
use crate::error::{Error, Kind, Result};
use crate::lang::Text;
use crate::secret::Secret;
use crate::spec::{Effect, Endpoint, Host, Verb};

const DOWNLOAD: Endpoint =
    Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/robot/messageFiles/download" };

pub(super) async fn download_file(cx: &Context, args: DownloadFile) -> Result<Output> {
    let path = args.path.0;
    let overwrite = args.overwrite.is_some_and(|flag| flag.0);
    let mut kept = place(&path, overwrite)?;
    let url = address(cx, &args.code.0).await?;
    let session = &cx.session;
    let mut stream = session.client.open(&url, &cx.flight).await?;
    refuse_page(&stream, &path)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let meter = session.meter(name, stream.size());
    let mut done = 0;
    while let Some(chunk) = session.client.chunk(&mut stream).await? {
        let chunk = chunk.as_ref();
        kept.write_all(chunk).map_err(|error| Error::file(&path, error))?;
        done += chunk.len() as u64;
        meter.reached(done);
    }
    keep(kept, &path, overwrite)?;
    Ok(Output::Json(Value::Bool(true)))
}

/// A page in the place of a file is somebody's who stands in between, such as a network that wants a log-in.
fn refuse_page(stream: &Stream, path: &Path) -> Result<()> {
    let page = stream.content_type().is_some_and(|kind| kind.starts_with("text/html"));
    let wanted = path.extension().is_some_and(|end| end.to_string_lossy().to_lowercase().contains("htm"));
    if !page || wanted {
        return Ok(());
    }
    let problem = Text::fixed("an HTML page, not the file", "一个 HTML 页面，而不是文件");
    Err(stream.unreadable(problem).hint(Text::fixed(
        "a proxy or a login page may stand in between; a file that is a page is kept under a name that ends in .html",
        "中间可能有代理或登录页；如果文件本身就是网页，请保存为以 .html 结尾的文件",
    )))
}

/// A temporary file beside `path`, which is deleted when it is dropped. Nothing was asked of DingTalk yet.
fn place(path: &Path, overwrite: bool) -> Result<NamedTempFile> {
    if path.is_dir() {
        let shown = path.display();
        return Err(Error::unsendable(
            format!("{shown} is a folder; the path must name a file in it"),
            format!("{shown} 是文件夹；路径必须包含文件名"),
        ));
    }
    match path.metadata() {
        Ok(about) if !about.is_file() => {
            let shown = path.display();
            return Err(Error::unsendable(
                format!("{shown} is not an ordinary file and is not replaced"),
                format!("{shown} 不是普通文件，不会被覆盖"),
            ));
        }
        Ok(_) if !overwrite => return Err(exists(path)),
        Ok(_) | Err(_) => {}
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(Error::new(Kind::File { path: folder.into(), problem: "no such folder".into() }));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dingraia-").suffix(".part");
    // What is downloaded is an ordinary file of the user; the system's mask says who may read it.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder).map_err(|error| Error::file(folder, error))
}

fn keep(kept: NamedTempFile, path: &Path, overwrite: bool) -> Result<()> {
    let persisted = if overwrite { kept.persist(path) } else { kept.persist_noclobber(path) };
    match persisted {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Err(exists(path)),
        Err(error) => Err(Error::file(path, error.error)),
    }
}

fn exists(path: &Path) -> Error {
    Error::new(Kind::File { path: path.into(), problem: "exists already".into() }).hint(Text::fixed(
        "`#{overwrite: true}` as the last argument replaces it",
        "最后加上 `#{overwrite: true}` 可覆盖它",
    ))
}

/// The address behind a download code; it is good for a short time.
async fn address(cx: &Context, code: &str) -> Result<Secret> {
    let body = json!({ "downloadCode": code, "robotCode": cx.session.robot_code()? });
    let call = Call::new(DOWNLOAD, Effect::Read, body);
    let reply = cx.call(&call).await?;
    let url = reply.json.get("downloadUrl").and_then(Value::as_str).filter(|url| !url.is_empty());
    url.map(Secret::new).ok_or_else(|| {
        let problem = Text::fixed("without `downloadUrl`", "缺少 `downloadUrl`");
        Error::new(Kind::Unreadable { call: call.label(), status: reply.status, problem })
    })
}
