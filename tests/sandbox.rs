//! The sandbox through its own doors: requests written by hand as DingTalk's documentation shows them.

#![allow(clippy::disallowed_methods, reason = "`tokio::test` blocks on the future of every test")]

mod sandbox {
    mod bench;
    mod contact;
    mod fault;
    mod group;
    mod recall;
    mod robot;
    mod seed;
    mod token;
    mod wall;
    mod webhook;
}
