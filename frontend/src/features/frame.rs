//! The frame of a patient's pages: five words that stand at the lower edge of a phone, and a menu.

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};
use portal_domain::{
    access::Category, dependents::DependentView, ids::InboxItemId, live::LiveKind, mail::InboxQuery,
};

use super::{PatientPage, open};
use crate::{
    acting::{link, whom, within},
    api::{ApiError, ask},
    news::News,
    session::{Session, Side},
    shared::{
        dialog::Dialog,
        idle::IdleWarning,
        list::Address,
        live::{follow, go_on, live},
        load::{Load, load_keeping, loaded},
        page::Page,
        people::Name,
        section::lazy_frame,
        sharing::Shared,
        shell::{Brand, Footer, OfflineBar, SkipLink, Unread, Word, guarded, is_here},
    },
    text::{t, t_with, t_word},
};

/// Lets patients in.
#[component]
pub fn PatientShell() -> impl IntoView {
    guarded(Side::Patient, || lazy_frame(|| open(PatientPage::Frame)))
}

/// The frame itself, once it is known for whom it stands.
#[component]
pub fn PatientFrame() -> impl IntoView {
    let session = Session::here();
    let family = load_keeping(move || {
        let own = session.own();
        async move {
            let Some(own) = own else { return Err(ApiError::SignedOut) };
            ask(async |portal| portal.dependents(own).await).await
        }
    });
    News::here().on(LiveKind::Inbox, move || family.refresh());
    let Some(patient) = whom() else {
        provide_context(Shared::of(None, true));
        return view! { <Inside family acting=None /> }.into_any();
    };
    // What is shown stays as it is while the grant does; whatever changes it builds the page anew.
    let acting = Memo::new(move |_| {
        family
            .read(|list| list.iter().find(|one| one.patient.id == patient && one.why_not.is_none()).cloned())
    });
    live(move || {
        match acting.get() {
        Some(Some(dependent)) => {
            session.act_for(dependent.patient.clone());
            provide_context(Shared::of(Some(dependent.shares.clone()), !dependent.has_account));
            view! { <Inside family acting=Some(dependent) /> }.into_any()
        }
        Some(None) => view! { <Nobody /> }.into_any(),
        None => view! { <main class="app-main" id="main" tabindex="-1">{loaded(family, t("what.page"), |_| ().into_any())}</main> }
            .into_any(),
    }
    })
}

/// In place of the frame of somebody for whom the account may not act, or not any more.
#[component]
fn Nobody() -> impl IntoView {
    view! {
        <main class="app-main" id="main" tabindex="-1">
            <Page title=t("acting.over").to_string()>
                <p>{t("acting.over_text")}</p>
                <a class="nhsuk-button" rel="external" href="/family">
                    {t("acting.to_family")}
                </a>
            </Page>
        </main>
    }
    .into_any()
}

