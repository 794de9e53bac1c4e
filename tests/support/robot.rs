//! A world whose app listens to a gateway that a test holds in its hands.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dingraia::config::{Config, CustomStreamConnect};
use serde_json::Value;

use super::World;
use super::canned::Canned;
use super::gateway::{Connection, Gateway, message};

/// A listening world.
pub struct Robot {
    /// The world.
    pub world: World,
    /// The gateway's end of the connection.
    pub connection: Connection,
    /// What is told of errors in handlers.
    pub told: Arc<Mutex<Vec<String>>>,
    /// Where replies over a webhook arrive.
    pub webhook: Canned,
    /// The gateway.
    pub gateway: Gateway,
    sent: usize,
}

impl Robot {
    /// A world that ran `source` and then began to listen beside it.
    pub fn new(source: &str) -> Self {
        Self::with(source, |_| {})
    }

    /// … whose configuration `change` has changed.
    pub fn with(source: &str, change: impl FnOnce(&mut Config)) -> Self {
        let gateway = Gateway::new();
        let mut world = World::with(|config| {
            let sign_url = Some(gateway.open.url());
            config.custom_stream_connect =
                Some(CustomStreamConnect { sign_url, ..CustomStreamConnect::default() });
            change(config);
        });
        let told: Arc<Mutex<Vec<String>>> = Arc::default();
        let lines = Arc::clone(&told);
        let station = world.station();
        station.listen_beside();
        station.report_to(Arc::new(move |problem| {
            let (line, column) = problem.spot.unwrap_or_default();
            lines.lock().unwrap().push(format!("{}:{line}:{column}: {}", problem.name, problem.message.en));
        }));
        world.run(source).view();
        world.run("app.start()").view();
        let connection = gateway.accept();
        let webhook = Canned::json(serde_json::json!({ "errcode": 0, "errmsg": "ok" }));
        Self { world, connection, told, webhook, gateway, sent: 0 }
    }

    /// Somebody says something in a group; it is answered.
    #[track_caller]
    pub fn say(&mut self, group: &str, staff: &str, text: &str) {
        let frame = self.frame(group, staff, text);
        self.connection.push(frame);
        assert_eq!(self.connection.answer()["code"], 200);
    }

    /// The frame of a message with a new id, whose webhook is that of this robot.
    pub fn frame(&mut self, group: &str, staff: &str, text: &str) -> Value {
        self.sent += 1;
        let mut frame = message(&format!("m{}", self.sent), group, staff, text);
        let mut data: Value = serde_json::from_str(frame["data"].as_str().unwrap()).unwrap();
        data["sessionWebhook"] = format!("{}/robot/sendBySession?session=abc", self.webhook.url()).into();
        frame["data"] = data.to_string().into();
        frame
    }

    /// Evaluates `source` until it gives `expected`.
    #[track_caller]
    #[allow(clippy::needless_pass_by_value, reason = "`until(…, json!(…))` reads best")]
    pub fn until(&mut self, source: &str, expected: Value) {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            let found = self.world.run(source).json();
            if found == expected {
                return;
            }
            assert!(
                Instant::now() < end,
                "got {found}, not {expected}; told {:?}",
                self.told.lock().unwrap()
            );
            std::thread::yield_now();
        }
    }

    /// What was sent over the webhook, as texts.
    pub fn replies(&self) -> Vec<String> {
        let text = |body: &Value| body["text"]["content"].as_str().unwrap_or_default().to_owned();
        self.webhook.seen().iter().map(|request| text(&request.body)).collect()
    }

    /// Waits until so many replies came over the webhook.
    #[track_caller]
    pub fn reply(&self, count: usize) -> Vec<String> {
        super::until("the reply", || self.replies().len() >= count);
        self.replies()
    }
}
