//! The sandbox as part of the program: in process for the console, or as a server.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;

use serde_json::json;

use super::note::Note;
use super::program::Program;
use crate::cli::Output;
use crate::client::Flight;
use crate::config::{Bot, Config, Endpoints};
use crate::error::{Error, Kind, Result};
use crate::lang::Text;
use crate::sandbox::{Credentials, Sandbox, Seed};
use crate::script::Stop;

/// A sandbox with its sockets open; it answers once it is served.
pub(super) struct Practice {
    sandbox: Sandbox,
    api: TcpListener,
    oapi: TcpListener,
    endpoints: Endpoints,
}

impl Practice {
    /// Opens the sockets on loopback; `port` 0 takes any two.
    pub(super) fn open(seed: &Seed, port: u16, program: &Program) -> Result<Self> {
        let sandbox = Sandbox::new(seed, program.clock.clone())?;
        let api = listen(port)?;
        let oapi = listen(if port == 0 { 0 } else { port.saturating_add(1) })?;
        let endpoints = Endpoints { api: url(&api)?, oapi: url(&oapi)? };
        Ok(Self { sandbox, api, oapi, endpoints })
    }

    /// `config` with this sandbox in place of DingTalk.
    pub(super) fn replace_in(&self, mut config: Config) -> Config {
        config.endpoints = self.endpoints.clone();
        // Its gateway knows this app alone.
        config.stream.clear();
        config.custom_stream_connect = None;
        config.bot = Some(bot(&self.sandbox.credentials()));
        config
    }

    /// Serves when the runtime starts, which is at the first call.
    pub(super) fn serve_later(self, program: &Program) {
        let Self { sandbox, api, oapi, endpoints } = self;
        program.practised.add(&endpoints.api, &sandbox);
        program.bridge.on_start(move |runtime| {
            let _entered = runtime.enter();
            // A socket that was just bound is accepted by the runtime.
            if let (Ok(api), Ok(oapi)) =
                (tokio::net::TcpListener::from_std(api), tokio::net::TcpListener::from_std(oapi))
            {
                runtime.spawn(sandbox.serve(api, oapi));
            }
        });
    }
}

fn bot(credentials: &Credentials) -> Bot {
    Bot {
        app_key: Some(credentials.app_key.clone()),
        app_secret: Some(credentials.app_secret.as_str().into()),
        robot_code: Some(credentials.robot_code.clone()),
        group_webhook_access_token: Some(credentials.webhook_token.as_str().into())
            .filter(|_| !credentials.webhook_token.is_empty()),
        group_webhook_secure_key: Some(credentials.webhook_secret.as_str().into())
            .filter(|_| !credentials.webhook_secret.is_empty()),
    }
}

fn listen(port: u16) -> Result<TcpListener> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let bound = TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok(listener)
    });
    bound.map_err(|error| {
        Error::usage(format!("cannot listen on {address}: {error}"), format!("无法监听 {address}：{error}"))
            .hint(Text::fixed("`--port 0` takes any free ports", "`--port 0` 会使用任意空闲端口"))
    })
}

fn url(listener: &TcpListener) -> Result<String> {
    let address =
        listener.local_addr().map_err(|error| Error::new(Kind::Bug { problem: error.to_string() }))?;
    Ok(format!("http://{address}"))
}

/// `dingraia sandbox serve`: prints what a client needs and serves until it is stopped.
pub(super) fn serve(program: &Program, port: u16, seed: &str) -> Result<u8> {
    let seed = match seed {
        "small" => Seed::Small,
        "empty" => Seed::Empty,
        file => Seed::File(PathBuf::from(file)),
    };
    let practice = Practice::open(&seed, port, program)?;
    let (credentials, endpoints) = (practice.sandbox.credentials(), practice.endpoints.clone());
    practice.serve_later(program);
    program.bridge.runtime()?;
    let note = Note::leave(program, &credentials, &endpoints);
    let stop = Stop::default();
    let served: Result<()> = program.interrupts.during(&stop, || {
        // Whoever reads this may end it at once.
        program.screen.result(&announce(program, &credentials, &endpoints));
        program.bridge.evaluate(&stop, || program.bridge.wait(&Flight::default(), std::future::pending()))
    });
    drop(note);
    // Ctrl-C is how it is meant to end.
    match served {
        Err(error) if matches!(error.kind(), Kind::Interrupted { by_timeout: false, .. }) => Ok(0),
        other => other.map(|()| 0),
    }
}

fn announce(program: &Program, credentials: &Credentials, endpoints: &Endpoints) -> String {
    let Credentials { app_key, app_secret, robot_code, webhook_token, webhook_secret } = credentials;
    if program.global.output == Some(Output::Json) {
        let line = json!({
            "api": endpoints.api, "oapi": endpoints.oapi, "app_key": app_key, "app_secret": app_secret,
            "robot_code": robot_code, "webhook_token": webhook_token, "webhook_secret": webhook_secret,
        });
        return line.to_string();
    }
    format!(
        "api            {}\noapi           {}\napp_key        {app_key}\napp_secret     {app_secret}\nrobot_code     {robot_code}\n\
         webhook_token  {webhook_token}\nwebhook_secret {webhook_secret}\n\n\
         DINGRAIA_API_BASE={} DINGRAIA_OAPI_BASE={} DINGRAIA_APP_KEY={app_key} DINGRAIA_APP_SECRET={app_secret} dingraia",
        endpoints.api, endpoints.oapi, endpoints.api, endpoints.oapi,
    )
}
