//! What the patient asked not to be shared or used, newest first.

use leptos::prelude::*;
use portal_domain::{live::LiveKind, restrictions::RestrictionView};

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

/// `/chart/limits`
#[component]
pub fn ListPage() -> AnyView {
    let session = Session::here();
    let list = load_rows(move || {
        let patient = session.patient();
        move |page| async move {
            let patient = patient.ok_or(ApiError::SignedOut)?;
            ask(async |portal| portal.restrictions(patient, &page).await).await
        }
    });
    News::here().on(LiveKind::Inbox, move || list.refresh());
    view! {
        <Page title=t("limits.title").to_string() section=t("nav.chart") back=back() reading=true>
            <p>{t("limits.what")}</p>
            <p>
                <a class="nhsuk-button" href=link(&format!("{ROOT}/new"))>
                    {t("limits.ask")}
                </a>
            </p>
            {listing(
                list,
                t("what.request"),
                || view! { <Empty text=t("limits.none") /> }.into_any(),
                move || view! { <Rows load=list id="limits" row=row /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

fn row(restriction: RestrictionView) -> AnyView {
    let at = intl::format(restriction.petitioned.requested_at, Style::Date, &Practice::here().zone());
    view! {
        <li class="app-row app-row--wide">
            <a class="app-row__link" href=link(&format!("{ROOT}/{}", restriction.petitioned.id))>
                <bdi>{restriction.what}</bdi>
            </a>
            <p class="app-row__meta">{t_with("corrections.asked_on", &[("date", &at)])}</p>
            <div class="app-row__side">{state_tag(restriction.petitioned.state)}</div>
        </li>
    }
    .into_any()
}
