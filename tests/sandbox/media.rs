//! Uploads and downloads.

use std::io::{Read, Write};
use std::net::TcpStream;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::bench::{Bench, HEADER, NOW, ROBOT, WithQuery, answer, ok, refused, with, without};

const UPLOAD: &str = "/media/upload";
const DOWNLOAD: &str = "/v1.0/robot/messageFiles/download";
const MEGABYTE: usize = 1024 * 1024;

fn file(name: &str, bytes: &[u8]) -> Part {
    Part::bytes(bytes.to_vec()).file_name(name.to_string())
}

fn form(kind: &str, name: &str, bytes: &[u8]) -> Form {
    Form::new().text("type", kind.to_string()).part("media", file(name, bytes))
}

async fn upload(bench: &Bench, form: Form) -> Value {
    ok(answer(bench.oapi_request(Method::POST, UPLOAD).multipart(form)).await)
}

#[tokio::test]
async fn every_kind_has_its_extensions() {
    let bench = Bench::new().await;
    let kinds = [
        ("image", "jpg gif png bmp jpeg PNG"),
        ("voice", "amr mp3 wav ogg"),
        ("video", "mp4 MP4"),
        ("file", "doc docx xls xlsx ppt pptx zip pdf rar"),
    ];
    for (kind, extensions) in kinds {
        for extension in extensions.split(' ') {
            let name = format!("资料.{extension}");
            let body = upload(&bench, form(kind, &name, b"abc")).await;
            let id = body["media_id"].as_str().unwrap();
            let expected =
                json!({"errcode": 0, "errmsg": "ok", "media_id": id, "created_at": NOW, "type": kind});
            assert_eq!(body, expected);
            assert!(id.starts_with('@'), "{id}");
            let kept = bench.sandbox.uploads().pop().unwrap();
            assert_eq!((kept.media_id.as_str(), kept.file_name, kept.size), (id, name, 3));
            assert_eq!(kept.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        }
        assert_eq!(upload(&bench, form(kind, "a.txt", b"abc")).await["errcode"], 40005);
    }
    let log = bench.sandbox.requests();
    let sha256 = bench.sandbox.uploads()[0].sha256.clone();
    let media = json!({"filename": "资料.jpg", "content_type": null, "size": 3, "sha256": sha256});
    assert_eq!(log[1].body, json!({"type": "image", "media": media}));
}

#[tokio::test]
async fn sizes_have_a_limit() {
    let bench = Bench::new().await;
    for (kind, name, most) in [("voice", "a.mp3", 2 * MEGABYTE), ("image", "a.png", 20 * MEGABYTE)] {
        let most = vec![7; most];
        assert_eq!(upload(&bench, form(kind, name, &most)).await["errcode"], 0, "{kind}");
        let over = [&most[..], &[7]].concat();
        assert_eq!(upload(&bench, form(kind, name, &over)).await["errcode"], 40006, "{kind}");
        assert_eq!(upload(&bench, form(kind, name, &[])).await["errcode"], 40006, "{kind}");
    }
    assert_eq!(bench.sandbox.uploads().len(), 2);
}

#[tokio::test]
async fn uploads_are_refused() {
    let bench = Bench::new().await;
    let media = || file("a.png", b"abc");
    let cases = [
        (Form::new().part("media", media()), 40004),
        (form("picture", "a.png", b"abc"), 40004),
        (form("file", "a.png", b"abc"), 40005),
        (form("image", "png", b"abc"), 40005),
        (Form::new().text("type", "image").part("media", Part::bytes(b"abc".to_vec())), 40005),
        (Form::new().text("type", "image"), 40035),
        (form("image", "a.png", b"abc").part("media", media()), 40035),
        (form("image", "a.png", b"abc").text("access_token", "x"), 40035),
    ];
    for (form, code) in cases {
        let body = upload(&bench, form).await;
        assert_eq!(body["errcode"], code, "{body}");
    }
    let plain = bench.oapi_request(Method::POST, UPLOAD).json(&json!({"type": "image"}));
    assert_eq!(ok(answer(plain).await)["errcode"], 43008);
    let broken = bench.oapi_request(Method::POST, UPLOAD);
    let broken = broken.header("content-type", "multipart/form-data; boundary=x").body("--x\r\nnothing");
    assert_eq!(ok(answer(broken).await)["errcode"], 43008);
    assert_eq!(bench.sandbox.uploads(), []);
}

#[tokio::test]
async fn the_type_may_stand_in_the_url() {
    let bench = Bench::new().await;
    let request = || bench.oapi_request(Method::POST, UPLOAD).query(&[("type", "image")]);
    let media = || file("a.png", b"abc");
    let alone = request().multipart(Form::new().part("media", media()));
    assert_eq!(ok(answer(alone).await)["errcode"], 0);
    let both = request().multipart(form("image", "a.png", b"abc"));
    assert_eq!(ok(answer(both).await)["errcode"], 0);
    let torn = request().multipart(form("file", "a.pdf", b"abc"));
    assert_eq!(ok(answer(torn).await)["errcode"], 40004);
    let other = bench.oapi_request(Method::POST, UPLOAD).query(&[("kind", "image")]);
    assert_eq!(ok(answer(other.multipart(form("image", "a.png", b"abc"))).await)["errcode"], 40035);
}

#[tokio::test]
async fn uploads_need_a_token_and_a_permission() {
    let bench = Bench::new().await;
    let request = |token: &str| {
        let request = bench.http.post(bench.at_oapi(UPLOAD)).query(&[("access_token", token)]);
        request.multipart(form("image", "a.png", b"abc"))
    };
    let naked = bench.http.post(bench.at_oapi(UPLOAD)).multipart(form("image", "a.png", b"abc"));
    assert_eq!(ok(answer(naked).await)["errcode"], 41001);
    assert_eq!(ok(answer(request("x")).await)["errcode"], 40014);
    bench.sandbox.grant_only(&[]);
    assert_eq!(ok(answer(request(&bench.token)).await)["sub_code"], "60011");
}

#[tokio::test]
async fn a_streamed_body_is_taken_as_it_comes() {
    let bench = Bench::new().await;
    let head = "--x\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nimage\r\n--x\r\nContent-Disposition: \
                form-data; name=\"media\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n";
    let host = bench.oapi.strip_prefix("http://").unwrap().to_string();
    let start = format!(
        "POST {UPLOAD}?access_token={} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary=x\r\n\r\n",
        bench.token
    );
    let sender = tokio::task::spawn_blocking(move || {
        let mut socket = TcpStream::connect(host).unwrap();
        socket.write_all(start.as_bytes()).unwrap();
        let piece = vec![1; 100_000];
        let pieces = std::iter::repeat_n(&piece[..], 50);
        for piece in std::iter::once(head.as_bytes()).chain(pieces).chain([&b"\r\n--x--\r\n"[..], &[]]) {
            socket.write_all(format!("{:x}\r\n", piece.len()).as_bytes()).unwrap();
            socket.write_all(piece).unwrap();
            socket.write_all(b"\r\n").unwrap();
        }
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        answer
    });
    let answer = sender.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"errcode\":0"), "{answer}");
    assert_eq!(bench.sandbox.uploads()[0].size, 5_000_000);
}

