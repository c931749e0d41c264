//! An account whose owner can't get in: a reset token on paper, an unlock, a lost second step (SEC-2, SEC-4, SEC-6).

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    enrolment::EnrolledAccount,
    patients::PatientSummary,
};

use super::enrolment_panel::Panel;
use crate::{
    api::ask,
    session::Session,
    shared::{
        dialog::Confirm,
        intl::{self, Style},
        practice::Practice,
        summary::{Fact, summary},
    },
    staff::letter::Handout,
    text::{t, t_with},
};

/// How the account stands, and what staff can do for its owner.
#[component]
pub fn AccountHelp(
    /// Whose.
    patient: PatientSummary,
    /// The account.
    account: EnrolledAccount,
    /// The panel.
    panel: Panel,
) -> impl IntoView {
    let session = Session::here();
    let form = panel.form;
    let (id, name) = (patient.id, patient.full_name());
    let zone = Practice::here().zone();
    let time = |at| intl::format(at, Style::Full, &zone);
    let enrolled = intl::format(account.enrolled_at, Style::Date, &zone);
    let locked = account.state.locked_until.map(|until| t_with("help.locked", &[("date", &time(until))]));
    let reset = account.reset.as_ref().map(|reset| {
        t_with("help.reset_open", &[("issued", &time(reset.issued_at)), ("expires", &time(reset.expires_at))])
    });
    let facts = vec![
        Fact::text(t("help.email"), if account.has_email { t("help.email_yes") } else { t("help.email_no") }),
        Fact::text(
            t("account.two_step"),
            if account.state.second_step { t("two_step.on") } else { t("two_step.off") },
        ),
        Fact::text(t("help.sign_in"), locked.clone().unwrap_or_else(|| t("help.open").into())),
        Fact::maybe(t("reset.token"), reset),
    ];

    let asking = RwSignal::new(false);
    let owner = name.clone();
    let issue = move |_| {
        let owner = owner.clone();
        panel.begin();
        form.send(ask(async move |portal| portal.issue_reset(id).await), move |issued| {
            panel.letter.set(Some(Handout::reset(owner, issued)));
            panel.state.again();
        });
    };
    let unlocked = t_with("help.unlocked", &[("name", &name)]);
    let unlock = move |_| {
        let unlocked = unlocked.clone();
        panel.begin();
        form.send(ask(async move |portal| portal.unlock(id).await), move |()| panel.done(unlocked));
    };
    let removed = t_with("help.removed", &[("name", &name)]);
    let remove = Callback::new(move |()| {
        let removed = removed.clone();
        panel.begin();
        form.send(ask(async move |portal| portal.reset_second_step(id).await), move |()| panel.done(removed));
    });
    let (may_issue, may_decide) =
        (session.may(Action::Issue, Category::Account), session.may(Action::Decide, Category::Account));
    let busy = move || form.busy().then_some("true");
    let title = t_with("help.remove_title", &[("name", &name)]);
    view! {
        <p>{t_with("token.enrolled", &[("username", &account.username), ("date", &enrolled)])}</p>
        {summary(facts)}
        <div class="app-cluster">
            {may_issue
                .then(|| {
                    view! {
                        <button type="button" class="nhsuk-button" aria-disabled=busy on:click=issue>
                            {t("help.issue")}
                        </button>
                    }
                })}
            {(may_decide && locked.is_some())
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="nhsuk-button nhsuk-button--secondary"
                            aria-disabled=busy
                            on:click=unlock
                        >
                            {t("help.unlock")}
                        </button>
                    }
                })}
            {(may_decide && account.state.second_step)
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="nhsuk-button nhsuk-button--secondary"
                            aria-disabled=busy
                            on:click=move |_| asking.set(true)
                        >
                            {t("help.remove")}
                        </button>
                    }
                })}
        </div>
        <Confirm
            open=asking
            id="step-title"
            title=Signal::derive(move || title.clone())
            text=Signal::derive(|| t("help.remove_text").to_string())
            yes=t("help.remove_yes")
            act=remove
        />
    }
    .into_any()
}
