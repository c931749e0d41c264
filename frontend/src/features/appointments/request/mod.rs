//! Asking for an appointment: one question a page, Back keeps the answers, and nothing is sent before the check.

mod check_page;
mod draft;
mod when_page;
mod where_page;
mod who_page;
mod why_page;

use leptos::prelude::*;
use leptos_router::components::Outlet;

pub use check_page::CheckPage;
pub use when_page::WhenPage;
pub use where_page::WherePage;
pub use who_page::WhoPage;
pub use why_page::WhyPage;

use draft::Draft;

/// Holds the answers while the person goes to and fro.
#[component]
pub fn Flow() -> impl IntoView {
    provide_context(Draft::new());
    view! { <Outlet /> }.into_any()
}
