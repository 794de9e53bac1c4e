//! A script's value as the console sees it.

use std::sync::Arc;

use rhai::{Array, Blob, Dynamic, FnPtr, ImmutableString, Map};

use super::cache::CacheHandle;
use super::cache_rows::Rows as CacheRows;
use super::convert::{object, type_name};
use super::event::Happening;
use super::failure::Failure;
use super::handlers::Handler;
use super::listing::Listing;
use super::live::Live;
use super::order::Orders;
use super::results::Kept;
use super::view::{Bytes, MAX_DEPTH, MOST_BYTES, Part, Record, TOO_DEEP, View};
use crate::lang::Lang;
use crate::model::{Group, Member, Shared};

/// A value with everything in it, maps sorted by key. What is nested without measure is cut off.
pub(super) fn view(value: &Dynamic) -> View {
    Viewer { orders: None, most: usize::MAX }.view(value)
}

/// Looks at values.
pub(super) struct Viewer<'a> {
    /// The order of fields, where it is known.
    pub(super) orders: Option<&'a Orders>,
    /// How many items of a list are looked at; of the others there is only the count.
    pub(super) most: usize,
}

impl Viewer<'_> {
    pub(super) fn view(&self, value: &Dynamic) -> View {
        self.to_depth(value, MAX_DEPTH)
    }

    fn to_depth(&self, value: &Dynamic, levels: usize) -> View {
        let inside = |value: &Dynamic| match levels {
            0 => View::Opaque(TOO_DEEP.into()),
            levels => self.to_depth(value, levels - 1),
        };
        if let Some(items) = value.read_lock::<Array>() {
            let head = items.iter().take(self.most).map(inside).collect();
            return part(head, Some(items.len()));
        }
        if let Some(map) = value.read_lock::<Map>() {
            let mut fields: Vec<_> =
                map.iter().map(|(key, value)| (key.to_string(), inside(value))).collect();
            if let Some(orders) = self.orders {
                orders.arrange(&mut fields);
            }
            return View::Map(fields);
        }
        if let Some(listing) = listing(value) {
            return self.listing(&listing, levels);
        }
        scalar(value)
    }

    /// The first rows, or all of them; one more is asked for to know whether there are more.
    fn listing(&self, listing: &Listing, levels: usize) -> View {
        let mut rows = listing.rows();
        let mut items = Vec::new();
        while items.len() < self.most {
            match rows.next() {
                Some(Ok(row)) if levels > 0 => items.push(self.to_depth(&row, levels - 1)),
                Some(Ok(_)) => items.push(View::Opaque(TOO_DEEP.into())),
                Some(Err(error)) => {
                    items.push(View::Opaque(format!("<Error {:?}>", error.to_string())));
                    break;
                }
                None => break,
            }
        }
        let total = if items.len() < self.most || rows.next().is_none() {
            Some(items.len())
        } else {
            listing.0.total()
        };
        part(items, total)
    }
}

/// What is shown by its first rows.
fn listing(value: &Dynamic) -> Option<Listing> {
    let listing = value.read_lock::<Listing>().map(|listing| listing.clone());
    let kept = || value.read_lock::<Kept>().map(|kept| kept.listing());
    let rows = || value.read_lock::<CacheRows>().map(|rows| rows.listing());
    listing.or_else(kept).or_else(rows)
}

fn part(items: Vec<View>, total: Option<usize>) -> View {
    if total == Some(items.len()) { View::List(items) } else { View::Part(Part { items, total }) }
}

/// A value without parts.
fn scalar(value: &Dynamic) -> View {
    let value = value.flatten_clone();
    if value.is_unit() {
        return View::Nil;
    }
    if let Ok(flag) = value.as_bool() {
        return View::Bool(flag);
    }
    if let Ok(number) = value.as_int() {
        return View::Int(number);
    }
    if let Ok(number) = value.as_float() {
        return View::Float(number);
    }
    if let Ok(letter) = value.as_char() {
        return View::Text(letter.to_string());
    }
    if let Some(text) = value.read_lock::<ImmutableString>() {
        return View::Text(text.to_string());
    }
    if let Some(bytes) = value.read_lock::<Blob>() {
        return View::Bytes(Bytes {
            size: bytes.len(),
            head: bytes.iter().copied().take(MOST_BYTES).collect(),
        });
    }
    if let Some(member) = value.read_lock::<Shared<Member>>() {
        return person(&member.read());
    }
    if let Some(group) = value.read_lock::<Shared<Group>>() {
        return conversation(&group.read());
    }
    View::Opaque(opaque(&value))
}

fn opaque(value: &Dynamic) -> String {
    if let Some(object) = object(value) {
        return object.to_string();
    }
    if let Some(failure) = value.read_lock::<Failure>() {
        return format!("<Error {:?}>", failure.text(Lang::En));
    }
    if value.read_lock::<Live>().is_some() {
        return "<Dingtalk>".into();
    }
    if value.read_lock::<CacheHandle>().is_some() {
        return "<Cache>".into();
    }
    if let Some(happening) = value.read_lock::<Arc<Happening>>() {
        return happening.event.to_string();
    }
    if let Some(handler) = value.read_lock::<Arc<Handler>>() {
        return handler.to_string();
    }
    if let Some(function) = value.read_lock::<FnPtr>() {
        let name = function.fn_name();
        return if name.starts_with("anon$") { "<closure>".into() } else { format!("<fn {name}>") };
    }
    format!("<{}>", type_name(value))
}

/// The fields that are known, under their names in scripts.
fn record(text: String, fields: [(&str, Option<View>); 5]) -> View {
    let known = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    View::Record(Record { text, fields: known.collect() })
}

fn text(text: &str) -> Option<View> {
    (!text.is_empty()).then(|| View::Text(text.to_owned()))
}

fn person(member: &Member) -> View {
    let fields = [
        ("name", text(&member.name)),
        ("staffId", text(&member.staff_id)),
        ("unionId", text(&member.union_id)),
        ("id", member.id.map(View::Int)),
        ("", None),
    ];
    record(member.to_string(), fields)
}

fn conversation(group: &Group) -> View {
    let fields = [
        ("name", text(&group.name)),
        ("openConversationId", text(&group.conversation_id)),
        ("id", group.id.map(View::Int)),
        ("webhook", group.webhook.as_ref().map(|webhook| View::Opaque(webhook.to_string()))),
        ("member", group.member.as_ref().map(person)),
    ];
    record(group.to_string(), fields)
}
