//! The form: what shall not be done, with which information, and with whom or how.

use leptos::prelude::*;
use portal_domain::{
    petitions::{MAX_WORDS, Petition},
    problem::FieldError,
    restrictions::{NewRestriction, RestrictionAim},
};

use super::{ROOT, back};
use crate::{
    api::ask,
    session::Session,
    shared::{
        choice::{Choice, Radios},
        field::{TextArea, TextField},
        form::{ErrorSummary, Form, Submit},
        list::Address,
        page::Page,
    },
    text::{t, t_word},
};

/// `/chart/limits/new`
#[component]
pub fn RequestPage() -> AnyView {
    let (session, address, form) = (Session::here(), Address::here(), Form::new());
    let text = || RwSignal::new(String::new());
    let (aim, what, limit, why) = (text(), text(), text(), text());
    let choice = |aim: &RestrictionAim| {
        Choice::new(aim.as_str(), t_word("restriction_aim", aim.as_str()))
            .hint(t_word("restriction_aim_hint", aim.as_str()))
    };
    let choices: Vec<Choice> = RestrictionAim::ALL.iter().map(choice).collect();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(patient) = session.patient() else { return };
        let Ok(aim) = aim.with_untracked(|word| word.parse::<RestrictionAim>()) else {
            return form.refuse(vec![FieldError::new("aim", "required", t("field_error.required"))]);
        };
        let new = NewRestriction {
            aim,
            what: what.get_untracked(),
            limit: limit.get_untracked(),
            why: why.get_untracked(),
        };
        if let Err(problem) = new.clone().check() {
            return form.refuse(problem.errors);
        }
        let key = form.key();
        form.send(
            async move { ask(async |portal| portal.request_restriction(patient, &new, key).await).await },
            move |sent| address.replace(&format!("{ROOT}/{}?sent=1", sent.petitioned.id)),
        );
    };
    view! {
        <Page title=t("limits.ask").to_string() section=t("nav.chart") form=form back=back()>
            <ErrorSummary form />
            <p>{t("limits.right")}</p>
            <form on:submit=send novalidate>
                <Radios form name="aim" legend=t("limits.aim") choices value=aim />
                <TextField form name="what" label=t("limits.which") hint=t("limits.which_hint") value=what />
                <TextArea form name="limit" label=t("limits.limit") hint=t("limits.limit_hint") value=limit max=MAX_WORDS rows=3 />
                <TextArea form name="why" label=t("limits.why") value=why max=MAX_WORDS rows=3 />
                <Submit form label=t("corrections.send").to_string() />
            </form>
        </Page>
    }
    .into_any()
}
