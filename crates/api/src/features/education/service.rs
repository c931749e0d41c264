//! Writing and publishing items.

use std::collections::HashMap;

use portal_domain::{
    access::{Action, Category},
    education::{
        EducationContent, EducationEntry, EducationState, EducationVersion, EducationView, MAX_BODY, Preview,
        PreviewText,
    },
    ids::{EducationFileId, EducationId},
    page::{Page, PageQuery},
    problem::{Code, Problem},
    text::{self, Lines},
};

use super::{
    files, markdown,
    store::{self, Item},
};
use crate::{
    app::App,
    error::Result,
    features::{accounts, mail},
    platform::{
        auth::Actor, clock::new_id, db::Json, etag::IfMatch, idempotency::Once, page::Keyset, work::Work,
    },
};

/// Every item as its writers list them, the newest first.
pub async fn list(app: &App, actor: &Actor, query: PageQuery) -> Result<Page<EducationEntry>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        work.permit(Action::Change, Category::Library)?;
        let page = store::page(work.conn, &keyset)?;
        Ok(Page { items: page.items.iter().map(entry).collect::<Result<_>>()?, next: page.next })
    })
    .await
}

/// One item with its draft, its files and every published version.
pub async fn open(app: &App, actor: &Actor, id: EducationId) -> Result<EducationView> {
    app.read(actor, move |work| {
        work.permit(Action::Change, Category::Library)?;
        let item = found(work, id)?;
        view(work, &item)
    })
    .await
}

/// A new item: a draft that nobody reads yet.
pub async fn create(
    app: &App,
    actor: &Actor,
    content: EducationContent,
    once: Once,
) -> Result<EducationView> {
    let content = content.check()?;
    let id = EducationId(new_id());
    app.write(actor, move |work| {
        work.permit(Action::Change, Category::Library)?;
        once.run(work, |work| {
            files::must_be_of(work, id, &content.files)?;
            let item = Item {
                id,
                created_at: work.now,
                updated_at: work.now,
                published_at: None,
                retired_at: None,
                version: 1,
                published: 0,
                changed: 1,
                topic: None,
                draft: Json::of(&content)?,
            };
            store::insert(work.conn, &item)?;
            view(work, &item)
        })
    })
    .await
}

/// Saves the draft; readers keep what is published. Files that neither it nor any version names go.
pub async fn save(
    app: &App,
    actor: &Actor,
    id: EducationId,
    content: EducationContent,
    seen: IfMatch,
) -> Result<EducationView> {
    let content = content.check()?;
    let (view, gone) = change(app, actor, id, seen, move |work, item| {
        files::must_be_of(work, id, &content.files)?;
        item.draft = Json::of(&content)?;
        item.changed = 1;
        files::forget_unnamed(work, id, &content)
    })
    .await?;
    files::forget_bytes(app, &gone).await;
    Ok(view)
}

/// Publishes the draft as the next version; an item that was retired stands in the library again.
pub async fn publish(app: &App, actor: &Actor, id: EducationId, seen: IfMatch) -> Result<EducationView> {
    let (view, ()) = change(app, actor, id, seen, |work, item| {
        if item.changed == 0 && item.retired_at.is_none() {
            return Err(Code::WrongState.into());
        }
        let content: EducationContent = item.draft.read()?;
        let texts = searched(&content);
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        if item.changed == 0 {
            store::index(work.conn, item.id, &texts)?;
        } else {
            item.published += 1;
            let version = store::Version {
                item_id: item.id,
                number: item.published,
                published_at: work.now,
                published_by: work.actor.account_id()?,
                content: item.draft.clone(),
            };
            store::publish(work.conn, &version, &content.codes, &texts)?;
        }
        item.topic = Some(content.topic);
        item.published_at = Some(work.now);
        item.changed = 0;
        item.retired_at = None;
        Ok(())
    })
    .await?;
    Ok(view)
}

