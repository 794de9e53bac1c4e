//! What arrives.
