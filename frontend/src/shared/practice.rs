//! The practice: its name, phone and locations, known to every page.

use leptos::prelude::*;
use portal_domain::practice::{LocationView, PracticeView};

use super::{
    live::live,
    load::{Load, load},
};
use crate::{api::ask, logic::paths::tel, text::t};

/// The practice, by context.
#[derive(Clone, Copy)]
pub struct Practice(pub Load<PracticeView>);

impl Practice {
    /// Asks for the practice. Once, above the router.
    pub fn start() -> Self {
        Self(load(|| ask(async |portal| portal.practice().await)))
    }

    /// The practice that [`Practice::start`] asked for.
    pub fn here() -> Self {
        expect_context()
    }

    /// The practice's name; a plain word until it is known.
    pub fn name(self) -> String {
        self.0.read(|practice| practice.name.clone()).unwrap_or_else(|| t("practice.unknown").into())
    }

    /// The main phone number.
    pub fn phone(self) -> Option<String> {
        self.0.read(|practice| practice.phone.clone()).filter(|phone| !phone.is_empty())
    }

    /// The zone in which clinical times are told: the first location's; empty (the device's) where it is not known.
    /// Not tracked: the frames of patients and staff wait until the practice is there.
    pub fn zone(self) -> String {
        let zone = |practice: &PracticeView| practice.locations.first().map(|first| first.time_zone.clone());
        untrack(|| self.0.read(zone)).flatten().unwrap_or_default()
    }
}

/// A phone number to press.
#[component]
pub fn Phone(
    /// As people write it.
    #[prop(into)]
    number: String,
) -> impl IntoView {
    let href = tel(&number);
    view! {
        <a class="app-phone" href=href>
            <bdi>{number}</bdi>
        </a>
    }
    .into_any()
}

/// Every location with phone and hours.
#[component]
pub fn Locations(
    /// Also street and city.
    #[prop(optional)]
    addresses: bool,
) -> impl IntoView {
    let practice = Practice::here();
    let location = move |location: LocationView| {
        view! {
            <li class="app-box">
                <h3 class="nhsuk-heading-s nhsuk-u-margin-bottom-1">
                    <bdi>{location.name}</bdi>
                </h3>
                {addresses
                    .then(|| {
                        view! {
                            <address class="app-address">
                                {location.address.into_iter().map(|line| view! { <span>{line}</span> }).collect_view()}
                            </address>
                        }
                    })}
                <p class="nhsuk-u-margin-bottom-1">
                    <Phone number=location.phone />
                </p>
                <p class="app-quiet nhsuk-u-margin-bottom-0">{location.hours}</p>
            </li>
        }
        .into_any()
    };
    live(move || {
        let locations = practice.0.read(|practice| practice.locations.clone()).unwrap_or_default();
        view! { <ul class="app-grid app-plain-list">{locations.into_iter().map(location).collect_view()}</ul> }.into_any()
    })
}