/// The frame with its pages.
#[component]
fn Inside(
    /// Whom the account looks after.
    family: Load<Vec<DependentView>>,
    /// For whom the page acts.
    acting: Option<DependentView>,
) -> impl IntoView {
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
    let mut words = vec![
        Word { href: "/home", label: t("nav.home"), section: "/home" },
        Word { href: "/mail", label: t("nav.mail"), section: "/mail" },
        Word { href: "/appointments", label: t("nav.appointments"), section: "/appointments" },
        Word { href: "/chart", label: t("nav.chart"), section: "/chart" },
        Word { href: "/account", label: t("nav.account"), section: "/account" },
    ];
    // The account is the owner's own.
    if acting.is_some() {
        words.pop();
    }
    let pathname = use_location().pathname;
    let path = Memo::new(move |_| within(&pathname.get()));
    let word = move |word: Word| {
        let badge = move || if word.section == "/mail" { unread.badge() } else { None };
        view! {
            <li>
                <a
                    class="app-nav__link"
                    href=link(word.href)
                    aria-current=move || is_here(&path.get(), word.section).then_some("page")
                >
                    {word.label}
                    {badge}
                </a>
            </li>
        }
        .into_any()
    };
    let (menu, switching) = (RwSignal::new(false), RwSignal::new(false));
    // Whatever is chosen in the menu closes it.
    follow(move |_| {
        path.track();
        menu.set(false);
        switching.set(false);
    });
    let shared = Shared::here();
    let hidden = Memo::new(move |_| path.with(|path| hidden_at(path, shared)));
    let who = acting.as_ref().map(|one| one.patient.full_name());
    let banner = acting.map(|one| view! { <Banner dependent=one switching /> });
    view! {
        <div class="app">
            <header class="app-header">
                <SkipLink />
                <div class="app-header__inner">
                    <Brand href="/home" sub=t("shell.patient_portal") />
                    <div class="app-header__tools">
                        {switcher(family, who.clone(), switching)}
                        <button type="button" class="app-tool" aria-haspopup="dialog" on:click=move |_| menu.set(true)>
                            {t("shell.menu")}
                        </button>
                    </div>
                </div>
                <nav class="app-nav" aria-label=t("nav.label")>
                    <ul class="app-nav__list">{words.into_iter().map(word).collect_view()}</ul>
                </nav>
                <OfflineBar />
                {banner}
            </header>
            <main class="app-main" id="main" tabindex="-1">
                {live(move || match hidden.get() {
                    Some(why) => view! { <NotShared why /> }.into_any(),
                    None => view! { <Outlet /> }.into_any(),
                })}
            </main>
            <Footer />
        </div>
        <Menu open=menu />
        <Switcher family open=switching />
        <IdleWarning />
    }
    .into_any()
}

/// The pages that need a category, and whether they are for acting in it. The first that fits.
const NEEDS: [(&str, Category, bool); 18] = [
    ("/appointments/request", Category::Appointments, true),
    ("/appointments", Category::Appointments, false),
    ("/chart/results", Category::Results, false),
    ("/chart/tests", Category::Results, false),
    ("/chart/medications", Category::Medications, false),
    ("/chart/sections/results", Category::Results, false),
    ("/chart/sections/medications", Category::Medications, false),
    ("/chart/sections/demographics", Category::Demographics, false),
    ("/chart/sections", Category::Chart, false),
    ("/chart/vital-signs", Category::Chart, false),
    ("/chart/records/new", Category::Chart, true),
    ("/mail/new", Category::Messages, true),
    ("/mail/drafts", Category::Messages, true),
    ("/mail/threads", Category::Messages, false),
    ("/chart/records", Category::Chart, false),
    ("/notices", Category::Notices, false),
    ("/billing/pay", Category::Billing, true),
    ("/billing", Category::Billing, false),
];

/// Why a page is not shown while acting for somebody: its category is not shared, or only to be looked at.
fn hidden_at(path: &str, shared: Shared) -> Option<(Category, bool)> {
    // A conversation about a bill is of the bills; which one it is, the server knows.
    if is_here(path, "/mail/threads") && shared.sees(Category::Billing) {
        return None;
    }
    let fits = |(section, ..): &&(&str, Category, bool)| is_here(path, section);
    let (_, category, act) = NEEDS.iter().find(fits)?;
    let missing = if *act { !shared.acts(*category) } else { !shared.sees(*category) };
    missing.then(|| (*category, shared.sees(*category)))
}

/// In place of a page that is not shared.
#[component]
fn NotShared(
    /// What it would show, and whether that may be looked at elsewhere.
    why: (Category, bool),
) -> impl IntoView {
    let (category, only_looks) = why;
    let name = t_word("share", category.as_str());
    let text = if only_looks {
        t_with("acting.only_view", &[("what", name)])
    } else {
        t_with("acting.hidden", &[("what", name)])
    };
    view! {
        <Page title=t("acting.not_shared").to_string()>
            <p>{text}</p>
            <p>{t("acting.ask")}</p>
            <a class="nhsuk-button" href=link("/home")>
                {t("nav.home")}
            </a>
        </Page>
    }
    .into_any()
}

