//! The secrets that are planted, and how they are looked for: as they are, in base64, encoded for an address, broken over lines.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::support::World;
use crate::support::gateway::Gateway;

/// What a session of the gateway's messages is.
const SESSION: &str = "0123456789abcdef0123456789abcdef";

/// All of them.
pub struct Planted {
    app_secret: String,
    webhook_token: String,
    webhook_secret: String,
    aes: String,
    callback: String,
    card: String,
    header: String,
    stream: String,
    typed: String,
    pub proxy: String,
}

impl Planted {
    pub fn new(world: &World) -> Self {
        let credentials = world.sandbox.credentials();
        Self {
            app_secret: credentials.app_secret,
            webhook_token: credentials.webhook_token,
            webhook_secret: credentials.webhook_secret,
            aes: "Qz7Wx1Ec5Rv9Tb3Yn8Um2Ik6Ol4Pa0Sd1Fg5Hj9Kl3Z".into(),
            callback: "Vb6Nm2Qw8Er4Ty".into(),
            card: "c4rdAp1S3cr3tXyZw".into(),
            header: "h34d3rV4lu3KkLlMm".into(),
            stream: "str34mS3cr3tPpQqRr".into(),
            typed: "tYp3d-S3cret_9x8y7zKq".into(),
            proxy: "pr0xyP4ssw0rdZzYy".into(),
        }
    }

    /// A configuration with all of them.
    pub fn configuration(&self, world: &World, gateway: &Gateway) -> String {
        let Self { app_secret, webhook_token, webhook_secret, aes, callback, card, header, stream, .. } =
            self;
        let endpoints = &world.session.config.endpoints;
        let key = world.sandbox.credentials().app_key;
        format!(
            "card_api_secret = \"{card}\"\n[bot]\napp_key = \"{key}\"\napp_secret = \"{app_secret}\"\n\
             group_webhook_access_token = \"{webhook_token}\"\ngroup_webhook_secure_key = \"{webhook_secret}\"\n\
             [event_callback]\naes_key = \"{aes}\"\ntoken = \"{callback}\"\n\
             [[stream]]\napp_key = \"{key}\"\napp_secret = \"{stream}\"\n\
             [custom_stream_connect]\nsign_url = \"{}\"\nheaders = {{ \"X-Auth\" = \"{header}\" }}\n\
             [endpoints]\napi = \"{}\"\noapi = \"{}\"\n[timeouts]\nconnect = 5\n",
            gateway.open.url(),
            endpoints.api,
            endpoints.oapi
        )
    }

    /// Some that cannot be used.
    pub fn broken(&self) -> [String; 3] {
        let Self { app_secret, aes, callback, .. } = self;
        [
            format!(
                "[bot]\napp_key = \"k\"\napp_secret = \"{app_secret}\n[event_callback]\naes_key = \"{aes}\"\n"
            ),
            format!("[bot]\napp_key = \"k\"\napp_secret = \"{app_secret} x\"\n"),
            format!("[event_callback]\naes_key = \"{aes}x\"\ntoken = \"{callback}\"\n"),
        ]
    }

    /// A line with its placeholders filled in.
    pub fn fill(&self, line: &str) -> String {
        line.replace("{typed}", &self.typed).replace("{aes}", &self.aes).replace("{callback}", &self.callback)
    }

    /// All of them by name, and the tokens that the sandbox has given out.
    pub fn with_issued(&self, world: &World) -> Vec<(String, String)> {
        let own = [
            ("app secret", &self.app_secret),
            ("webhook token", &self.webhook_token),
            ("webhook secret", &self.webhook_secret),
            ("AES key", &self.aes),
            ("callback token", &self.callback),
            ("card secret", &self.card),
            ("header", &self.header),
            ("stream secret", &self.stream),
            ("typed", &self.typed),
            ("proxy password", &self.proxy),
        ];
        let mut all: Vec<(String, String)> =
            own.into_iter().map(|(name, secret)| (name.to_owned(), secret.clone())).collect();
        all.push(("session".into(), SESSION.into()));
        for request in world.sandbox.requests() {
            let token = request.query.into_iter().find(|(name, _)| name == "access_token");
            if let Some((_, token)) = token
                && !all.iter().any(|(_, known)| *known == token)
            {
                all.push(("app token".into(), token));
            }
        }
        assert!(all.iter().any(|(name, _)| name == "app token"));
        all
    }
}

/// The names of the secrets that are in `bytes`.
pub fn found(secrets: &[(String, String)], bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    // What a terminal has broken over lines, or a table over cells.
    let joined: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '│' | '┆')).collect();
    let is_there = |secret: &str| {
        let encoded = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
        let mut forms = vec![secret.to_owned(), encoded];
        forms.extend(base64_forms(secret));
        forms.iter().any(|form| text.contains(form.as_str()) || joined.contains(form.as_str()))
    };
    secrets.iter().filter(|(_, secret)| is_there(secret)).map(|(name, _)| name.clone()).collect()
}

/// In base64 behind other bytes: without the letters at both ends that depend on the neighbours.
fn base64_forms(secret: &str) -> Vec<String> {
    let behind = |count: usize| {
        let whole = STANDARD_NO_PAD.encode(format!("{}{secret}", "x".repeat(count)));
        let (skip, end) = ((count * 8).div_ceil(6), (count + secret.len()) * 8 / 6);
        whole[skip..end].to_owned()
    };
    (0..3).map(behind).collect()
}
