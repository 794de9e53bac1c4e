//! Cards and messages that are written while their text comes.

mod frame;
mod growing;
mod paragraphs;
mod rules;
mod source;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::sync::mpsc::{Sender, channel};

use super::{Context, Output, card, send};
use crate::api::card::{AssistantSendAiCard, SendAiCard, SendAiMessage};
use crate::api::{Count, Object};
use crate::error::{Error, Kind, Result};
use crate::lang::Text;
use crate::message::{Markdown, Message, Target};
use crate::model::{AiCard, ContentType, Shared, TextSource};

use frame::Way;
use growing::Growing;
use paragraphs::{Found, Paragraphs, fitting, title};
use rules::Rules;
use source::{Event, read, source};
use writer::{Pace, Writer};

/// How many pieces may wait to be written.
const WAITING: usize = 1024;

/// The most characters when nothing else is said.
const MOST: usize = 8192;

/// Written behind a text that was stopped, when nothing else is said.
const NOTE: &str = "[Stop]";

pub(super) async fn send_ai_card(cx: &Context, args: SendAiCard) -> Result<Output> {
    let from = source(&args.card)?;
    let key = args.key.unwrap_or_else(|| "content".into());
    let rules = rules(args.stop_action_id, args.stop_handler, args.stop_text, args.max_length);
    let pace = pace(cx, args.update_limit.map(|limit| limit.0), args.update_chars);
    let before = *cx.session.cards.arrivals().borrow();
    let new = card::NewCard {
        target: args.target.0,
        template: args.template,
        data: Map::from_iter([(key.clone(), Value::from(""))]),
        private_data: None,
        support_forward: args.support_forward.is_some_and(|flag| flag.0),
        callback_type: args.callback_type.unwrap_or_default(),
        route_key: args.route_key,
        out_track_id: args.out_track_id.map(|id| id.0),
    };
    let mut sent = card::send(cx, new).await?;
    let way = Way::Card { out_track_id: sent.out_track_id.clone(), key: key.clone() };
    let text = write(cx, way, &rules, pace, &args.card, from, before).await?;
    sent.card_data.insert(key, text.into());
    Ok(Output::Object(Object::Card(Arc::new(sent))))
}

pub(super) async fn assistant(cx: &Context, args: AssistantSendAiCard) -> Result<Output> {
    let from = source(&args.card)?;
    let rules = rules(None, None, args.stop_text, args.max_length);
    let pace = pace(cx, args.update_limit.map(|limit| limit.0), args.update_chars);
    let way = Way::Assistant {
        token: args.token.0,
        template: args.template.unwrap_or_else(|| "8f250f96-da0f-4c9f-8302-740fa0ced1f5.schema".into()),
        key: args.key.unwrap_or_else(|| "content".into()),
    };
    write(cx, way, &rules, pace, &args.card, from, 0).await?;
    Ok(Output::Json(true.into()))
}

fn rules(
    action: Option<String>,
    handler: Option<crate::api::Function>,
    note: Option<String>,
    most: Option<Count>,
) -> Rules {
    Rules {
        action: action.unwrap_or_else(|| "stop".into()),
        handler: handler.map(|handler| handler.0),
        note: note.unwrap_or_else(|| NOTE.into()),
        most: most.map_or(MOST, |most| most.0),
    }
}

fn pace(cx: &Context, seconds: Option<f64>, characters: Option<Count>) -> Pace {
    let floor = cx.session.cards.floor();
    let asked = Duration::try_from_secs_f64(seconds.unwrap_or_default()).unwrap_or(Duration::MAX);
    // An hour between two updates is as good as none.
    let interval = asked.min(Duration::from_secs(3600)).max(floor);
    Pace { floor, interval, characters: characters.map_or(1, |count| count.0) }
}

/// Writes what comes from the source. From here on an interruption ends the card properly.
async fn write(
    cx: &Context,
    way: Way,
    rules: &Rules,
    pace: Pace,
    card: &Shared<AiCard>,
    (source, kind): (TextSource, ContentType),
    before: u64,
) -> Result<String> {
    cx.flight.end_gracefully();
    let (sender, mut events) = channel(WAITING);
    let id = way.out_track_id().to_owned();
    let writer = Writer::new(cx, way, rules, pace, card, Growing::new(kind));
    let feed = feed(cx, source, kind, rules, (&id, before), sender);
    Box::pin(beside(feed, writer.write(&mut events))).await
}

