//! The steps of an enrolment on one address: nothing of it may stand in the history.

use leptos::prelude::*;
use portal_domain::{enrolment::Identity, problem::Code};

use super::{account_step::AccountStep, identity_step::IdentityStep};
use crate::{
    shared::{
        form::Form,
        fragment::token_from_address,
        handed::{Handed, take},
        help::HelpByPhone,
        live::live,
        page::Page,
    },
    text::{t, t_with},
};

/// A person whose token, date of birth and name were right.
#[derive(Clone)]
pub struct Confirmed {
    /// What was right.
    pub identity: Identity,
    /// For the greeting.
    pub given_name: String,
    /// The address that was given at check-in.
    pub email: Option<String>,
}

/// The token that a link or the sign-in with temporary credentials brought along; else empty.
fn token_brought() -> String {
    let handed = take(|handed| match handed {
        Handed::Token(token) => Some(token),
        _ => None,
    });
    handed.unwrap_or_else(token_from_address)
}

/// Where an enrolment stands.
#[derive(Clone)]
pub enum Stage {
    /// Token, date of birth and name.
    Identity,
    /// Username, password, e-mail and terms.
    Account(Confirmed),
    /// The account is there; a second step is offered. The address waits for its link.
    Ready { given_name: String, email: Option<String> },
}

/// `/enrol#token=`
#[component]
pub fn EnrolPage() -> AnyView {
    let token = RwSignal::new(token_brought());
    let stage = RwSignal::new(Stage::Identity);
    live(move || match stage.get() {
        Stage::Identity => {
            let form = Form::new();
            view! {
                <Page title=t("enrol.title").to_string() caption=t("enrol.step_1") form=form reading=true>
                    <IdentityStep form token stage />
                    <Help form />
                </Page>
            }
            .into_any()
        }
        Stage::Account(person) => {
            let form = Form::new();
            let title = t_with("enrol.welcome", &[("name", &person.given_name)]);
            view! {
                <Page title caption=t("enrol.step_2") form=form reading=true>
                    <AccountStep form person stage />
                    <Help form />
                </Page>
            }
            .into_any()
        }
        Stage::Ready { given_name, email } => view! { <Ready given_name email /> }.into_any(),
    })
}

/// The account is there: what comes by mail, and the offer of a second step (SEC-2).
#[component]
fn Ready(given_name: String, email: Option<String>) -> impl IntoView {
    let mailed = email.map(|email| view! { <p>{t_with("enrol.mailed", &[("email", &email)])}</p> });
    view! {
        <Page title=t_with("enrol.ready", &[("name", &given_name)]) reading=true>
            {mailed} <h2 class="nhsuk-heading-m">{t("enrol.offer")}</h2> <p>{t("enrol.offer_text")}</p>
            <div class="app-cluster">
                <a class="nhsuk-button" href="/account/two-step?start=yes">
                    {t("enrol.offer_yes")}
                </a>
                <a class="nhsuk-button nhsuk-button--secondary" href="/home">
                    {t("enrol.offer_no")}
                </a>
            </div>
            <p class="app-quiet nhsuk-u-margin-top-3">{t("enrol.offer_later")}</p>
        </Page>
    }
    .into_any()
}

/// Where to get help; open at once when the details did not match.
#[component]
fn Help(form: Form) -> impl IntoView {
    let refused = Signal::derive(move || form.code() == Some(Code::EnrolmentRefused));
    view! { <HelpByPhone text=t("enrol.help_text") needed=refused /> }.into_any()
}
