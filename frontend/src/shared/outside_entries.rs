//! The entries of a record from elsewhere that could stand in the chart, and what became of each: for its patient and for
//! staff.

use leptos::prelude::*;
use portal_domain::{
    outside::{DecidedEntry, OutsideEntryKind, OutsideEntryState, OutsideEntryView},
    page::Page,
};

use super::{
    intl::{self, Style},
    live::live,
    load::Load,
    practice::Practice,
};
use crate::text::{t, t_with, t_word};

/// So many entries of the chart from elsewhere are listed.
pub const MOST_SHOWN: u32 = 1_000;

/// The entries by kind; `acts` says what can be done about one.
pub fn entries(all: Vec<OutsideEntryView>, acts: impl Fn(&OutsideEntryView) -> AnyView) -> AnyView {
    if all.is_empty() {
        return ().into_any();
    }
    let kind = |kind: &OutsideEntryKind| {
        let rows: Vec<AnyView> =
            all.iter().filter(|one| one.kind == *kind).map(|one| row(one, acts(one))).collect();
        (!rows.is_empty()).then(|| {
            view! {
                <h3 class="nhsuk-heading-s nhsuk-u-margin-bottom-2">{t_word("outside_kind", kind.as_str())}</h3>
                <ul class="app-plain-list app-entries nhsuk-u-margin-bottom-4">{rows}</ul>
            }
            .into_any()
        })
    };
    view! {
        <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("outside_entries.title")}</h2>
        {OutsideEntryKind::ALL.iter().filter_map(kind).collect_view()}
    }
    .into_any()
}

fn row(one: &OutsideEntryView, acts: AnyView) -> AnyView {
    let facts: Vec<String> = one.facts.iter().map(|fact| format!("{}: {}", fact.label, fact.value)).collect();
    let code = one.code.as_ref().map(|code| t_with("outside_entries.code", &[("code", code)]));
    let told = facts.into_iter().chain(code).collect::<Vec<_>>().join("\n");
    view! {
        <li class="app-box">
            <div class="app-cluster nhsuk-u-margin-bottom-2">
                <h4 class="nhsuk-heading-xs nhsuk-u-margin-bottom-0">
                    <bdi>{one.name.clone()}</bdi>
                </h4>
                {state_tag(one.state)}
            </div>
            <p class="app-quiet app-lines nhsuk-u-margin-bottom-1">
                <bdi>{told}</bdi>
            </p>
            {decision(one)}
            {acts}
        </li>
    }
    .into_any()
}

fn state_tag(state: OutsideEntryState) -> AnyView {
    let colour = match state {
        OutsideEntryState::Open => "nhsuk-tag nhsuk-tag--yellow",
        OutsideEntryState::Accepted => "nhsuk-tag nhsuk-tag--green",
        OutsideEntryState::Dismissed => "nhsuk-tag nhsuk-tag--grey",
    };
    view! { <strong class=colour>{t_word("outside_state", state.as_str())}</strong> }.into_any()
}

/// Who decided what, and why.
fn decision(one: &OutsideEntryView) -> AnyView {
    let (Some(by), Some(at)) = (one.decided_by.as_ref(), one.decided_at) else { return ().into_any() };
    let when = intl::format(at, Style::Short, &Practice::here().zone());
    let named = [("name", by.as_str()), ("date", when.as_str())];
    let says = match one.state {
        OutsideEntryState::Open => return ().into_any(),
        OutsideEntryState::Accepted => t_with("outside_entries.accepted_by", &named),
        OutsideEntryState::Dismissed => t_with("outside_entries.dismissed_by", &named),
    };
    let why = one.reason.map(|why| t_word("outside_reason", why.as_str()));
    let words = [Some(says), why.map(str::to_owned), Some(one.words.clone())];
    let words: Vec<String> = words.into_iter().flatten().filter(|words| !words.is_empty()).collect();
    view! {
        <p class="nhsuk-u-margin-bottom-1 app-lines">
            <bdi>{words.join("\n")}</bdi>
        </p>
    }
    .into_any()
}

/// What stands in the chart from elsewhere, as far as there is anything; `acts` can be done about each.
pub fn taken(
    load: Load<Page<DecidedEntry>>,
    acts: impl Fn(&DecidedEntry) -> AnyView + Send + 'static,
) -> AnyView {
    live(move || {
        let row = |one: &DecidedEntry| taken_row(one, acts(one));
        let rows: Vec<AnyView> = load.read(|page| page.items.iter().map(row).collect()).unwrap_or_default();
        (!rows.is_empty()).then(|| {
            view! {
                <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("outside_entries.taken")}</h2>
                <ul class="app-plain-list app-entries" id="taken">
                    {rows}
                </ul>
            }
            .into_any()
        })
    })
}

fn taken_row(one: &DecidedEntry, acts: AnyView) -> AnyView {
    let unnamed = || t("elsewhere.unnamed").to_owned();
    let source = if one.source.is_empty() { unnamed() } else { one.source.clone() };
    let made = one.made_on.map(intl::date).unwrap_or_else(|| t("elsewhere.no_date").into());
    let when = intl::format(one.decided_at, Style::Short, &Practice::here().zone());
    let from = t_with("elsewhere.about", &[("source", &source), ("date", &made)]);
    let by = t_with("outside_entries.accepted_by", &[("name", &one.decided_by), ("date", &when)]);
    let gone = (!one.is_kept).then(|| t("outside_entries.gone"));
    let told: Vec<String> = [Some(from), Some(by), gone.map(str::to_owned)].into_iter().flatten().collect();
    view! {
        <li class="app-box">
            <div class="app-cluster nhsuk-u-margin-bottom-2">
                <h3 class="nhsuk-heading-xs nhsuk-u-margin-bottom-0">
                    <bdi>{one.name.clone()}</bdi>
                </h3>
                <span class="app-quiet">{t_word("outside_one", one.kind.as_str())}</span>
            </div>
            <p class="app-quiet app-lines nhsuk-u-margin-bottom-1">
                <bdi>{told.join("\n")}</bdi>
            </p>
            {acts}
        </li>
    }
    .into_any()
}