/// The source, and the clicks that stop it.
async fn feed(
    cx: &Context,
    source: TextSource,
    kind: ContentType,
    rules: &Rules,
    (card, before): (&str, u64),
    events: Sender<Event>,
) {
    let clicks = async {
        if !card.is_empty() {
            rules.watch(cx, card, before, events.clone()).await;
        }
    };
    tokio::join!(read(cx, source, kind, events.clone()), clicks);
}

/// Runs `work` with `feed` beside it; when the work is done the feed is dropped, and with it what it calls.
async fn beside<T>(feed: impl Future<Output = ()>, work: impl Future<Output = T>) -> T {
    let forever = async {
        feed.await;
        std::future::pending::<T>().await
    };
    tokio::select! {
        biased;
        never = forever => never,
        done = work => done,
    }
}

pub(super) async fn send_ai_message(cx: &Context, args: SendAiMessage) -> Result<Output> {
    let (source, kind) = source(&args.card)?;
    args.card.write().text.clear();
    let (sender, mut events) = channel(WAITING);
    let work = async {
        let mut messages = Messages { cx, target: args.target.as_ref(), answers: Vec::new() };
        let (mut growing, mut paragraphs) = (Growing::new(kind), Paragraphs::default());
        loop {
            let event = events.recv().await;
            let finished = !matches!(event, Some(Event::Piece(_)));
            match event {
                Some(Event::Piece(piece)) => growing.push(&piece),
                // It is the source that failed.
                Some(Event::Failed(error)) => return Err(error),
                Some(Event::End | Event::Stop) | None => false,
            };
            growing.text().clone_into(&mut args.card.write().text);
            let Found { parts, too_long } = paragraphs.look(growing.text(), finished);
            messages.send(&parts, too_long).await?;
            if finished || too_long {
                break;
            }
        }
        messages.answers()
    };
    Box::pin(beside(read(cx, source, kind, sender), work)).await
}

/// The messages of one text.
struct Messages<'a> {
    cx: &'a Context,
    target: Option<&'a Target>,
    answers: Vec<Output>,
}

impl Messages<'_> {
    async fn send(&mut self, parts: &[String], too_long: bool) -> Result<()> {
        for (index, part) in parts.iter().enumerate() {
            let note = if too_long && index + 1 == parts.len() { NOTE } else { "" };
            let part = format!("{part}{note}");
            for piece in fitting(&part) {
                let message = Message::Markdown(Markdown { text: piece.to_owned(), title: title(piece) });
                match send::send_one(self.cx, self.target, &message, &Map::new()).await {
                    Ok(answer) => self.answers.push(answer),
                    Err(error) => return Err(self.failed(error)),
                }
            }
        }
        Ok(())
    }

    fn answers(self) -> Result<Output> {
        if self.answers.is_empty() { Err(source::nothing()) } else { Ok(Output::List(self.answers)) }
    }

    /// What was sent stays sent, whatever keeps the rest from it.
    fn failed(&self, error: Error) -> Error {
        let done = self.answers.len();
        if done == 0 {
            return error;
        }
        let body = self.answers.iter().map(|answer| match answer {
            Output::Object(Object::Response(response)) => response.json.clone(),
            _ => Value::Null,
        });
        let partial = Error::new(Kind::Partial {
            what: "send_ai_message".into(),
            done,
            failed: vec![(format!("message {}", done + 1), error.to_string())],
            body: body.collect(),
        });
        let partial = error.hints().iter().cloned().fold(partial, Error::hint);
        partial.hint(if error.may_be_done() {
            Text::fixed(
                "this message may have been sent; what comes behind it was not",
                "该消息可能已发送；其后的文本未发送",
            )
        } else {
            Text::fixed("the rest of the text was not sent", "其余文本未发送")
        })
    }
}
