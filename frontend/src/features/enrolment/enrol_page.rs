//! The two steps of an enrolment on one address: nothing of it may stand in the history.

use leptos::prelude::*;
use portal_domain::{enrolment::Identity, problem::Code};

use super::{account_step::AccountStep, identity_step::IdentityStep};
use crate::{
    logic::paths::token_in,
    shared::{form::Form, live::live, page::Page, practice::Locations},
    text::{t, t_with},
};

/// A person whose token, date of birth and name were right.
#[derive(Clone)]
pub struct Confirmed {
    /// What was right.
    pub identity: Identity,
    /// For the greeting.
    pub given_name: String,
}

/// The token in this page's address. It is taken out of the address, so that it stays out of bookmarks and history.
fn token_from_address() -> String {
    let location = window().location();
    let fragment = location.hash().unwrap_or_default();
    let Some(token) = token_in(&fragment) else { return String::new() };
    if let (Ok(history), Ok(path)) = (window().history(), location.pathname()) {
        // Where the browser refuses, the token stays in the address; it works once all the same.
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path));
    }
    token.to_string()
}

/// `/enrol#token=`
#[component]
pub fn EnrolPage() -> AnyView {
    let token = RwSignal::new(token_from_address());
    let confirmed = RwSignal::new(None::<Confirmed>);
    live(move || match confirmed.get() {
        None => {
            let form = Form::new();
            view! {
                <Page title=t("enrol.title").to_string() caption=t("enrol.step_1") form=form reading=true>
                    <IdentityStep form token confirmed />
                    <Help form />
                </Page>
            }
            .into_any()
        }
        Some(person) => {
            let form = Form::new();
            let title = t_with("enrol.welcome", &[("name", &person.given_name)]);
            view! {
                <Page title caption=t("enrol.step_2") form=form reading=true>
                    <AccountStep form person confirmed />
                    <Help form />
                </Page>
            }
            .into_any()
        }
    })
}

/// Where to get help; open at once when the details did not match.
#[component]
fn Help(form: Form) -> impl IntoView {
    let refused = move || form.code() == Some(Code::EnrolmentRefused);
    view! {
        <details class="nhsuk-details" prop:open=refused>
            <summary class="nhsuk-details__summary">
                <span class="nhsuk-details__summary-text">{t("enrol.help")}</span>
            </summary>
            <div class="nhsuk-details__text">
                <p>{t("enrol.help_text")}</p>
                <Locations />
            </div>
        </details>
    }
    .into_any()
}
