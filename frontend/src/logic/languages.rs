//! The languages that a practice writes in.

/// The languages that the composer offers.
pub const LANGUAGES: [&str; 12] =
    ["en", "es", "zh-Hant", "zh-Hans", "vi", "ko", "ru", "ar", "fr", "pt", "de", "sv"];
