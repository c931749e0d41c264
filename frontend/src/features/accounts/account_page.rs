//! The own account: who is signed in, how the pages look, and the way out.

use leptos::prelude::*;
use portal_domain::accounts::SessionView;

use crate::{
    session::Session,
    shared::{
        choice::{Choice, Radios},
        form::Form,
        intl,
        live::follow,
        page::Page,
    },
    text::t,
};

const THEME: &str = "portal-theme";

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// The chosen theme: `light`, `dark`, or empty for the device's own.
fn chosen_theme() -> String {
    storage().and_then(|storage| storage.get_item(THEME).ok().flatten()).unwrap_or_default()
}

/// Shows the theme now and keeps the choice on this device; the boot script reads it.
fn choose_theme(theme: &str) {
    let Some(root) = document().document_element() else { return };
    if theme.is_empty() {
        // Storage that refuses only means that the choice ends with the page.
        let _ = root.remove_attribute("data-theme");
        let _ = storage().map(|storage| storage.remove_item(THEME));
    } else {
        let _ = root.set_attribute("data-theme", theme);
        let _ = storage().map(|storage| storage.set_item(THEME, theme));
    }
}

/// `/account`
#[component]
pub fn AccountPage() -> AnyView {
    let session = Session::here();
    let theme = RwSignal::new(chosen_theme());
    follow(move |first| {
        let theme = theme.get();
        if !first {
            choose_theme(&theme);
        }
    });
    let details = move |view: SessionView| {
        let mut rows = vec![(t("account.name"), view.display_name), (t("account.username"), view.username)];
        if let Some(patient) = view.patient {
            rows.push((t("account.born"), intl::date(patient.birth_date)));
            rows.push((t("account.mrn"), patient.mrn));
        }
        let row = |(key, value): (&'static str, String)| {
            view! {
                <div class="nhsuk-summary-list__row">
                    <dt class="nhsuk-summary-list__key">{key}</dt>
                    <dd class="nhsuk-summary-list__value">
                        <bdi>{value}</bdi>
                    </dd>
                </div>
            }
        };
        view! { <dl class="nhsuk-summary-list">{rows.into_iter().map(row).collect_view()}</dl> }
    };
    let themes = vec![
        Choice::new("", t("account.theme_device")),
        Choice::new("light", t("account.theme_light")),
        Choice::new("dark", t("account.theme_dark")),
    ];
    view! {
        <Page title=t("nav.account").to_string() reading=true>
            {session.read(Clone::clone).map(details)}
            <p class="app-quiet">{t("account.wrong")}</p>
            <Radios form=Form::new() name="theme" legend=t("account.theme") choices=themes value=theme />
            <button type="button" class="nhsuk-button" on:click=move |_| session.sign_out()>
                {t("action.sign_out")}
            </button>
        </Page>
    }
    .into_any()
}
