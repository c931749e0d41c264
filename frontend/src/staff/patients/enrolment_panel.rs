//! Where a patient stands with enrolment, and handing out a token. The token is shown once.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    enrolment::{EnrolmentState, IssuedToken},
    patients::PatientSummary,
};

use super::letter::Letter;
use crate::{
    api::ask,
    session::Session,
    shared::{
        dialog::Confirm,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        live::live,
        load::{load, loaded},
        practice::Practice,
    },
    text::{t, t_with},
};

/// The panel.
#[component]
pub fn EnrolmentPanel(
    /// Whose enrolment.
    patient: PatientSummary,
) -> impl IntoView {
    let session = Session::here();
    let id = patient.id;
    let state = load(move || ask(async move |portal| portal.enrolment_state(id).await));
    let issued = RwSignal::new(None::<IssuedToken>);
    let form = Form::new();
    let confirm = RwSignal::new(false);
    let issue = Callback::new(move |()| {
        form.send(ask(async move |portal| portal.issue_enrolment_token(id).await), move |token| {
            issued.set(Some(token));
            state.again();
        });
    });
    let may_issue = session.may(Action::Issue, Category::Enrolment);
    let name = patient.full_name();
    let warning = t_with("token.replace_text", &[("name", &name)]);
    view! {
        <section aria-labelledby="enrolment">
            <div class="no-print">
                <h2 class="nhsuk-heading-m" id="enrolment">
                    {t("token.title")}
                </h2>
                <ErrorSummary form />
                {loaded(
                    state,
                    t("what.enrolment"),
                    move |state| {
                        let open = state.token.is_some();
                        let can_issue = may_issue && state.account.is_none();
                        let start = move |_| if open { confirm.set(true) } else { issue.run(()) };
                        view! {
                            {standing(&state)}
                            {can_issue
                                .then(|| {
                                    view! {
                                        <button
                                            type="button"
                                            class="nhsuk-button"
                                            aria-disabled=move || form.busy().then_some("true")
                                            on:click=start
                                        >
                                            {if open { t("token.again") } else { t("token.issue") }}
                                        </button>
                                    }
                                })}
                        }
                            .into_any()
                    },
                )}
            </div>
            {live(move || issued.get().map(|token| view! { <Letter token /> }))}
            <Confirm
                open=confirm
                id="replace-title"
                title=Signal::derive(|| t("token.replace").to_string())
                text=Signal::derive(move || warning.clone())
                yes=t("token.replace_yes")
                act=issue
            />
        </section>
    }
    .into_any()
}

fn standing(state: &EnrolmentState) -> AnyView {
    let zone = Practice::here().zone();
    let time = |at| intl::format(at, Style::Full, &zone);
    let text = match (&state.account, &state.token) {
        (Some(account), _) => t_with(
            "token.enrolled",
            &[
                ("username", &account.username),
                ("date", &intl::format(account.enrolled_at, Style::Date, &zone)),
            ],
        ),
        (None, Some(token)) => t_with(
            "token.open",
            &[
                ("who", &token.issued_by),
                ("issued", &time(token.issued_at)),
                ("expires", &time(token.expires_at)),
            ],
        ),
        (None, None) => t("token.none").into(),
    };
    view! { <p>{text}</p> }.into_any()
}
