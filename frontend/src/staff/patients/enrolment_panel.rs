//! Where a patient stands with enrolment: a token on paper, temporary credentials by e-mail, or an account to help with.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    enrolment::{EnrolmentState, OpenToken},
    patients::PatientSummary,
};

use super::{account_help::AccountHelp, credentials_form::CredentialsForm};
use crate::{
    api::ask,
    session::Session,
    shared::{
        dialog::Confirm,
        done::Done,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        live::live,
        load::{Load, load, loaded},
        practice::Practice,
    },
    staff::letter::{Handout, Letter},
    text::{t, t_with},
};

/// What the parts of the panel share.
#[derive(Clone, Copy)]
pub struct Panel {
    /// Errors of every act here.
    pub form: Form,
    /// Where the patient stands.
    pub state: Load<EnrolmentState>,
    /// What was just handed out on paper.
    pub letter: RwSignal<Option<Handout>>,
    /// What was just done.
    pub said: RwSignal<String>,
}

impl Panel {
    /// Begins another act: what the last one left goes away.
    pub fn begin(self) {
        self.said.set(String::new());
        self.letter.set(None);
    }

    /// Says what was done, and looks again.
    pub fn done(self, said: String) {
        self.said.set(said);
        self.state.again();
    }
}

/// The panel.
#[component]
pub fn EnrolmentPanel(
    /// Whose enrolment.
    patient: PatientSummary,
    /// The address in the chart, for filling in.
    email: Option<String>,
) -> impl IntoView {
    let id = patient.id;
    let panel = Panel {
        form: Form::new(),
        state: load(move || ask(async move |portal| portal.enrolment_state(id).await)),
        letter: RwSignal::new(None),
        said: RwSignal::new(String::new()),
    };
    let form = panel.form;
    let person = StoredValue::new((patient, email));
    view! {
        <section aria-labelledby="enrolment">
            <div class="no-print">
                <h2 class="nhsuk-heading-m" id="enrolment">
                    {t("token.title")}
                </h2>
                <ErrorSummary form />
                <Done said=panel.said />
                {loaded(
                    panel.state,
                    t("what.enrolment"),
                    move |state| {
                        let (patient, email) = person.get_value();
                        match state.account {
                            Some(account) => view! { <AccountHelp patient account panel /> }.into_any(),
                            None => view! { <Invite patient email token=state.token panel /> }.into_any(),
                        }
                    },
                )}
            </div>
            {live(move || panel.letter.get().map(|handout| view! { <Letter handout /> }))}
        </section>
    }
    .into_any()
}

/// Two ways to let a patient in: a letter, or an e-mail.
#[component]
fn Invite(
    patient: PatientSummary,
    email: Option<String>,
    token: Option<OpenToken>,
    panel: Panel,
) -> impl IntoView {
    let form = panel.form;
    let id = patient.id;
    let confirm = RwSignal::new(false);
    let issue = Callback::new(move |()| {
        panel.begin();
        form.send(ask(async move |portal| portal.issue_enrolment_token(id).await), move |token| {
            panel.letter.set(Some(Handout::enrolment(token)));
            panel.state.again();
        });
    });
    let open = token.is_some();
    let may_issue = Session::here().may(Action::Issue, Category::Enrolment);
    let start = move |_| if open { confirm.set(true) } else { issue.run(()) };
    let warning = t_with("token.replace_text", &[("name", &patient.full_name())]);
    let acts = may_issue.then(|| {
        view! {
            <button
                type="button"
                class="nhsuk-button"
                aria-disabled=move || form.busy().then_some("true")
                on:click=start
            >
                {if open { t("token.again") } else { t("token.issue") }}
            </button>
            <CredentialsForm patient email open panel />
            <Confirm
                open=confirm
                id="replace-title"
                title=Signal::derive(|| t("token.replace").to_string())
                text=Signal::derive(move || warning.clone())
                yes=t("token.replace_yes")
                act=issue
            />
        }
    });
    view! {
        <p>{standing(token)}</p>
        {acts}
    }
    .into_any()
}

fn standing(token: Option<OpenToken>) -> String {
    let zone = Practice::here().zone();
    let time = |at| intl::format(at, Style::Full, &zone);
    let Some(token) = token else { return t("token.none").into() };
    let (issued, expires) = (time(token.issued_at), time(token.expires_at));
    let facts = [("who", token.issued_by.as_str()), ("issued", &issued), ("expires", &expires)];
    match &token.mailed_to {
        Some(email) => t_with("token.mailed", &[facts[0], facts[1], facts[2], ("email", email)]),
        None => t_with("token.open", &facts),
    }
}
