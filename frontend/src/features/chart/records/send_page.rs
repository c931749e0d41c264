//! Sending a copy of a record to somebody: to whom, in which format, and how (SEC-5).

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    ids::HealthRecordId,
    record::RecordFormat,
    transmissions::{NewTransmission, TransmissionSent, TransmissionWay},
};

use crate::{
    acting::link,
    api::ask,
    session::Session,
    shared::{
        choice::{Checkbox, Choice, Radios},
        field::{Kind, TextField},
        form::{ErrorSummary, Form, Submit},
        intl::{self, Style},
        live::live,
        page::{Back, Page},
        practice::Practice,
    },
    text::{t, t_with, t_word},
};

/// `/chart/records/:id/send`
#[component]
pub fn SendPage() -> AnyView {
    let params = use_params_map();
    let id = params.with_untracked(|params| params.get("id")).unwrap_or_default();
    let back = StoredValue::new(Back { href: format!("/chart/records/{id}"), label: t("record.one") });
    let record = id.parse::<HealthRecordId>().ok();
    let sent = RwSignal::new(None::<TransmissionSent>);
    live(move || match sent.get() {
        None => view! { <Question record sent back=back.get_value() /> }.into_any(),
        Some(sent) => view! { <Sent sent back=back.get_value() /> }.into_any(),
    })
}

#[component]
fn Question(
    record: Option<HealthRecordId>,
    sent: RwSignal<Option<TransmissionSent>>,
    back: Back,
) -> impl IntoView {
    let (session, form) = (Session::here(), Form::new());
    let text = |value: &str| RwSignal::new(value.to_string());
    let (recipient, format, way) = (text(""), text("pdf"), text("link"));
    let accepts = RwSignal::new(false);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(patient), Some(record)) = (session.patient(), record) else { return };
        let new = NewTransmission {
            recipient: recipient.get_untracked(),
            format: format.with_untracked(|format| format.parse()).unwrap_or(RecordFormat::Pdf),
            way: way.with_untracked(|way| way.parse()).unwrap_or(TransmissionWay::Link),
            days: None,
            accepts_unencrypted: accepts.get_untracked(),
        };
        let (new, key) = match new.check() {
            Ok(new) => (new, form.key()),
            Err(errors) => return form.refuse(errors),
        };
        form.send(
            async move {
                ask(async |portal| portal.send_transmission(patient, record, &new, key).await).await
            },
            move |answer| sent.set(Some(answer)),
        );
    };
    let formats = RecordFormat::ALL.iter().map(|format| {
        Choice::new(format.as_str(), t_word("record_format", format.as_str()))
            .hint(t_word("record_format_hint", format.as_str()))
    });
    let formats = formats.collect::<Vec<_>>();
    let way_choice = |way: TransmissionWay| {
        Choice::new(way.as_str(), t_word("send_way", way.as_str()))
            .hint(t_word("send_way_hint", way.as_str()))
    };
    let ways = TransmissionWay::ALL.iter().copied().map(way_choice).collect::<Vec<_>>();
    view! {
        <Page title=t("send.title").to_string() section=t("record.title") form=form back=back reading=true>
            <ErrorSummary form />
            <p class="nhsuk-lede-text">{t("send.intro")}</p>
            <form on:submit=send novalidate>
                <TextField
                    form
                    name="recipient"
                    label=t("send.recipient")
                    hint=t("send.recipient_hint")
                    value=recipient
                    kind=Kind { input: "email", verbatim: true, ..Default::default() }
                />
                <Radios form name="format" legend=t("send.format") choices=formats value=format />
                <Radios form name="way" legend=t("send.way") choices=ways value=way />
                {live(move || {
                    way.with(|way| way == TransmissionWay::Attachment.as_str())
                        .then(|| {
                            view! {
                                <div class="nhsuk-warning-callout">
                                    <h2 class="nhsuk-warning-callout__label">{t("send.warning")}</h2>
                                    <p>{t("send.warning_text")}</p>
                                    <p>{t("send.warning_sent")}</p>
                                    <Checkbox
                                        form
                                        name="accepts_unencrypted"
                                        label=t("send.accept")
                                        value=accepts
                                    />
                                </div>
                            }
                        })
                })}
                <Submit form label=t("send.send").to_string() />
            </form>
        </Page>
    }
    .into_any()
}

/// What was sent, and the pass code: now or never.
#[component]
fn Sent(sent: TransmissionSent, back: Back) -> impl IntoView {
    let TransmissionSent { transmission, code } = sent;
    let zone = Practice::here().zone();
    let to = t_with("send.done_to", &[("to", &transmission.recipient)]);
    let ends = transmission
        .expires_at
        .map(|end| t_with("send.done_ends", &[("end", &intl::format(end, Style::Short, &zone))]));
    let is_link = transmission.way == TransmissionWay::Link;
    let below = match code {
        Some(code) => view! {
            <div class="app-box nhsuk-u-margin-bottom-4">
                <h2 class="nhsuk-heading-s nhsuk-u-margin-bottom-2">{t("send.code")}</h2>
                <p class="nhsuk-u-margin-bottom-2">
                    <strong class="app-code nhsuk-u-font-size-32" id="pass-code">
                        {code}
                    </strong>
                </p>
                <p class="nhsuk-u-margin-bottom-0">{t("send.code_once")}</p>
            </div>
            <p>{t("send.code_apart")}</p>
        }
        .into_any(),
        None if is_link => view! { <p>{t("send.code_gone")}</p> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <Page title=t("send.done").to_string() section=t("record.title") back=back reading=true>
            <p>{to}</p>
            {below}
            {ends.map(|ends| view! { <p>{ends}</p> })}
            <p>
                <a class="nhsuk-button nhsuk-button--secondary" href=link("/chart/records/sent")>
                    {t("sent.title")}
                </a>
            </p>
        </Page>
    }
    .into_any()
}
