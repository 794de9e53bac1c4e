//! Help about one method: one screen out of its row.

use super::Help;
use crate::api::advice::advice;
use crate::api::find;
use crate::console::style::Role;
use crate::console::text::width;
use crate::lang::{Lang, Text};
use crate::script::Builtin;
use crate::spec::{Effect, Method, On};

impl Help {
    pub(super) fn method(self, method: &Method) -> String {
        let mut out = self.head(&method.signature(), &method.doc.get(self.lang));
        let widest = method.params.iter().map(|param| width(param.name)).max().unwrap_or(0);
        for param in method.params {
            let kind = param.kind.text();
            let mut facts = kind.get(self.lang).trim().to_owned();
            if !param.default.is_empty() {
                facts.push_str(&format!(" (={})", param.default));
            } else if param.required {
                facts.push_str(Text::fixed(" (required)", "（必填）").get(self.lang));
            }
            let kind = self.palette.paint(Role::Dim, &facts);
            self.row(&mut out, param.name, widest, &format!("{}  {kind}", param.doc.get(self.lang)));
        }
        self.fact(&mut out, Text::fixed("returns", "返回"), method.returns.get(self.lang));
        if method.on != On::Nothing {
            let effect = self.palette.paint(effect_role(method.effect), method.effect.text().get(self.lang));
            let cost = format!("{}, {effect}", cost(method, self.lang));
            self.fact(&mut out, Text::fixed("cost", "消耗"), &cost);
        }
        for endpoint in method.form.endpoints() {
            let call = format!("{} {} {}", endpoint.verb.name(), endpoint.host.name(), endpoint.path);
            self.fact(&mut out, Text::fixed("calls", "接口"), &call);
        }
        self.advice(&mut out, method);
        self.example(&mut out, method.example);
        out
    }

    /// Permission, pitfalls, and what belongs to the same task.
    fn advice(self, out: &mut String, method: &Method) {
        let Some(advice) = advice(method.name).filter(|_| method.on == On::App) else { return };
        if !advice.permission.is_empty() {
            self.fact(out, Text::fixed("needs", "权限"), advice.permission);
        }
        for pitfall in advice.pitfalls() {
            self.fact(out, Text::fixed("mind", "注意"), pitfall.get(self.lang));
        }
        let names = advice.related.iter().map(|name| match find(On::App, name) {
            Some(method) => method.full_name(),
            None => (*name).to_owned(),
        });
        self.fact(out, Text::fixed("see also", "相关"), &names.collect::<Vec<_>>().join(", "));
    }

    pub(super) fn builtin(self, builtin: &Builtin) -> String {
        let mut out = self.head(builtin.usage, builtin.doc.get(self.lang));
        self.example(&mut out, builtin.example);
        out
    }
}

fn cost(method: &Method, lang: Lang) -> String {
    let text = match method.cost {
        "0" => return Text::fixed("no API call", "不消耗 API").get(lang).to_owned(),
        "1" => Text::fixed("1 API call", "1 次 API"),
        cost => Text::made(format!("{cost} API calls"), format!("{cost} 次 API")),
    };
    text.get(lang).to_owned()
}

fn effect_role(effect: Effect) -> Role {
    match effect {
        Effect::Read => Role::Dim,
        Effect::Write | Effect::Notify => Role::Number,
        Effect::Destroy => Role::Error,
    }
}

#[cfg(test)]
mod tests {
    use crate::api::advice::ROWS;
    use crate::api::{find, methods};
    use crate::spec::On;

    #[test]
    fn every_method_has_advice_that_holds() {
        let of_app: Vec<&str> =
            methods().filter(|method| method.on == On::App).map(|method| method.name).collect();
        for name in &of_app {
            assert!(ROWS.iter().filter(|row| row.name == *name).count() == 1, "advice about {name}");
        }
        for row in ROWS {
            assert!(of_app.contains(&row.name), "{} is no method", row.name);
            assert!(!row.related.is_empty(), "{}", row.name);
            for name in row.related {
                let is_known = find(On::App, name).or_else(|| find(On::Nothing, name)).is_some();
                assert!(is_known && *name != row.name, "{}: {name}", row.name);
            }
            for text in row.pitfalls() {
                assert!(!text.zh.is_ascii() && text.en.is_ascii(), "{}: {text:?}", row.name);
            }
        }
    }
}
