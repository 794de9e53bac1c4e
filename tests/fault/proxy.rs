//! Stands between a client and the two hosts of a sandbox, keeps account of what passes, and fails when it is told to.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingraia::config::Endpoints;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::kind::{Deed, Fault};
use super::message::Message;

/// How long nobody listens when it is for a moment.
const MOMENT: Duration = Duration::from_millis(60);

/// The longest that an answer is held back; a client with limits has gone by then.
const LONG: Duration = Duration::from_secs(30);

/// The requests that a fault strikes.
#[derive(Debug, Clone, Copy)]
pub struct Strike {
    pub fault: Fault,
    /// Requests for a token, or all others.
    pub token: bool,
    /// The first one, counted from 0.
    pub at: usize,
    /// How many.
    pub times: usize,
}

/// A request that came by.
#[derive(Debug, Clone)]
pub struct Seen {
    pub verb: String,
    pub path: String,
    pub token: bool,
    /// The server behind has seen it.
    pub received: bool,
    pub struck: bool,
    /// The answer, when the client got a whole one.
    pub answer: Option<(u16, Vec<u8>)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    Open,
    Deaf,
    Slam,
}

#[derive(Default)]
struct Plan {
    strike: Option<Strike>,
    seen: Vec<Seen>,
    /// How many requests came by before these.
    before: usize,
    /// Connections that were closed at once.
    slammed: usize,
}

/// Both hosts.
pub struct Proxy {
    net: Arc<Net>,
    _tasks: JoinSet<()>,
}

struct Net {
    plan: Mutex<Plan>,
    mood: watch::Sender<Mood>,
    /// How each host stands by now.
    stands: watch::Sender<[Mood; 2]>,
    /// Where the sandbox is: first api, then oapi.
    far: [SocketAddr; 2],
    closing: bool,
}

impl Proxy {
    /// Stands before `endpoints` and gives the addresses to use instead. `closing`: no connection serves for two requests.
    /// Must be called on a runtime.
    pub fn new(endpoints: &Endpoints, closing: bool) -> (Self, Endpoints) {
        let far = [&endpoints.api, &endpoints.oapi].map(|url| url.replace("http://", "").parse().unwrap());
        let places = [Place::new(), Place::new()];
        let near = [places[0].at, places[1].at];
        let (mood, stands) = (watch::Sender::new(Mood::Open), watch::Sender::new([Mood::Open; 2]));
        let net = Arc::new(Net { plan: Mutex::default(), mood, stands, far, closing });
        let mut tasks = JoinSet::new();
        for (host, place) in places.into_iter().enumerate() {
            let listener = place.listen();
            tasks.spawn(Arc::clone(&net).serve(host, place, listener));
        }
        let url = |at: SocketAddr| format!("http://{at}");
        (Self { net, _tasks: tasks }, Endpoints { api: url(near[0]), oapi: url(near[1]) })
    }

    /// Forgets what passed, and strikes from now on.
    pub async fn arm(&self, strike: Option<Strike>) {
        {
            let mut plan = self.net.plan.lock().unwrap();
            let before = plan.before + plan.seen.len();
            *plan = Plan { strike, before, ..Plan::default() };
        }
        if strike.is_some_and(|strike| strike.at == 0) {
            self.net.turn_away(strike).await;
        }
    }

    /// All is well again; gives what passed since it was armed.
    pub async fn heal(&self) -> Vec<Seen> {
        self.net.become_(Mood::Open).await;
        let mut plan = self.net.plan.lock().unwrap();
        plan.strike = None;
        let seen = std::mem::take(&mut plan.seen);
        plan.before += seen.len();
        seen
    }
}

/// A port of ours, also while nobody listens there.
struct Place {
    _held: TcpSocket,
    at: SocketAddr,
}

impl Place {
    fn new() -> Self {
        let held = socket("127.0.0.1:0".parse().unwrap());
        let at = held.local_addr().unwrap();
        Self { _held: held, at }
    }

    fn listen(&self) -> TcpListener {
        socket(self.at).listen(256).unwrap()
    }
}

fn socket(at: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseport(true).unwrap();
    socket.bind(at).unwrap();
    socket
}

impl Net {
    async fn become_(&self, mood: Mood) {
        self.mood.send_replace(mood);
        let mut stands = self.stands.subscribe();
        stands.wait_for(|stands| *stands == [mood; 2]).await.unwrap();
    }

