//! `upload_file` and the objects it fills.

use serde_json::json;

use super::content::{PNG, amr, mp4, ogg, wav};
use super::host::{Part, Serve};
use super::{quoted, world};

fn text(name: &str, value: &str) -> Part {
    Part {
        name: name.into(),
        file_name: None,
        content_type: None,
        size: value.len(),
        beginning: value.as_bytes().into(),
    }
}

#[test]
fn the_form_is_what_dingtalk_asks_for() {
    let (mut world, host) = world();
    let path = world.file("报表 \"1\".PDF", b"%PDF-1.7 hello");
    world
        .run(&format!("let f = app.upload_file({}); f", quoted(&path)))
        .prints("<File 报表 \"1\".PDF @media1>");
    let upload = host.uploads().remove(0);
    assert!(upload.query.starts_with("access_token=") && !upload.query.contains('&'), "{}", upload.query);
    assert!(upload.length.is_some(), "the length is told");
    let file = Part {
        name: "media".into(),
        file_name: Some("报表 \"1\".PDF".into()),
        content_type: Some("application/pdf".into()),
        size: 14,
        beginning: b"%PDF-1.7 hello".to_vec(),
    };
    assert_eq!(upload.parts, [text("type", "file"), file]);
    world.run("[f.mediaId, f.media_id, f.size, f.fileName, f.fileType]").gives(json!([
        "@media1",
        "@media1",
        14,
        "报表 \"1\".PDF",
        "pdf"
    ]));
    assert_eq!(world.session.client.usage.session(), 1);
}

#[test]
fn the_object_that_was_given_is_filled() {
    let (mut world, _host) = world();
    world
        .run(&format!(
            "let a = Image(\"{PNG}\"); let b = app.upload_file(a); [a.mediaId, b.mediaId, a.width, a.height]"
        ))
        .gives(json!(["@media1", "@media1", 1, 1]));
}

#[test]
fn a_plain_path_has_the_kind_of_its_extension() {
    let (mut world, host) = world();
    for (number, (name, kind, mime)) in [
        ("a.JPEG", "image", "image/jpeg"),
        ("a.Png", "image", "image/png"),
        ("a.gif", "image", "image/gif"),
        ("a.bmp", "image", "image/bmp"),
        ("a.amr", "voice", "audio/amr"),
        ("a.mp3", "voice", "audio/mpeg"),
        ("a.wav", "voice", "audio/wav"),
        ("a.mp4", "video", "video/mp4"),
        ("a.rar", "file", "application/vnd.rar"),
    ]
    .into_iter()
    .enumerate()
    {
        let path = world.file(name, format!("content {number}"));
        world
            .run(&format!("app.upload_file({}).mediaId", quoted(&path)))
            .prints(&format!("@media{}", number + 1));
        let parts = host.uploads().remove(number).parts;
        assert_eq!(parts[0], text("type", kind), "{name}");
        assert_eq!(
            (parts[1].file_name.as_deref(), parts[1].content_type.as_deref()),
            (Some(name), Some(mime))
        );
    }
}

#[test]
fn content_without_a_path() {
    let (mut world, host) = world();
    let url = host.serve("logo?id=1", Serve::Whole("image/png; x=y", b"not really".to_vec()));
    let url = url.replace("logo?id=1", "logo%3Fid=1");
    let names = |host: &super::host::Host| {
        let last = host.uploads().pop().unwrap().parts;
        (last[0].beginning.clone(), last[1].file_name.clone().unwrap())
    };
    world.run(&format!("app.upload_file(\"{PNG}\")")).prints("<Image image.png @media1>");
    assert_eq!(names(&host), (b"image".to_vec(), "image.png".into()));
    world.run("let b = \"%PDF-1.4\".to_blob(); app.upload_file(b)").prints("<File file.pdf @media2>");
    world.run("app.upload_file(File(b, \"x.zip\")).mediaId").prints("@media2");
    world.run("app.upload_file(\"data:,hello\")").fails("unsendable", "the extension must be one of");
    world.run("app.upload_file(File(\"data:,hello\", \"x.doc\"))").prints("<File x.doc @media3>");
    world.run(&format!("app.upload_file(\"{url}\")")).prints("<Image logo?id=1.png @media4>");
    assert!(host.0.tokens.lock().unwrap().is_empty(), "no token leaves for another host");
}

#[test]
fn what_was_uploaded_before_costs_nothing() {
    let (mut world, host) = world();
    let path = quoted(&world.file("a.amr", amr()));
    world.run(&format!("app.upload_file(Audio({path})).mediaId")).prints("@media1");
    world
        .run(&format!(
            "let again = app.upload_file(Audio({path})); [again.mediaId, again.duration, again.size]"
        ))
        .gives(json!(["@media1", 2500, 4006]));
    assert_eq!((host.uploads().len(), world.session.client.usage.session()), (1, 1));
    // What has only a mediaId needs nothing.
    world.run("app.upload_file(Image(#{mediaId: \"@abc\"}))").prints("<Image @abc>");
    assert_eq!(host.uploads().len(), 1);
}

