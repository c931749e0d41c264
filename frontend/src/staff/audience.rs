//! For whom: everybody, or a cohort by location, age and condition.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    audience::{Audience, CodedTerm},
    chart::systems,
    notices::Reach,
    problem::FieldError,
};

use crate::{
    api::ApiError,
    session::Session,
    shared::{
        choice::{Choice, Radios, Select},
        field::{Kind, TextField},
        form::Form,
        live::{Work, go_on, live},
        practice::Practice,
    },
    text::{t, t_count, t_with},
};

const ALL: &str = "all";
const COHORT: &str = "cohort";

/// What is chosen so far.
#[derive(Clone, Copy)]
pub struct AudienceText {
    who: RwSignal<String>,
    location: RwSignal<String>,
    min_age: RwSignal<String>,
    max_age: RwSignal<String>,
    system: RwSignal<String>,
    code: RwSignal<String>,
}

impl AudienceText {
    /// What is chosen already.
    pub fn of(audience: &Audience) -> Self {
        let number = |age: Option<i64>| RwSignal::new(age.map(|age| age.to_string()).unwrap_or_default());
        let condition = audience.condition.clone();
        let system = condition.as_ref().map_or(systems::SNOMED_CT.to_string(), |term| term.system.clone());
        Self {
            who: RwSignal::new(if audience.is_everybody() { ALL } else { COHORT }.into()),
            location: RwSignal::new(audience.location_id.map(|id| id.to_string()).unwrap_or_default()),
            min_age: number(audience.min_age),
            max_age: number(audience.max_age),
            system: RwSignal::new(system),
            code: RwSignal::new(condition.map(|term| term.code).unwrap_or_default()),
        }
    }

    /// The audience, or what is wrong with it.
    pub fn read(self) -> Result<Audience, Vec<FieldError>> {
        if self.who.get() == ALL {
            return Ok(Audience::default());
        }
        let mut errors = Vec::new();
        let mut age = |field: &str, text: RwSignal<String>| {
            let text = text.get();
            if text.trim().is_empty() {
                return None;
            }
            let read = text.trim().parse().ok();
            if read.is_none() {
                errors.push(FieldError::new(field, "not_a_number", t("field_error.not_a_number")));
            }
            read
        };
        let min_age = age("audience.min_age", self.min_age);
        let max_age = age("audience.max_age", self.max_age);
        let code = self.code.get().trim().to_string();
        let condition = (!code.is_empty()).then(|| CodedTerm { system: self.system.get(), code });
        let audience =
            Audience { location_id: self.location.get().parse().ok(), min_age, max_age, condition };
        errors.extend(audience.check("audience"));
        if errors.is_empty() && audience.is_everybody() {
            errors.push(FieldError::new("audience", "cohort_missing", t("field_error.cohort_missing")));
        }
        if errors.is_empty() { Ok(audience) } else { Err(errors) }
    }
}

/// An audience in one line.
pub fn in_words(audience: &Audience) -> String {
    if audience.is_everybody() {
        return t("audience.all").into();
    }
    let place = audience.location_id.and_then(|id| {
        Practice::here()
            .0
            .read(|practice| practice.locations.iter().find(|one| one.id == id).map(|one| one.name.clone()))
            .flatten()
    });
    let age = |key: Option<i64>| key.map(|age| age.to_string());
    let parts = [
        place.map(|name| t_with("audience.at", &[("location", &name)])),
        age(audience.min_age).map(|age| t_with("audience.from", &[("age", &age)])),
        age(audience.max_age).map(|age| t_with("audience.to", &[("age", &age)])),
        audience.condition.as_ref().map(|term| t_with("audience.having", &[("code", &term.code)])),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Asks how many patients an audience has.
pub type Counting = Callback<Audience, Work<Result<Reach, ApiError>>>;

/// The questions.
#[component]
pub fn AudienceFields(
    /// Whose errors.
    form: Form,
    /// What is chosen.
    text: AudienceText,
    /// Counts the patients.
    counting: Counting,
) -> impl IntoView {
    let choices = vec![Choice::new(ALL, t("audience.all")), Choice::new(COHORT, t("audience.some"))];
    let locations = move || {
        let any = Choice::new("", t("audience.anywhere"));
        let locations = Practice::here().0.read(|practice| {
            let choice = |one: &portal_domain::practice::LocationView| {
                Choice::new(one.id.to_string(), one.name.clone())
            };
            practice.locations.iter().map(choice).collect::<Vec<_>>()
        });
        std::iter::once(any).chain(locations.unwrap_or_default()).collect::<Vec<_>>()
    };
    let system_choices = || {
        vec![
            Choice::new(systems::SNOMED_CT, t("audience.snomed")),
            Choice::new(systems::ICD_10_CM, t("audience.icd")),
        ]
    };
    let years = Kind {
        width: "nhsuk-input--width-3",
        keyboard: "numeric",
        autocomplete: "off",
        ..Default::default()
    };
    let code =
        Kind { width: "nhsuk-input--width-10", verbatim: true, autocomplete: "off", ..Default::default() };
    // Who has a condition is told to those only who may see charts.
    let asks_for_condition = Session::here().may(Action::View, Category::Conditions);
    let reach = RwSignal::new(String::new());
    let count = move |_| {
        reach.set(String::new());
        match untrack(|| text.read()) {
            Err(errors) => form.refuse(errors),
            Ok(audience) => go_on(async move {
                match counting.run(audience).await {
                    Ok(found) => drop(reach.try_set(t_count("audience.reach", found.patients))),
                    Err(error) => form.fail(&error),
                }
            }),
        }
    };
    view! {
        <Radios form name="audience" legend=t("audience.question") choices value=text.who />
        {live(move || {
            (text.who.get() == COHORT)
                .then(|| {
                    view! {
                        <Select
                            form
                            name="audience.location_id"
                            label=t("audience.location")
                            choices=locations()
                            value=text.location
                        />
                        <TextField form name="audience.min_age" label=t("audience.min_age") value=text.min_age kind=years />
                        <TextField form name="audience.max_age" label=t("audience.max_age") value=text.max_age kind=years />
                        {asks_for_condition
                            .then(|| {
                                view! {
                                    <TextField
                                        form
                                        name="audience.condition"
                                        label=t("audience.condition")
                                        hint=t("audience.condition_hint")
                                        value=text.code
                                        kind=code
                                    />
                                    <Select
                                        form
                                        name="audience.system"
                                        label=t("audience.system")
                                        choices=system_choices()
                                        value=text.system
                                    />
                                }
                            })}
                    }
                        .into_any()
                })
        })}
        <p>
            <button type="button" class="nhsuk-button nhsuk-button--secondary nhsuk-button--small" on:click=count>
                {t("audience.count")}
            </button>
        </p>
        <p role="status">{live(move || reach.get())}</p>
    }
    .into_any()
}
