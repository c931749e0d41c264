//! Being away: who looks after the reader's work meanwhile, and who of the colleagues is away (MSG-7).

use chrono::NaiveTime;
use leptos::prelude::*;
use portal_domain::{
    ids::AccountId,
    messages::{CoverView, NewCover, StaffName},
    problem::FieldError,
    time::{Date, Time},
};

use crate::{
    api::ask,
    logic::zone::Instant,
    session::Session,
    shared::{
        choice::{Choice, Select},
        field::{Kind, TextField},
        form::{ErrorSummary, Form, Submit},
        intl::{self, Style},
        load::{Load, load, loaded},
        practice::Practice,
    },
    text::{t, t_with},
};

/// Everything that the part needs.
#[derive(Clone)]
struct Ready {
    covers: Vec<CoverView>,
    colleagues: Vec<StaffName>,
}

/// Own absence and those of the colleagues.
#[component]
pub fn Away(said: RwSignal<String>) -> impl IntoView {
    let data = load(|| async {
        let covers = ask(async |portal| portal.covers().await).await?;
        let colleagues = ask(async |portal| portal.cover_choices().await).await?;
        Ok(Ready { covers, colleagues })
    });
    view! {
        <h2 class="nhsuk-heading-m nhsuk-u-margin-top-6">{t("away.title")}</h2>
        <p>{t("away.what")}</p>
        {loaded(data, t("what.absences"), move |ready| view! { <Known ready data said /> }.into_any())}
    }
    .into_any()
}

/// One absence in a line.
fn line(cover: &CoverView) -> String {
    let zone = Practice::here().zone();
    let day = |at: Time| intl::format(at, Style::Date, &zone);
    // The end is the first instant of the day after.
    let last = day(cover.until.plus(chrono::TimeDelta::minutes(-1)));
    let words = [
        ("name", cover.away.name.as_str()),
        ("cover", cover.cover.name.as_str()),
        ("from", &day(cover.from)),
        ("to", &last),
    ];
    t_with("away.line", &words)
}

#[component]
fn Known(ready: Ready, data: Load<Ready>, said: RwSignal<String>) -> impl IntoView {
    let me = Session::here().read(|view| view.account_id);
    let form = Form::new();
    let (own, others): (Vec<CoverView>, Vec<CoverView>) =
        ready.covers.into_iter().partition(|cover| Some(cover.away.id) == me);
    let end = move |_| {
        form.send(ask(async |portal| portal.end_cover().await), move |()| {
            said.set(t("away.ended").into());
            data.again();
        });
    };
    let own = own.first().map(|cover| {
        view! {
            <div class="nhsuk-inset-text">
                <p>{line(cover)}</p>
                <button type="button" class="nhsuk-button nhsuk-button--secondary nhsuk-button--small" on:click=end>
                    {t("away.end")}
                </button>
            </div>
        }
        .into_any()
    });
    let others: Vec<_> = others.iter().map(|cover| view! { <li>{line(cover)}</li> }).collect();
    view! {
        <ErrorSummary form />
        {own}
        {(!others.is_empty()).then(|| view! { <ul class="nhsuk-list nhsuk-list--bullet" id="absences">{others}</ul> })}
        <Enter colleagues=ready.colleagues form data said />
    }
    .into_any()
}

#[component]
fn Enter(colleagues: Vec<StaffName>, form: Form, data: Load<Ready>, said: RwSignal<String>) -> impl IntoView {
    if colleagues.is_empty() {
        return view! { <p class="app-quiet">{t("away.nobody")}</p> }.into_any();
    }
    let today = intl::today(&Practice::here().zone()).to_string();
    let (from, to) = (RwSignal::new(today.clone()), RwSignal::new(today));
    let cover = RwSignal::new(String::new());
    let choices = std::iter::once(Choice::new("", t("team_thread.choose")))
        .chain(colleagues.into_iter().map(|one| Choice::new(one.id.to_string(), one.name)))
        .collect::<Vec<_>>();
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut errors = Vec::new();
        let colleague = cover.get_untracked().parse::<AccountId>();
        if colleague.is_err() {
            errors.push(FieldError::new("cover", "colleague_missing", t("team_thread.assign_missing")));
        }
        let mut day = |field: &str, text: RwSignal<String>, after: u64| {
            let date = text.get_untracked().parse::<Date>().ok();
            let begin = date.and_then(|date| date.checked_add_days(chrono::Days::new(after)));
            let begin = begin.and_then(begin_of);
            if begin.is_none() {
                errors.push(FieldError::new(field, "date_missing", t("field_error.date_missing")));
            }
            begin
        };
        let (begin, end) = (day("from", from, 0), day("until", to, 1));
        let (Ok(cover), Some(begin), Some(end)) = (colleague, begin, end) else {
            return form.refuse(errors);
        };
        let absence = NewCover { cover, from: begin, until: end };
        let absence = match absence.check(intl::now().unwrap_or(begin)) {
            Ok(absence) => absence,
            Err(problem) => return form.refuse(problem.errors),
        };
        form.send(async move { ask(async |portal| portal.set_cover(&absence).await).await }, move |_| {
            said.set(t("away.saved").into());
            data.again();
        });
    };
    let kind =
        Kind { input: "date", autocomplete: "off", width: "nhsuk-input--width-10", ..Default::default() };
    view! {
        <form on:submit=save novalidate>
            <TextField form name="from" label=t("away.from") value=from kind />
            <TextField form name="until" label=t("away.to") value=to kind />
            <Select form name="cover" label=t("away.cover") choices value=cover />
            <Submit form label=t("away.save").to_string() />
        </form>
    }
    .into_any()
}

/// The first instant of a day in the practice's zone.
fn begin_of(day: Date) -> Option<Time> {
    let zone = Practice::here().zone();
    let at = |hour: u32| match intl::instant_of(day.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?), &zone) {
        Instant::Once(at) | Instant::Twice(at, _) => Time::from_micros(at * 1_000).ok(),
        Instant::Never => None,
    };
    // Where clocks skip midnight the day begins an hour later.
    at(0).or_else(|| at(1))
}