#[test]
fn durations_and_sizes_are_read_from_the_file() {
    let (mut world, _host) = world();
    for (name, class, content, expected) in [
        ("a.amr", "Audio", amr(), json!([2500, null, null])),
        ("a.wav", "Voice", wav(1250), json!([1250, null, null])),
        ("a.ogg", "Audio", ogg(3000), json!([3000, null, null])),
        ("a.mp4", "Video", mp4(), json!([2400, 640, 360])),
        ("b.mp4", "Video", b"nothing".to_vec(), json!([null, null, null])),
        ("b.ogg", "Audio", b"nothing".to_vec(), json!([null, null, null])),
    ] {
        let path = quoted(&world.file(name, content));
        let ran =
            world.run(&format!("let f = app.upload_file({class}({path})); [f.duration, f.width, f.height]"));
        assert_eq!(ran.json(), expected, "{name}");
    }
    let path = quoted(&world.file("c.mp4", mp4()));
    world.run(&format!("let f = app.upload_file(Video({path}, #{{width: 10, duration: 5}})); [f.duration, f.width, f.height]"))
        .gives(json!([5, 10, 360]));
}

#[test]
fn the_type_goes_into_the_address_when_dingtalk_does_not_see_it() {
    let (mut world, host) = world();
    let refusal = json!({ "errcode": 40004, "errmsg": "不合法的媒体文件类型" });
    host.0.refusals.lock().unwrap().push(refusal.clone());
    world.run(&format!("app.upload_file(\"{PNG}\").mediaId")).prints("@media2");
    let uploads = host.uploads();
    assert_eq!(uploads.len(), 2);
    assert!(uploads[1].query.ends_with("&type=image"), "{}", uploads[1].query);
    assert_eq!(uploads[0].parts, uploads[1].parts);
    // Once.
    host.0.refusals.lock().unwrap().extend([refusal.clone(), refusal]);
    world.run("app.upload_file(File(\"data:,x\", \"x.zip\"))").fails("refused", "40004");
    assert_eq!(host.uploads().len(), 4);
}

#[test]
fn an_ended_token_is_renewed_and_the_file_sent_again() {
    let (mut world, host) = world();
    host.0.refusals.lock().unwrap().push(json!({ "errcode": 40014, "errmsg": "不合法的access_token" }));
    world.run(&format!("app.upload_file(\"{PNG}\").mediaId")).prints("@media2");
    assert_eq!(host.uploads()[0].parts, host.uploads()[1].parts);
}

#[test]
fn an_answer_without_a_media_id_is_no_success() {
    let (mut world, host) = world();
    host.0.refusals.lock().unwrap().push(json!({ "errcode": 0, "errmsg": "ok" }));
    world.run(&format!("app.upload_file(\"{PNG}\")")).fails("unreadable", "without `media_id`");
}

#[test]
fn what_dingtalk_does_not_take_is_refused_before_it_is_sent() {
    let (mut world, host) = world();
    let megabytes = |count: usize| vec![b'x'; count * 1_048_576];
    let mut refuse = |call: &str, kind: &str, part: &str| {
        world.run(call).fails(kind, part);
    };
    refuse("app.upload_file(\"/no/such/file.png\")", "file", "no such file");
    refuse("app.upload_file(\"/\")", "unsendable", "/ is not a file");
    refuse("app.upload_file(\"\")", "argument", "`file` must be a path");
    refuse("app.upload_file(7)", "argument", "`file` must be a path");
    refuse("app.upload_file()", "argument", "`file` is missing");
    refuse("app.upload_file(File())", "unsendable", "no content");
    refuse("app.upload_file(Image(#{downloadCode: \"c\"}))", "unsendable", "no content");
    refuse("app.upload_file(\"data:image/png;base64,§\")", "argument", "`data:`");
    refuse("app.upload_file(Image(blob()))", "unsendable", "the extension must be one of jpg, gif, png, bmp");
    refuse("app.upload_file(Image(blob(), \"a.png\"))", "unsendable", "is empty");
    refuse("Audio(#{duration: 0})", "argument", "`duration` must be milliseconds");
    refuse("Video(#{width: 0})", "argument", "`width` must be pixels");
    refuse("Video(#{cover: Audio()})", "argument", "`picMediaId` must be an Image");
    for (name, size, call, part) in [
        ("a.txt", 1, "PATH", "`a.txt` has `txt`"),
        ("plain", 1, "PATH", "`plain` has none"),
        (
            "a.zip",
            1,
            "Image(PATH)",
            "Image: the extension must be one of jpg, gif, png, bmp; `a.zip` has `zip`",
        ),
        ("a.png", 1, "File(PATH)", "File: the extension must be one of doc"),
        ("a.pdf", 0, "PATH", "is empty"),
        ("big.amr", 3, "PATH", "at most 2 MB (2097152 bytes)"),
        ("big.pdf", 21, "PATH", "at most 20 MB (20971520 bytes)"),
        ("big.png", 21, "Image(PATH)", "Image: `big.png` has 22020096 bytes"),
        ("big.mp4", 21, "Video(PATH)", "at most 20 MB"),
    ] {
        let content = if size < 2 { vec![b'x'; size] } else { megabytes(size) };
        let path = quoted(&world.file(name, content));
        world.run(&format!("app.upload_file({})", call.replace("PATH", &path))).fails("unsendable", part);
    }
    let large = host.serve("large.png", Serve::Zeros(21 << 20));
    world.run(&format!("app.upload_file(\"{large}\")")).fails("unsendable", "at most 20 MB");
    let gone = host.serve("gone.png", Serve::Status(403));
    world.run(&format!("app.upload_file(\"{gone}\")")).fails("unreadable", "HTTP 403");
    assert!(host.uploads().is_empty() && world.session.client.usage.session() == 0);
    assert!(world.sandbox.requests().is_empty(), "no token was fetched either");
}

