//! Writing to many patients: to whom, in whose name, what; and how many that are, before it is sent.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    audience::Audience,
    ids::TeamId,
    messages::{CohortMessageView, MAX_BODY, NewCohortMessage, TeamChoice},
    problem::FieldError,
};

use super::ROOT;
use crate::{
    api::ask,
    shared::{
        choice::Radios,
        dialog::Confirm,
        field::{TextArea, TextField},
        form::{ErrorSummary, Form, Submit},
        list::Address,
        load::{load, loaded},
        page::{Back, Page},
    },
    staff::{
        audience::{AudienceFields, AudienceText, Counting},
        messages::{own_teams, team_choices},
        parts::for_role,
        templates::TemplatePicker,
    },
    text::{t, t_count},
};

/// `/staff/cohort-messages/new`
#[component]
pub fn NewPage() -> AnyView {
    for_role(Action::Act, Category::Messages, || {
        let form = Form::new();
        let teams = load(own_teams);
        view! {
            <Page
                title=t("cohort.new").to_string()
                section=t("shell.staff_portal")
                form=form
                back=Back { href: ROOT.into(), label: t("cohort.title") }
                reading=true
            >
                <ErrorSummary form />
                {loaded(
                    teams,
                    t("what.page"),
                    move |teams| {
                        if teams.is_empty() {
                            return view! { <p>{t("cohort.no_team")}</p> }.into_any();
                        }
                        view! { <Write teams form /> }.into_any()
                    },
                )}
            </Page>
        }
        .into_any()
    })
}

fn counting() -> Counting {
    Counting::new(|audience| {
        Box::pin(async move { ask(async |portal| portal.cohort_reach(&audience).await).await })
    })
}

#[component]
fn Write(teams: Vec<TeamChoice>, form: Form) -> impl IntoView {
    let address = Address::here();
    let only = if teams.len() == 1 { teams.first().map(|team| team.id.to_string()) } else { None };
    let team = RwSignal::new(only.unwrap_or_default());
    let (subject, text) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let audience = AudienceText::of(&Audience::default());
    // What waits for the answer to "to so many?".
    let (asked, asking) = (RwSignal::new(None::<NewCohortMessage>), RwSignal::new(false));
    let counts = counting();
    let read = move || -> Result<NewCohortMessage, Vec<FieldError>> {
        let mut errors = Vec::new();
        let team_id = team.get().parse::<TeamId>().ok();
        if team_id.is_none() {
            errors.push(FieldError::new("team_id", "required", t("field_error.required")));
        }
        let audience = audience.read().unwrap_or_else(|wrong| {
            errors.extend(wrong);
            Audience::default()
        });
        let message = NewCohortMessage {
            team_id: team_id.unwrap_or(TeamId(uuid::Uuid::nil())),
            subject: subject.get(),
            text: text.get(),
            audience,
            confirmed_patients: None,
        };
        let checked = message.check().map_err(|problem| errors.extend(problem.errors));
        checked.ok().filter(|_| errors.is_empty()).ok_or(errors)
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let message = match untrack(read) {
            Ok(message) => message,
            Err(errors) => return form.refuse(errors),
        };
        form.send(counts.run(message.audience.clone()), move |reach| {
            let message = NewCohortMessage { confirmed_patients: Some(reach.patients), ..message };
            if let Err(problem) = message.check_reach(reach.patients) {
                return form.refuse(problem.errors);
            }
            asked.set(Some(message));
            asking.set(true);
        });
    };
    let send = Callback::new(move |()| {
        let Some(message) = asked.get_untracked() else { return };
        let key = form.key();
        form.send(
            async move { ask(async |portal| portal.send_to_cohort(&message, key).await).await },
            move |view: CohortMessageView| address.replace(&format!("{ROOT}/{}", view.id)),
        );
    });
    let question = Signal::derive(move || {
        let patients = asked.with(|asked| asked.as_ref().and_then(|asked| asked.confirmed_patients));
        t_count("cohort.confirm", patients.unwrap_or_default())
    });
    view! {
        <p>{t("cohort.answers")}</p>
        <form on:submit=submit novalidate>
            <AudienceFields form text=audience counting=counts />
            <Radios form name="team_id" legend=t("staff_compose.team") choices=team_choices(&teams) value=team />
            <TextField form name="subject" label=t("compose.subject") value=subject />
            <TemplatePicker form team=team.into() text field="text" />
            <TextArea form name="text" label=t("cohort.text") value=text max=MAX_BODY rows=8 />
            <Submit form label=t("compose.send").to_string() />
        </form>
        <Confirm
            open=asking
            id="confirm-title"
            title=question
            text=t("cohort.confirm_text").to_string()
            yes=t("cohort.confirm_yes")
            act=send
        />
    }
    .into_any()
}