    /// Whoever comes next finds a closed door, when that is what `strike` means.
    async fn turn_away(self: &Arc<Self>, strike: Option<Strike>) {
        match strike.map(|strike| (strike.fault, strike.fault.deed(true))) {
            Some((Fault::NoSuchHost, _)) => {}
            Some((fault, Deed::Deaf)) => {
                self.become_(Mood::Deaf).await;
                if fault == Fault::RefusedBriefly {
                    let net = Arc::clone(self);
                    tokio::spawn(async move {
                        tokio::time::sleep(MOMENT).await;
                        net.mood.send_replace(Mood::Open);
                    });
                }
            }
            Some((_, Deed::Slam)) => self.become_(Mood::Slam).await,
            _ => {}
        }
    }

    async fn serve(self: Arc<Self>, host: usize, place: Place, listener: TcpListener) {
        let (mut mood, mut listener) = (self.mood.subscribe(), Some(listener));
        let mut connections = JoinSet::new();
        loop {
            let now = *mood.borrow_and_update();
            if now == Mood::Deaf {
                listener = None;
            } else {
                listener.get_or_insert_with(|| place.listen());
            }
            self.stands.send_modify(|stands| stands[host] = now);
            loop {
                let accepted = async {
                    match &listener {
                        Some(listener) => listener.accept().await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    biased;
                    changed = mood.changed() => { if changed.is_err() { return } break }
                    Ok((stream, _)) = accepted => {
                        if now == Mood::Slam {
                            reset(stream);
                            self.slammed();
                        } else {
                            connections.spawn(Arc::clone(&self).converse(host, stream));
                        }
                    }
                }
            }
        }
    }

    fn slammed(&self) {
        let mut plan = self.plan.lock().unwrap();
        plan.slammed += 1;
        if plan.strike.is_some_and(|strike| plan.slammed >= strike.times) {
            self.mood.send_replace(Mood::Open);
        }
    }

    async fn converse(self: Arc<Self>, host: usize, stream: TcpStream) {
        let mut client = BufReader::new(stream);
        while let Some(request) = Message::read(&mut client).await {
            if !self.pass(host, &request, &mut client).await {
                reset(client.into_inner());
                return;
            }
        }
    }

    /// One request and its answer; false when the connection is to be reset.
    async fn pass(
        self: &Arc<Self>,
        host: usize,
        request: &Message,
        client: &mut BufReader<TcpStream>,
    ) -> bool {
        let (index, fault, next_is_struck) = self.note(request);
        let answer = match fault.map(|fault| fault.deed(host == 0)) {
            Some(Deed::Swallow) => return false,
            Some(Deed::Bytes(bytes)) => {
                let _ = client.get_mut().write_all(bytes).await;
                let _ = client.get_mut().shutdown().await;
                return true;
            }
            Some(Deed::Answer(answer)) => answer,
            Some(Deed::Spoil | Deed::Deaf | Deed::Slam) | None => {
                let answer = self.forward(host, request).await;
                self.tell(index, |seen| seen.received = true);
                answer
            }
        };
        if next_is_struck {
            self.turn_away(self.strike()).await;
        }
        // Before it is sent: the client may look at the account as soon as it has it.
        let told = |whole: bool| {
            let answer = whole.then(|| (answer.status(), answer.body.clone()));
            self.tell(index, |seen| seen.answer = answer);
        };
        told(fault.is_none_or(Fault::is_whole));
        let whole = match fault.filter(|fault| matches!(fault.deed(true), Deed::Spoil)) {
            Some(fault) => spoil(fault, &answer, client).await,
            None => {
                let mut bytes = answer.bytes();
                if self.closing {
                    let head = bytes.windows(2).position(|two| two == b"\r\n").unwrap() + 2;
                    bytes.splice(head..head, b"connection: close\r\n".iter().copied());
                }
                client.get_mut().write_all(&bytes).await.is_ok()
            }
        };
        if !whole {
            told(false);
        }
        if fault == Some(Fault::ResetAfter) {
            return false;
        }
        if !whole || self.closing {
            let _ = client.get_mut().shutdown().await;
        }
        true
    }

    fn strike(&self) -> Option<Strike> {
        self.plan.lock().unwrap().strike
    }

    /// Writes a request down; gives its number, what strikes it, and whether the next one finds a closed door.
    fn note(&self, request: &Message) -> (usize, Option<Fault>, bool) {
        let path = request.path().to_owned();
        let token = path == "/v1.0/oauth2/accessToken" || path == "/gettoken";
        let mut plan = self.plan.lock().unwrap();
        let before = plan.seen.iter().filter(|seen| seen.token == token).count();
        let struck_before = plan.seen.iter().filter(|seen| seen.struck).count();
        let strike = plan.strike.filter(|strike| strike.token == token);
        let fault = strike
            .filter(|strike| before >= strike.at && struck_before < strike.times)
            .map(|strike| strike.fault);
        let next = strike.is_some_and(|strike| before + 1 == strike.at);
        let verb = request.first.split(' ').next().unwrap_or_default().to_owned();
        plan.seen.push(Seen { verb, path, token, received: false, struck: fault.is_some(), answer: None });
        (plan.before + plan.seen.len() - 1, fault, next)
    }

    /// What became of a request, unless nobody is interested any more.
    fn tell(&self, number: usize, change: impl FnOnce(&mut Seen)) {
        let mut plan = self.plan.lock().unwrap();
        let index = number.checked_sub(plan.before);
        if let Some(seen) = index.and_then(|index| plan.seen.get_mut(index)) {
            change(seen);
        }
    }

    async fn forward(&self, host: usize, request: &Message) -> Message {
        let mut request = request.clone();
        // The sandbox is asked once over each connection.
        request.headers.retain(|(name, _)| name != "connection");
        let mut bytes = request.bytes();
        let head = bytes.windows(2).position(|two| two == b"\r\n").unwrap() + 2;
        bytes.splice(head..head, b"connection: close\r\n".iter().copied());
        let mut server = BufReader::new(TcpStream::connect(self.far[host]).await.unwrap());
        server.get_mut().write_all(&bytes).await.unwrap();
        Message::read(&mut server).await.expect("the sandbox answers")
    }
}

/// Sends an answer badly; true when it is whole all the same.
async fn spoil(fault: Fault, answer: &Message, client: &mut BufReader<TcpStream>) -> bool {
    let mut answer = answer.clone();
    let half = answer.body.len() / 2;
    match fault {
        Fault::CutHead => {
            let _ = client.get_mut().write_all(&answer.bytes()[..30]).await;
            return false;
        }
        Fault::CutBody => {
            let bytes = answer.bytes();
            // An empty body cannot break off, so it promises more.
            let text = String::from_utf8_lossy(&bytes).replace("content-length: 0", "content-length: 2");
            let end = text.len() - half - usize::from(!answer.body.is_empty());
            let _ = client.get_mut().write_all(&text.as_bytes()[..end]).await;
            return false;
        }
        Fault::CutJson => {
            answer.body = if half == 0 { b"{\"errcode\":".to_vec() } else { answer.body[..half].to_vec() };
        }
        Fault::Late => {
            gone(client).await;
            return false;
        }
        Fault::Stuck => {
            let bytes = answer.bytes();
            let text = String::from_utf8_lossy(&bytes).replace("content-length: 0", "content-length: 2");
            let end = text.len() - half - usize::from(!answer.body.is_empty());
            let _ = client.get_mut().write_all(&text.as_bytes()[..end]).await;
            gone(client).await;
            return false;
        }
        Fault::Trickle => {
            for piece in answer.bytes().chunks(60) {
                if client.get_mut().write_all(piece).await.is_err() {
                    return false;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            return true;
        }
        Fault::WrongType => {
            answer.headers.retain(|(name, _)| name != "content-type");
            answer.headers.push(("content-type".into(), "text/html; charset=gbk".into()));
        }
        Fault::Interim => {
            let _ = client.get_mut().write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await;
        }
        Fault::Twice => {
            let once = answer.bytes();
            return client.get_mut().write_all(&[once.as_slice(), &once].concat()).await.is_ok();
        }
        _ => return false,
    }
    client.get_mut().write_all(&answer.bytes()).await.is_ok()
}

/// Waits until the client has had enough.
async fn gone(client: &mut BufReader<TcpStream>) {
    let _ = tokio::time::timeout(LONG, client.fill_buf()).await;
}

#[allow(clippy::needless_pass_by_value, reason = "it is reset when it is dropped")]
fn reset(stream: TcpStream) {
    let _ = stream.set_zero_linger();
}
