//! The gateway's client: frames and their answers, the link over a real websocket, and all of it with the sandbox.

mod frames;
mod link;
mod sandbox;
