//! The receiver of HTTP pushes.

mod crypto;
mod receive;
mod route;
