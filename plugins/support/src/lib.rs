//! What every Stemwright plugin needs from host and screen.
