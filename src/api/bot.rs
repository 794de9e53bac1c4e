//! The robot itself.

use super::{Icon, Token};
use crate::spec::{Endpoint, Form, Host, Verb};

crate::methods! {
    group "bot";

    /// Sets what a Stream robot says while it is offline.
    /// zh: 设置 Stream 机器人离线提醒。
    SetOffDutyPrompt(App "set_off_duty_prompt") {
        form: Form::Several(&[Endpoint {
            verb: Verb::Post,
            host: Host::Api,
            path: "/v1.0/innerApi/robot/stream/away/template/update",
        }]),
        cost: "1",
        effect: Write,
        by_position: 3,
        params {
            /// The text, Markdown.
            /// zh: 离线提醒内容（Markdown）。
            text("text"): Option<String> = "人家今天下班了呢~请晚些再来找我吧",
            /// Title.
            /// zh: 标题。
            title("title"): Option<String> = "钉钉Stream机器人",
            /// Picture, a mediaId.
            /// zh: 头像的 mediaId。
            logo("logo"): Option<Icon> = "@lALPDfJ6V_FPDmvNAfTNAfQ",
            /// The robot.
            /// zh: 机器人编码。
            robot_code("robotCode", "robot_code"): Option<String> = "the configured robot",
            /// A token for this call alone.
            /// zh: 仅用于本次调用的 access_token。
            access_token("access_token", "accessToken"): Option<Token>,
        }
        returns: "DingTalk's answer" | "钉钉原始返回",
        example: r#"app.set_off_duty_prompt("今天休息，明天回复")"#,
    }
}
