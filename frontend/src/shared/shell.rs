//! The frame round the pages that need no sign-in, the parts of every frame, and who may come in to the others.

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};
use portal_domain::mail::MOST_UNREAD;

use super::{
    form::focus,
    list::Address,
    live::{follow, live},
    load::Waiting,
    page::Page,
    practice::{Phone, Practice},
    problem_view::ProblemView,
};
use crate::{
    acting::link,
    logic::paths::encode,
    session::{Ended, Session, Side, Standing},
    text::{t, t_count},
};

/// A word of the navigation.
pub struct Word {
    /// Where it leads.
    pub href: &'static str,
    /// The word.
    pub label: &'static str,
    /// Addresses that count as being there.
    pub section: &'static str,
}

/// How many inbox items are unread, by context; none until it is known.
#[derive(Clone, Copy)]
pub struct Unread(pub RwSignal<Option<i64>>);

impl Unread {
    /// The count as a badge with its words; nothing while there is none.
    pub fn badge(self) -> Option<AnyView> {
        let count = self.0.get().filter(|count| *count > 0)?;
        let (short, words) = match count < MOST_UNREAD {
            true => (count.to_string(), t_count("nav.unread", count)),
            // It is counted up to there.
            false => (format!("{}+", MOST_UNREAD - 1), t("nav.unread_many").into()),
        };
        Some(
            view! {
                <span class="app-badge" aria-hidden="true">
                    {short}
                </span>
                <span class="nhsuk-u-visually-hidden">{words}</span>
            }
            .into_any(),
        )
    }
}

/// Whether an address belongs to a section.
pub fn is_here(path: &str, section: &str) -> bool {
    path == section || path.strip_prefix(section).is_some_and(|rest| rest.starts_with('/'))
}

/// First in every frame: past the navigation, for those who come by keyboard.
#[component]
pub fn SkipLink() -> impl IntoView {
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

/// The practice's name.
#[component]
pub fn Brand(
    /// Where it leads.
    href: &'static str,
    /// What of the practice this is.
    sub: &'static str,
) -> impl IntoView {
    let practice = Practice::here();
    view! {
        <a class="app-brand" href=link(href)>
            <span class="app-brand__name">{live(move || practice.name())}</span>
            <span class="app-brand__sub">{sub}</span>
        </a>
    }
    .into_any()
}

/// Says so while the device is offline.
#[component]
pub fn OfflineBar() -> impl IntoView {
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

/// How to reach the practice, below every page of patients.
#[component]
pub fn Footer() -> impl IntoView {
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
        // The page says what to do first.
        _ if session.duty().is_some() => None,
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
pub fn guarded(side: Side, inside: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let session = Session::here();
    let practice = Practice::here();
    // Pages may take the practice for granted, in particular its time zone.
    let now = Memo::new(move |_| match session.side() {
        Side::Patient | Side::Staff if !practice.0.settled() => Side::Unknown,
        side => side,
    });
    // Nothing is shown before what must be done first.
    let free = Memo::new(move |_| session.duty().is_none());
    let address = Address::here();
    let location = use_location();
    follow(move |_| {
        let (now, free) = (now.get(), free.get());
        if now != Side::Nobody && free {
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
        if now != Side::Nobody {
            return address.replace(&format!("/duty?next={}", encode(&here)));
        }
        // Back after signing out on purpose means the start; after running out it means the same page.
        match session.ended() {
            Some(Ended::Asked) => address.replace("/session-ended"),
            Some(Ended::Idle) => address.replace(&format!("/session-ended?next={}", encode(&here))),
            None => address.replace(&format!("/sign-in?next={}", encode(&here))),
        }
    });
    (move || match now.get() {
        _ if !free.get() => ().into_any(),
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
