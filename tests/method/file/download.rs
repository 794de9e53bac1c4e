//! `download_file`.

use std::path::Path;

use dingraia::script::Stop;
use serde_json::json;

use super::host::Serve;
use super::{patient, quoted, world};

/// The names in a folder, without the cache's.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.starts_with("Dingraia_cache"));
    names.sort();
    names
}

#[test]
fn a_file_comes_whole_and_without_a_token() {
    let (mut world, host) = world();
    host.serve("code1", Serve::Whole("application/octet-stream", b"content".to_vec()));
    let path = world.folder.path().join("新.bin");
    world.run(&format!("app.download_file(\"code1\", {})", quoted(&path))).gives(json!(true));
    assert_eq!(std::fs::read(&path).unwrap(), b"content");
    assert_eq!(names(world.folder.path()), ["新.bin"]);
    assert_eq!(
        *host.0.asked.lock().unwrap(),
        [json!({ "downloadCode": "code1", "robotCode": "dingsandboxapp000001" })]
    );
    assert!(host.0.tokens.lock().unwrap().is_empty());
    assert_eq!(world.session.client.usage.session(), 1, "the address itself costs nothing");
    let second = world.folder.path().join("second");
    world
        .run(&format!("app.download_file(Image(#{{downloadCode: \"code1\"}}), {})", quoted(&second)))
        .gives(json!(true));
    host.serve("code2", Serve::Moved("/files/code1".into()));
    let third = world.folder.path().join("third");
    world.run(&format!("app.download_file(\"code2\", {})", quoted(&third))).gives(json!(true));
    assert_eq!(std::fs::read(&third).unwrap(), b"content");
}

#[test]
fn what_is_there_stays_there() {
    let (mut world, host) = world();
    host.serve("code", Serve::Whole("text/plain", b"new".to_vec()));
    let path = world.file("a.txt", "old");
    let call = |rest: &str| format!("app.download_file(\"code\", {}{rest})", quoted(&path));
    let ran = world.run(&call(""));
    assert!(ran.problem().hints[0].en.contains("overwrite"));
    ran.fails("file", "exists already");
    world.run(&call(", #{overwrite: false}")).fails("file", "exists already");
    assert!(host.0.asked.lock().unwrap().is_empty(), "nothing is asked for nothing");
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
    world.run(&call(", #{overwrite: true}")).gives(json!(true));
    assert_eq!(std::fs::read(&path).unwrap(), b"new");
    assert_eq!(names(world.folder.path()), ["a.txt"]);
}

#[test]
fn places_that_cannot_be_written() {
    let (mut world, host) = world();
    let folder = world.folder.path().to_owned();
    let mut refuse = |path: &Path, kind: &str, part: &str| {
        let call = format!("app.download_file(\"code\", {}, #{{overwrite: true}})", quoted(path));
        world.run(&call).fails(kind, part);
    };
    refuse(&folder.join("no/such/a.png"), "file", "no/such: no such folder");
    refuse(&folder, "unsendable", "is a folder");
    refuse(Path::new("/dev/null"), "unsendable", "not an ordinary file");
    world.run("app.download_file(\"code\", \"\")").fails("argument", "`path` must be a path");
    world.run("app.download_file(\"\", \"a\")").fails("argument", "`downloadCode` must be");
    world.run("app.download_file(Image(\"a.png\"), \"a\")").fails("argument", "a File with a downloadCode");
    world.run("app.download_file(\"code\")").fails("argument", "`path` is missing");
    assert!(host.0.asked.lock().unwrap().is_empty());
}

#[test]
fn half_a_download_leaves_nothing() {
    let (mut world, host) = patient(1.0);
    let path = world.file("a.bin", "old");
    let call = |code: &str| format!("app.download_file(\"{code}\", {}, #{{overwrite: true}})", quoted(&path));
    let broken = host.broken();
    world.run(&call(&broken)).fails("network", "cut short");
    host.serve("ended", Serve::Status(403));
    let ran = world.run(&call("ended"));
    assert!(ran.problem().hints[0].en.contains("short time"));
    ran.fails("unreadable", "HTTP 403");
    host.serve("stuck", Serve::Stuck);
    world.run(&call("stuck")).fails("timeout", "within 1 s");
    host.serve("loop", Serve::Moved("/files/loop".into()));
    world.run(&call("loop")).fails("unreadable", "HTTP 302");
    assert_eq!(names(world.folder.path()), ["a.bin"]);
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
}

#[test]
fn an_interruption_leaves_nothing() {
    let (mut world, host) = world();
    host.serve("stuck", Serve::Stuck);
    let path = world.folder.path().join("a.bin");
    let stop = Stop::default();
    let (ender, folder) = (stop.clone(), world.folder.path().to_owned());
    let watch = std::thread::spawn(move || {
        // The temporary file is there before the beginning of the answer is.
        while !names(&folder).iter().any(|name| name.ends_with(".part")) {
            std::thread::yield_now();
        }
        ender.interrupt();
    });
    let ran = world.run_until(&format!("app.download_file(\"stuck\", {})", quoted(&path)), &stop);
    watch.join().unwrap();
    ran.fails("interrupted", "");
    assert!(names(world.folder.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn a_download_is_an_ordinary_file() {
    use std::os::unix::fs::PermissionsExt;
    let (mut world, host) = world();
    host.serve("code", Serve::Whole("text/plain", b"new".to_vec()));
    let ordinary = world.file("ordinary", "");
    let path = world.folder.path().join("a.bin");
    world.run(&format!("app.download_file(\"code\", {})", quoted(&path))).gives(json!(true));
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), mode(&ordinary));
}