/// What a reader's words may find: titles first, since only so many words of an item are kept.
fn searched(content: &EducationContent) -> Vec<String> {
    let titles = content.texts.iter().map(|text| text.title.clone());
    titles.chain(content.texts.iter().map(|text| markdown::words(&markdown::blocks(&text.body)))).collect()
}

/// Takes an item out of the library and out of every inbox. Who read it stays on record.
pub async fn retire(app: &App, actor: &Actor, id: EducationId, seen: IfMatch) -> Result<EducationView> {
    let (view, ()) = change(app, actor, id, seen, |work, item| {
        if !item.is_in_library() {
            return Err(Code::WrongState.into());
        }
        item.retired_at = Some(work.now);
        store::forget(work.conn, item.id)?;
        mail::withdraw_from_all(work.conn, item.id.0)
    })
    .await?;
    Ok(view)
}

/// A text as readers will see it.
pub async fn preview(app: &App, actor: &Actor, text: PreviewText) -> Result<Preview> {
    let body = text::clean("body", &text.body, MAX_BODY, Lines::Many)
        .map_err(|error| Problem::invalid(vec![error]))?;
    app.read(actor, move |work| {
        work.permit(Action::Change, Category::Library)?;
        Ok(Preview { blocks: markdown::blocks(&body) })
    })
    .await
}

/// A change of the version that was seen, and what came of it besides.
async fn change<T: Send + 'static>(
    app: &App,
    actor: &Actor,
    id: EducationId,
    seen: IfMatch,
    act: impl Fn(&mut Work<'_>, &mut Item) -> Result<T> + Send + 'static,
) -> Result<(EducationView, T)> {
    app.write(actor, move |work| {
        work.permit(Action::Change, Category::Library)?;
        let mut item = found(work, id)?;
        seen.check(item.version)?;
        let besides = act(work, &mut item)?;
        item.version += 1;
        item.updated_at = work.now;
        store::replace(work.conn, &item)?;
        Ok((view(work, &item)?, besides))
    })
    .await
}

/// An item of this id; else 404.
pub fn found(work: &mut Work<'_>, id: EducationId) -> Result<Item> {
    store::find(work.conn, id)?.ok_or_else(|| Code::NotFound.into())
}

fn state(item: &Item) -> EducationState {
    match (item.published, item.retired_at, item.changed) {
        (0, ..) => EducationState::Draft,
        (_, Some(_), _) => EducationState::Retired,
        (_, None, 0) => EducationState::Published,
        _ => EducationState::Changed,
    }
}

fn entry(item: &Item) -> Result<EducationEntry> {
    let draft: EducationContent = item.draft.read()?;
    Ok(EducationEntry {
        id: item.id,
        title: draft.texts.first().map(|text| text.title.clone()).unwrap_or_default(),
        topic: draft.topic,
        languages: draft.texts.into_iter().map(|text| text.language).collect(),
        state: state(item),
        updated_at: item.updated_at,
    })
}

fn view(work: &mut Work<'_>, item: &Item) -> Result<EducationView> {
    let rows = store::versions(work.conn, item.id)?;
    let mut by: Vec<_> = rows.iter().map(|row| row.published_by).collect();
    by.sort_unstable();
    by.dedup();
    let names: HashMap<_, _> = accounts::names(work.conn, &by)?;
    let version = |row: store::Version| {
        Ok(EducationVersion {
            number: row.number,
            published_at: row.published_at,
            published_by: names.get(&row.published_by).cloned().unwrap_or_default(),
            content: row.content()?,
        })
    };
    Ok(EducationView {
        id: item.id,
        version: item.version,
        draft: item.draft.read()?,
        state: state(item),
        updated_at: item.updated_at,
        files: store::files(work.conn, item.id)?.iter().map(store::FileRow::view).collect(),
        versions: rows.into_iter().map(version).collect::<Result<_>>()?,
    })
}

/// The files that an item's versions name.
pub fn named_by_versions(work: &mut Work<'_>, id: EducationId) -> Result<Vec<EducationFileId>> {
    let mut named = Vec::new();
    for version in store::versions(work.conn, id)? {
        named.extend(version.content()?.files);
    }
    Ok(named)
}
