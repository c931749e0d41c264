//! A laboratory result as a patient reads it: words, then the bar, then the history. Providers preview the same view.

mod body;
mod flag;
mod range_bar;
mod trend;

pub use body::ResultBody;
pub use flag::FlagWords;
pub use trend::{History, Trend};
