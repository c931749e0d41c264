//! The rules of a new password, each with a cross that turns into a check mark as one types (SEC-1).
//!
//! The lists of passwords that guessers try first weigh more than all the rest of the app. They come when somebody is
//! about to choose a password; until then, and when they can't be had, that one mark stays open and the server decides.

use leptos::{
    ev,
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};
use portal_domain::accounts::{is_easily_guessed, password_rules};
use wasm_bindgen::JsCast;

use super::{
    live::{follow, go_on, live},
    practice::Practice,
    section::at_once,
};
use crate::text::{t, t_count, t_word};

/// The section of the download that holds the lists.
#[wasm_split(guessing, wasm_split_path = leptos::wasm_split, fallible, preload(fetch_lists))]
fn easily_guessed(password: String, personal: Vec<String>) -> Result<bool, SplitLoaderError> {
    let personal: Vec<&str> = personal.iter().map(String::as_str).collect();
    Ok(is_easily_guessed(&password, &personal))
}

/// Whether the lists are there. Fetches them as soon as somebody goes to the field or `password` is filled in.
fn lists(password: RwSignal<String>) -> RwSignal<bool> {
    let (there, asked) = (RwSignal::new(false), StoredValue::new(false));
    let fetch = move || {
        if !asked.get_value() {
            asked.set_value(true);
            go_on(async move {
                let fetched = fetch_lists().await.is_ok();
                // After a failure the next letter asks again.
                asked.try_set_value(fetched);
                there.try_set(fetched);
            });
        }
    };
    follow(move |_| {
        if !password.with(String::is_empty) {
            fetch();
        }
    });
    let going = window_event_listener(ev::focusin, move |event| {
        let field = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if field.is_some_and(|field| field.matches("[autocomplete=new-password]").unwrap_or(false)) {
            fetch();
        }
    });
    on_cleanup(move || going.remove());
    there
}

/// Each rule with a cross or a check mark, by the server's own function (SEC-1).
#[component]
pub fn PasswordRules(
    /// The username, which may not stand in the password.
    username: RwSignal<String>,
    /// What is typed.
    password: RwSignal<String>,
) -> impl IntoView {
    let lists = lists(password);
    let practice = Practice::here();
    let verdict = move |username: &str, password: &str| {
        let practice = practice.0.read(|practice| practice.name.clone()).unwrap_or_default();
        let personal = vec![username.to_string(), practice];
        (lists.get() && !password.is_empty())
            .then(|| at_once(easily_guessed(password.to_string(), personal))?.ok())
            .flatten()
    };
    let rules = Memo::new(move |_| {
        let (username, password) = (username.get(), password.get());
        password_rules(&password, &username, verdict(&username, &password))
    });
    let typed = move || !password.with(String::is_empty);
    let item = move |index: usize| {
        let kept = move || rules.with(|rules| rules[index].1);
        let label = t_word("password_rule", rules.with_untracked(|rules| rules[index].0.as_str()));
        let class = move || match (kept(), typed()) {
            (Some(true), _) => "app-check app-check--met",
            (Some(false), true) => "app-check app-check--failed",
            _ => "app-check",
        };
        let state = move || match kept() {
            Some(true) => t("password.met"),
            Some(false) => t("password.not_yet"),
            None => t("password.open"),
        };
        view! {
            <li class=class>
                <span>
                    {label}
                    <span class="nhsuk-u-visually-hidden">
                        ": " {live(state)}
                    </span>
                </span>
            </li>
        }
        .into_any()
    };
    let count = move |state: Option<bool>| {
        rules.with(|rules| rules.iter().filter(|(_, kept)| *kept == state).count() as i64)
    };
    let left = Memo::new(move |_| (count(Some(false)), count(None)));
    let spoken = move || match left.get() {
        _ if !typed() => String::new(),
        (0, 0) => t("password.all_met").into(),
        (0, _) => t("password.met_so_far").into(),
        (left, _) => t_count("password.left", left),
    };
    view! {
        <div id="password-rules">
            <p class="nhsuk-u-margin-bottom-1">{t("password.rules")}</p>
            <ul class="app-checks">
                {(0..rules.with_untracked(|rules| rules.len())).map(item).collect_view()}
            </ul>
        </div>
        <p class="nhsuk-u-visually-hidden" role="status">
            {spoken}
        </p>
    }
    .into_any()
}
