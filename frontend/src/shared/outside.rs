//! A record from elsewhere, for its patient and for staff: marked on every page as not the practice's own.

use leptos::prelude::*;
use portal_domain::outside::{OutsideRecordOpened, OutsideRecordView, OutsideSection};

use super::{
    blocks::block,
    intl::{self, Style},
    practice::Practice,
    summary::{Fact, summary},
};
use crate::text::{t, t_with, t_word};

/// What it is called: by itself, else by its format.
pub fn name_of(record: &OutsideRecordView) -> String {
    if record.title.is_empty() {
        return t_word("outside_format", record.format.as_str()).into();
    }
    record.title.clone()
}

/// From whom, in words.
fn source_of(record: &OutsideRecordView) -> String {
    if record.source.is_empty() { t("elsewhere.unnamed").into() } else { record.source.clone() }
}

/// A row of a list; `href` leads to the record.
pub fn row(record: OutsideRecordView, href: String) -> AnyView {
    let made = record.made_on.map(intl::date).unwrap_or_else(|| t("elsewhere.no_date").into());
    let about = t_with("elsewhere.about", &[("source", &source_of(&record)), ("date", &made)]);
    let doubt = record
        .may_be_of_another
        .then(|| view! { <strong class="nhsuk-tag nhsuk-tag--orange">{t("elsewhere.check")}</strong> });
    view! {
        <li class="app-row">
            <a class="app-row__link" href=href>
                <bdi>{name_of(&record)}</bdi>
            </a>
            <p class="app-row__meta">
                <bdi>{about}</bdi>
            </p>
            <div class="app-row__side">{doubt}</div>
        </li>
    }
    .into_any()
}

/// What the record says, below where it comes from; `entries` are what of it could stand in the chart.
pub fn opened(view: OutsideRecordOpened, entries: AnyView) -> AnyView {
    let zone = Practice::here().zone();
    let record = view.record;
    let person = view.person;
    let facts = vec![
        Fact::text(t("elsewhere.source"), source_of(&record)),
        Fact::maybe(t("elsewhere.made_on"), record.made_on.map(intl::date)),
        Fact::maybe(t("elsewhere.person"), person.as_ref().map(|person| person.name.clone())),
        Fact::maybe(t("elsewhere.born"), person.and_then(|person| person.birth_date).map(intl::date)),
        Fact::text(t("elsewhere.added_at"), intl::format(record.added_at, Style::Short, &zone)),
        Fact::text(t("elsewhere.format"), t_word("outside_format", record.format.as_str())),
    ];
    let doubt = record.may_be_of_another.then(|| {
        view! {
            <div class="nhsuk-warning-callout">
                <h2 class="nhsuk-warning-callout__label">{t("elsewhere.another")}</h2>
                <p>{t("elsewhere.another_text")}</p>
            </div>
        }
    });
    let unread = (view.unread > 0)
        .then(|| view! { <p>{t_with("elsewhere.unread", &[("count", &view.unread.to_string())])}</p> });
    let nothing = view
        .sections
        .is_empty()
        .then(|| view! { <div class="app-empty"><p>{t("elsewhere.nothing")}</p></div> });
    view! {
        <p class="nhsuk-lede-text">{t("elsewhere.not_ours")}</p>
        {doubt}
        {summary(facts)}
        {entries}
        {nothing}
        {view.sections.into_iter().map(section).collect_view()}
        {unread}
    }
    .into_any()
}

fn section(section: OutsideSection) -> AnyView {
    let title = if section.title.is_empty() { t("elsewhere.section").into() } else { section.title };
    view! {
        <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">
            <bdi>{title}</bdi>
        </h2>
        {section.blocks.into_iter().map(block).collect_view()}
    }
    .into_any()
}
