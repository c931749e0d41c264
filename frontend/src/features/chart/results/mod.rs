//! Released laboratory results. Unreleased ones never reach this side.

pub(super) mod detail_page;
mod finding;
pub(super) mod list_page;
mod sparkline;
pub(super) mod tests_page;
