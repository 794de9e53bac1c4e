//! Keys, lists, hints and repairs at the prompt, as a person sees them.
