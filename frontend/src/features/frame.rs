//! The frame of a patient's pages: five words that stand at the lower edge of a phone, and a menu.

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};
use portal_domain::{ids::InboxItemId, live::LiveKind, mail::InboxQuery};

use super::{PatientPage, open};
use crate::{
    api::ask,
    news::News,
    session::{Session, Side},
    shared::{
        dialog::Dialog,
        idle::IdleWarning,
        list::Address,
        live::{follow, go_on},
        people::Name,
        section::lazy_frame,
        shell::{Brand, Footer, OfflineBar, SkipLink, Unread, Word, guarded, is_here},
    },
    text::t,
};

/// Lets patients in.
#[component]
pub fn PatientShell() -> impl IntoView {
    guarded(Side::Patient, || lazy_frame(|| open(PatientPage::Frame)))
}

/// The frame itself.
#[component]
pub fn PatientFrame() -> impl IntoView {
    let session = Session::here();
    let unread = Unread(RwSignal::new(None));
    provide_context(unread);
    let count = move || {
        let Some(patient) = session.patient() else { return };
        go_on(async move {
            let one = InboxQuery { limit: Some(1), ..InboxQuery::default() };
            // Without an answer the badge is simply not there.
            if let Ok(inbox) = ask(async |portal| portal.inbox(patient, &one).await).await {
                unread.0.try_set(Some(inbox.unread));
            }
        });
    };
    count();
    News::here().on(LiveKind::Inbox, count);
    mark_opened(unread);
    let words = [
        Word { href: "/home", label: t("nav.home"), section: "/home" },
        Word { href: "/mail", label: t("nav.mail"), section: "/mail" },
        Word { href: "/appointments", label: t("nav.appointments"), section: "/appointments" },
        Word { href: "/chart", label: t("nav.chart"), section: "/chart" },
        Word { href: "/account", label: t("nav.account"), section: "/account" },
    ];
    let path = use_location().pathname;
    let word = move |word: Word| {
        let badge = move || if word.section == "/mail" { unread.badge() } else { None };
        view! {
            <li>
                <a
                    class="app-nav__link"
                    href=word.href
                    aria-current=move || is_here(&path.get(), word.section).then_some("page")
                >
                    {word.label}
                    {badge}
                </a>
            </li>
        }
        .into_any()
    };
    let menu = RwSignal::new(false);
    // Whatever is chosen in the menu closes it.
    follow(move |_| {
        path.track();
        menu.set(false);
    });
    view! {
        <div class="app">
            <header class="app-header">
                <SkipLink />
                <div class="app-header__inner">
                    <Brand href="/home" sub=t("shell.patient_portal") />
                    <div class="app-header__tools">
                        <button type="button" class="app-tool" aria-haspopup="dialog" on:click=move |_| menu.set(true)>
                            {t("shell.menu")}
                        </button>
                    </div>
                </div>
                <nav class="app-nav" aria-label=t("nav.label")>
                    <ul class="app-nav__list">{words.into_iter().map(word).collect_view()}</ul>
                </nav>
                <OfflineBar />
            </header>
            <main class="app-main" id="main" tabindex="-1">
                <Outlet />
            </main>
            <Footer />
        </div>
        <Menu open=menu />
        <IdleWarning />
    }
    .into_any()
}

/// Marks the inbox item that led to a page as read (`?item=`), and takes it out of the address.
fn mark_opened(unread: Unread) {
    let session = Session::here();
    let address = Address::here();
    follow(move |_| {
        let Ok(item) = address.get("item").parse::<InboxItemId>() else { return };
        let Some(patient) = session.patient() else { return };
        address.set(&[("item", "")]);
        go_on(async move {
            let none = InboxQuery { limit: Some(1), ..InboxQuery::default() };
            // When this fails the item simply stays unread.
            if ask(async |portal| portal.mark_read(patient, item).await).await.is_ok()
                && let Ok(inbox) = ask(async |portal| portal.inbox(patient, &none).await).await
            {
                unread.0.try_set(Some(inbox.unread));
            }
        });
    });
}

/// Every page of the patient's side, by name.
#[component]
fn Menu(
    /// Whether it stands.
    open: RwSignal<bool>,
) -> impl IntoView {
    let session = Session::here();
    let pages = [
        ("/home", t("nav.home")),
        ("/mail", t("nav.inbox")),
        ("/mail/sent", t("nav.sent")),
        ("/appointments", t("nav.appointments")),
        ("/appointments/request/where", t("nav.request")),
        ("/chart", t("nav.chart")),
        ("/chart/results", t("nav.results")),
        ("/account", t("nav.account")),
        ("/", t("nav.practice")),
    ];
    let page = move |(href, label): (&'static str, &'static str)| {
        view! {
            <li>
                <a class="app-menu__link" href=href on:click=move |_| open.set(false)>
                    {label}
                </a>
            </li>
        }
        .into_any()
    };
    let who = session.read(|view| view.display_name.clone()).unwrap_or_default();
    view! {
        <Dialog
            open=open.into()
            id="menu-title"
            title=Signal::derive(|| t("shell.menu").to_string())
            close=Callback::new(move |()| open.set(false))
        >
            <p class="app-quiet">{t("shell.signed_in_as")} " " <Name name=who /></p>
            <nav aria-labelledby="menu-title">
                <ul class="app-menu">{pages.into_iter().map(page).collect_view()}</ul>
            </nav>
            <div class="app-dialog__actions">
                <button type="button" class="nhsuk-button nhsuk-button--secondary" on:click=move |_| open.set(false)>
                    {t("action.close")}
                </button>
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary"
                    on:click=move |_| session.sign_out()
                >
                    {t("action.sign_out")}
                </button>
            </div>
        </Dialog>
    }
    .into_any()
}
