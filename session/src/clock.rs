//! What time it is, as reports write it.

/// Now, to a second: `2026-05-12T14:03:00Z`. Empty where there is no such time.
pub fn now() -> String {
    jiff::Timestamp::now()
        .round(jiff::Unit::Second)
        .map_or_else(|_| String::new(), |now| now.to_string())
}
