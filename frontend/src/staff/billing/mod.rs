//! What billing staff do: balances, a patient's ledger, money at the desk, refunds, write-offs, the day's close (PAY-4).

pub(super) mod balances_page;
mod close_page;
mod desk_form;
mod disputed;
mod disputes_page;
mod failed_refunds_page;
mod ledger_page;
mod plan_part;
mod plans_page;
mod plots;
mod receivables_page;
mod refund_form;
mod write_off_form;
mod write_offs_page;

use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    hooks::use_params_map,
    path,
};
use portal_domain::billing::{Currency, Money};

use super::{BillingPage, open_billing};
use crate::{
    shared::{
        field::{Kind, TextField},
        form::Form,
        live::live,
        page::Back,
        section::lazy,
    },
    text::t,
};

/// The staff's routes.
#[component(transparent)]
pub fn StaffRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/staff/billing") view=lazy(|| open_billing(BillingPage::Balances)) />
        <Route path=path!("/staff/billing/:part/:id") view=lazy(|| open_billing(BillingPage::Part)) />
    }
    .into_inner()
    .into_any_nested_route()
}

/// `/staff/billing/patients/:id`, `/staff/billing/queue/{write-offs,disputes,failed-refunds}`, `/staff/billing/plans/live` and
/// `/staff/billing/reports/{close,receivables}`: one route, since routes load before sign-in.
#[component]
pub fn Part() -> impl IntoView {
    let params = use_params_map();
    // Which patient's ledger it is, is the page's to follow.
    let part = Memo::new(move |_| {
        let named = |name| params.with(|params| params.get(name)).unwrap_or_default();
        (named("part"), if named("part") == "patients" { String::new() } else { named("id") })
    });
    live(move || match part.with(|(part, id)| (part.clone(), id.clone())) {
        (part, _) if part == "patients" => view! { <ledger_page::LedgerPage /> }.into_any(),
        (part, id) if part == "queue" && id == "disputes" => {
            view! { <disputes_page::DisputesPage /> }.into_any()
        }
        (part, id) if part == "queue" && id == "failed-refunds" => {
            view! { <failed_refunds_page::FailedRefundsPage /> }.into_any()
        }
        (part, id) if part == "reports" && id == "receivables" => {
            view! { <receivables_page::ReceivablesPage /> }.into_any()
        }
        (part, _) if part == "plans" => view! { <plans_page::PlansPage /> }.into_any(),
        (part, _) if part == "queue" => view! { <write_offs_page::WriteOffsPage /> }.into_any(),
        _ => view! { <close_page::ClosePage /> }.into_any(),
    })
}

fn back() -> Back {
    Back { href: "/staff/billing".into(), label: t("staff_billing.title") }
}

/// A field for an amount.
fn amount_field(form: Form, value: RwSignal<String>) -> AnyView {
    let kind = Kind { width: "nhsuk-input--width-10", keyboard: "decimal", ..Kind::default() };
    view! { <TextField form name="amount" label=t("staff_billing.amount") value kind /> }.into_any()
}

/// What was typed there; what can't be an amount is refused by the form.
fn typed(form: Form, field: &str, value: RwSignal<String>, currency: Currency) -> Option<Money> {
    let amount = value.with_untracked(|text| Money::read(text, currency));
    if amount.is_none() {
        let message = t("field_error.not_money");
        form.refuse(vec![portal_domain::problem::FieldError::new(field, "not_money", message)]);
    }
    amount
}
