//! Records that are restricted to named staff (ADM-6), the newest restriction first.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    page::PageQuery,
    restricted::RestrictedRecord,
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
    text::{t, t_count, t_with, t_word},
};

/// `/staff/reports/restricted`
#[component]
pub fn ListPage() -> AnyView {
    for_role(Action::View, Category::RestrictedAccess, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let rows = load_rows(|| {
        |page: PageQuery| async move { ask(async |portal| portal.restricted_records(&page).await).await }
    });
    view! {
        <Page
            title=t("restricted.title").to_string()
            section=t("shell.staff_portal")
            back=Back { href: "/staff/reports/audit".into(), label: t("audit.title") }
        >
            <p class="app-quiet">{t("restricted.intro")}</p>
            <p>
                {t("restricted.how")} " " <a href="/staff/patients">{t("restricted.find")}</a>
            </p>
            {listing(
                rows,
                t("what.restricted"),
                || view! { <Empty text=t("restricted.none") /> }.into_any(),
                move || view! { <Rows load=rows id="restricted" row=row /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

fn row(one: RestrictedRecord) -> AnyView {
    let since = intl::format(one.since, Style::Date, &Practice::here().zone());
    let href = format!("/staff/reports/restricted?patient={}", one.patient.id);
    view! {
        <li class="app-row">
            <a class="app-row__link" href=href>
                <bdi>{one.patient.full_name()}</bdi>
            </a>
            <p class="app-row__text">{t_word("restricted_reason", one.reason.as_str())}</p>
            <p class="app-row__meta">
                {t_count("restricted.named", one.named)} ". "
                {t_with("restricted.since", &[("date", &since), ("name", &one.by)])}
            </p>
        </li>
    }
    .into_any()
}
