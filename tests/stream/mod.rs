//! The gateway's client: frames and their answers, and the link over a real websocket.

mod frames;
mod link;
