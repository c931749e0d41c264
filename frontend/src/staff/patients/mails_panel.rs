//! What became of the e-mails to a patient, for staff who are asked why nothing came (NTF-3).

use leptos::prelude::*;
use portal_domain::{ids::PatientId, notifications::MailView, outbox::MailState};

use crate::{
    api::ask,
    shared::{
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        practice::Practice,
    },
    text::{t, t_with, t_word},
};

/// The list.
#[component]
pub fn MailsPanel(
    /// To whom.
    patient: PatientId,
) -> impl IntoView {
    let list =
        load_rows(
            move || move |page| async move { ask(async |portal| portal.mails(patient, &page).await).await },
        );
    view! {
        <section class="no-print nhsuk-u-margin-top-6" aria-labelledby="mails-title">
            <h2 class="nhsuk-heading-m" id="mails-title">{t("mails.title")}</h2>
            {listing(
                list,
                t("what.mails"),
                move || view! { <Empty text=t("mails.none") /> }.into_any(),
                move || view! { <Rows load=list id="mails" row=row /> }.into_any(),
            )}
        </section>
    }
    .into_any()
}

fn row(mail: MailView) -> AnyView {
    let zone = Practice::here().zone();
    let when = |at| intl::format(at, Style::Short, &zone);
    let class = match mail.state {
        MailState::Sent => "nhsuk-tag nhsuk-tag--green",
        MailState::Failed => "nhsuk-tag nhsuk-tag--red",
        MailState::Queued | MailState::Sending => "nhsuk-tag nhsuk-tag--blue",
        MailState::Suppressed => "nhsuk-tag nhsuk-tag--grey",
    };
    let mut facts = vec![when(mail.created_at)];
    if !mail.to.is_empty() {
        facts.push(mail.to);
    }
    facts.extend(mail.sent_at.map(|at| t_with("mails.sent", &[("date", &when(at))])));
    facts.extend(mail.due_at.map(|at| t_with("mails.due", &[("date", &when(at))])));
    facts.extend(mail.reason);
    view! {
        <li class="app-row">
            <strong>{t_word("mail_kind", mail.kind.as_str())}</strong>
            <p class="app-row__meta">{facts.join(" · ")}</p>
            <div class="app-row__side">
                <strong class=class>{t_word("mail_state", mail.state.as_str())}</strong>
            </div>
        </li>
    }
    .into_any()
}
