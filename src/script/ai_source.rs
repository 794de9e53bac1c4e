//! What scripts do with cards: fill an `AICard` and a `PrivateDataBuilder`, read a `CardResponse`.

use std::sync::Arc;

use rhai::{Dynamic, Map, NativeCallContext};
use serde_json::Value;

use super::convert::{json_to_dynamic, object};
use super::failure::{RhaiResult, raise};
use super::function::Functions;
use super::registry::Registry;
use super::viewer::view;
use crate::api::card_source::{SetContent, SetResponse, WithPostUrl};
use crate::api::{Arg, Args, Object, Request};
use crate::error::{Error, Kind, Result};
use crate::lang::Text;
use crate::model::{AiCard, CardResponse, ContentType, PostSource, PrivateData, Shared, TextSource};
use crate::spec::{Kind as SpecKind, Method};

type Card = Shared<AiCard>;

/// Registers the objects of cards.
pub(super) fn register(registry: &mut Registry, functions: &Arc<Functions>) {
    responses(registry);
    private_data(registry);
    ai_card(registry);
    methods(registry, functions);
}

fn responses(registry: &mut Registry) {
    type R = Arc<CardResponse>;
    registry.register_shown::<R>("CardResponse", ToString::to_string);
    for name in ["card_data", "cardData"] {
        registry.register_get(name, |card: &mut R| json_to_dynamic(Value::Object(card.card_data.clone())));
    }
    for name in ["private_data", "privateData"] {
        registry.register_get(name, |card: &mut R| {
            card.private_data.clone().map_or(Dynamic::UNIT, |data| json_to_dynamic(Value::Object(data)))
        });
    }
    for name in ["outTrackId", "out_track_id"] {
        registry.register_get(name, |card: &mut R| card.out_track_id.clone());
    }
}

fn private_data(registry: &mut Registry) {
    type P = Shared<PrivateData>;
    registry.register_shown::<P>("PrivateDataBuilder", |data| data.read().to_string());
    registry.register_fn(
        "add",
        |ctx: NativeCallContext<'_>,
         data: &mut P,
         user: Dynamic,
         key: &str,
         value: Dynamic|
         -> RhaiResult<P> {
            let user = staff_id(&user).map_err(|error| raise(&ctx, error))?;
            data.write().set(&user, key, view(&value).to_json());
            Ok(data.clone())
        },
    );
    registry.register_fn(
        "add",
        |ctx: NativeCallContext<'_>, data: &mut P, user: Dynamic, values: Map| -> RhaiResult<P> {
            let user = staff_id(&user).map_err(|error| raise(&ctx, error))?;
            for (key, value) in values {
                data.write().set(&user, &key, view(&value).to_json());
            }
            Ok(data.clone())
        },
    );
    registry.register_get("data", |data: &mut P| json_to_dynamic(Value::Object(data.read().users.clone())));
    registry.register_fn("to_json", |data: &mut P| {
        let users = data.read().users.clone();
        let wrapped = users.into_iter().map(|(user, values)| {
            (user, Value::Object(serde_json::Map::from_iter([("cardParamMap".to_owned(), values)])))
        });
        json_to_dynamic(Value::Object(wrapped.collect()))
    });
}

fn staff_id(user: &Dynamic) -> Result<String> {
    let id = match object(user) {
        Some(Object::Member(member)) => member.read().staff_id.clone(),
        _ => user.clone().flatten().into_string().unwrap_or_default(),
    };
    if id.is_empty() {
        return Err(wrong("add", "user", SpecKind::User.text(), user));
    }
    Ok(id)
}

fn ai_card(registry: &mut Registry) {
    registry.register_shown::<Card>("AICard", |card| card.read().to_string());
    for name in ["content_type", "contentType"] {
        registry.register_get(name, |card: &mut Card| card.read().content_type.name().to_owned());
        registry.register_set(
            name,
            |ctx: NativeCallContext<'_>, card: &mut Card, value: Dynamic| -> RhaiResult<()> {
                let kind = content_type(&value).map_err(|error| raise(&ctx, error))?;
                card.write().content_type = kind;
                Ok(())
            },
        );
    }
    registry.register_get("text", |card: &mut Card| card.read().text.clone());
    registry.register_get("data", |card: &mut Card| {
        let text = card.read().text.clone();
        Dynamic::from_map(Map::from([("content".into(), text.into())]))
    });
}

/// The methods of a card, each under all its names.
fn methods(registry: &mut Registry, functions: &Arc<Functions>) {
    for method in [SetResponse::METHOD, SetContent::METHOD, WithPostUrl::METHOD] {
        for name in [method.name].into_iter().chain(method.aliases.iter().copied()) {
            for count in 0..=method.by_position + 1 {
                let here = Arc::clone(functions);
                registry.register_method(name, count, move |ctx, card: Card, args| {
                    let given = args.into_iter().map(|value| here.arg(ctx, value)).collect();
                    set(&card, method, given).map(|()| Dynamic::UNIT).map_err(|error| raise(ctx, error))
                });
            }
        }
    }
}

fn set(card: &Card, method: &'static Method, given: Vec<Arg>) -> Result<()> {
    let args = Args::bind(method, given)?;
    let (source, content_type) = match method.name {
        "set_response" => {
            let SetResponse { response, content_type } = SetResponse::take(args)?;
            (response, content_type)
        }
        "set_content" => (TextSource::Pieces(vec![SetContent::take(args)?.content]), None),
        _ => {
            let WithPostUrl { url, payload, handler, headers, timeout } = WithPostUrl::take(args)?;
            let post = PostSource {
                url: url.0,
                payload: payload.map_or_else(|| Value::Object(serde_json::Map::new()), |json| json.0),
                handler: handler.map(|function| function.0),
                headers: headers.map(|headers| headers.0).unwrap_or_default(),
                timeout: timeout.map(|timeout| timeout.0),
            };
            (TextSource::Post(Box::new(post)), None)
        }
    };
    let mut card = card.write();
    card.source = Some(source);
    if let Some(kind) = content_type {
        card.content_type = kind;
    }
    Ok(())
}

fn content_type(value: &Dynamic) -> Result<ContentType> {
    let word = value.clone().flatten().into_immutable_string().ok();
    word.and_then(|word| ContentType::parse(&word))
        .ok_or_else(|| wrong("AICard", "content_type", SpecKind::ContentType.text(), value))
}

fn wrong(method: &str, param: &str, expected: Text, got: &Dynamic) -> Error {
    let got = super::convert::arg(got.clone()).describe();
    Error::new(Kind::Argument { method: method.into(), param: param.into(), expected, got })
}
