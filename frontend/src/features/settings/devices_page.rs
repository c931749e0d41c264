//! The sessions that are open, and ending them (SEC-7).

use leptos::prelude::*;
use portal_domain::{accounts::DeviceSession, ids::SessionId};

use super::parts::back;
use crate::{
    api::ask,
    shared::{
        dialog::Confirm,
        done::Done,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        live::live,
        load::{Load, load, loaded},
        page::Page,
        practice::Practice,
    },
    text::{t, t_with},
};

/// `/account/devices`
#[component]
pub fn DevicesPage() -> AnyView {
    let form = Form::new();
    let said = RwSignal::new(String::new());
    let ending_all = RwSignal::new(false);
    let sessions = load(|| ask(async |portal| portal.sessions().await));
    let end_all = Callback::new(move |()| {
        said.set(String::new());
        form.send(ask(async |portal| portal.end_other_sessions().await), move |()| {
            said.set(t("devices.ended_all").into());
            sessions.again();
        });
    });
    let others = move || sessions.read(|sessions| sessions.len() > 1).unwrap_or(false);
    view! {
        <Page title=t("account.devices_title").to_string() section=t("account.title") back=back() reading=true>
            <ErrorSummary form />
            <Done said />
            <p>{t("devices.intro")}</p>
            {loaded(
                sessions,
                t("what.devices"),
                move |list: Vec<DeviceSession>| {
                    let row = move |session| view! { <Device session sessions form said /> };
                    view! { <ul class="app-rows nhsuk-u-margin-bottom-4">{list.into_iter().map(row).collect_view()}</ul> }
                        .into_any()
                },
            )}
            {live(move || {
                others()
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="nhsuk-button nhsuk-button--warning"
                                aria-disabled=move || form.busy().then_some("true")
                                on:click=move |_| ending_all.set(true)
                            >
                                {t("devices.end_all")}
                            </button>
                        }
                    })
            })}
            <Confirm
                open=ending_all
                id="end-all-title"
                title=Signal::derive(|| t("devices.end_all_title").to_string())
                text=Signal::derive(|| t("devices.end_all_text").to_string())
                yes=t("devices.end_all_yes")
                act=end_all
            />
        </Page>
    }
    .into_any()
}

#[component]
fn Device(
    session: DeviceSession,
    sessions: Load<Vec<DeviceSession>>,
    form: Form,
    said: RwSignal<String>,
) -> impl IntoView {
    let zone = Practice::here().zone();
    let id: SessionId = session.id;
    let device = match session.device.is_empty() {
        true => t("devices.unknown").into(),
        false => session.device,
    };
    let name = device.clone();
    let end = move |_| {
        let name = name.clone();
        said.set(String::new());
        form.send(ask(async move |portal| portal.end_session(id).await), move |()| {
            said.set(t_with("devices.ended", &[("device", &name)]));
            sessions.again();
        });
    };
    let side = match session.current {
        true => view! { <strong class="nhsuk-tag">{t("devices.this")}</strong> }.into_any(),
        false => view! {
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary nhsuk-button--small app-row__button"
                aria-label=t_with("devices.end_label", &[("device", &device)])
                aria-disabled=move || form.busy().then_some("true")
                on:click=end
            >
                {t("devices.end")}
            </button>
        }
        .into_any(),
    };
    view! {
        <li class="app-row">
            <strong class="app-row__text">
                <bdi>{device}</bdi>
            </strong>
            <p class="app-row__meta">
                {t_with("devices.used", &[("time", &intl::format(session.seen_at, Style::Full, &zone))])}
            </p>
            <p class="app-row__meta">
                {t_with("devices.since", &[("time", &intl::format(session.signed_in_at, Style::Full, &zone))])}
            </p>
            <div class="app-row__side">{side}</div>
        </li>
    }
    .into_any()
}
