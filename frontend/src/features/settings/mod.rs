//! The settings of the own account, the same for patients and staff.

mod access_log_page;
mod activity_page;
mod appearance;
mod devices_page;
mod duty_page;
mod email_page;
mod hub_page;
mod parts;
mod passkeys_page;
mod password_page;
mod preferences_page;
mod profile_page;
mod recovery_codes;
mod totp_setup;
mod two_step_page;
mod unsubscribe_page;

use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    path,
};

use crate::{
    shared::section::{Lazily, Opened, lazy},
    text,
};

#[derive(Clone, Copy)]
enum SettingsPage {
    Hub,
    Profile,
    Password,
    Email,
    TwoStep,
    Passkeys,
    Devices,
    Activity,
    AccessLog,
    Preferences,
    Duty,
    Unsubscribe,
}

/// The section of the download that holds these pages.
#[wasm_split(account, wasm_split_path = leptos::wasm_split, fallible)]
fn open(page: SettingsPage) -> Opened {
    text::bring(text::ACCOUNT);
    Ok(match page {
        SettingsPage::Hub => view! { <hub_page::HubPage /> }.into_any(),
        SettingsPage::Profile => view! { <profile_page::ProfilePage /> }.into_any(),
        SettingsPage::Password => view! { <password_page::PasswordPage /> }.into_any(),
        SettingsPage::Email => view! { <email_page::EmailPage /> }.into_any(),
        SettingsPage::TwoStep => view! { <two_step_page::TwoStepPage /> }.into_any(),
        SettingsPage::Passkeys => view! { <passkeys_page::PasskeysPage /> }.into_any(),
        SettingsPage::Devices => view! { <devices_page::DevicesPage /> }.into_any(),
        SettingsPage::Activity => view! { <activity_page::ActivityPage /> }.into_any(),
        SettingsPage::AccessLog => view! { <access_log_page::AccessLogPage /> }.into_any(),
        SettingsPage::Preferences => view! { <preferences_page::PreferencesPage /> }.into_any(),
        SettingsPage::Duty => view! { <duty_page::DutyPage /> }.into_any(),
        SettingsPage::Unsubscribe => view! { <unsubscribe_page::UnsubscribePage /> }.into_any(),
    })
}

fn shown(page: SettingsPage) -> Lazily {
    lazy(move || open(page))
}

/// What must be done before anything else, and what a mailed link does, stand outside the frames.
#[component(transparent)]
pub fn PublicRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/duty") view=shown(SettingsPage::Duty) />
        <Route path=path!("/unsubscribe") view=shown(SettingsPage::Unsubscribe) />
    }
    .into_inner()
    .into_any_nested_route()
}

/// A patient's pages.
#[component(transparent)]
pub fn PatientRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/account") view=shown(SettingsPage::Hub) />
        <Route path=path!("/account/profile") view=shown(SettingsPage::Profile) />
        <Route path=path!("/account/password") view=shown(SettingsPage::Password) />
        <Route path=path!("/account/email") view=shown(SettingsPage::Email) />
        <Route path=path!("/account/two-step") view=shown(SettingsPage::TwoStep) />
        <Route path=path!("/account/passkeys") view=shown(SettingsPage::Passkeys) />
        <Route path=path!("/account/devices") view=shown(SettingsPage::Devices) />
        <Route path=path!("/account/activity") view=shown(SettingsPage::Activity) />
        <Route path=path!("/account/access-log") view=shown(SettingsPage::AccessLog) />
        <Route path=path!("/account/preferences") view=shown(SettingsPage::Preferences) />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The staff's.
#[component(transparent)]
pub fn StaffRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/staff/account") view=shown(SettingsPage::Hub) />
        <Route path=path!("/staff/account/profile") view=shown(SettingsPage::Profile) />
        <Route path=path!("/staff/account/password") view=shown(SettingsPage::Password) />
        <Route path=path!("/staff/account/email") view=shown(SettingsPage::Email) />
        <Route path=path!("/staff/account/two-step") view=shown(SettingsPage::TwoStep) />
        <Route path=path!("/staff/account/passkeys") view=shown(SettingsPage::Passkeys) />
        <Route path=path!("/staff/account/devices") view=shown(SettingsPage::Devices) />
        <Route path=path!("/staff/account/activity") view=shown(SettingsPage::Activity) />
        <Route path=path!("/staff/account/preferences") view=shown(SettingsPage::Preferences) />
    }
    .into_inner()
    .into_any_nested_route()
}
