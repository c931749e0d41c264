//! What the pages work out without a browser, tested natively.

pub mod base64url;
pub mod insert;
pub mod paths;
pub mod plot;
pub mod wording;
pub mod zone;
