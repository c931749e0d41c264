//! What the patient asked to have corrected, newest first.

use leptos::prelude::*;
use portal_domain::{amendments::AmendmentView, live::LiveKind};

use super::ROOT;
use crate::{
    acting::link,
    api::{ApiError, ask},
    features::chart::{back, petitions::state_tag},
    news::News,
    session::Session,
    shared::{
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        page::Page,
        practice::Practice,
    },
    text::{t, t_with},
};

/// `/chart/corrections`
#[component]
pub fn ListPage() -> AnyView {
    let session = Session::here();
    let list = load_rows(move || {
        let patient = session.patient();
        move |page| async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.amendments(patient, &page).await).await
        }
    });
    News::here().on(LiveKind::Inbox, move || list.refresh());
    view! {
        <Page title=t("corrections.title").to_string() section=t("nav.chart") back=back() reading=true>
            <p>{t("corrections.what")}</p>
            <p>
                <a class="nhsuk-button" href=link(&format!("{ROOT}/new"))>
                    {t("corrections.ask")}
                </a>
            </p>
            {listing(
                list,
                t("what.request"),
                || view! { <Empty text=t("corrections.none") /> }.into_any(),
                move || view! { <Rows load=list id="corrections" row=row /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

fn row(amendment: AmendmentView) -> AnyView {
    let at = intl::format(amendment.petitioned.requested_at, Style::Date, &Practice::here().zone());
    view! {
        <li class="app-row app-row--wide">
            <a class="app-row__link" href=link(&format!("{ROOT}/{}", amendment.petitioned.id))>
                <bdi>{amendment.entry}</bdi>
            </a>
            <p class="app-row__meta">{t_with("corrections.asked_on", &[("date", &at)])}</p>
            <div class="app-row__side">{state_tag(amendment.petitioned.state)}</div>
        </li>
    }
    .into_any()
}
