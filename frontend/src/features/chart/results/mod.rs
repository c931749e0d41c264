//! Released laboratory results. Unreleased ones never reach this side.

pub(super) mod detail_page;
pub(super) mod list_page;
mod read_about;
