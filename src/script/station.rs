//! What a session of scripts does with events: handlers, those who wait for a message, and the apps that listen.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use rhai::AST;
use tokio_util::sync::CancellationToken;

use super::driver::Driver;
use super::event::Happening;
use super::function::{Functions, Library};
use super::handlers::{Handler, Handlers};
use super::lane::Lane;
use super::live::Live;
use super::problem::{Origin, Problem};
use super::route::Routes;
use super::stop::Stop;
use super::waiter::Waiters;
use crate::error::Result;
use crate::events::{Ask, Counts, Event, Hub, Kind, Listener, Listening, Place, ROOM, Status};
use crate::model::Own;
use crate::ops::Session;

/// Told what goes wrong in a handler.
pub type Reporter = Arc<dyn Fn(&Problem) + Send + Sync>;

/// Told of an api address and an app key that are about to be listened to; what it gives is held as long as that goes on.
pub type Claim = Arc<dyn Fn(&str, &str) -> Option<Own> + Send + Sync>;

/// Everything about events in one session of scripts.
pub struct Station {
    pub(super) functions: Arc<Functions>,
    pub(super) handlers: Handlers,
    pub(super) waiters: Waiters,
    /// The functions of the session, as they are now.
    pub(super) library: Library,
    /// Where each of them was written.
    pub(super) origins: RwLock<BTreeMap<String, Arc<Origin>>>,
    /// Routes of one's own.
    pub(super) routes: Routes,
    driver: Driver,
    apps: Mutex<Vec<App>>,
    listeners: RwLock<Vec<Listener>>,
    reporter: RwLock<Option<Reporter>>,
    claim: RwLock<Option<Claim>>,
    /// An app has listened.
    has_listened: AtomicBool,
    /// `app.start()` does not wait: there is a prompt.
    beside: AtomicBool,
    /// Ends all handlers.
    end: Stop,
}

/// An app and its events.
struct App {
    session: Weak<Session>,
    hub: Hub,
    listening: Option<Open>,
}

/// Listening that goes on.
struct Open {
    listening: Listening,
    ended: CancellationToken,
    /// What was claimed for it.
    _claims: Vec<Own>,
}

impl Station {
    pub(super) fn new(functions: &Arc<Functions>) -> Arc<Self> {
        Arc::new(Self {
            functions: Arc::clone(functions),
            handlers: Handlers::default(),
            waiters: Waiters::default(),
            library: Library::default(),
            origins: RwLock::default(),
            routes: Routes::default(),
            driver: Driver::default(),
            apps: Mutex::default(),
            listeners: RwLock::default(),
            reporter: RwLock::default(),
            claim: RwLock::default(),
            has_listened: AtomicBool::new(false),
            beside: AtomicBool::new(false),
            end: Stop::default(),
        })
    }

    /// Has handlers see the functions of the session as they are now; `written` are those of `input`. Handlers keep what they
    /// need when the session forgets everything.
    pub(super) fn learn(&self, library: &AST, written: &AST, input: &Arc<Origin>) {
        let names = written.iter_functions().map(|f| (f.name.to_owned(), Arc::clone(input)));
        self.origins.write().extend(names);
        *self.library.write() = Arc::new(library.clone());
    }

