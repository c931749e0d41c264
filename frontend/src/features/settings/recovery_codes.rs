//! Recovery codes, shown this once: to download, print, copy, and to keep.

use leptos::prelude::*;
use portal_domain::accounts::RecoveryCodes;
use wasm_bindgen_futures::JsFuture;

use crate::{
    logic::paths::encode,
    session::Session,
    shared::{
        live::{go_on, live},
        people::PrintButton,
        practice::Practice,
    },
    text::{t, t_with},
};

/// The codes and what to do with them.
#[component]
pub fn Codes(
    /// The codes.
    codes: RecoveryCodes,
    /// Goes on once they are kept.
    kept: Callback<()>,
) -> impl IntoView {
    let practice = Practice::here();
    let username = Session::here().read(|view| view.username.clone()).unwrap_or_default();
    let whose = t_with(
        "recovery_codes.whose",
        &[("username", &username), ("practice", &untrack(|| practice.name()))],
    );
    let lines: Vec<String> = [whose.clone(), t("recovery_codes.each_once").into()]
        .into_iter()
        .chain(codes.codes.clone())
        .collect();
    let file = lines.join("\r\n");
    let download = format!("data:text/plain;charset=utf-8,{}", encode(&file));
    let copied = RwSignal::new(None::<bool>);
    let copy = move |_| {
        let writing = window().navigator().clipboard().write_text(&file);
        go_on(async move {
            copied.try_set(Some(JsFuture::from(writing).await.is_ok()));
        });
    };
    let said = move || match copied.get() {
        Some(true) => t("recovery_codes.copied"),
        Some(false) => t("recovery_codes.not_copied"),
        None => "",
    };
    let item = |code: String| view! { <li class="app-code">{code}</li> };
    view! {
        <p>{t("recovery_codes.text")}</p>
        <p>
            <strong>{t("recovery_codes.once")}</strong>
        </p>
        <p class="print-only">{whose}</p>
        <ul class="app-codes" aria-label=t("recovery_codes.list")>
            {codes.codes.into_iter().map(item).collect_view()}
        </ul>
        <div class="app-cluster no-print nhsuk-u-margin-bottom-3">
            <a class="nhsuk-button nhsuk-button--secondary" href=download download="recovery-codes.txt">
                {t("recovery_codes.download")}
            </a>
            <PrintButton />
            <button type="button" class="nhsuk-button nhsuk-button--secondary" on:click=copy>
                {t("recovery_codes.copy")}
            </button>
        </div>
        <p role="status">{live(said)}</p>
        <button type="button" class="nhsuk-button no-print" on:click=move |_| kept.run(())>
            {t("recovery_codes.kept")}
        </button>
    }
    .into_any()
}