/// Says on every page, on paper too, for whom one acts (PRX-5).
#[component]
fn Banner(dependent: DependentView, switching: RwSignal<bool>) -> impl IntoView {
    let level = t_word("acting_level", dependent.level.as_str());
    view! {
        <section class="app-acting" aria-label=t("acting.label")>
            <div class="app-width">
                {t("acting.for")} " " <Name name=dependent.patient.full_name() /> ". " {level} " "
                <button type="button" class="app-acting__switch no-print" aria-haspopup="dialog" on:click=move |_| switching.set(true)>
                    {t("acting.switch")}
                </button>
            </div>
        </section>
    }
    .into_any()
}

/// The letters that stand for somebody.
fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().next());
    letters.next().into_iter().chain(letters.next_back()).collect()
}

/// The button that leads to everybody's pages; nothing for those who look after nobody.
fn switcher(family: Load<Vec<DependentView>>, acting: Option<String>, open: RwSignal<bool>) -> AnyView {
    let own = Session::here().read(|view| view.display_name.clone()).unwrap_or_default();
    let who = acting.unwrap_or(own);
    live(move || {
        let any = family.read(|list| list.iter().any(|one| one.why_not.is_none())).unwrap_or(false);
        let who = who.clone();
        any.then(|| {
            view! {
                <button
                    type="button"
                    class="app-tool app-switcher"
                    aria-haspopup="dialog"
                    aria-label=t_with("acting.switch_label", &[("name", &who)])
                    on:click=move |_| open.set(true)
                >
                    <span class="app-initials" aria-hidden="true">{initials(&who)}</span>
                </button>
            }
        })
    })
}

/// Whose pages to open. Each loads anew, so that nothing of one stands beside the other.
#[component]
fn Switcher(family: Load<Vec<DependentView>>, open: RwSignal<bool>) -> impl IntoView {
    let own = Session::here().read(|view| view.display_name.clone()).unwrap_or_default();
    let row = move |href: String, name: String, here: bool, meta: &'static str| {
        view! {
            <li>
                <a class="app-menu__link" rel="external" href=href aria-current=here.then_some("true")>
                    <span class="app-initials" aria-hidden="true">{initials(&name)}</span>
                    <Name name />
                    " "
                    <span class="app-quiet">{meta}</span>
                </a>
            </li>
        }
        .into_any()
    };
    let others = move |list: Vec<DependentView>| {
        let rows = list.into_iter().filter(|one| one.why_not.is_none()).map(move |one| {
            let here = whom() == Some(one.patient.id);
            row(
                format!("/for/{}/home", one.patient.id),
                one.patient.full_name(),
                here,
                t_word("level", one.level.as_str()),
            )
        });
        rows.collect_view()
    };
    view! {
        <Dialog
            open=open.into()
            id="switch-title"
            title=Signal::derive(|| t("acting.whose").to_string())
            close=Callback::new(move |()| open.set(false))
        >
            <nav aria-labelledby="switch-title">
                <ul class="app-menu">
                    {row("/home".into(), own, whom().is_none(), t("acting.yourself"))}
                    {live(move || family.get().map(others))}
                </ul>
            </nav>
            <p>
                <a rel="external" href="/family">
                    {t("acting.to_family")}
                </a>
            </p>
            <div class="app-dialog__actions">
                <button type="button" class="nhsuk-button nhsuk-button--secondary" on:click=move |_| open.set(false)>
                    {t("action.close")}
                </button>
            </div>
        </Dialog>
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
        ("/billing", t("nav.billing")),
        ("/learn", t("nav.learn")),
    ];
    // The owner's own, which lead back from acting for somebody.
    let own = [("/family", t("nav.family")), ("/account", t("nav.account")), ("/", t("nav.practice"))];
    let pages = pages.into_iter().map(|(href, label)| (link(href), label));
    let pages = pages.chain(own.into_iter().map(|(href, label)| (href.to_owned(), label)));
    let page = move |(href, label): (String, &'static str)| {
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
                <ul class="app-menu">{pages.map(page).collect_view()}</ul>
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
