//! Looking after somebody: by their enrolment token, by an invitation's code, or by asking the practice.

use leptos::prelude::*;
use portal_domain::{
    dependents::{InviteAcceptance, MAX_REASON, NewDependent, NewDependentRequest},
    enrolment::Identity,
    problem::{Code, FieldError},
};

use super::back;
use crate::{
    api::{ApiError, ask},
    session::Session,
    shared::{
        date_field::{DateField, DateText},
        field::{Kind, TextArea, TextField},
        form::{ErrorSummary, Form, Submit},
        fragment::invite_from_address,
        grant_terms::{RelationshipField, relationship},
        list::Address,
        page::Page,
    },
    text::t,
};

/// A field that must not be empty.
fn filled(field: &str, value: RwSignal<String>, errors: &mut Vec<FieldError>) -> String {
    let text = value.with_untracked(|text| text.trim().to_owned());
    if text.is_empty() {
        errors.push(FieldError::new(field, "required", t("field_error.required")));
    }
    text
}

/// Shows a refusal of token or code at its field.
fn at_field(form: Form, field: &'static str) -> impl FnOnce(ApiError) {
    move |error| {
        if error.code() == Some(Code::EnrolmentRefused) {
            form.refuse_at(field, Code::EnrolmentRefused);
        }
    }
}

/// `/family/token`
#[component]
pub fn TokenPage() -> AnyView {
    let (session, form, address) = (Session::here(), Form::new(), Address::here());
    let text = || RwSignal::new(String::new());
    let (token, family_name, related, birth_date) = (text(), text(), text(), DateText::new());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(own) = session.own() else { return };
        let mut errors = Vec::new();
        let token = filled("token", token, &mut errors);
        let born = untrack(|| birth_date.parse("birth_date")).map_err(|error| errors.push(error));
        let family_name = filled("family_name", family_name, &mut errors);
        let related = relationship(related).map_err(|error| errors.push(error));
        let (Ok(birth_date), Ok(relationship), true) = (born, related, errors.is_empty()) else {
            return form.refuse(errors);
        };
        let new = NewDependent { identity: Identity { token, birth_date, family_name }, relationship };
        form.send_or(
            async move { ask(async |portal| portal.add_dependent(own, &new).await).await },
            move |_| address.replace("/family"),
            at_field(form, "token"),
        );
    };
    view! {
        <Page title=t("family.by_token").to_string() section=t("family.title") form=form back=back() reading=true>
            <ErrorSummary form />
            <p>{t("family.token_intro")}</p>
            <form on:submit=send novalidate autocomplete="off">
                <TextField
                    form
                    name="token"
                    label=t("family.token")
                    hint=t("family.token_hint")
                    value=token
                    kind=Kind { autocomplete: "one-time-code", verbatim: true, width: "nhsuk-input--width-20 nhsuk-input--code", ..Default::default() }
                />
                <DateField
                    form
                    name="birth_date"
                    legend=t("family.their_birth_date")
                    hint=t("enrol.birth_date_hint")
                    value=birth_date
                />
                <TextField
                    form
                    name="family_name"
                    label=t("family.their_family_name")
                    value=family_name
                    kind=Kind { verbatim: true, ..Default::default() }
                />
                <RelationshipField form label=t("family.i_am") value=related />
                <Submit form label=t("family.add_do").to_string() />
            </form>
        </Page>
    }
    .into_any()
}

/// `/family/code`, also with an invitation's code in the fragment, as a mailed link has it.
#[component]
pub fn CodePage() -> AnyView {
    let (session, form, address) = (Session::here(), Form::new(), Address::here());
    let invited = invite_from_address();
    let is_link = !invited.is_empty();
    let code = RwSignal::new(invited);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(own) = session.own() else { return };
        let mut errors = Vec::new();
        let code = filled("code", code, &mut errors);
        if !errors.is_empty() {
            return form.refuse(errors);
        }
        let acceptance = InviteAcceptance { code };
        form.send_or(
            async move { ask(async |portal| portal.accept_invite(own, &acceptance).await).await },
            move |_| address.replace("/family"),
            at_field(form, "code"),
        );
    };
    let (title, intro) = match is_link {
        true => (t("family.link_title"), t("family.link_intro")),
        false => (t("family.by_code"), t("family.code_intro")),
    };
    view! {
        <Page title=title.to_string() section=t("family.title") form=form back=back() reading=true>
            <ErrorSummary form />
            <p>{intro}</p>
            <form on:submit=send novalidate autocomplete="off">
                <TextField
                    form
                    name="code"
                    label=t("family.code")
                    value=code
                    kind=Kind { autocomplete: "one-time-code", verbatim: true, width: "nhsuk-input--width-20 nhsuk-input--code", ..Default::default() }
                />
                <Submit form label=t("family.accept").to_string() />
            </form>
        </Page>
    }
    .into_any()
}

/// `/family/request`
#[component]
pub fn RequestPage() -> AnyView {
    let (session, form, address) = (Session::here(), Form::new(), Address::here());
    let text = || RwSignal::new(String::new());
    let (given_name, family_name, related, reason) = (text(), text(), text(), text());
    let birth_date = DateText::new();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(own) = session.own() else { return };
        let mut errors = Vec::new();
        let given_name = filled("given_name", given_name, &mut errors);
        let family_name = filled("family_name", family_name, &mut errors);
        let born = untrack(|| birth_date.parse("birth_date")).map_err(|error| errors.push(error));
        let related = relationship(related).map_err(|error| errors.push(error));
        let (Ok(birth_date), Ok(relationship), true) = (born, related, errors.is_empty()) else {
            return form.refuse(errors);
        };
        let reason = reason.get_untracked();
        let new = NewDependentRequest { given_name, family_name, birth_date, relationship, reason };
        let key = form.key();
        form.send(
            async move { ask(async |portal| portal.request_dependent(own, &new, key).await).await },
            move |_| address.replace("/family"),
        );
    };
    view! {
        <Page title=t("family.by_request").to_string() section=t("family.title") form=form back=back() reading=true>
            <ErrorSummary form />
            <p>{t("family.request_intro")}</p>
            <form on:submit=send novalidate autocomplete="off">
                <TextField form name="given_name" label=t("family.their_given_name") value=given_name />
                <TextField form name="family_name" label=t("family.their_family_name") value=family_name />
                <DateField
                    form
                    name="birth_date"
                    legend=t("family.their_birth_date")
                    hint=t("enrol.birth_date_hint")
                    value=birth_date
                />
                <RelationshipField form label=t("family.i_am") value=related />
                <TextArea
                    form
                    name="reason"
                    label=t("family.reason")
                    hint=t("family.reason_hint")
                    value=reason
                    max=MAX_REASON
                    rows=3
                />
                <Submit form label=t("family.request_send").to_string() />
            </form>
        </Page>
    }
    .into_any()
}
