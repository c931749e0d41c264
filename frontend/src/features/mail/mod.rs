//! The mailbox: what arrived, what was sent, and messages to care teams. What else an item is about stands on that
//! slice's own page.

pub(super) mod compose_page;
pub(super) mod drafts_page;
pub(super) mod inbox_page;
pub(super) mod sent_page;
pub(super) mod thread_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use super::{PatientPage, open};
use crate::{
    acting::link,
    shared::{
        list::{Address, Empty},
        live::live,
        section::lazy,
        shell::Unread,
    },
    text::{t, t_with},
};

/// A patient's pages.
#[component(transparent)]
pub fn PatientRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/mail") view=lazy(|| open(PatientPage::Inbox)) />
        <Route path=path!("/mail/sent") view=lazy(|| open(PatientPage::Sent)) />
        <Route path=path!("/mail/drafts") view=lazy(|| open(PatientPage::Drafts)) />
        <Route path=path!("/mail/archive") view=lazy(|| open(PatientPage::Archive)) />
        <Route path=path!("/mail/new") view=lazy(|| open(PatientPage::Compose)) />
        <Route path=path!("/mail/threads/:id") view=lazy(|| open(PatientPage::Thread)) />
    }
    .into_inner()
    .into_any_nested_route()
}

/// A folder of the mailbox.
#[derive(Clone, Copy, PartialEq)]
enum FolderTab {
    Inbox,
    Sent,
    Drafts,
    Archive,
}

/// The folders, and the way to a new message.
#[component]
fn Folders(
    /// Which one is open.
    open: FolderTab,
) -> impl IntoView {
    let unread = expect_context::<Unread>();
    let badge = move || unread.badge();
    let tab = move |folder: FolderTab, href: &'static str, label: &'static str| {
        let badge = (folder == FolderTab::Inbox).then_some(badge);
        view! {
            <li>
                <a class="app-tabs__link" href=link(href) aria-current=(folder == open).then_some("page")>
                    {label}
                    {badge}
                </a>
            </li>
        }
        .into_any()
    };
    view! {
        <p class="no-print">
            <a class="nhsuk-button nhsuk-u-margin-bottom-3" href=link("/mail/new")>
                {t("mail.write")}
            </a>
        </p>
        <nav class="app-tabs" aria-label=t("mail.folders")>
            <ul>
                {tab(FolderTab::Inbox, "/mail", t("nav.inbox"))} {tab(FolderTab::Sent, "/mail/sent", t("nav.sent"))}
                {tab(FolderTab::Drafts, "/mail/drafts", t("mail.drafts"))}
                {tab(FolderTab::Archive, "/mail/archive", t("mail.archive"))}
            </ul>
        </nav>
    }
    .into_any()
}

/// Searches the folder that is open; the words stand in the address.
#[component]
fn Search() -> impl IntoView {
    let address = Address::here();
    let typed = RwSignal::new(untrack(|| address.get("q")));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        address.set(&[("q", typed.get_untracked().trim()), ("show", "")]);
    };
    view! {
        <form class="app-search no-print" role="search" on:submit=submit>
            <label class="nhsuk-label" for="q">
                {t("mail.search")}
            </label>
            <div class="app-cluster">
                <input
                    class="nhsuk-input app-search__words"
                    id="q"
                    name="q"
                    type="search"
                    autocomplete="off"
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                />
                <button type="submit" class="nhsuk-button nhsuk-button--secondary">
                    {t("mail.search_do")}
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// An empty folder; or a search that found nothing, with the way back to everything.
#[component]
fn Nothing(
    /// What an empty folder says.
    none: &'static str,
) -> impl IntoView {
    let address = Address::here();
    live(move || match address.get("q") {
        words if words.is_empty() => view! { <Empty text=none /> }.into_any(),
        words => view! {
            <div class="app-empty">
                <p>{t_with("mail.nothing_found", &[("words", &words)])}</p>
                <a href="?">{t("mail.search_clear")}</a>
            </div>
        }
        .into_any(),
    })
}