async fn url(bench: &Bench, code: &str) -> String {
    let body = ok(bench.api(DOWNLOAD, &json!({"downloadCode": code, "robotCode": ROBOT})).await);
    let url = body["downloadUrl"].as_str().unwrap().to_string();
    assert_eq!(body, json!({"downloadUrl": url}));
    url
}

#[tokio::test]
async fn a_download_code_leads_to_the_bytes() {
    let bench = Bench::new().await;
    let picture = url(&bench, "mIofSandboxPicture01").await;
    assert!(picture.starts_with(&format!("{}/files/", bench.api)) && picture.contains(".file?"), "{picture}");
    let response = bench.http.get(&picture).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let bytes = response.bytes().await.unwrap();
    assert_eq!((&bytes[..8], bytes.len()), (&b"\x89PNG\r\n\x1a\n"[..], 74));
    let text = bench.http.get(url(&bench, "mIofSandboxFile01").await).send().await.unwrap();
    assert_eq!(text.text().await.unwrap(), "星河科技\n发布计划\n");
}

#[tokio::test]
async fn a_url_is_signed_and_expires() {
    let bench = Bench::new().await;
    let good = url(&bench, "mIofSandboxFile01").await;
    let other = url(&bench, "mIofSandboxPicture01").await;
    let (path, query) = good.split_once('?').unwrap();
    let (_, other_query) = other.split_once('?').unwrap();
    for bad in [
        path.to_string(),
        format!("{path}?{other_query}"),
        format!("{path}?{query}&x=1"),
        good.replace("Expires=17", "Expires=18"),
    ] {
        let response = bench.http.get(&bad).send().await.unwrap();
        assert_eq!(response.status(), 403, "{bad}");
        assert!(response.text().await.unwrap().starts_with("<?xml"), "{bad}");
    }
    bench.clock.advance(3_599_000);
    assert_eq!(bench.http.get(&good).send().await.unwrap().status(), 200);
    bench.clock.advance(1000);
    let late = bench.http.get(&good).send().await.unwrap();
    assert_eq!(late.status(), 403);
    assert!(late.text().await.unwrap().contains("Request has expired."));
    let told = bench.http.get(url(&bench, "mIofSandboxFile01").await).header(HEADER, &bench.token);
    assert_eq!(told.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn downloads_are_refused() {
    let bench = Bench::new().await;
    let good = json!({"downloadCode": "mIofSandboxFile01", "robotCode": ROBOT});
    let cases = [
        (without(&good, "robotCode"), "invalidParameter.robotCode.empty"),
        (without(&good, "downloadCode"), "invalidParameter.robotCode.empty"),
        (with(&good, "robotCode", json!("dingother")), "invalidParameter.robotCode.auth"),
        (with(&good, "downloadCode", json!("x")), "invalidParameter.robotCode.downloadCode"),
        (with(&good, "fileId", json!("x")), "invalidParameter.param.invalid"),
    ];
    for (body, code) in cases {
        refused(bench.api(DOWNLOAD, &body).await, 400, code);
    }
}
