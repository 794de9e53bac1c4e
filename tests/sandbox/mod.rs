//! The sandbox through its own doors: requests written by hand as DingTalk's documentation shows them.

mod assistant;
mod bench;
mod card;
mod card_stream;
mod contact;
mod contact_change;
mod coverage;
mod ding;
mod event;
mod fault;
mod gateway;
mod group;
mod group_change;
mod group_v1;
mod login;
mod media;
mod recall;
mod robot;
mod seed;
mod socket;
mod token;
mod wall;
mod webhook;
