//! People who do not exist: they speak to the robot, press buttons, ask the assistant, come and go.

mod act;
mod ask;
mod crowd;
mod find;
mod press;
mod say;
mod speech;

pub use self::crowd::Crowd;
pub use self::press::Pressed;
pub use self::say::Said;
pub use self::speech::{Part, Saying, Speech};
