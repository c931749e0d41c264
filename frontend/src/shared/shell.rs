//! The frames round the pages: public, patient and staff. Each page stands in `main`.

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};

use super::{
    dialog::Dialog,
    form::focus,
    idle::IdleWarning,
    list::Address,
    live::{follow, go_on, live},
    load::Waiting,
    page::Page,
    people::Name,
    practice::{Phone, Practice},
    problem_view::ProblemView,
};
use crate::{
    api::ask,
    logic::paths::encode,
    session::{Ended, Session, Side, Standing},
    text::{t, t_count, t_word},
};
use portal_domain::{
    access::{Action, Category},
    ids::InboxItemId,
    page::PageQuery,
};

/// A word of the navigation.
struct Word {
    /// Where it leads.
    href: &'static str,
    label: &'static str,
    /// Addresses that count as being there.
    section: &'static str,
}

/// How many inbox items are unread, by context; none until it is known.
#[derive(Clone, Copy)]
pub struct Unread(pub RwSignal<Option<i64>>);

fn is_here(path: &str, section: &str) -> bool {
    path == section || path.strip_prefix(section).is_some_and(|rest| rest.starts_with('/'))
}

#[component]
fn SkipLink() -> impl IntoView {
    let skip = |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        focus("main");
    };
    view! {
        <a class="app-skip" href="#main" on:click=skip>
            {t("shell.skip")}
        </a>
    }
    .into_any()
}

#[component]
fn Brand(href: &'static str, sub: &'static str) -> impl IntoView {
    let practice = Practice::here();
    view! {
        <a class="app-brand" href=href>
            <span class="app-brand__name">{live(move || practice.name())}</span>
            <span class="app-brand__sub">{sub}</span>
        </a>
    }
    .into_any()
}

/// Says so while the device is offline.
#[component]
fn OfflineBar() -> impl IntoView {
    let offline = RwSignal::new(!window().navigator().on_line());
    let mut handles = Vec::new();
    for (event, now_offline) in [("offline", true), ("online", false)] {
        handles.push(window_event_listener_untyped(event, move |_| offline.set(now_offline)));
    }
    on_cleanup(move || handles.into_iter().for_each(|handle| handle.remove()));
    view! {
        <div role="status">
            {live(move || {
                offline
                    .get()
                    .then(|| {
                        view! {
                            <div class="app-bar app-bar--offline">
                                <div class="app-width">{t("shell.offline")}</div>
                            </div>
                        }
                    })
            })}
        </div>
    }
    .into_any()
}

#[component]
fn Footer() -> impl IntoView {
    let practice = Practice::here();
    view! {
        <footer class="app-footer">
            <div class="app-width app-footer__inner">
                <span>{live(move || practice.name())}</span>
                {live(move || {
                    practice
                        .phone()
                        .map(|phone| {
                            view! {
                                <span>
                                    {t("shell.call")} " " <Phone number=phone />
                                </span>
                            }
                        })
                })}
                <span>{t("shell.emergency")}</span>
            </div>
        </footer>
    }
    .into_any()
}

/// The frame of pages that need no sign-in.
#[component]
pub fn PublicShell() -> impl IntoView {
    let session = Session::here();
    let path = use_location().pathname;
    let tool = move || match session.side() {
        Side::Patient => Some(("/home", t("shell.to_portal"))),
        Side::Staff => Some(("/staff", t("shell.to_portal"))),
        Side::Nobody if !is_here(&path.get(), "/sign-in") => Some(("/sign-in", t("action.sign_in"))),
        _ => None,
    };
    view! {
        <div class="app">
            <header class="app-header">
                <SkipLink />
                <div class="app-header__inner">
                    <Brand href="/" sub=t("shell.patient_portal") />
                    <div class="app-header__tools">
                        {live(move || {
                            tool()
                                .map(|(href, label)| {
                                    view! {
                                        <a class="app-tool" href=href>
                                            {label}
                                        </a>
                                    }
                                })
                        })}
                    </div>
                </div>
                <OfflineBar />
            </header>
            <main class="app-main" id="main" tabindex="-1">
                <Outlet />
            </main>
            <Footer />
        </div>
    }
    .into_any()
}

/// Lets only one side of the portal in: others sign in first, or read why they may not.
fn guarded(side: Side, inside: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let session = Session::here();
    let practice = Practice::here();
    // Pages may take the practice for granted, in particular its time zone.
    let now = Memo::new(move |_| match session.side() {
        Side::Patient | Side::Staff if !practice.0.settled() => Side::Unknown,
        side => side,
    });
    let address = Address::here();
    let location = use_location();
    follow(move |_| {
        if now.get() != Side::Nobody {
            return;
        }
        let here = format!(
            "{}{}",
            location.pathname.get_untracked(),
            location.search.with_untracked(|search| match search.as_str() {
                "" => String::new(),
                search => format!("?{search}"),
            })
        );
        // Back after signing out on purpose means the start; after running out it means the same page.
        match session.ended() {
            Some(Ended::Asked) => address.replace("/session-ended"),
            Some(Ended::Idle) => address.replace(&format!("/session-ended?next={}", encode(&here))),
            None => address.replace(&format!("/sign-in?next={}", encode(&here))),
        }
    });
    (move || match now.get() {
        Side::Nobody => ().into_any(),
        Side::Unknown => view! {
            <div class="app-width">
                <Waiting what=t("what.portal") retry=Callback::new(move |()| session.ask_again()) />
            </div>
        }
        .into_any(),
        Side::Unreachable => match session.standing() {
            Standing::Unreachable(error) => view! {
                <Page title=t("error.title").to_string()>
                    <ProblemView
                        error=error
                        what=t("what.portal")
                        retry=Callback::new(move |()| session.ask_again())
                    />
                </Page>
            }
            .into_any(),
            _ => ().into_any(),
        },
        here if here == side => inside(),
        _ => view! { <WrongSide side /> }.into_any(),
    })
    .into_any()
}

