//! Requests to correct the record: asked for by the patient, answered by the practice (PHR-6).

mod item_page;
mod list_page;
mod request_page;

use leptos::prelude::*;

use crate::{acting::link, shared::page::Back, text::t};

/// Where they stand.
pub const ROOT: &str = "/chart/corrections";

/// `/chart/corrections`
pub fn list() -> AnyView {
    view! { <list_page::ListPage /> }.into_any()
}

/// `/chart/corrections/new` and `/chart/corrections/:id`
pub fn one(id: &str) -> AnyView {
    match id {
        "new" => view! { <request_page::RequestPage /> }.into_any(),
        _ => view! { <item_page::ItemPage /> }.into_any(),
    }
}

fn back() -> Back {
    Back { href: link(ROOT), label: t("corrections.title") }
}
