//! Inviting somebody to look after the owner: what they may do, then a code that is shown this once, or a link by e-mail.

use leptos::prelude::*;
use portal_domain::dependents::{IssuedProxyInvite, MailedInvite, NewProxyInvite};

use super::back;
use crate::{
    api::ask,
    session::Session,
    shared::{
        choice::{Choice, Radios},
        field::{Kind, TextField},
        form::{ErrorSummary, Form, Submit},
        grant_terms::{Chosen, RelationshipField, TermsFields, relationship},
        intl::{self, Style},
        live::live,
        page::Page,
        practice::Practice,
    },
    text::{t, t_with},
};

/// `/family/invite`
#[component]
pub fn InvitePage() -> AnyView {
    let (session, form) = (Session::here(), Form::new());
    let issued = RwSignal::new(None::<IssuedProxyInvite>);
    let text = |text: &str| RwSignal::new(text.to_owned());
    let (how, email, family_name) = (text("code"), text(""), text(""));
    let by_mail = Memo::new(move |_| how.with(|how| how == "mail"));
    let (related, chosen) = (RwSignal::new(String::new()), Chosen::new());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(own) = session.own() else { return };
        let mut errors = Vec::new();
        let related = relationship(related).map_err(|error| errors.push(error));
        let terms = chosen.read().map_err(|error| errors.push(error));
        let mail = by_mail.get_untracked().then(|| {
            let mail =
                MailedInvite { email: email.get_untracked(), family_name: family_name.get_untracked() };
            mail.check().map_err(|problem| errors.extend(problem.errors))
        });
        let (Ok(relationship), Ok(terms), Ok(mail)) = (related, terms, mail.transpose()) else {
            return form.refuse(errors);
        };
        let new = NewProxyInvite { relationship, terms, mail };
        form.send(
            async move { ask(async |portal| portal.invite_proxy(own, &new).await).await },
            move |invite| issued.set(Some(invite)),
        );
    };
    view! {
        <Page title=t("family.invite").to_string() section=t("family.title") form=form back=back() reading=true>
            {live(move || match issued.get() {
                Some(invite) => view! { <Issued invite email=email.get_untracked() /> }.into_any(),
                None => view! {
                    <ErrorSummary form />
                    <p>{t("family.invite_intro")}</p>
                    <form on:submit=send novalidate>
                        <RelationshipField form label=t("family.they_are") value=related />
                        <TermsFields form chosen />
                        <Radios form name="how" legend=t("family.how") choices=ways() value=how />
                        {live(move || by_mail.get().then(|| view! { <MailFields form email family_name /> }))}
                        <Submit form label=t("family.invite_do").to_string() />
                    </form>
                }
                .into_any(),
            })}
        </Page>
    }
    .into_any()
}

/// The ways in which an invitation gets to somebody.
fn ways() -> Vec<Choice> {
    vec![
        Choice::new("code", t("family.how_code")),
        Choice::new("mail", t("family.how_mail")).hint(t("family.how_mail_hint")),
    ]
}

/// Where the link goes, and whom it is for.
#[component]
fn MailFields(form: Form, email: RwSignal<String>, family_name: RwSignal<String>) -> impl IntoView {
    view! {
        <TextField
            form
            name="mail.email"
            label=t("family.mail_address")
            value=email
            kind=Kind { input: "email", autocomplete: "off", verbatim: true, ..Default::default() }
        />
        <TextField
            form
            name="mail.family_name"
            label=t("family.their_family_name")
            hint=t("family.mail_name_hint")
            value=family_name
            kind=Kind { autocomplete: "off", verbatim: true, ..Default::default() }
        />
    }
    .into_any()
}

#[component]
fn Issued(invite: IssuedProxyInvite, email: String) -> impl IntoView {
    let last = intl::format(invite.expires_at, Style::Full, &Practice::here().zone());
    let (what, tell) = match invite.code {
        Some(code) => {
            let what = view! {
                <p>{t("family.code_is")}</p>
                <p class="app-code">
                    <strong>{code}</strong>
                </p>
            };
            (what.into_any(), t("family.code_tell"))
        }
        None => {
            let sent = t_with("family.mail_sent", &[("email", email.trim())]);
            (view! { <p>{sent}</p> }.into_any(), t("family.mail_tell"))
        }
    };
    view! {
        <div class="app-done" role="status">
            {what} <p>{t_with("family.code_until", &[("date", &last)])}</p>
        </div>
        <p class="nhsuk-u-margin-top-4">{tell}</p>
        <a class="nhsuk-button" href="/family">
            {t("family.title")}
        </a>
    }
    .into_any()
}
