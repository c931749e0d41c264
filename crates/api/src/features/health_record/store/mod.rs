//! Rows: the chart as it is taken away, and the records that were asked for.

mod chart;
mod requests;

pub use chart::*;
pub use requests::*;
