//! What arrives, typed and handed on.
