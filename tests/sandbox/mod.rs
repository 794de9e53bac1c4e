//! The sandbox through its own doors: requests written by hand as DingTalk's documentation shows them.

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
