//! Bills: what is owed, statements, paying, receipts (PAY-1 to PAY-3). Comes with a section of the chart's download.

mod card_page;
mod cards_part;
mod hub_page;
mod pay_page;
mod payment_page;
mod plan_form;
mod plan_page;
mod plan_part;
mod question_page;
mod questions;
mod statement_page;
mod year_page;

use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    hooks::use_params_map,
    path,
};
use portal_domain::billing::{DisputeSubject, LedgerLine, Money, PaymentMethodView, TransactionKind};
use uuid::Uuid;

use self::questions::mark;
use crate::{
    acting::link,
    shared::{
        intl::{self, Style},
        live::live,
        page::Back,
        section::{Opened, lazy},
    },
    text::{self, t, t_with, t_word},
};

/// The pages.
#[derive(Clone, Copy)]
enum BillingPage {
    Hub,
    /// A statement, a payment, or paying, by the address.
    Part,
}

/// The section of the download that holds these pages. Its words stand with those of the chart.
#[wasm_split(told, wasm_split_path = leptos::wasm_split, fallible)]
fn open(page: BillingPage) -> Opened {
    text::bring(text::CHART);
    Ok(match page {
        BillingPage::Hub => view! { <hub_page::HubPage /> }.into_any(),
        BillingPage::Part => view! { <Part /> }.into_any(),
    })
}

/// A patient's pages.
#[component(transparent)]
pub fn PatientRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/billing") view=lazy(|| open(BillingPage::Hub)) />
        <Route path=path!("/billing/:part/:id") view=lazy(|| open(BillingPage::Part)) />
    }
    .into_inner()
    .into_any_nested_route()
}

/// `/billing/pay/:statement`, `/billing/payments/:id`, `/billing/statements/:id`, `/billing/years/:year`, `/billing/cards/:id`,
/// `/billing/plan/:id`, where `new` is none yet, and `/billing/question-{line,statement,payment}/:id`: one route, since
/// routes load before sign-in.
#[component]
fn Part() -> impl IntoView {
    let params = use_params_map();
    let part = Memo::new(move |_| params.with(|params| params.get("part")).unwrap_or_default());
    let is_new = Memo::new(move |_| params.with(|params| params.get("id").as_deref() == Some("new")));
    live(move || match part.get().as_str() {
        "cards" => view! { <card_page::CardPage /> }.into_any(),
        "plan" if is_new.get() => view! { <plan_form::PlanForm /> }.into_any(),
        "plan" => view! { <plan_page::PlanPage /> }.into_any(),
        "pay" => view! { <pay_page::PayPage /> }.into_any(),
        "payments" => view! { <payment_page::PaymentPage /> }.into_any(),
        "years" => view! { <year_page::YearPage /> }.into_any(),
        part if part.starts_with("question-") => view! { <question_page::QuestionPage /> }.into_any(),
        _ => view! { <statement_page::StatementPage /> }.into_any(),
    })
}

/// The way back to all bills.
fn back() -> Back {
    Back { href: link("/billing"), label: t("billing.title") }
}

/// An amount, which keeps its direction within any text.
fn sum(amount: Money) -> AnyView {
    view! { <bdi class="app-money">{amount.shown()}</bdi> }.into_any()
}

/// The last month of a card: `12/2040`.
fn last_month(card: &PaymentMethodView) -> String {
    let (month, year) = (card.expires_month.unwrap_or_default(), card.expires_year.unwrap_or_default());
    format!("{month:02}/{year}")
}

/// The way to question a whole statement or payment, or to the conversation about it (PAY-4).
fn question(kind: DisputeSubject, id: Uuid, about: String) -> AnyView {
    view! { <p>{mark(kind, id, about, t("billing.question"))}</p> }.into_any()
}

/// What a line does to the balance, in a list.
fn line(line: LedgerLine) -> AnyView {
    let about = line.about.map(|name| t_with("billing.for_name", &[("name", &name)]));
    let what = match line.description.as_str() {
        "" => t_word("ledger_kind", line.kind.as_str()).to_owned(),
        text => text.to_owned(),
    };
    let is_payment = matches!(line.kind, TransactionKind::Payment | TransactionKind::DeskPayment);
    let kind_word = t_word("ledger_kind", line.kind.as_str());
    let named = format!("{}, {}", if is_payment { kind_word } else { &what }, line.amount.shown());
    let title = match is_payment {
        true => view! {
            <a class="app-row__link" href=link(&format!("/billing/payments/{}", line.id))>
                {t_word("ledger_kind", line.kind.as_str())}
            </a>
        }
        .into_any(),
        false => view! {
            <strong class="app-row__text">
                <bdi>{what}</bdi>
            </strong>
        }
        .into_any(),
    };
    let is_for_insurer = line.owed.amount == 0;
    let kind = (!is_payment || is_for_insurer).then(|| t_word("ledger_kind", line.kind.as_str()));
    let mut meta = vec![intl::calendar(line.date, Style::ShortDate)];
    meta.extend(kind.map(str::to_owned));
    meta.extend(is_payment.then_some(line.description).filter(|text| !text.is_empty()));
    meta.extend(about);
    let subject = if is_payment { DisputeSubject::Payment } else { DisputeSubject::Line };
    let question = mark(subject, line.id.0, named, t("billing.question_this"));
    let reversed = line
        .is_reversed
        .then(|| view! { <strong class="nhsuk-tag nhsuk-tag--grey">{t("billing.reversed")}</strong> });
    let side = match is_for_insurer {
        true => view! { <span class="app-quiet">{sum(line.amount)}</span> }.into_any(),
        false => view! { <strong>{sum(line.owed)}</strong> }.into_any(),
    };
    view! {
        <li class="app-row">
            {title}
            <p class="app-row__meta">
                <bdi>{meta.join(" · ")}</bdi>
            </p>
            <p class="app-row__meta">{question}</p>
            <div class="app-row__side">{side} " " {reversed}</div>
        </li>
    }
    .into_any()
}
