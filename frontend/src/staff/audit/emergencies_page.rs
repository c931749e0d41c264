//! Records that were opened in an emergency, for the privacy officer (ADM-6): who, whose, why, and what was then done.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    emergency::EmergencyAccessView,
    page::PageQuery,
};

use crate::{
    api::ask,
    shared::{
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        page::{Back, Page},
        practice::Practice,
    },
    staff::parts::for_role,
    text::{t, t_with, t_word},
};

/// `/staff/reports/emergencies`
#[component]
pub fn EmergenciesPage() -> AnyView {
    for_role(Action::View, Category::Audit, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let rows = load_rows(|| {
        |page: PageQuery| async move { ask(async |portal| portal.emergency_accesses(&page).await).await }
    });
    view! {
        <Page
            title=t("emergency.list").to_string()
            section=t("shell.staff_portal")
            back=Back { href: "/staff/reports/audit".into(), label: t("audit.title") }
        >
            <p class="app-quiet">{t("emergency.list_intro")}</p>
            {listing(
                rows,
                t("what.audit"),
                || view! { <Empty text=t("emergency.none") /> }.into_any(),
                move || view! { <Rows load=rows id="emergencies" row=row /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

fn row(one: EmergencyAccessView) -> AnyView {
    let zone = Practice::here().zone();
    let (from, to) =
        (intl::format(one.begun_at, Style::Short, &zone), intl::format(one.ends_at, Style::Short, &zone));
    let title = t_with("emergency.line", &[("name", &one.by), ("patient", &one.patient.full_name())]);
    let href = format!("/staff/reports/audit?patient={}&emergency=true", one.patient.id);
    view! {
        <li class="app-row">
            <a class="app-row__link" href=href>
                <bdi>{title}</bdi>
            </a>
            <p class="app-row__text">
                <strong>{t_word("emergency_reason", one.reason.as_str())}</strong>
                ": "
                <bdi>{one.note}</bdi>
            </p>
            <p class="app-row__meta">{t_with("emergency.from_to", &[("from", &from), ("to", &to)])}</p>
        </li>
    }
    .into_any()
}
