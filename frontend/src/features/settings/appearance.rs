//! How the pages look on this device.

use leptos::prelude::*;

use crate::{
    shared::{
        choice::{Choice, Radios},
        form::Form,
        live::follow,
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

/// The choice of a theme. It counts at once.
#[component]
pub fn Appearance() -> impl IntoView {
    let theme = RwSignal::new(chosen_theme());
    follow(move |first| {
        let theme = theme.get();
        if !first {
            choose_theme(&theme);
        }
    });
    let themes = vec![
        Choice::new("", t("account.theme_device")),
        Choice::new("light", t("account.theme_light")),
        Choice::new("dark", t("account.theme_dark")),
    ];
    view! {
        <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("account.theme")}</h2>
        <Radios
            form=Form::new()
            name="theme"
            legend=t("account.theme_legend")
            choices=themes
            value=theme
        />
    }
    .into_any()
}
