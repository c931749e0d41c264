//! What an account must do before anything else: accept changed terms (ENR-6), or switch a second step on because the
//! practice asks it of staff (SEC-2). Afterwards the person goes on to where they were going.

use leptos::prelude::*;
use portal_domain::{
    accounts::{Duty, RecoveryCodes, TermsAccepted, TotpSetup},
    practice::Terms,
};

use super::{passkeys_page::Add, recovery_codes::Codes, totp_setup::SetUp};
use crate::{
    api::ask,
    logic::paths::{encode, safe_next},
    session::{Session, Side},
    shared::{
        form::{ErrorSummary, Form, Submit},
        idle::IdleWarning,
        list::Address,
        live::{follow, live},
        load::loaded,
        page::Page,
        passkey,
        practice::Practice,
    },
    text::t,
};

/// Where the set-up stands. Codes are shown until they are kept, whatever the session says meanwhile.
#[derive(Clone)]
enum Stage {
    Begin,
    SetUp(TotpSetup),
    Codes(RecoveryCodes),
    /// The codes are kept; the session is asked what is left to do.
    Kept,
}

/// `/duty?next=`
#[component]
pub fn DutyPage() -> AnyView {
    let session = Session::here();
    let address = Address::here();
    let stage = RwSignal::new(Stage::Begin);
    let showing_codes = Memo::new(move |_| matches!(*stage.read(), Stage::Codes(_)));
    follow(move |_| {
        let asked = untrack(|| address.get("next"));
        let next = safe_next(&asked);
        match (session.side(), session.duty()) {
            (Side::Unknown | Side::Unreachable, _) => {}
            (Side::Nobody, _) => {
                let next = next.map_or(String::new(), |next| format!("?next={}", encode(next)));
                address.replace(&format!("/sign-in{next}"));
            }
            (_, Some(_)) => {}
            _ if showing_codes.get() => {}
            (side, None) => {
                let home = if side == Side::Staff { "/staff" } else { "/home" };
                address.replace(next.unwrap_or(home));
            }
        }
    });
    let duty = Memo::new(move |_| session.duty());
    let part = move || match (duty.get(), showing_codes.get()) {
        (_, true) | (Some(Duty::SetUpSecondStep), _) => view! { <SecondStep stage /> }.into_any(),
        (Some(Duty::AcceptTerms), _) => view! { <ChangedTerms /> }.into_any(),
        (None, _) => ().into_any(),
    };
    view! {
        {live(part)}
        <IdleWarning />
    }
    .into_any()
}

#[component]
fn SignOut() -> impl IntoView {
    let session = Session::here();
    view! {
        <button type="button" class="nhsuk-button nhsuk-button--secondary" on:click=move |_| session.sign_out()>
            {t("action.sign_out")}
        </button>
    }
    .into_any()
}

#[component]
fn ChangedTerms() -> impl IntoView {
    let practice = Practice::here();
    let form = Form::new();
    // They changed since this page was loaded, perhaps.
    practice.0.again();
    view! {
        <Page title=t("duty.terms").to_string() form=form reading=true>
            <ErrorSummary form />
            <p>{t("duty.terms_text")}</p>
            {loaded(
                practice.0,
                t("what.terms"),
                move |practice| view! { <Accept terms=practice.terms form /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

#[component]
fn Accept(terms: Terms, form: Form) -> impl IntoView {
    let session = Session::here();
    let practice = Practice::here();
    let version = terms.version;
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let accepted = TermsAccepted { version };
        form.send_or(
            async move { ask(async |portal| portal.accept_terms(&accepted).await).await },
            move |view| session.take(view),
            // Changed once more while they were read.
            move |error| {
                if !error.fields().is_empty() {
                    practice.0.again();
                }
            },
        );
    };
    view! {
        <div class="app-terms" tabindex="0" role="region" aria-label=t("enrol.terms")>
            {terms.text.split("\n\n").map(|paragraph| view! { <p>{paragraph.to_string()}</p> }).collect_view()}
        </div>
        <form on:submit=send novalidate>
            <div class="app-cluster">
                <Submit form label=t("duty.accept").to_string() />
                <SignOut />
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn SecondStep(stage: RwSignal<Stage>) -> impl IntoView {
    let session = Session::here();
    let starting = Form::new();
    let start = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        starting.send(ask(async |portal| portal.set_up_totp().await), move |setup| {
            stage.set(Stage::SetUp(setup))
        });
    };
    live(move || match stage.get() {
        Stage::Begin => view! {
            <Page title=t("duty.second_step").to_string() form=starting reading=true>
                <ErrorSummary form=starting />
                <p>{t("duty.second_step_text")}</p>
                <p>{t("two_step.needs")}</p>
                <form on:submit=start novalidate>
                    <div class="app-cluster">
                        <Submit form=starting label=t("two_step.start").to_string() />
                        <SignOut />
                    </div>
                </form>
                {passkey::available()
                    .then(|| {
                        let added = Callback::new(move |_| session.ask_again());
                        view! {
                            <h2 class="nhsuk-heading-m">{t("duty.passkey")}</h2>
                            <p>{t("passkey.what")}</p>
                            <Add form=starting added />
                        }
                    })}
            </Page>
        }
        .into_any(),
        Stage::SetUp(setup) => {
            let form = Form::new();
            let confirmed = Callback::new(move |codes| stage.set(Stage::Codes(codes)));
            view! {
                <Page title=t("totp.title").to_string() form=form reading=true>
                    <SetUp form setup confirmed />
                </Page>
            }
            .into_any()
        }
        Stage::Codes(codes) => {
            let kept = Callback::new(move |()| {
                stage.set(Stage::Kept);
                session.ask_again();
            });
            view! {
                <Page title=t("recovery_codes.title").to_string() reading=true>
                    <Codes codes kept />
                </Page>
            }
            .into_any()
        }
        Stage::Kept => ().into_any(),
    })
}
