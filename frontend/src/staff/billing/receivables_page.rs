//! What the practice is owed in all: how old it is, and twelve months of it, drawn and as tables (PAY-4).

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    billing::{Money, MonthSums, Receivables},
};

use super::plots::bar_plot;
use crate::{
    api::{ask, receivables_path},
    shared::{
        intl::{self, Style},
        load::{load_keeping, loaded},
        page::Page,
        people::PrintButton,
        summary::{Fact, summary},
    },
    staff::parts::{self, for_role},
    text::{t, t_with, t_word},
};

/// `/staff/billing/reports/receivables`
#[component]
pub fn ReceivablesPage() -> AnyView {
    for_role(Action::View, Category::Receivables, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let sums = load_keeping(|| async move { ask(async |portal| portal.receivables().await).await });
    view! {
        <Page title=t("staff_billing.receivables").to_string() section=t("shell.staff_portal")>
            {loaded(sums, t("what.balances"), |all| view! { <Told all /> }.into_any())}
            <p class="no-print nhsuk-u-margin-top-4">
                <a href=receivables_path() download="">
                    {t("staff_billing.download")}
                </a>
            </p>
            <PrintButton />
        </Page>
    }
    .into_any()
}

#[component]
fn Told(all: Receivables) -> impl IntoView {
    let date = intl::calendar(all.day, Style::Date);
    view! {
        <p>{t_with("staff_billing.as_of", &[("date", &date)])}</p>
        {summary(
            vec![
                Fact::text(t("staff_billing.owed_in_all"), all.owed.shown()),
                Fact::text(t("staff_billing.credit"), all.credit.shown()),
            ],
        )}
        {aging(&all)}
        {months(all.months)}
    }
    .into_any()
}

fn aging(all: &Receivables) -> AnyView {
    let name = |one: &portal_domain::billing::AgedSum| t_word("age_bucket", one.age.as_str()).to_owned();
    let values: Vec<(String, Money)> = all.aging.iter().map(|one| (name(one), one.open)).collect();
    let each: Vec<String> = values.iter().map(|(name, open)| format!("{name}: {}", open.shown())).collect();
    let sentence = t_with("staff_billing.aging_sentence", &[("each", &each.join(", "))]);
    let row = |(name, open): &(String, Money)| {
        view! {
            <tr>
                <th scope="row">{name.clone()}</th>
                <td class="app-money">{open.shown()}</td>
            </tr>
        }
        .into_any()
    };
    let rows: Vec<AnyView> = values.iter().map(row).collect();
    let heads = [t("staff_billing.age"), t("staff_billing.still_open")];
    view! {
        <h2 class="nhsuk-heading-m">{t("staff_billing.aging")}</h2>
        {bar_plot(&values, sentence)}
        {parts::table(t("staff_billing.aging"), &heads, "aging", rows)}
    }
    .into_any()
}

/// What a column shows of a month.
type Column = fn(&MonthSums) -> Money;

fn months(months: Vec<MonthSums>) -> AnyView {
    let name = |one: &MonthSums| intl::calendar(one.month, Style::Month);
    let plot = |title: &'static str, of: fn(&MonthSums) -> Money| {
        let values: Vec<(String, Money)> = months.iter().map(|one| (name(one), of(one))).collect();
        let (first, last) = (values.first()?, values.last()?);
        let by_amount = |value: &&(String, Money)| value.1.amount;
        let (least, most) = (values.iter().min_by_key(by_amount)?, values.iter().max_by_key(by_amount)?);
        let sentence = t_with(
            "staff_billing.months_sentence",
            &[
                ("title", title),
                ("from", &first.0),
                ("to", &last.0),
                ("least", &least.1.shown()),
                ("most", &most.1.shown()),
                ("last", &last.1.shown()),
            ],
        );
        let drawing = bar_plot(&values, sentence)?;
        Some(
            view! {
                <h3 class="nhsuk-heading-s">{title}</h3>
                {drawing}
            }
            .into_any(),
        )
    };
    let columns: [(&'static str, Column); 5] = [
        (t("staff_billing.owed_at_end"), |one| one.owed),
        (t("staff_billing.charged"), |one| one.charged),
        (t("staff_billing.paid"), |one| one.paid),
        (t("staff_billing.adjusted"), |one| one.adjusted),
        (t("staff_billing.given_back"), |one| one.refunded),
    ];
    let plots = columns.map(|(title, of)| plot(title, of));
    let row = |one: &MonthSums| {
        let cells = columns.map(|(_, of)| view! { <td class="app-money">{of(one).shown()}</td> });
        view! {
            <tr>
                <th scope="row">{name(one)}</th>
                {cells.into_iter().collect_view()}
            </tr>
        }
        .into_any()
    };
    let rows: Vec<AnyView> = months.iter().map(row).collect();
    let mut heads = vec![t("staff_billing.month")];
    heads.extend(columns.map(|(title, _)| title));
    view! {
        <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("staff_billing.by_month")}</h2>
        {plots.into_iter().flatten().collect_view()}
        {parts::table(t("staff_billing.by_month"), &heads, "months", rows)}
    }
    .into_any()
}