    /// `app.start()` returns at once from now on, and listening goes on beside what is entered.
    pub fn listen_beside(&self) {
        self.beside.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_beside(&self) -> bool {
        self.beside.load(Ordering::Relaxed)
    }

    /// Has `reporter` told about the errors of handlers.
    pub fn report_to(&self, reporter: Reporter) {
        *self.reporter.write() = Some(reporter);
    }

    /// Has `claim` told of the apps that are listened to.
    pub fn claim_with(&self, claim: Claim) {
        *self.claim.write() = Some(claim);
    }

    pub(super) fn report(&self, problem: &Problem) {
        let reporter = self.reporter.read().clone();
        match reporter {
            Some(reporter) => reporter(problem),
            None => {
                tracing::error!(target: "dingraia", zh = %format!("处理函数出错：{}", problem.message.zh), "a handler failed: {}", problem.message.en);
            }
        }
    }

    /// Has `listener` see every event of every app, before it is handled.
    pub fn watch(&self, listener: Listener) {
        for app in self.apps.lock().iter() {
            app.hub.listen(Arc::clone(&listener));
        }
        self.listeners.write().push(listener);
    }

    /// The hub of an app.
    pub fn hub(self: &Arc<Self>, session: &Arc<Session>) -> Hub {
        let mut apps = self.apps.lock();
        apps.retain(|app| app.session.strong_count() > 0 || app.listening.is_some());
        if let Some(app) = apps.iter().find(|app| app.is(session)) {
            return app.hub.clone();
        }
        let hub = Hub::new(session.cache.clone(), ROOM);
        let (station, owner) = (Arc::downgrade(self), Arc::downgrade(session));
        hub.handle(Arc::new(move |event, place| {
            if let (Some(station), Some(session)) = (station.upgrade(), owner.upgrade()) {
                station.dispatch(&session, event, place);
            } else {
                event.answer.close();
            }
        }));
        for listener in self.listeners.read().iter() {
            hub.listen(Arc::clone(listener));
        }
        apps.push(App { session: Arc::downgrade(session), hub: hub.clone(), listening: None });
        hub
    }

    /// Gives an event to whoever waits for it, or to the handlers.
    fn dispatch(self: &Arc<Self>, session: &Arc<Session>, event: Arc<Event>, place: Place) {
        if event.kind() == Kind::CardAction {
            let id = event.raw.get("outTrackId").and_then(|id| id.as_str()).unwrap_or_default();
            session.remember_card_callback(id, event.raw.clone());
        }
        if event.message.is_some() && self.waiters.serve(&event) {
            event.answer.close();
            return;
        }
        if !self.handlers.any(&event) {
            event.answer.close();
            return;
        }
        let happening = Happening::new(event, session, self);
        self.driver.handle(self, happening, place);
    }

    /// Runs the handlers of an event, one after another; called on a fiber.
    pub(super) fn run_handlers(&self, lane: &Rc<Lane>, happening: &Arc<Happening>) {
        let event = &happening.event;
        for handler in self.handlers.of(event) {
            let stop = self.end.child();
            lane.begin(&stop, handler.limit);
            let result = self.functions.bridge.evaluate(&stop, || handler.call(self, happening));
            lane.begin(&stop, None);
            handler.count(result.is_ok());
            match result {
                Ok(answer) if event.answer.is_wanted() => {
                    if let Some(answer) = answer.for_kind(event.kind())
                        && handler.may_answer(happening, &answer)
                    {
                        event.answer.give(answer);
                    }
                }
                Ok(_) => {}
                Err(error) => self.failed(&handler, *error, &stop),
            }
        }
        event.answer.close();
        if event.kind() == Kind::GroupMessage {
            self.tell_done(happening);
        }
    }

    /// What the framework tells when a message was handled.
    fn tell_done(&self, happening: &Happening) {
        let sent = if happening.has_sent() { Kind::MessageSend } else { Kind::NoMessageSend };
        for kind in [Kind::RadioComplete, sent].into_iter().filter(|kind| self.handlers.any_named(*kind)) {
            if let Some(hub) = happening.hub() {
                hub.tell(happening.event.follow(kind));
            }
        }
    }

    fn failed(&self, handler: &Handler, error: rhai::EvalAltResult, stop: &Stop) {
        if self.end.is_fired() {
            return;
        }
        let Ok(engine) = self.functions.engine() else { return };
        let problem = handler.problem(&engine, &self.library.read(), &self.origins.read(), error, stop);
        self.report(&problem);
    }

    /// Begins to listen for an app.
    ///
    /// # Errors
    /// When it listens already, or there is nothing to listen to.
    pub fn start(self: &Arc<Self>, session: &Arc<Session>, ask: Ask) -> Result<CancellationToken> {
        let hub = self.hub(session);
        let runtime = self.functions.bridge.runtime()?.handle().clone();
        let mut apps = self.apps.lock();
        let Some(app) = apps.iter_mut().find(|app| app.is(session)) else {
            return Ok(CancellationToken::new());
        };
        if app.listening.is_some() {
            return Err(super::listen::listens_already());
        }
        let (client, clock, config) = (&session.client, &session.clock, &session.config);
        let find = self.routes.with(&config.web_request_handlers);
        let listening = Listening::begin(&runtime, client, clock, config, &hub, ask, find)?;
        let claim = self.claim.read().clone();
        let claims =
            claim.map(|claim| listening.keys().filter_map(|key| claim(&config.endpoints.api, key)).collect());
        let (ready, token) = (listening.ready(), CancellationToken::new());
        let ended = token.clone();
        runtime.spawn(async move {
            tokio::select! {
                () = ended.cancelled() => {}
                () = ready => hub.tell(Event { kind: Some(Kind::LoadComplete), ..Event::default() }),
            }
        });
        let claims = claims.unwrap_or_default();
        self.has_listened.store(true, Ordering::Relaxed);
        session.set_streaming(listening.keys().next().is_some());
        app.listening = Some(Open { listening, ended: token.clone(), _claims: claims });
        Ok(token)
    }

    /// As [`Station::start`], on the streams alone.
    ///
    /// # Errors
    /// As there.
    pub fn listen(self: &Arc<Self>, live: &Live) -> Result<()> {
        self.start(&live.0, Ask::default()).map(|_| ())
    }

    /// Ends listening for an app; false when it did not listen. What is being handled goes on.
    pub fn stop(&self, session: &Arc<Session>) -> bool {
        let mut apps = self.apps.lock();
        let listening = apps.iter_mut().find(|app| app.is(session)).and_then(|app| app.listening.take());
        let Some(Open { listening, ended, .. }) = listening else { return false };
        session.set_streaming(false);
        listening.stop();
        ended.cancel();
        if let Ok(runtime) = self.functions.bridge.runtime() {
            runtime.spawn(listening.ended());
        }
        true
    }

    /// How the links of an app are doing; nothing when it does not listen.
    pub fn status(&self, session: &Arc<Session>) -> Option<Vec<Status>> {
        let apps = self.apps.lock();
        let listening = apps.iter().find(|app| app.is(session))?.listening.as_ref();
        listening.map(|open| open.listening.status())
    }

    /// The addresses at which apps receive requests.
    pub fn receivers(&self) -> Vec<String> {
        let apps = self.apps.lock();
        let open = apps.iter().filter_map(|app| app.listening.as_ref());
        open.flat_map(|open| open.listening.status())
            .map(|status| status.app_key)
            .filter(|key| key.starts_with("http://"))
            .collect()
    }

    /// What went through the hub of an app.
    pub fn counts(self: &Arc<Self>, session: &Arc<Session>) -> Counts {
        self.hub(session).counts()
    }

    /// Whether an app has listened since the session began.
    pub fn has_listened(&self) -> bool {
        self.has_listened.load(Ordering::Relaxed)
    }

    /// How many handlers there are.
    pub fn handler_count(&self) -> usize {
        self.handlers.list().len()
    }

    /// How much is being handled, or waits for it.
    pub fn handling_count(&self) -> usize {
        self.driver.active()
    }

    /// How many wait for somebody's next message.
    pub fn waiting_count(&self) -> usize {
        self.waiters.count()
    }

    /// Waits until nothing is handled any more, for at most `most`.
    pub async fn idle(&self, most: Duration) {
        let idle = async {
            while self.driver.active() > 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let _ = tokio::time::timeout(most, idle).await;
    }

    /// Ends everything: the session of scripts is over.
    pub(super) fn close(&self) {
        self.end.interrupt();
        self.handlers.clear();
        self.driver.close();
        for app in std::mem::take(&mut *self.apps.lock()) {
            if let Some(session) = app.session.upgrade() {
                session.set_streaming(false);
            }
        }
    }
}

impl App {
    fn is(&self, session: &Arc<Session>) -> bool {
        std::ptr::eq(self.session.as_ptr(), Arc::as_ptr(session))
    }
}
