//! A practice organisation: a stateful DingTalk on loopback, for tests and for trying things without an account.
//!
//! It is written from DingTalk's own documentation (<https://open.dingtalk.com/document/>) and shares no code with the
//! client, so the two cannot agree on the same mistake. It refuses whatever it does not know: paths, verbs, fields, types.

mod ai;
mod card;
mod card_body;
mod card_callback;
mod card_deliver;
mod card_stream;
mod contact;
mod contact_change;
mod contact_edit;
mod content;
mod control;
mod coverage;
mod ding;
mod fault;
mod file;
mod form;
mod gate;
mod group;
mod group_change;
mod group_event;
mod group_plan;
mod group_v1;
mod group_v1_change;
mod group_v1_role;
mod http;
mod log;
mod login;
mod look;
mod media;
mod off_duty;
mod people;
mod profile;
mod push;
mod recall;
mod refuse;
mod robot;
mod route;
mod seed;
mod state;
mod strict;
mod template;
mod token;
mod webhook;
mod webhook_body;
mod wire;
mod wish;

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use self::coverage::{Coverage, Grade, coverage};
pub use self::ding::Ding;
pub use self::fault::{Fault, Planned};
pub use self::group::GroupState;
pub use self::log::Recorded;
pub use self::media::Upload;
pub use self::people::{Crowd, Part, Pressed, Said, Saying, Speech};
pub use self::push::{
    Connection, EventAddress, FrameFault, LinkFault, Outcome, Placed, Push, PushCounts, Spoil, Timing, Topic,
};
pub use self::seed::Seed;
pub use self::state::ai::AssistantFrame;
pub use self::state::card::{Card, Flow, Frame};
pub use self::state::message::{SentMessage, Via};
pub use self::wish::Wish;
use crate::clock::Clock;
use crate::error::Result;

/// What a program needs to be the sandbox's app. It prints nothing of itself, because it holds secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// App key (client id).
    pub app_key: String,
    /// App secret (client secret).
    pub app_secret: String,
    /// Code of the app's robot.
    pub robot_code: String,
    /// `access_token` of the first custom robot; empty when there is none.
    pub webhook_token: String,
    /// Signing secret of the first custom robot; empty when there is none.
    pub webhook_secret: String,
}

/// A handle on a practice organisation; clones share it. Making one starts nothing.
#[derive(Clone)]
pub struct Sandbox(Arc<World>);

/// Everything behind the handle.
struct World {
    state: state::State,
    clock: Clock,
    faults: fault::Faults<Fault>,
    log: log::Log,
    push: push::Hub,
}

impl Sandbox {
    /// Makes the organisation of `seed`; a seed file that cannot be used gives an error that names it and the problem.
    pub fn new(seed: &Seed, clock: Clock) -> Result<Self> {
        let state = seed.load(clock.millis())?;
        Ok(Self(Arc::new(World {
            state,
            clock,
            faults: fault::Faults::default(),
            log: log::Log::default(),
            push: push::Hub::default(),
        })))
    }

    /// What a client of this organisation has to be configured with.
    pub fn credentials(&self) -> Credentials {
        let app = self.0.state.app.read().clone();
        let robot = self.0.state.webhooks.lock().first().cloned();
        let (webhook_token, webhook_secret) =
            robot.map(|robot| (robot.token, robot.secret.unwrap_or_default())).unwrap_or_default();
        Credentials {
            app_key: app.app_key,
            app_secret: app.app_secret,
            robot_code: app.robot_code,
            webhook_token,
            webhook_secret,
        }
    }

    /// Identifier of the organisation.
    pub fn corp_id(&self) -> String {
        self.0.state.organisation.read().company.corp_id.clone()
    }

    /// Serves both hosts until the future is dropped; every connection ends with it.
    pub async fn serve(self, api: TcpListener, oapi: TcpListener) {
        let stop = CancellationToken::new();
        let _stop_connections = stop.clone().drop_guard();
        self.0.push.addresses.write().oapi = oapi.local_addr().ok();
        tokio::join!(
            push::run(self.0.clone()),
            http::serve(self.0.clone(), refuse::Host::Api, api, stop.clone()),
            http::serve(self.0, refuse::Host::Oapi, oapi, stop),
        );
    }
}
