//! `/shared#token=`: asks for the pass code, then gives the file.

use leptos::prelude::*;
use portal_domain::{
    problem::{Code, FieldError},
    transmissions::{TransmissionKey, TransmissionOpened, normalize_code},
};

use crate::{
    api::{TRANSMISSION_DOWNLOAD_PATH, ask},
    shared::{
        field::{Kind, TextField},
        form::{ErrorSummary, Form, Submit},
        fragment::token_from_address,
        help::HelpByPhone,
        intl::{self, Style},
        live::live,
        page::Page,
        practice::Practice,
        summary::{Fact, summary},
    },
    text::{t, t_with, t_word},
};

/// `/shared#token=`
#[component]
pub fn SharedPage() -> AnyView {
    let token = token_from_address();
    let opened = RwSignal::new(None::<(TransmissionKey, TransmissionOpened)>);
    live(move || match opened.get() {
        None => view! { <Question token=token.clone() opened /> }.into_any(),
        Some((key, file)) => view! { <File key file /> }.into_any(),
    })
}

/// The pass code. Programs that look into mail open links, but know no code.
#[component]
fn Question(token: String, opened: RwSignal<Option<(TransmissionKey, TransmissionOpened)>>) -> impl IntoView {
    let (form, code) = (Form::new(), RwSignal::new(String::new()));
    let refused = RwSignal::new(token.is_empty());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = code.get_untracked();
        if normalize_code(&typed).is_none() {
            let message = t("field_error.pass_code");
            return form.refuse(vec![FieldError::new("code", "pass_code", message)]);
        }
        let key = TransmissionKey { token: token.clone(), code: typed };
        let asked = key.clone();
        form.send_or(
            async move { ask(async |portal| portal.open_transmission(&asked).await).await },
            move |file| opened.set(Some((key, file))),
            move |error| refused.set(error.code() == Some(Code::TransmissionRefused)),
        );
    };
    view! {
        <Page title=t("shared.title").to_string() form=form reading=true>
            <ErrorSummary form />
            <p class="nhsuk-lede-text">{t("shared.intro")}</p>
            <form on:submit=send novalidate>
                <TextField
                    form
                    name="code"
                    label=t("shared.code")
                    hint=t("shared.code_hint")
                    value=code
                    kind=Kind {
                        autocomplete: "one-time-code",
                        verbatim: true,
                        width: "nhsuk-input--width-10",
                        keyboard: "numeric",
                        ..Default::default()
                    }
                />
                <Submit form label=t("shared.open").to_string() />
            </form>
            {live(move || refused.get().then(|| view! { <p>{t("shared.refused")}</p> }))}
            <HelpByPhone text=t("shared.help") needed=Signal::derive(|| false) />
        </Page>
    }
    .into_any()
}

/// The file, saved by a form: token and code stand in no address.
#[component]
fn File(key: TransmissionKey, file: TransmissionOpened) -> impl IntoView {
    let practice = Practice::here();
    let from = t_with("shared.from", &[("practice", &practice.name())]);
    let facts = vec![
        Fact::text(t("sent.format"), t_word("record_format", file.format.as_str())),
        Fact::text(t("record.ends"), intl::format(file.expires_at, Style::Short, &practice.zone())),
        Fact::text(t("shared.checksum"), file.sha256),
    ];
    view! {
        <Page title=t("shared.ready").to_string() reading=true>
            <p class="nhsuk-lede-text">{from}</p>
            <p>{t_word("record_format_hint", file.format.as_str())}</p>
            <form method="post" action=TRANSMISSION_DOWNLOAD_PATH>
                <input type="hidden" name="token" value=key.token />
                <input type="hidden" name="code" value=key.code />
                <button type="submit" class="nhsuk-button">
                    {t("shared.save")}
                </button>
            </form>
            {summary(facts)}
            <p class="app-quiet">{t("shared.keep_safe")}</p>
        </Page>
    }
    .into_any()
}
