//! The first page: what to do in an emergency, the ways in, and where the practice is.

use leptos::prelude::*;

use crate::{
    session::{Session, Side},
    shared::{
        load::loaded,
        page::Page,
        practice::{Locations, Practice},
    },
    text::{t, t_with},
};

/// `/`
#[component]
pub fn StartPage() -> AnyView {
    let practice = Practice::here();
    let session = Session::here();
    let title = Signal::derive(move || t_with("start.title", &[("practice", &practice.name())]));
    let ways_in = move || match session.side() {
        Side::Patient | Side::Staff => {
            let home = if session.side() == Side::Staff { "/staff" } else { "/home" };
            view! {
                <a class="nhsuk-button" href=home>
                    {t("shell.to_portal")}
                </a>
            }
            .into_any()
        }
        _ => view! {
            <div class="app-cluster nhsuk-u-margin-bottom-4">
                <a class="nhsuk-button" href="/sign-in">
                    {t("action.sign_in")}
                </a>
                <a class="nhsuk-button nhsuk-button--secondary" href="/enrol">
                    {t("start.enrol")}
                </a>
            </div>
            <p class="app-quiet">{t("start.enrol_hint")}</p>
        }
        .into_any(),
    };
    let urgent = move |text: String| {
        view! {
            <div class="nhsuk-card nhsuk-card--warning" role="region" aria-labelledby="urgent">
                <div class="nhsuk-card__content">
                    <h2 class="nhsuk-card__heading" id="urgent">
                        {t("start.urgent")}
                    </h2>
                    <p class="nhsuk-card__description">{text}</p>
                </div>
            </div>
        }
        .into_any()
    };
    view! {
        <Page title>
            <p class="nhsuk-lede-text">{t("start.lede")}</p>
            {ways_in}
            {loaded(
                practice.0,
                t("what.practice"),
                move |practice| {
                    view! {
                        {urgent(practice.emergency_text)}
                        <h2 class="nhsuk-heading-m">{t("start.locations")}</h2>
                        <Locations addresses=true />
                    }
                        .into_any()
                },
            )}
        </Page>
    }
    .into_any()
}
