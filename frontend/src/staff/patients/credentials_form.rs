//! Temporary credentials by e-mail at check-in (ENR-2).

use leptos::prelude::*;
use portal_domain::{accounts::parse_email, enrolment::TemporaryCredentials, patients::PatientSummary};

use super::enrolment_panel::Panel;
use crate::{
    api::ask,
    shared::{
        dialog::Confirm,
        field::{Kind, TextField},
        form::Submit,
        intl::{self, Style},
        practice::Practice,
    },
    text::{t, t_with},
};

/// An address, and the button that mails there.
#[component]
pub fn CredentialsForm(
    /// To whom.
    patient: PatientSummary,
    /// The address in the chart.
    email: Option<String>,
    /// Whether a token is open, which stops working.
    open: bool,
    /// The panel.
    panel: Panel,
) -> impl IntoView {
    let form = panel.form;
    let zone = StoredValue::new(Practice::here().zone());
    let id = patient.id;
    let email = RwSignal::new(email.unwrap_or_default());
    let confirm = RwSignal::new(false);
    let mail = Callback::new(move |()| {
        let credentials = match parse_email("email", &email.get_untracked()) {
            Ok(email) => TemporaryCredentials { email },
            Err(error) => return form.refuse(vec![error]),
        };
        panel.begin();
        form.send(
            async move { ask(async |portal| portal.mail_credentials(id, &credentials).await).await },
            move |mailed| {
                let until = intl::format(mailed.expires_at, Style::Full, &zone.get_value());
                panel.done(t_with("credentials.sent", &[("email", &mailed.email), ("date", &until)]));
            },
        );
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match parse_email("email", &email.get_untracked()) {
            Err(error) => form.refuse(vec![error]),
            Ok(_) if open => confirm.set(true),
            Ok(_) => mail.run(()),
        }
    };
    let warning = t_with("token.replace_text", &[("name", &patient.full_name())]);
    view! {
        <h3 class="nhsuk-heading-s">{t("credentials.title")}</h3>
        <p>{t("credentials.text")}</p>
        <form on:submit=send novalidate>
            <TextField
                form
                name="email"
                label=t("credentials.email")
                value=email
                kind=Kind {
                    autocomplete: "off",
                    input: "email",
                    verbatim: true,
                    width: "nhsuk-input--width-20",
                    ..Default::default()
                }
            />
            <Submit form label=t("credentials.send").to_string() />
        </form>
        <Confirm
            open=confirm
            id="mail-title"
            title=Signal::derive(|| t("credentials.replace").to_string())
            text=Signal::derive(move || warning.clone())
            yes=t("credentials.replace_yes")
            act=mail
        />
    }
    .into_any()
}
