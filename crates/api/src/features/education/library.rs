//! The library as its readers see it.

use std::collections::HashMap;

use portal_domain::{
    access::{Action, Category},
    education::{EducationReading, EducationSummary, LibraryQuery},
    ids::EducationId,
    language,
    page::{Page, PageQuery},
    problem::{Code, Problem},
};

use super::{
    markdown,
    store::{self, Version, Wanted},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::accounts,
    platform::{auth::Actor, page::Keyset, search, work::Work},
};

/// What stands in the library, the newest publication first.
pub async fn list(app: &App, actor: &Actor, query: LibraryQuery) -> Result<Page<EducationSummary>> {
    let wanted =
        Wanted { topic: query.topic, codes: query.codes()?, words: search::Query::parse(query.q.as_deref()) };
    let keyset = Keyset::parse(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Library)?;
        let page = store::library(work.conn, &wanted, &keyset)?;
        Ok(Page { items: summaries(work, &page.items)?, next: page.next })
    })
    .await
}

/// One item, in this language or the account's.
pub async fn read(
    app: &App,
    actor: &Actor,
    id: EducationId,
    wanted: Option<String>,
) -> Result<EducationReading> {
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Library)?;
        let version = version(work, id)?;
        let wanted = match &wanted {
            Some(wanted) => wanted.clone(),
            None => own_language(work)?,
        };
        let content = version.content()?;
        let summary = summary(&version, &wanted)?;
        let body = content.texts.iter().find(|text| text.language == summary.language);
        let first = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let known = store::files(work.conn, id)?;
        let named = content.files.iter().filter_map(|id| known.iter().find(|file| file.id == *id));
        Ok(EducationReading {
            blocks: markdown::blocks(body.map(|text| text.body.as_str()).unwrap_or_default()),
            files: named.map(store::FileRow::view).collect(),
            languages: content.texts.iter().map(|text| text.language.clone()).collect(),
            in_wanted_language: first(&summary.language) == first(&wanted),
            published_at: version.published_at,
            summary,
        })
    })
    .await
}

/// The version that readers have; 404 before the first publication and once the item is retired.
pub fn version(work: &mut Work<'_>, id: EducationId) -> Result<Version> {
    let found = store::current(work.conn, &[id])?.pop();
    found
        .filter(|(_, retired)| retired.is_none())
        .map(|(version, _)| version)
        .ok_or_else(|| Code::NotFound.into())
}

/// These items as their reader lists them, in the order asked for; what is not in the library is left out.
pub fn summaries(work: &mut Work<'_>, ids: &[EducationId]) -> Result<Vec<EducationSummary>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = own_language(work)?;
    let mut known: HashMap<EducationId, EducationSummary> = HashMap::new();
    for (version, retired) in store::current(work.conn, ids)? {
        if retired.is_none() {
            known.insert(version.item_id, summary(&version, &wanted)?);
        }
    }
    Ok(ids.iter().filter_map(|id| known.get(id).cloned()).collect())
}

/// What goes along with a message stands in the library; else 422 of this field.
pub fn must_be_there(work: &mut Work<'_>, field: &str, ids: &[EducationId]) -> Result<()> {
    let known = store::current(work.conn, ids)?;
    let there =
        |id: &EducationId| known.iter().any(|(item, retired)| item.item_id == *id && retired.is_none());
    if ids.iter().all(there) {
        return Ok(());
    }
    Err(Problem::field(field, "unknown", "Choose items that stand in the library.").into())
}

/// The language of whoever reads; the operator has none.
pub fn own_language(work: &mut Work<'_>) -> Result<String> {
    match work.actor.account_id() {
        Ok(account) => Ok(accounts::by_id(work.conn, account)?.language),
        Err(_) => Ok(String::new()),
    }
}

/// A version as it is listed for a reader of this language.
pub fn summary(version: &Version, wanted: &str) -> Result<EducationSummary> {
    let content = version.content()?;
    let text = language::chosen(&content.texts, wanted, |text| &text.language);
    let text = text.ok_or_else(|| Error::internal("an item without text"))?;
    Ok(EducationSummary {
        id: version.item_id,
        topic: content.topic,
        title: text.title.clone(),
        language: text.language.clone(),
    })
}
