//! Trying without sending.

use super::card_kinds::Function;
use crate::spec::Form;

crate::methods! {
    group "safety";

    /// Runs a function as a dry run: its reads are made, everything else is shown and not sent, and its answers are made up.
    /// zh: 以试运行方式执行函数：读取照常进行，其余请求只显示而不发送，其返回为虚构。
    DryRun(App "dry_run") {
        form: Form::Local,
        cost: "0",
        effect: Read,
        by_position: 1,
        params {
            /// The function.
            /// zh: 函数。
            body("function", "body"): Function,
        }
        returns: "what the function returns" | "函数的返回值",
        example: r#"app.dry_run(|| app.kick_member("cidSandboxRelease0001==", "0110000001"))"#,
    }
}