#[test]
fn the_largest_file_is_taken_and_may_take_its_time() {
    let host = super::host::Host::default();
    let mut world = crate::support::World::with(|config| {
        config.endpoints = host.start(config.endpoints.clone());
        config.timeouts.first_byte = 0.5;
        config.timeouts.call = 0.6;
    });
    *host.0.pause.lock().unwrap() = std::time::Duration::from_millis(60);
    let path = quoted(&world.file("a.zip", vec![b'x'; 20 << 20]));
    world.run(&format!("app.upload_file({path}).size")).gives(json!(20 << 20));
    assert_eq!(host.uploads()[0].parts[1].size, 20 << 20);
}

#[test]
fn transfers_are_told_step_by_step() {
    use std::sync::{Arc, Mutex};
    let (mut world, _host) = world();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let steps = Arc::clone(&seen);
    world.session.watch(Arc::new(move |step: &dingraia::ops::Progress<'_>| {
        if let dingraia::ops::Progress::Transfer(step) = step {
            steps.lock().unwrap().push((step.name.to_owned(), step.done, step.total, step.over));
        }
    }));
    let path = quoted(&world.file("a.zip", vec![b'x'; 1 << 20]));
    world.run(&format!("app.upload_file({path})")).prints("<File a.zip @media1>");
    let seen = seen.lock().unwrap();
    assert!(
        seen.len() > 3 && seen.iter().all(|step| step.0 == "a.zip" && step.2 == Some(1 << 20)),
        "{seen:?}"
    );
    assert!(seen.is_sorted_by_key(|step| step.1));
    assert_eq!(seen.iter().filter(|step| step.3).count(), 1);
    assert_eq!(seen.last().map(|step| (step.1, step.3)), Some((1 << 20, true)));
}

#[test]
fn files_have_their_fields_and_never_show_their_content() {
    let (mut world, _host) = world();
    world.run("let v = Video(#{mediaId: \"@v\", cover: \"@c\", duration: 1500}); [v.picMediaId, v.cover.mediaId, v.duration, v.width]")
        .gives(json!(["@c", "@c", 1500, null]));
    world.run("v.fileName = \"a.mp4\"; v.media_id = \"@w\"; v.width = 3; v.pic_media_id = \"@d\"; v.downloadCode = \"k\"; [v.file_name, v.mediaId, v.width, v.cover.mediaId, v.download_code, v.fileType]")
        .gives(json!(["a.mp4", "@w", 3, "@d", "k", "mp4"]));
    world.run("Image(\"@lADPDe7s0000abcdXYZ\").mediaId").prints("@lADPDe7s0000abcdXYZ");
    world.run("File(\"data:,secret\", \"a.pdf\")").prints("<File a.pdf>");
    world.run("`${Voice(\"a.amr\")}`").prints("<Audio a.amr>");
    world.run("Image(#{fileName: \"a.png\", download_code: \"x\"}) == Image(#{name: \"a.png\", downloadCode: \"x\"})").gives(json!(true));
    world.run("Video(\"a.mp4\", Image(#{mediaId: \"@c\"})).picMediaId").prints("@c");
    world.run("Video(\"a.mp4\", \"@c\", #{fileName: \"b.mp4\"})").prints("<Video b.mp4>");
    world.run("Image(#{colour: 1})").fails("argument", "no parameter `colour`");
}
