//! The front door: what the practice is and how to reach it. Knows nothing of anybody's health.

mod start_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use crate::{
    shared::{live::page, page::Page},
    text::t,
};

/// Pages that need no sign-in.
#[component(transparent)]
pub fn PublicRoutes() -> AnyNestedRoute {
    view! { <Route path=path!("/") view=page(start_page::StartPage) /> }.into_inner().into_any_nested_route()
}

/// An address that leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <main class="app-main" id="main" tabindex="-1">
            <Page title=t("not_found.title").to_string() reading=true>
                <p>{t("not_found.text")}</p>
                <p>
                    <a href="/">{t("not_found.start")}</a>
                </p>
            </Page>
        </main>
    }
    .into_any()
}
