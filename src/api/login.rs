//! Logging people in, and tokens for a part of a script.

use super::{Code, Flag, Function, Token};
use crate::spec::{Endpoint, Form, Host, Verb};

crate::methods! {
    group "login";

    /// Exchanges a login code for a user's token, or renews one that ends.
    /// zh: 用登录授权码换取用户令牌，或刷新即将过期的令牌。
    GetUserAccessToken(App "get_user_access_token") {
        form: Form::Several(&[Endpoint { verb: Verb::Post, host: Host::Api, path: "/v1.0/oauth2/userAccessToken" }]),
        cost: "0",
        effect: Read,
        by_position: 2,
        params {
            /// The `authCode` of the redirect, or an `AccessToken` of a user.
            /// zh: 回调中的 `authCode`，或用户的 `AccessToken`。
            code("code", "token", "access_token"): Code,
            /// Renews also a token that is still good.
            /// zh: 即使未过期也刷新。
            force("force", "forceRefresh", "refresh"): Option<Flag> = "false",
        }
        returns: "the user's AccessToken" | "用户的 AccessToken",
        example: r#"app.get_user_access_token("authcode-manager4220")"#,
    }

    /// Makes the address where a person logs in; `state` is new for each call.
    /// zh: 生成登录地址；每次调用的 `state` 都不同。
    GetLoginUrl(App "get_login_url") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 1,
        params {
            /// Where the person comes back to; it must be registered in the developer console.
            /// zh: 登录后的回调地址，需在开发者后台登记。
            redirect("redirect_uri", "redirectUri", "url"): String,
            /// `openid`, or `openid corpid`.
            /// zh: `openid` 或 `openid corpid`。
            scope("scope"): Option<String> = "openid",
            /// What comes back unchanged.
            /// zh: 原样返回的内容。
            state("state"): Option<String> = "new for each call",
            /// `consent`
            /// zh: `consent`
            prompt("prompt"): Option<String> = "consent",
            /// The organisation.
            /// zh: 组织 corpId。
            corp_id("corpId", "corp_id"): Option<String>,
            /// `management`: only organisations that the person manages.
            /// zh: `management` 表示仅限其管理的组织。
            org_type("org_type", "orgType"): Option<String>,
            /// Lets the person log in only as a member of `exclusiveCorpId`.
            /// zh: 是否只能以 `exclusiveCorpId` 成员身份登录。
            exclusive("exclusiveLogin"): Option<Flag>,
            /// That organisation.
            /// zh: 专属组织的 corpId。
            exclusive_corp("exclusiveCorpId"): Option<String>,
        }
        returns: "the address" | "登录地址",
        example: r#"app.get_login_url("https://example.com/back")"#,
    }

    /// Runs a function with another token; every call in it uses that one, nothing else does.
    /// zh: 在函数内使用指定 access_token，函数之外不受影响。
    WithAccessToken(App "with_access_token") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 2,
        params {
            /// The token.
            /// zh: 令牌。
            token("access_token", "token"): Token,
            /// The function.
            /// zh: 函数。
            body("function", "body"): Function,
        }
        returns: "what the function returns" | "函数的返回值",
        example: r#"app.with_access_token(AccessToken("0123"), || "inside")"#,
    }
}
