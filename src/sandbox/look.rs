//! What tests and the console see of the sandbox from outside, and what they can do to it.

use serde_json::Value;

use super::{AssistantFrame, Card, Ding, GroupState, Planned, Recorded, Sandbox, SentMessage, Upload};

impl Sandbox {
    /// The newest 1000 requests, oldest first.
    pub fn requests(&self) -> Vec<Recorded> {
        self.0.log.all()
    }

    /// The newest 10000 messages that arrived, oldest first; a delivered card is one of kind `card`.
    pub fn sent(&self) -> Vec<SentMessage> {
        self.0.state.messages.lock().all()
    }

    /// Every card, oldest first.
    pub fn cards(&self) -> Vec<Card> {
        self.0.state.cards.lock().all().to_vec()
    }

    /// The newest 10000 uploads, oldest first.
    pub fn uploads(&self) -> Vec<Upload> {
        self.0.state.uploads.lock().all()
    }

    /// The newest 10000 DING messages, oldest first.
    pub fn dings(&self) -> Vec<Ding> {
        self.0.state.dings.lock().all()
    }

    /// The newest 10000 things an assistant said, oldest first.
    pub fn assistant(&self) -> Vec<AssistantFrame> {
        self.0.state.assistant.lock().said.all()
    }

    /// The card that the robot shows while nobody is connected, if one was set.
    pub fn off_duty(&self) -> Option<Value> {
        self.0.state.off_duty.lock().clone()
    }

    /// A group as it stands, also after it was disbanded.
    pub fn group(&self, open_conversation_id: &str) -> Option<GroupState> {
        self.0.state.groups.read().get(open_conversation_id).map(GroupState::from)
    }

    /// A login code, good once, as the login page hands it over when `user_id` agrees.
    pub fn auth_code(&self, user_id: &str) -> String {
        self.0.state.login.lock().code(user_id, &self.0.clock)
    }

    /// Plans a failure: `Fault::Busy`, `Fault::Status(503).on("/v1.0/robot").times(2)`.
    pub fn fault(&self, fault: impl Into<Planned>) {
        self.0.faults.plan(fault.into());
    }

    /// Makes every access token that was issued invalid, those of people too.
    pub fn expire_tokens(&self) {
        self.0.state.tokens.lock().forget_all();
        self.0.state.login.lock().forget_tokens();
    }

    /// Replaces the permission points of the app.
    pub fn grant_only(&self, permissions: &[&str]) {
        self.0.state.app.write().permissions = permissions.iter().map(ToString::to_string).collect();
    }
}
