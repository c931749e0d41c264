//! Everything that was written, the newest first; for those who do not write, what stands in the library.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    education::{EducationEntry, EducationState, EducationSummary, LibraryQuery},
};

use crate::{
    api::ask,
    session::Session,
    shared::{
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        notice::language_name,
        page::Page,
        practice::Practice,
    },
    text::{t, t_with, t_word},
};

/// `/staff/education`
#[component]
pub fn ListPage() -> AnyView {
    let writes = Session::here().may(Action::Change, Category::Library);
    let list = if writes { written() } else { published() };
    view! {
        <Page title=t("staff.nav.education").to_string() section=t("shell.staff_portal")>
            {writes
                .then(|| {
                    view! {
                        <a class="nhsuk-button" href="/staff/education/new">
                            {t("library.new")}
                        </a>
                    }
                })}
            {list}
        </Page>
    }
    .into_any()
}

fn written() -> AnyView {
    let list =
        load_rows(|| |page| async move { ask(async |portal| portal.education_items(&page).await).await });
    listing(
        list,
        t("what.library"),
        move || view! { <Empty text=t("library.none") /> }.into_any(),
        move || view! { <Rows load=list id="library" row=row /> }.into_any(),
    )
}

fn published() -> AnyView {
    let list = load_rows(|| {
        |page: portal_domain::page::PageQuery| async move {
            let query = LibraryQuery { cursor: page.cursor, limit: page.limit, ..LibraryQuery::default() };
            ask(async |portal| portal.library(&query).await).await
        }
    });
    listing(
        list,
        t("what.library"),
        move || view! { <Empty text=t("library.none") /> }.into_any(),
        move || view! { <Rows load=list id="library" row=read_row /> }.into_any(),
    )
}

/// Where an item stands, in words and colour.
#[component]
pub fn StateTag(
    /// Where.
    state: EducationState,
) -> impl IntoView {
    let class = match state {
        EducationState::Published => "nhsuk-tag nhsuk-tag--green",
        EducationState::Changed => "nhsuk-tag nhsuk-tag--yellow",
        EducationState::Draft => "nhsuk-tag nhsuk-tag--blue",
        EducationState::Retired => "nhsuk-tag nhsuk-tag--grey",
    };
    view! { <strong class=class>{t_word("education_state", state.as_str())}</strong> }.into_any()
}

fn row(entry: EducationEntry) -> AnyView {
    let changed = intl::format(entry.updated_at, Style::Short, &Practice::here().zone());
    let languages: Vec<String> = entry.languages.iter().map(|tag| language_name(tag)).collect();
    view! {
        <li class="app-row">
            <a class="app-row__link" href=format!("/staff/education/{}", entry.id)>
                <bdi>{entry.title}</bdi>
            </a>
            <p class="app-row__meta">
                {t_word("education_topic", entry.topic.as_str())} ". " {languages.join(", ")} ". "
                {t_with("library.changed_at", &[("date", &changed)])}
            </p>
            <div class="app-row__side">
                <StateTag state=entry.state />
            </div>
        </li>
    }
    .into_any()
}

fn read_row(item: EducationSummary) -> AnyView {
    view! {
        <li class="app-row">
            <a class="app-row__link" href=format!("/staff/education/{}", item.id) lang=item.language>
                <bdi>{item.title}</bdi>
            </a>
            <p class="app-row__meta">{t_word("education_topic", item.topic.as_str())}</p>
        </li>
    }
    .into_any()
}
