//! Refunds that the gateway accepted and that did not arrive: somebody must give the money back another way (PAY-4).

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    billing::FailedRefund,
    live::LiveKind,
};

use super::back;
use crate::{
    api::ask,
    news::News,
    shared::{
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        page::Page,
        practice::Practice,
    },
    staff::parts::for_role,
    text::{t, t_with},
};

/// `/staff/billing/queue/failed-refunds`
#[component]
pub fn FailedRefundsPage() -> AnyView {
    for_role(Action::View, Category::Billing, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let list =
        load_rows(|| |page| async move { ask(async |portal| portal.failed_refunds(&page).await).await });
    News::here().on(LiveKind::Queue, move || list.again());
    view! {
        <Page title=t("staff.nav.failed_refunds").to_string() section=t("staff_billing.title") back=back()>
            <p class="app-quiet">{t("staff_billing.failed_refunds_text")}</p>
            {listing(
                list,
                t("what.queue"),
                || view! { <Empty text=t("board.no_failed_refunds") /> }.into_any(),
                move || view! { <Rows load=list id="failed-refunds" row=row /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

fn row(one: FailedRefund) -> AnyView {
    let at = intl::format(one.failed_at, Style::Date, &Practice::here().zone());
    view! {
        <li class="app-row app-row--wide">
            <a class="app-row__link" href=format!("/staff/billing/patients/{}", one.patient.id)>
                <bdi>{one.patient.full_name()}</bdi>
                " "
                <bdi>{one.amount.shown()}</bdi>
            </a>
            <p class="app-row__meta">{t_with("staff_billing.failed_on", &[("date", &at)])}</p>
            <p class="app-row__text">
                <bdi>{one.reason}</bdi>
            </p>
        </li>
    }
    .into_any()
}
