//! A page that could not get its data: what failed, that nothing is lost, and the ways on.

use leptos::prelude::*;
use portal_domain::problem::{Code, Problem};

use super::{
    live::live,
    practice::{Phone, Practice},
};
use crate::{
    api::ApiError,
    text::{t, t_with, t_word},
};

/// One plain sentence for what went wrong.
pub fn sentence(error: &ApiError) -> String {
    match error {
        ApiError::Network => t("error.network").into(),
        ApiError::Decode => t("error.decode").into(),
        ApiError::SignedOut => t_word("problem", Code::SignInRequired.as_str()).into(),
        ApiError::Unconfirmed => t_word("problem", Code::ProofRequired.as_str()).into(),
        ApiError::Problem(problem) => of_problem(problem),
    }
}

fn of_problem(problem: &Problem) -> String {
    let line = t_word("problem", problem.code.as_str());
    match &problem.detail {
        // What role or state it is about, in the server's words.
        Some(detail) => format!("{line} {detail}"),
        None => line.into(),
    }
}

/// The failed state of a page or a part of one.
#[component]
pub fn ProblemView(
    /// What went wrong.
    error: ApiError,
    /// What could not be loaded, in the middle of a sentence.
    what: &'static str,
    /// Tries again.
    retry: Callback<()>,
) -> impl IntoView {
    let practice = Practice::here();
    let final_answer = matches!(error.code(), Some(Code::NotFound | Code::RoleRequired));
    let heading = match error.code() {
        Some(Code::NotFound) => t("error.not_found").into(),
        Some(Code::RoleRequired) => t("refused.title").into(),
        _ => t_with("error.could_not_load", &[("what", what)]),
    };
    let reference = match &error {
        ApiError::Problem(problem) => problem.request_id.filter(|_| problem.status >= 500),
        _ => None,
    };
    let text = sentence(&error);
    view! {
        <div class="app-error" role="alert">
            <h2 class="nhsuk-heading-m">{heading}</h2>
            <p>{text}</p>
            {(!final_answer)
                .then(|| {
                    view! {
                        <p>{t("error.safe")}</p>
                        <button
                            type="button"
                            class="nhsuk-button nhsuk-u-margin-bottom-3"
                            on:click=move |_| retry.run(())
                        >
                            {t("action.try_again")}
                        </button>
                    }
                })}
            {live(move || {
                practice
                    .phone()
                    .map(|phone| {
                        view! {
                            <p>
                                {t("error.call")} " " <Phone number=phone />
                            </p>
                        }
                    })
            })}
            {reference
                .map(|reference| {
                    view! { <p class="app-quiet">{t_with("error.reference", &[("reference", &reference.to_string())])}</p> }
                })}
        </div>
    }
    .into_any()
}