/// Why somebody signed in may not see the other side's pages.
#[component]
fn WrongSide(
    /// The side that was asked for.
    side: Side,
) -> impl IntoView {
    let (text, home) = match side {
        Side::Staff => (t("refused.staff_only"), "/home"),
        _ => (t("refused.patients_only"), "/staff"),
    };
    let session = Session::here();
    view! {
        <div class="app">
            <header class="app-header">
                <SkipLink />
                <div class="app-header__inner">
                    <Brand href=home sub=t("shell.patient_portal") />
                </div>
            </header>
            <main class="app-main" id="main" tabindex="-1">
                <Page title=t("refused.title").to_string()>
                    <p>{text}</p>
                    <div class="app-cluster">
                        <a class="nhsuk-button" href=home>
                            {t("refused.home")}
                        </a>
                        <button
                            type="button"
                            class="nhsuk-button nhsuk-button--secondary"
                            on:click=move |_| session.sign_out()
                        >
                            {t("refused.other_account")}
                        </button>
                    </div>
                </Page>
            </main>
            <Footer />
        </div>
    }
    .into_any()
}

/// The frame of a patient's pages: five words that stand at the lower edge of a phone, and a menu.
#[component]
pub fn PatientShell() -> impl IntoView {
    guarded(Side::Patient, || view! { <PatientFrame /> }.into_any())
}

#[component]
fn PatientFrame() -> impl IntoView {
    let session = Session::here();
    let unread = Unread(RwSignal::new(None));
    provide_context(unread);
    if let Some(patient) = session.patient() {
        go_on(async move {
            let one = PageQuery { limit: Some(1), cursor: None };
            // Without an answer the badge is simply not there.
            if let Ok(inbox) = ask(async |portal| portal.inbox(patient, &one).await).await {
                unread.0.try_set(Some(inbox.unread));
            }
        });
    }
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
        let badge = move || {
            let count = unread.0.get().filter(|count| word.section == "/mail" && *count > 0)?;
            Some(view! {
                <span class="app-badge" aria-hidden="true">
                    {count}
                </span>
                <span class="nhsuk-u-visually-hidden">{t_count("nav.unread", count)}</span>
            })
        };
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
            let none = PageQuery { limit: Some(1), cursor: None };
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

/// The frame of staff pages: a rail at the left with what the role may do.
#[component]
pub fn StaffShell() -> impl IntoView {
    guarded(Side::Staff, || view! { <StaffFrame /> }.into_any())
}

#[component]
fn StaffFrame() -> impl IntoView {
    let session = Session::here();
    let path = use_location().pathname;
    let words = [
        Some(Word { href: "/staff", label: t("staff.nav.board"), section: "/staff" }),
        session.may(Action::View, Category::Demographics).then_some(Word {
            href: "/staff/patients",
            label: t("staff.nav.patients"),
            section: "/staff/patients",
        }),
        session.may(Action::View, Category::Appointments).then_some(Word {
            href: "/staff/queue/appointments",
            label: t("staff.nav.appointments"),
            section: "/staff/queue/appointments",
        }),
        session.may(Action::Release, Category::Results).then_some(Word {
            href: "/staff/queue/releases",
            label: t("staff.nav.releases"),
            section: "/staff/queue/releases",
        }),
    ];
    let word = move |word: Word| {
        // The board is the root of all the others.
        let here = move || {
            let path = path.get();
            if word.section == "/staff" { path == "/staff" } else { is_here(&path, word.section) }
        };
        view! {
            <li>
                <a class="staff-rail__link" href=word.href aria-current=move || here().then_some("page")>
                    {word.label}
                </a>
            </li>
        }
        .into_any()
    };
    let roles = session.read(|view| view.roles.clone()).unwrap_or_default();
    let roles: Vec<&str> = roles.into_iter().map(|role| t_word("role", role.as_str())).collect();
    let who = session.read(|view| view.display_name.clone()).unwrap_or_default();
    view! {
        <div class="app staff">
            <header class="app-header">
                <SkipLink />
                <div class="app-header__inner">
                    <Brand href="/staff" sub=t("shell.staff_portal") />
                    <div class="app-header__tools">
                        <span class="staff-who">
                            <Name name=who />
                            <span class="staff-who__roles">{roles.join(", ")}</span>
                        </span>
                        <button type="button" class="app-tool" on:click=move |_| session.sign_out()>
                            {t("action.sign_out")}
                        </button>
                    </div>
                </div>
                <OfflineBar />
            </header>
            <div class="staff-body">
                <nav class="staff-rail" aria-label=t("staff.nav.label")>
                    <ul class="staff-rail__list">{words.into_iter().flatten().map(word).collect_view()}</ul>
                </nav>
                <main class="app-main staff-main" id="main" tabindex="-1">
                    <Outlet />
                </main>
            </div>
        </div>
        <IdleWarning />
    }
    .into_any()
}
