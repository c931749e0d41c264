//! Money that was taken at the desk.

use leptos::prelude::*;
use portal_domain::{
    billing::{DeskMethod, NewDeskPayment},
    ids::PatientId,
};

use super::{amount_field, ledger_page::Ledger, typed};
use crate::{
    api::ask,
    shared::{
        choice::{Choice, Radios},
        field::TextField,
        form::Submit,
        live::live,
    },
    text::{t, t_with},
};

/// Posts a payment.
#[component]
pub fn DeskForm(patient: PatientId, ledger: Ledger) -> impl IntoView {
    let form = ledger.form;
    let text = || RwSignal::new(String::new());
    let (amount, number, method) = (text(), text(), RwSignal::new("cash".to_owned()));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(view) = ledger.bills.get() else { return };
        let Some(amount) = typed(form, "amount", amount, view.payable.currency) else { return };
        let method = if method.get_untracked() == "check" { DeskMethod::Check } else { DeskMethod::Cash };
        let check_number = if method == DeskMethod::Check { number.get_untracked() } else { String::new() };
        let new = NewDeskPayment { amount, method, check_number };
        if let Err(problem) = new.clone().check(view.payable) {
            return form.refuse(problem.errors);
        }
        let key = form.key();
        ledger.said.set(String::new());
        form.send(
            async move { ask(async |portal| portal.take_payment(patient, &new, key).await).await },
            move |payment| {
                let said = [("amount", payment.amount.shown()), ("receipt", payment.receipt)];
                let said = said.each_ref().map(|(name, value)| (*name, value.as_str()));
                ledger.done(t_with("staff_billing.taken", &said));
            },
        );
    };
    let choices =
        vec![Choice::new("cash", t("staff_billing.cash")), Choice::new("check", t("staff_billing.check"))];
    let is_check = Memo::new(move |_| method.with(|method| method == "check"));
    view! {
        <h2 class="nhsuk-heading-m">{t("staff_billing.desk")}</h2>
        <form on:submit=send novalidate>
            {amount_field(form, amount)} <Radios form name="method" legend=t("staff_billing.method") choices value=method />
            {live(move || {
                is_check
                    .get()
                    .then(|| {
                        view! { <TextField form name="check_number" label=t("staff_billing.check_number") value=number /> }
                    })
            })} <Submit form label=t("staff_billing.take").to_string() />
        </form>
    }
    .into_any()
}
