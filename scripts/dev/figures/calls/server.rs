//! What is called: each server is a process of its own, as DingTalk is.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::runtime::Builder;

use crate::Result;
use dingraia::clock::Clock;
use dingraia::sandbox::{Sandbox, Seed};

/// How long the far server takes, about as DingTalk does.
const FAR: Duration = Duration::from_millis(20);

/// A conversation of the sandbox's small organisation.
const CONVERSATION: &str = "cidSandboxRelease0001==";

/// Who answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// The same JSON to every request, at once: as little work as a server can have.
    Canned,
    /// The same after [`FAR`].
    Far,
    /// The sandbox, as `dingraia sandbox serve` runs it.
    Sandbox,
}

impl Who {
    pub(super) const ALL: [Self; 3] = [Self::Canned, Self::Far, Self::Sandbox];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Canned => "canned",
            Self::Far => "far",
            Self::Sandbox => "sandbox",
        }
    }
}

/// Where a server is and what it wants to be told.
#[derive(Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) url: String,
    pub(super) app_key: String,
    pub(super) app_secret: String,
    pub(super) robot_code: String,
    pub(super) conversation: String,
}

/// A running server.
pub(super) struct Server {
    process: Child,
    pub(super) place: Place,
}

impl Server {
    pub(super) fn start(who: Who) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["calls", "--serve", who.name()]);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        Ok(Self { process, place: serde_json::from_str(&line)? })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Is the server of that name until it is killed.
pub(super) fn serve(name: &str) -> Result<()> {
    match Who::ALL.into_iter().find(|who| who.name() == name).ok_or("no such server")? {
        Who::Canned => canned(Duration::ZERO),
        Who::Far => canned(FAR),
        Who::Sandbox => sandbox(),
    }
}

/// Answers every request with the same JSON, a token included.
fn canned(after: Duration) -> Result<()> {
    const ANSWER: &str = r#"{"accessToken":"token","expireIn":7200,"processQueryKey":"benchmark-key-0001="}"#;
    Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        announce(&Place {
            url: url(&listener)?,
            app_key: "dingbench".into(),
            app_secret: "secret".into(),
            robot_code: "dingbench".into(),
            conversation: CONVERSATION.into(),
        })?;
        let answer = move |_: axum::body::Bytes| async move {
            if !after.is_zero() {
                tokio::time::sleep(after).await;
            }
            ([("content-type", "application/json")], ANSWER)
        };
        Ok(axum::serve(listener, axum::Router::new().fallback(answer)).await?)
    })
}

/// On a runtime like the program's own.
fn sandbox() -> Result<()> {
    Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(async {
        let sandbox = Sandbox::new(&Seed::Small, Clock::system())?;
        let (api, oapi) = (TcpListener::bind("127.0.0.1:0").await?, TcpListener::bind("127.0.0.1:0").await?);
        let credentials = sandbox.credentials();
        announce(&Place {
            url: url(&api)?,
            app_key: credentials.app_key,
            app_secret: credentials.app_secret,
            robot_code: credentials.robot_code,
            conversation: CONVERSATION.into(),
        })?;
        sandbox.serve(api, oapi).await;
        Ok(())
    })
}

fn url(listener: &TcpListener) -> Result<String> {
    Ok(format!("http://{}", listener.local_addr()?))
}

fn announce(place: &Place) -> Result<()> {
    println!("{}", serde_json::to_string(place)?);
    Ok(())
}
