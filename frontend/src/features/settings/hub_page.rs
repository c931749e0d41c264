//! The list of settings, each with how it stands.

use leptos::prelude::*;

use super::parts::root;
use crate::{
    api::ask,
    session::{Session, Side},
    shared::{
        intl::{self, Style},
        live::live,
        load::load,
        page::Page,
        practice::Practice,
    },
    text::{t, t_count, t_with},
};

/// `/account`
#[component]
pub fn HubPage() -> AnyView {
    let session = Session::here();
    let is_staff = untrack(|| session.side()) == Side::Staff;
    let zone = StoredValue::new(Practice::here().zone());
    let account = load(|| ask(async |portal| portal.account().await));
    let step = load(|| ask(async |portal| portal.second_step_state().await));
    let passkeys = load(|| ask(async |portal| portal.passkeys().await));
    let sessions = load(|| ask(async |portal| portal.sessions().await));
    let row = |part: &'static str, title: &'static str, text: Signal<String>| {
        view! {
            <li class="app-row">
                <a class="app-row__link" href=format!("{}/{part}", root())>
                    {title}
                </a>
                <p class="app-row__meta">{live(move || text.get())}</p>
            </li>
        }
        .into_any()
    };
    let profile = move || account.read(|account| account.username.clone()).unwrap_or_default();
    let password = move || {
        let changed = account.read(|account| account.password_changed_at).flatten();
        changed.map_or_else(
            || t("account.password_text").into(),
            |at| {
                t_with(
                    "account.password_changed",
                    &[("date", &intl::format(at, Style::Date, &zone.get_value()))],
                )
            },
        )
    };
    let email = move || {
        let said = account.read(|account| match (&account.email, &account.unverified_email) {
            (_, Some(waiting)) => t_with("account.email_waits", &[("email", waiting)]),
            (Some(email), None) => email.clone(),
            (None, None) => t("account.email_none").into(),
        });
        said.unwrap_or_default()
    };
    let two_step = move || {
        let said = step
            .read(|step| if step.totp_since.is_some() { t("account.on") } else { t("account.two_step_off") });
        said.unwrap_or_default().to_string()
    };
    let keys = move || match passkeys.read(Vec::len) {
        Some(0) => t("account.passkeys_none").into(),
        Some(count) => t_count("account.passkeys", count as i64),
        None => String::new(),
    };
    let devices = move || {
        sessions.read(Vec::len).map_or(String::new(), |count| t_count("account.devices", count as i64))
    };
    view! {
        <Page title=t("account.title").to_string() reading=true>
            <ul class="app-rows nhsuk-u-margin-bottom-5">
                {row("profile", t("account.profile"), Signal::derive(profile))}
                {row("password", t("account.password"), Signal::derive(password))}
                {row("email", t("account.email"), Signal::derive(email))}
                {row("two-step", t("account.two_step"), Signal::derive(two_step))}
                {row("passkeys", t("account.passkeys_title"), Signal::derive(keys))}
                {row("devices", t("account.devices_title"), Signal::derive(devices))}
                {row("activity", t("account.activity"), Signal::derive(|| t("account.activity_text").to_string()))}
                {(!is_staff)
                    .then(|| {
                        row(
                            "access-log",
                            t("access_log.title"),
                            Signal::derive(|| t("access_log.hub_text").to_string()),
                        )
                    })}
                {row(
                    "preferences",
                    t("account.preferences"),
                    Signal::derive(|| t("account.preferences_text").to_string()),
                )}
            </ul>
            <button type="button" class="nhsuk-button" on:click=move |_| session.sign_out()>
                {t("action.sign_out")}
            </button>
        </Page>
    }
    .into_any()
}
