//! Every call that a method is said to make is served.

use std::collections::HashSet;

use dingraia::sandbox::{Grade, coverage};
use reqwest::Method;
use serde_json::{Value, json};

use super::bench::{Bench, HEADER, answer};

#[test]
fn every_method_stands_there_once() {
    let table = coverage();
    let names: HashSet<&str> = table.iter().map(|row| row.method).collect();
    assert_eq!((table.len(), names.len()), (40, 40));
    for row in table {
        let local = row.grade == Grade::FromPython;
        assert_eq!(row.calls.is_empty(), local || row.grade == Grade::Absent, "{}", row.method);
        assert!(!row.grade.name().is_empty());
    }
}

#[tokio::test]
async fn every_call_is_served() {
    let bench = Bench::new().await;
    for call in coverage().iter().flat_map(|row| row.calls).collect::<HashSet<_>>() {
        let parts: Vec<&str> = call.split(' ').collect();
        let [verb, host, path] = parts[..] else { panic!("{call}") };
        let method: Method = verb.parse().unwrap();
        let request = match host {
            "api" => bench.http.request(method, bench.at_api(path)).header(HEADER, &bench.token),
            "oapi" => bench.oapi_request(method, path),
            other => panic!("{other}"),
        };
        let (status, body): (u16, Value) = answer(request.json(&json!({}))).await;
        assert_ne!((status, &body["code"]), (404, &json!("InvalidAction.NotFound")), "{call}");
        assert!(
            ![22, 43001, 43002].contains(&body["errcode"].as_i64().unwrap_or_default()),
            "{call}: {body}"
        );
    }
}
