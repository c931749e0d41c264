//! Money that goes back to a card, or a payment at the desk that is taken back.

use leptos::prelude::*;
use portal_domain::{
    billing::{LedgerLine, NewRefund, NewVoid, TransactionKind},
    ids::{PatientId, PaymentId},
};

use super::{amount_field, ledger_page::Ledger, typed};
use crate::{
    api::ask,
    shared::{
        field::TextField,
        form::{Submit, focus},
        live::follow,
    },
    text::{t, t_with},
};

/// The form for one line of the ledger.
#[component]
pub fn GiveBack(patient: PatientId, line: LedgerLine, ledger: Ledger) -> impl IntoView {
    let form = ledger.form;
    let is_refund = line.kind == TransactionKind::Payment;
    let currency = line.amount.currency;
    let (amount, reason) = (RwSignal::new(line.amount.plain()), RwSignal::new(String::new()));
    let id = line.id;
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (reason, key) = (reason.get_untracked(), form.key());
        if !is_refund {
            let new = NewVoid { reason };
            return form.send(
                async move { ask(async |portal| portal.void_payment(patient, id, &new, key).await).await },
                move |view| ledger.done(t_with("staff_billing.voided", &[("amount", &view.amount.shown())])),
            );
        }
        let Some(amount) = typed(form, "amount", amount, currency) else { return };
        let new = NewRefund { amount, reason };
        let payment = PaymentId(id.0);
        form.send(
            async move { ask(async |portal| portal.refund_payment(patient, payment, &new, key).await).await },
            move |view| ledger.done(t_with("staff_billing.refunded", &[("amount", &view.refunded.shown())])),
        );
    };
    // The button that led here is far below.
    follow(move |_| request_animation_frame(|| focus("give-back")));
    let (title, label) = match is_refund {
        true => (t("staff_billing.refund_title"), t("staff_billing.refund_do")),
        false => (t("staff_billing.void_title"), t("staff_billing.void_do")),
    };
    view! {
        <h2 class="nhsuk-heading-m" id="give-back" tabindex="-1">
            {title}
            " "
            <bdi>{line.amount.shown()}</bdi>
        </h2>
        <form on:submit=send novalidate>
            {is_refund.then(|| amount_field(form, amount))}
            <TextField form name="reason" label=t("staff_billing.reason") hint=t("staff_billing.reason_hint") value=reason />
            <p class="app-cluster">
                <Submit form label=label.to_string() warning=true />
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary"
                    on:click=move |_| ledger.done(String::new())
                >
                    {t("action.cancel")}
                </button>
            </p>
        </form>
    }
    .into_any()
}
