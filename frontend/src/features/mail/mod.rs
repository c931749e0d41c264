//! The mailbox: what arrived and what was sent. What an item is about stands on that slice's own page.

pub(super) mod inbox_page;
pub(super) mod sent_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use super::{PatientPage, open};
use crate::{
    shared::{section::lazy, shell::Unread},
    text::{t, t_count},
};

/// A patient's pages.
#[component(transparent)]
pub fn PatientRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/mail") view=lazy(|| open(PatientPage::Inbox)) />
        <Route path=path!("/mail/sent") view=lazy(|| open(PatientPage::Sent)) />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The folders.
#[component]
fn Folders(
    /// Whether the inbox is open, else Sent Items.
    inbox: bool,
) -> impl IntoView {
    let unread = expect_context::<Unread>();
    let badge = move || {
        let count = unread.0.get().filter(|count| *count > 0)?;
        Some(view! {
            <span class="app-badge" aria-hidden="true">
                {count}
            </span>
            <span class="nhsuk-u-visually-hidden">{t_count("nav.unread", count)}</span>
        })
    };
    view! {
        <nav class="app-tabs" aria-label=t("mail.folders")>
            <ul>
                <li>
                    <a class="app-tabs__link" href="/mail" aria-current=inbox.then_some("page")>
                        {t("nav.inbox")}
                        {badge}
                    </a>
                </li>
                <li>
                    <a class="app-tabs__link" href="/mail/sent" aria-current=(!inbox).then_some("page")>
                        {t("nav.sent")}
                    </a>
                </li>
            </ul>
        </nav>
    }
    .into_any()
}
