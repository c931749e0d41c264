//! Inviting somebody to look after the owner: what they may do, then a code that is shown this once.

use leptos::prelude::*;
use portal_domain::dependents::{IssuedProxyInvite, NewProxyInvite};

use super::back;
use crate::{
    api::ask,
    session::Session,
    shared::{
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
    let (related, chosen) = (RwSignal::new(String::new()), Chosen::new());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(own) = session.own() else { return };
        let mut errors = Vec::new();
        let related = relationship(related).map_err(|error| errors.push(error));
        let terms = chosen.read().map_err(|error| errors.push(error));
        let (Ok(relationship), Ok(terms)) = (related, terms) else { return form.refuse(errors) };
        let new = NewProxyInvite { relationship, terms };
        form.send(
            async move { ask(async |portal| portal.invite_proxy(own, &new).await).await },
            move |invite| issued.set(Some(invite)),
        );
    };
    view! {
        <Page title=t("family.invite").to_string() section=t("family.title") form=form back=back() reading=true>
            {live(move || match issued.get() {
                Some(invite) => view! { <Issued invite /> }.into_any(),
                None => view! {
                    <ErrorSummary form />
                    <p>{t("family.invite_intro")}</p>
                    <form on:submit=send novalidate>
                        <RelationshipField form label=t("family.they_are") value=related />
                        <TermsFields form chosen />
                        <Submit form label=t("family.invite_do").to_string() />
                    </form>
                }
                .into_any(),
            })}
        </Page>
    }
    .into_any()
}

#[component]
fn Issued(invite: IssuedProxyInvite) -> impl IntoView {
    let last = intl::format(invite.expires_at, Style::Full, &Practice::here().zone());
    view! {
        <div class="app-done" role="status">
            <p>{t("family.code_is")}</p>
            <p class="app-code">
                <strong>{invite.code}</strong>
            </p>
            <p>{t_with("family.code_until", &[("date", &last)])}</p>
        </div>
        <p class="nhsuk-u-margin-top-4">{t("family.code_tell")}</p>
        <a class="nhsuk-button" href="/family">
            {t("family.title")}
        </a>
    }
    .into_any()
}
