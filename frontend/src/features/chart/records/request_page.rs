//! Asking for a health record: which parts, which days.

use chrono::Months;
use leptos::prelude::*;
use portal_domain::{
    problem::{Code, FieldError},
    record::{DateRange, NewHealthRecord, Section},
    time::Date,
};

use super::{Offered, back};
use crate::{
    api::ask,
    session::Session,
    shared::{
        choice::{Checkboxes, Choice, Radios},
        date_field::{DateField, DateText},
        form::{ErrorSummary, Form, Submit},
        intl,
        list::Address,
        live::live,
        page::Page,
        practice::Practice,
    },
    text::{t, t_word},
};

/// `/chart/records/new`
#[component]
pub fn RequestPage() -> AnyView {
    let form = Form::new();
    view! {
        <Page title=t("record.ask").to_string() section=t("record.title") form=form back=back() reading=true>
            <Offered>
                <Request form />
            </Offered>
        </Page>
    }
    .into_any()
}

/// What is chosen.
#[derive(Clone, Copy)]
struct Asked {
    which: RwSignal<String>,
    chosen: RwSignal<Vec<String>>,
    when: RwSignal<String>,
    from: DateText,
    to: DateText,
}

impl Asked {
    /// The request, or what is wrong with it. `today` is the day at the practice.
    fn read(self, today: Date) -> Result<NewHealthRecord, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut sections = Vec::new();
        if self.which.with_untracked(|which| which == "some") {
            sections = self.chosen.with_untracked(|chosen| {
                chosen.iter().filter_map(|section| section.parse::<Section>().ok()).collect()
            });
            if sections.is_empty() {
                errors.push(FieldError::new(
                    "sections",
                    "sections_missing",
                    t("field_error.sections_missing"),
                ));
            }
        }
        let mut range = DateRange::default();
        match self.when.get_untracked().as_str() {
            "year" => range.from = today.checked_sub_months(Months::new(12)),
            "days" => {
                if self.from.is_empty() && self.to.is_empty() {
                    let message = t("field_error.date_missing");
                    errors.push(FieldError::new("range.from", "date_missing", message));
                }
                let mut day = |field: &str, text: DateText| {
                    if text.is_empty() {
                        return None;
                    }
                    text.parse(field).map_err(|error| errors.push(error)).ok()
                };
                range = DateRange { from: day("range.from", self.from), to: day("range.to", self.to) };
            }
            _ => {}
        }
        match (NewHealthRecord { sections, range }).check() {
            Ok(asked) if errors.is_empty() => Ok(asked),
            Ok(_) => Err(errors),
            Err(more) => Err(errors.into_iter().chain(more).collect()),
        }
    }
}

#[component]
fn Request(form: Form) -> impl IntoView {
    let (session, address, practice) = (Session::here(), Address::here(), Practice::here());
    let text = |value: &str| RwSignal::new(value.to_string());
    let asked = Asked {
        which: text("all"),
        chosen: RwSignal::new(Vec::new()),
        when: text("all"),
        from: DateText::new(),
        to: DateText::new(),
    };
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(patient) = session.patient() else { return };
        let (request, key) = match asked.read(intl::today(&practice.zone())) {
            Ok(request) => (request, form.key()),
            Err(errors) => return form.refuse(errors),
        };
        form.send_or(
            async move { ask(async |portal| portal.request_health_record(patient, &request, key).await).await },
            move |record| address.replace(&format!("/chart/records/{}", record.id)),
            // Switched off since this page was opened: the page says what to do instead.
            move |error| {
                if error.code() == Some(Code::RecordsNotOffered) {
                    practice.0.again();
                }
            },
        );
    };
    let which = vec![
        Choice::new("all", t("record.everything")).hint(t("record.everything_text")),
        Choice::new("some", t("record.some")),
    ];
    let when = vec![
        Choice::new("all", t("record.all_days")),
        Choice::new("year", t("record.last_year")),
        Choice::new("days", t("record.other_days")),
    ];
    let sections = || {
        let choice = |section: &Section| {
            Choice::new(section.as_str(), t_word("record_section", section.as_str()))
                .hint(t_word("record_section_hint", section.as_str()))
        };
        Section::ALL.iter().map(choice).collect::<Vec<_>>()
    };
    view! {
        <ErrorSummary form />
        <form on:submit=send novalidate>
            <Radios form name="which" legend=t("record.which") choices=which value=asked.which />
            {live(move || {
                asked
                    .which
                    .with(|which| which == "some")
                    .then(|| {
                        view! {
                            <Checkboxes
                                form
                                name="sections"
                                legend=t("record.choose")
                                choices=sections()
                                value=asked.chosen
                            />
                        }
                    })
            })}
            <Radios form name="when" legend=t("record.when") choices=when value=asked.when />
            {live(move || {
                asked
                    .when
                    .with(|when| when == "days")
                    .then(|| {
                        view! {
                            <DateField
                                form
                                name="range.from"
                                legend=t("record.from")
                                hint=t("record.from_hint")
                                value=asked.from
                            />
                            <DateField
                                form
                                name="range.to"
                                legend=t("record.to")
                                hint=t("record.to_hint")
                                value=asked.to
                            />
                        }
                    })
            })}
            <p class="app-quiet">{t("record.only_released")}</p>
            <Submit form label=t("record.make").to_string() />
        </form>
    }
    .into_any()
}
