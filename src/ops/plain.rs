//! Rows that are one call: their parameters are the body.

use serde_json::Value;

use super::{Context, Output, organisation};
use crate::api::{Args, body};
use crate::client::Call;
use crate::error::Result;
use crate::spec::{Endpoint, Method};

/// Makes the call of `method` and takes the part of the answer that `answer` points to.
pub(super) async fn call(
    cx: &Context,
    method: &Method,
    endpoint: Endpoint,
    answer: &str,
    mut args: Args,
) -> Result<Output> {
    let token = args.take_token(method)?;
    let mut body = body(method, &mut args)?;
    fill_defaults(method, &mut body);
    let call = Call::new(endpoint, method.effect, Value::Object(body.clone())).with_token(token);
    let mut reply = cx.call(&call).await?;
    let found = reply.json.pointer_mut(answer).map(Value::take);
    let found = found.unwrap_or_else(|| Value::Array(Vec::new()));
    organisation::remember(cx, method, &body, &found);
    Ok(Output::Json(found))
}

/// A default that is a number goes over the wire: the guide's default department is 1, and DingTalk requires the field.
fn fill_defaults(method: &Method, body: &mut serde_json::Map<String, Value>) {
    for param in method
        .params
        .iter()
        .filter(|param| !param.wire.is_empty() && !body.contains_key(param.wire))
        .collect::<Vec<_>>()
    {
        if let Ok(number) = param.default.parse::<i64>() {
            body.insert(param.wire.to_owned(), number.into());
        }
    }
}
