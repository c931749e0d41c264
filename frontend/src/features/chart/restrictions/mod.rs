//! Requests not to share or use something: asked by the patient, answered by the practice (45 CFR 164.522(a)). Nobody who acts
//! for the patient sees them: they may be about just that person.

mod item_page;
mod list_page;
mod request_page;

use leptos::prelude::*;

use crate::{acting::link, shared::page::Back, text::t};

/// Where they stand.
pub const ROOT: &str = "/chart/limits";

/// `/chart/limits`
pub fn list() -> AnyView {
    view! { <list_page::ListPage /> }.into_any()
}

/// `/chart/limits/new` and `/chart/limits/:id`
pub fn one(id: &str) -> AnyView {
    match id {
        "new" => view! { <request_page::RequestPage /> }.into_any(),
        _ => view! { <item_page::ItemPage /> }.into_any(),
    }
}

fn back() -> Back {
    Back { href: link(ROOT), label: t("limits.title") }
}
