//! What the practice would give up; somebody else decides.

use leptos::prelude::*;
use portal_domain::{billing::NewWriteOff, ids::PatientId};

use super::{ledger_page::Ledger, typed};
use crate::{
    api::ask,
    shared::{
        field::{Kind, TextField},
        form::{ErrorSummary, Form, Submit},
    },
    text::{t, t_with},
};

/// Another form of the page has a field `amount`.
const FIELD: &str = "write_off_amount";

/// Asks for a write-off.
#[component]
pub fn WriteOffForm(patient: PatientId, ledger: Ledger) -> impl IntoView {
    // Its own errors: another form of this page has an amount as well.
    let form = Form::new();
    let text = || RwSignal::new(String::new());
    let (amount, reason) = (text(), text());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(view) = ledger.bills.get() else { return };
        let Some(amount) = typed(form, FIELD, amount, view.payable.currency) else { return };
        let new = NewWriteOff { amount, reason: reason.get_untracked() };
        if let Err(mut problem) = new.clone().check(view.payable) {
            for error in problem.errors.iter_mut().filter(|error| error.field == "amount") {
                error.field = FIELD.into();
            }
            return form.refuse(problem.errors);
        }
        let key = form.key();
        ledger.said.set(String::new());
        form.send(
            async move { ask(async |portal| portal.ask_write_off(patient, &new, key).await).await },
            move |asked| {
                ledger.done(t_with("staff_billing.write_off_asked", &[("amount", &asked.amount.shown())]))
            },
        );
    };
    let kind = Kind { width: "nhsuk-input--width-10", keyboard: "decimal", ..Kind::default() };
    view! {
        <details class="nhsuk-details">
            <summary class="nhsuk-details__summary">
                <span class="nhsuk-details__summary-text">{t("staff_billing.write_off")}</span>
            </summary>
            <div class="nhsuk-details__text">
                <ErrorSummary form />
                <p>{t("staff_billing.write_off_text")}</p>
                <form on:submit=send novalidate>
                    <TextField form name=FIELD label=t("staff_billing.write_off_amount") value=amount kind />
                    <TextField form name="reason" label=t("staff_billing.reason") value=reason />
                    <Submit form label=t("staff_billing.write_off_ask").to_string() />
                </form>
            </div>
        </details>
    }
    .into_any()
}
