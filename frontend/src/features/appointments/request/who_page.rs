//! Second question: with whom.

use leptos::prelude::*;
use portal_domain::{practice::ProviderView, problem::FieldError};

use super::draft::{Draft, Step};
use crate::{
    shared::{
        choice::{Choice, Radios},
        form::{ErrorSummary, Form, Submit},
        list::Address,
        load::loaded,
        page::Page,
    },
    text::t,
};

/// `/appointments/request/who`
#[component]
pub fn WhoPage() -> AnyView {
    let draft = Draft::here();
    let address = Address::here();
    let form = Form::new();
    draft.require_answers_before(Step::Who);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if draft.provider.with_untracked(String::is_empty) {
            return form.refuse(vec![FieldError::new("provider_id", "choose", t("request.choose_provider"))]);
        }
        draft.after(Step::Who, address);
    };
    let choices = move |providers: Vec<ProviderView>| {
        let location = draft.location.get_untracked();
        let here =
            |provider: &ProviderView| provider.location_id.is_some_and(|id| id.to_string() == location);
        let choice = |provider: ProviderView| {
            Choice::new(provider.id.to_string(), provider.name).hint(provider.specialty)
        };
        let first =
            Choice::new("any", t("appointment.first_available")).hint(t("request.first_available_hint"));
        std::iter::once(first).chain(providers.into_iter().filter(here).map(choice)).collect::<Vec<_>>()
    };
    view! {
        <Page
            title=t("request.who").to_string()
            caption=Step::Who.caption()
            section=t("nav.request")
            form=form
            back=Step::Who.back()
            reading=true
        >
            <ErrorSummary form />
            {loaded(
                draft.providers,
                t("what.providers"),
                move |providers| {
                    view! {
                        <form on:submit=send novalidate>
                            <Radios
                                form
                                name="provider_id"
                                legend=t("request.who")
                                hidden_legend=true
                                choices=choices(providers)
                                value=draft.provider
                            />
                            <Submit form label=t("action.continue").to_string() />
                        </form>
                    }
                        .into_any()
                },
            )}
        </Page>
    }
    .into_any()
}
