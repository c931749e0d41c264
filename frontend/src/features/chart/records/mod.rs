//! The health record that a patient takes away: asking for it, what became of it, its files (PHR-1, PHR-4).

pub(super) mod detail_page;
pub(super) mod list_page;
pub(super) mod request_page;
pub(super) mod send_page;
pub(super) mod sent_page;

use leptos::prelude::*;
use portal_domain::record::{DateRange, HealthRecordView, RecordState};

use crate::{
    acting::link,
    shared::{
        intl,
        live::live,
        page::Back,
        practice::{Phone, Practice},
    },
    text::{t, t_with, t_word},
};

fn back() -> Back {
    Back { href: link("/chart/records"), label: t("record.title") }
}

/// `children` where the practice offers health records online; elsewhere what to do instead.
#[component]
fn Offered(children: ChildrenFn) -> impl IntoView {
    let practice = Practice::here();
    live(move || match practice.0.read(|practice| practice.health_records) {
        Some(false) => view! {
            <div class="app-empty">
                <p>{t("record.not_offered")}</p>
                {practice.phone().map(|number| view! { <p><Phone number /></p> })}
            </div>
        }
        .into_any(),
        _ => children().into_any(),
    })
}

/// The days of a record in words.
fn days(range: &DateRange) -> String {
    let day = |date| intl::date(date);
    match (range.from, range.to) {
        (None, None) => t("record.all_days").into(),
        (Some(from), None) => t_with("record.from_day", &[("from", &day(from))]),
        (None, Some(to)) => t_with("record.to_day", &[("to", &day(to))]),
        (Some(from), Some(to)) => t_with("record.days", &[("from", &day(from)), ("to", &day(to))]),
    }
}

/// The parts of a record in words: `Everything`, or each by name.
fn parts(record: &HealthRecordView) -> String {
    if record.sections.is_empty() {
        return t("record.everything").into();
    }
    let names: Vec<&str> =
        record.sections.iter().map(|section| t_word("record_section", section.as_str())).collect();
    names.join(", ")
}

/// Where it stands, as a tag.
fn state_tag(state: RecordState) -> AnyView {
    let colour = match state {
        RecordState::Queued | RecordState::Making => "nhsuk-tag nhsuk-tag--yellow",
        RecordState::Ready => "nhsuk-tag nhsuk-tag--green",
        RecordState::Failed => "nhsuk-tag nhsuk-tag--red",
        RecordState::Expired => "nhsuk-tag nhsuk-tag--grey",
    };
    view! { <strong class=colour>{t_word("record_state", state.as_str())}</strong> }.into_any()
}
