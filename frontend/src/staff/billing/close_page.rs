//! What was posted on a day, with what the drawer and the gateway must hold.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    billing::{CloseQuery, CloseSum, DailyClose, Difference, Reconciliation},
    time::iso_date,
};

use super::back;
use crate::{
    api::{ask, daily_close_path},
    shared::{
        intl,
        list::Address,
        load::{load_keeping, loaded},
        page::Page,
        people::PrintButton,
        summary::{Fact, summary},
    },
    staff::parts::{self, for_role},
    text::{t, t_count, t_with, t_word},
};

/// `/staff/billing/reports/close?day=`
#[component]
pub fn ClosePage() -> AnyView {
    for_role(Action::View, Category::Billing, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let address = Address::here();
    let close = load_keeping(move || {
        let query = CloseQuery { day: iso_date::read(&address.get("day")) };
        async move { ask(async |portal| portal.daily_close(&query).await).await }
    });
    let books = load_keeping(move || {
        let query = CloseQuery { day: iso_date::read(&address.get("day")) };
        async move { ask(async |portal| portal.reconciliation(&query).await).await }
    });
    let day = move || close.read(|close| close.day.to_string()).unwrap_or_default();
    view! {
        <Page title=t("staff_billing.close").to_string() section=t("staff_billing.title") back=back()>
            <div class="nhsuk-form-group no-print">
                <label class="nhsuk-label" for="day">
                    {t("staff_billing.day")}
                </label>
                <input
                    class="nhsuk-input nhsuk-input--width-10"
                    id="day"
                    type="date"
                    prop:value=day
                    on:change=move |event| address.set(&[("day", &event_target_value(&event))])
                />
            </div>
            {loaded(close, t("what.balances"), |close| view! { <Closed close /> }.into_any())}
            {loaded(
                books,
                t("what.books"),
                |all| all.into_iter().map(|one| view! { <Compared one /> }.into_any()).collect_view().into_any(),
            )}
            <PrintButton />
        </Page>
    }
    .into_any()
}

#[component]
fn Closed(close: DailyClose) -> impl IntoView {
    let row = |sum: CloseSum| {
        view! {
            <tr>
                <th scope="row">{t_word("ledger_kind", sum.kind.as_str())}</th>
                <td>{sum.count}</td>
                <td class="app-money">{sum.amount.shown()}</td>
            </tr>
        }
        .into_any()
    };
    let rows: Vec<_> = close.sums.into_iter().map(row).collect();
    let heads = [t("staff_billing.kind"), t("staff_billing.count"), t("staff_billing.amount")];
    let table = format!("{}?day={}", daily_close_path(), close.day);
    view! {
        <h2 class="nhsuk-heading-m">{intl::date(close.day)}</h2>
        {summary(
            vec![
                Fact::text(t("staff_billing.drawer"), close.desk.shown()),
                Fact::text(t("staff_billing.gateway"), close.gateway.shown()),
            ],
        )}
        {parts::table(t("staff_billing.close"), &heads, "close", rows)}
        <p class="no-print nhsuk-u-margin-top-4">
            <a href=table download="">
                {t("staff_billing.download")}
            </a>
        </p>
    }
    .into_any()
}

/// The ledger beside the books of a gateway.
#[component]
fn Compared(one: Reconciliation) -> impl IntoView {
    let title = t_with("staff_billing.compared", &[("gateway", t_word("gateway", &one.gateway))]);
    let row = |one: Difference| {
        let who = match one.patient {
            Some(patient) => {
                let href = format!("/staff/billing/patients/{}", patient.id);
                view! {
                    <a href=href>
                        <bdi>{patient.full_name()}</bdi>
                    </a>
                }
                .into_any()
            }
            None => t("staff_billing.unknown_payment").into_any(),
        };
        view! {
            <tr>
                <th scope="row">{who}</th>
                <td>{t_word("difference_kind", one.kind.as_str())}</td>
                <td class="app-money">{one.ledger.shown()}</td>
                <td class="app-money">{one.at_gateway.shown()}</td>
            </tr>
        }
        .into_any()
    };
    let heads = [
        t("staff_billing.patient"),
        t("staff_billing.difference"),
        t("staff_billing.in_ledger"),
        t("staff_billing.at_gateway"),
    ];
    let id = if one.gateway == "stripe" { "differences-stripe" } else { "differences" };
    let waiting = (one.waiting > 0).then(|| view! { <p>{t_count("staff_billing.waiting", one.waiting)}</p> });
    let rows: Vec<_> = one.differences.into_iter().map(row).collect();
    let differences = match rows.is_empty() {
        true => view! { <p>{t("staff_billing.no_difference")}</p> }.into_any(),
        false => parts::table(t("staff_billing.differences"), &heads, id, rows),
    };
    view! {
        <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{title}</h2>
        {summary(
            vec![
                Fact::text(t("staff_billing.in_ledger"), one.ledger.shown()),
                Fact::text(t("staff_billing.at_gateway"), one.at_gateway.shown()),
            ],
        )}
        {waiting}
        {differences}
    }
    .into_any()
}
