//! The frame of staff pages: a rail at the left with what the role may do.

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};
use portal_domain::access::{Action, Category};

use super::{StaffPage, emergency, open};
use crate::{
    session::{Session, Side},
    shared::{
        idle::IdleWarning,
        people::Name,
        section::lazy_frame,
        shell::{Brand, OfflineBar, SkipLink, Word, guarded, is_here},
    },
    text::{t, t_word},
};

/// Lets staff in.
#[component]
pub fn StaffShell() -> impl IntoView {
    guarded(Side::Staff, || lazy_frame(|| open(StaffPage::Frame)))
}

/// The frame itself.
#[component]
pub fn StaffFrame() -> impl IntoView {
    let session = Session::here();
    let path = use_location().pathname;
    let (patient, standing) = emergency::standing(path);
    let words = [
        Some(Word { href: "/staff", label: t("staff.nav.board"), section: "/staff" }),
        session.may(Action::View, Category::Demographics).then_some(Word {
            href: "/staff/patients",
            label: t("staff.nav.patients"),
            section: "/staff/patients",
        }),
        session.may(Action::View, Category::Messages).then_some(Word {
            href: "/staff/messages",
            label: t("staff.nav.messages"),
            section: "/staff/messages",
        }),
        session.may(Action::View, Category::Appointments).then_some(Word {
            href: "/staff/queue/appointments",
            label: t("staff.nav.appointments"),
            section: "/staff/queue/appointments",
        }),
        session.may(Action::View, Category::Medications).then_some(Word {
            href: "/staff/refills",
            label: t("staff.nav.refills"),
            section: "/staff/refills",
        }),
        session.may(Action::View, Category::Proxies).then_some(Word {
            href: "/staff/dependents",
            label: t("staff.nav.dependents"),
            section: "/staff/dependents",
        }),
        session.may(Action::View, Category::Proposals).then_some(Word {
            href: "/staff/corrections/proposals",
            label: t("staff.nav.proposals"),
            section: "/staff/corrections/proposals",
        }),
        session.may(Action::View, Category::Amendments).then_some(Word {
            href: "/staff/corrections/amendments",
            label: t("staff.nav.amendments"),
            section: "/staff/corrections/amendments",
        }),
        session.may(Action::Decide, Category::Restrictions).then_some(Word {
            href: "/staff/corrections/restrictions",
            label: t("staff.nav.restrictions"),
            section: "/staff/corrections/restrictions",
        }),
        session.may(Action::Release, Category::Results).then_some(Word {
            href: "/staff/queue/releases",
            label: t("staff.nav.releases"),
            section: "/staff/queue/releases",
        }),
        session.may(Action::View, Category::Billing).then_some(Word {
            href: "/staff/billing",
            label: t("staff.nav.billing"),
            section: "/staff/billing",
        }),
        // The second person of a write-off, whose role has no balances.
        (session.may(Action::Decide, Category::Billing) && !session.may(Action::View, Category::Billing))
            .then_some(Word {
                href: "/staff/billing/queue/write-offs",
                label: t("staff.nav.write_offs"),
                section: "/staff/billing/queue/write-offs",
            }),
        // Billing staff find it beside the balances.
        (session.may(Action::View, Category::Receivables) && !session.may(Action::View, Category::Billing))
            .then_some(Word {
                href: "/staff/billing/reports/receivables",
                label: t("staff_billing.receivables"),
                section: "/staff/billing/reports",
            }),
        session.may(Action::View, Category::Notices).then_some(Word {
            href: "/staff/notices",
            label: t("staff.nav.notices"),
            section: "/staff/notices",
        }),
        session.may(Action::View, Category::Library).then_some(Word {
            href: "/staff/education",
            label: t("staff.nav.education"),
            section: "/staff/education",
        }),
        session.may(Action::View, Category::Audit).then_some(Word {
            href: "/staff/reports/audit",
            label: t("staff.nav.audit"),
            section: "/staff/reports/audit",
        }),
        session.may(Action::Act, Category::Messages).then_some(Word {
            href: "/staff/my-teams",
            label: t("staff.nav.my_teams"),
            section: "/staff/my-teams",
        }),
        session.may(Action::View, Category::Settings).then_some(Word {
            href: "/staff/settings/teams",
            label: t("staff.nav.teams"),
            section: "/staff/settings/teams",
        }),
        session.may(Action::View, Category::Staff).then_some(Word {
            href: "/staff/settings/people",
            label: t("staff.nav.people"),
            section: "/staff/settings/people",
        }),
        session.may(Action::View, Category::Settings).then_some(Word {
            href: "/staff/settings/policies",
            label: t("staff.nav.policies"),
            section: "/staff/settings/policies",
        }),
        session.may(Action::View, Category::Settings).then_some(Word {
            href: "/staff/settings/releases",
            label: t("staff.nav.release_rules"),
            section: "/staff/settings/releases",
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
                        <a
                            class="app-tool"
                            href="/staff/account"
                            aria-current=move || is_here(&path.get(), "/staff/account").then_some("page")
                        >
                            {t("nav.account")}
                        </a>
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
                    {emergency::gate(patient, standing)}
                    <div hidden=move || emergency::is_shut(standing)>
                        <Outlet />
                    </div>
                </main>
            </div>
        </div>
        <IdleWarning />
    }
    .into_any()
}
