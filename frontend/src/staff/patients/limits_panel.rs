//! What was agreed with the patient not to share or use (45 CFR 164.522(a)): it binds everybody of the staff.

use leptos::prelude::*;
use portal_domain::{
    ids::PatientId, page::PageQuery, petitions::PetitionState, restrictions::RestrictionView,
};

use crate::{
    api::ask,
    shared::{
        intl::{self, Style},
        load::{load, loaded},
        practice::Practice,
    },
    text::{t, t_with, t_word},
};

/// The list; nothing where nothing was agreed.
#[component]
pub fn LimitsPanel(
    /// Whose.
    patient: PatientId,
) -> impl IntoView {
    let agreed = load(move || async move {
        let query = PageQuery { limit: Some(100), ..Default::default() };
        let page = ask(async |portal| portal.restrictions(patient, &query).await).await?;
        let holds = |one: &RestrictionView| one.petitioned.state == PetitionState::Accepted;
        Ok(page.items.into_iter().filter(holds).collect::<Vec<_>>())
    });
    loaded(agreed, t("what.restrictions"), |agreed: Vec<RestrictionView>| {
        if agreed.is_empty() {
            return ().into_any();
        }
        view! {
            <section class="app-box nhsuk-u-margin-bottom-4" aria-labelledby="limits-title">
                <h2 class="nhsuk-heading-s" id="limits-title">
                    {t("restrictions.agreed")}
                </h2>
                <ul class="app-rows" id="limits">
                    {agreed.into_iter().map(row).collect_view()}
                </ul>
            </section>
        }
        .into_any()
    })
}

fn row(one: RestrictionView) -> AnyView {
    let at = one.petitioned.closed_at.map(|at| intl::format(at, Style::Date, &Practice::here().zone()));
    view! {
        <li class="app-row">
            <p class="app-row__text">
                <strong>{t_word("restriction_aim", one.aim.as_str())} ": " <bdi>{one.what}</bdi></strong>
            </p>
            <p class="app-row__text app-lines">
                <bdi>{one.limit}</bdi>
            </p>
            <p class="app-row__text app-lines">
                <bdi>{one.petitioned.words}</bdi>
            </p>
            <p class="app-row__meta">
                {t_with("restrictions.agreed_on", &[("date", &at.unwrap_or_default())])}
            </p>
        </li>
    }
    .into_any()
}
