//! Fourth question: when it would suit, up to three times.

use leptos::prelude::*;
use portal_domain::{
    appointments::{DayPart, MAX_PREFERRED, Preferred},
    problem::FieldError,
};

use super::draft::{Draft, Step, field_of};
use crate::{
    shared::{
        choice::{Choice, Radios, Select},
        date_field::DateField,
        form::{ErrorSummary, Form, Submit, focus, id_of},
        intl,
        list::Address,
        page::Page,
    },
    text::{t, t_word},
};

/// `/appointments/request/when`
#[component]
pub fn WhenPage() -> AnyView {
    let draft = Draft::here();
    let address = Address::here();
    let form = Form::new();
    draft.require_answers_before(Step::When);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if draft.whenever.with_untracked(String::is_empty) {
            return form.refuse(vec![FieldError::new("whenever", "choose", t("request.choose_when"))]);
        }
        match untrack(|| check(draft)) {
            Ok(_) => draft.after(Step::When, address),
            Err(errors) => form.refuse(errors),
        }
    };
    let choices =
        vec![Choice::new("any", t("appointment.any_time")), Choice::new("these", t("request.these_times"))];
    let times = move || {
        (draft.whenever.get() == "these").then(|| {
            let all = draft.times.get_value();
            let time = move |index: usize| {
                let time = all[index];
                let legend = [t("request.time_1"), t("request.time_2"), t("request.time_3")][index];
                let part = ["preferred[0].part", "preferred[1].part", "preferred[2].part"][index];
                let parts = DayPart::ALL
                    .iter()
                    .map(|part| Choice::new(part.as_str(), t_word("day_part", part.as_str())));
                view! {
                    <DateField form name=field_of(index) legend hint=t("request.date_hint") value=time.date />
                    <Select form name=part label=t("request.part") choices=parts.collect() value=time.part />
                }
                .into_any()
            };
            let more = move || {
                (draft.shown.get() < MAX_PREFERRED).then(|| {
                    let add = move |_| {
                        let next = draft.shown.get_untracked();
                        draft.shown.set(next + 1);
                        request_animation_frame(move || focus(&id_of(field_of(next))));
                    };
                    view! {
                        <button
                            type="button"
                            class="nhsuk-button nhsuk-button--secondary nhsuk-button--small"
                            on:click=add
                        >
                            {t("request.add_time")}
                        </button>
                    }
                })
            };
            view! {
                <div class="app-nested">
                    <For each=move || 0..draft.shown.get() key=|index| *index children=time />
                    {more}
                </div>
            }
            .into_any()
        })
    };
    view! {
        <Page
            title=t("request.when").to_string()
            caption=Step::When.caption()
            section=t("nav.request")
            form=form
            back=Step::When.back()
            reading=true
        >
            <ErrorSummary form />
            <form on:submit=send novalidate>
                <Radios
                    form
                    name="whenever"
                    legend=t("request.when")
                    hidden_legend=true
                    choices=choices
                    value=draft.whenever
                />
                {times}
                <Submit form label=t("action.continue").to_string() />
            </form>
        </Page>
    }
    .into_any()
}

/// The times by the server's own rule, on the location's calendar.
fn check(draft: Draft) -> Result<Vec<Preferred>, Vec<FieldError>> {
    let preferred = draft.preferred()?;
    match draft.request() {
        Some(request) => match request.check(intl::today(&draft.zone())) {
            Err(problem) => Err(problem.errors),
            Ok(_) => Ok(preferred),
        },
        None => Ok(preferred),
    }
}
