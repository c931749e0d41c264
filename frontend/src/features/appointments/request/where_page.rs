//! First question: which location.

use leptos::prelude::*;
use portal_domain::{practice::PracticeView, problem::FieldError};

use super::draft::{Draft, Step};
use crate::{
    shared::{
        choice::{Choice, Radios},
        form::{ErrorSummary, Form, Submit},
        list::Address,
        load::loaded,
        page::Page,
        practice::Practice,
    },
    text::t,
};

/// `/appointments/request/where`
#[component]
pub fn WherePage() -> AnyView {
    let practice = Practice::here();
    let draft = Draft::here();
    let address = Address::here();
    let form = Form::new();
    // Another location has other providers.
    let before = draft.location.get_untracked();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let now = draft.location.get_untracked();
        if now.is_empty() {
            return form.refuse(vec![FieldError::new("location_id", "choose", t("request.choose_location"))]);
        }
        if now != before {
            draft.provider.set(String::new());
            return address.go(Step::Who.href());
        }
        draft.after(Step::Where, address);
    };
    let choices = |practice: &PracticeView| {
        let choice = |location: &portal_domain::practice::LocationView| {
            Choice::new(location.id.to_string(), &location.name).hint(location.address.join(", "))
        };
        practice.locations.iter().map(choice).collect::<Vec<_>>()
    };
    view! {
        <Page
            title=t("request.where").to_string()
            caption=Step::Where.caption()
            section=t("nav.request")
            form=form
            back=Step::Where.back()
            reading=true
        >
            <ErrorSummary form />
            <div class="nhsuk-inset-text">{t("request.urgent")}</div>
            {loaded(
                practice.0,
                t("what.practice"),
                move |practice| {
                    let send = send.clone();
                    view! {
                        <form on:submit=send novalidate>
                            <Radios
                                form
                                name="location_id"
                                legend=t("request.where")
                                hidden_legend=true
                                choices=choices(&practice)
                                value=draft.location
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
