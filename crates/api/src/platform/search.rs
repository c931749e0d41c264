//! The index of words behind every search field, kept in a table of our own so that both engines find the same.
//!
//! A list that is searched stays the list that it is, in its own order: each word is a condition more ([`having_words!`](crate::having_words)),
//! and a word that few things have ([`Query::rare`]) is looked up first.

use diesel::prelude::*;
use portal_domain::search::{MAX_WORDS, Realm, query_words, words_of};
use uuid::Uuid;

use super::db::{AnyId, Conn, schema::search_words};
use crate::{each_engine, error::Result};

/// Words that fewer things have than this lead the search.
const FEW: i64 = 500;
/// Sorts after every word that begins with the same letters.
const LAST: char = '\u{10FFFF}';

/// Keeps the words by which an owner finds a thing, in place of those that this owner had of it. Where there are too many, the
/// words of the first texts stay.
pub fn index(conn: &mut Conn, realm: Realm, owner: Uuid, item: Uuid, texts: &[&str]) -> Result<()> {
    let of_it = search_words::realm.eq(realm).and(search_words::item_id.eq(AnyId(item)));
    diesel::delete(search_words::table.filter(of_it).filter(search_words::owner_id.eq(AnyId(owner))))
        .execute(conn)?;
    let mut words = std::collections::BTreeSet::new();
    for word in texts.iter().flat_map(|text| words_of(text)) {
        if words.len() == MAX_WORDS {
            break;
        }
        words.insert(word);
    }
    let rows: Vec<_> = words
        .into_iter()
        .map(|word| {
            (
                search_words::realm.eq(realm),
                search_words::owner_id.eq(AnyId(owner)),
                search_words::word.eq(word),
                search_words::item_id.eq(AnyId(item)),
            )
        })
        .collect();
    if !rows.is_empty() {
        each_engine!(conn, conn => diesel::insert_into(search_words::table).values(&rows).execute(conn))?;
    }
    Ok(())
}

/// Keeps the words of a thing that these owners have, in place of those that anybody had.
pub fn index_for_all(conn: &mut Conn, realm: Realm, owners: &[Uuid], item: Uuid, text: &str) -> Result<()> {
    forget(conn, realm, item)?;
    let words = words_of(text);
    let rows: Vec<_> = owners
        .iter()
        .flat_map(|owner| words.iter().map(move |word| (owner, word)))
        .map(|(owner, word)| {
            (
                search_words::realm.eq(realm),
                search_words::owner_id.eq(AnyId(*owner)),
                search_words::word.eq(word),
                search_words::item_id.eq(AnyId(item)),
            )
        })
        .collect();
    // SQLite takes 32,766 values in one statement.
    for rows in rows.chunks(5_000) {
        each_engine!(conn, conn => diesel::insert_into(search_words::table).values(rows).execute(conn))?;
    }
    Ok(())
}

/// Takes a thing out of a search.
pub fn forget(conn: &mut Conn, realm: Realm, item: Uuid) -> Result<()> {
    let of_it = search_words::realm.eq(realm).and(search_words::item_id.eq(AnyId(item)));
    diesel::delete(search_words::table.filter(of_it)).execute(conn)?;
    Ok(())
}

/// What somebody searches for.
#[derive(Clone, Debug)]
pub struct Query {
    words: Vec<String>,
}

impl Query {
    /// The query that a text spells; none when it holds no word, and the list is whole then.
    pub fn parse(text: Option<&str>) -> Option<Self> {
        let words = query_words(text?);
        if words.is_empty() { None } else { Some(Self { words }) }
    }

    /// Each word with the end of the range of what it begins.
    pub fn words(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.words.iter().map(|word| (word.clone(), format!("{word}{LAST}")))
    }

    /// The place of a word that only few things have; none when every word is common, and walking the list in its order
    /// finds a page soon.
    pub fn rare(&self, conn: &mut Conn, realm: Realm, owners: &[Uuid]) -> Result<Option<usize>> {
        let owners: Vec<AnyId> = owners.iter().copied().map(AnyId).collect();
        for (place, (from, to)) in self.words().enumerate() {
            let beyond: Option<AnyId> = search_words::table
                .filter(search_words::realm.eq(realm))
                .filter(search_words::owner_id.eq_any(owners.clone()))
                .filter(search_words::word.ge(from))
                .filter(search_words::word.lt(to))
                .select(search_words::item_id)
                .offset(FEW)
                .limit(1)
                .first(conn)
                .optional()?;
            if beyond.is_none() {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }
}

/// Keeps of a boxed query over `$table` only rows whose `$id` column names a thing that has every word of `$query`
/// (a [`Query`]); `$owners` bound the search.
#[macro_export]
macro_rules! having_words {
    ($conn:expr, $list:ident, $id:expr, $realm:expr, $owners:expr, $query:expr) => {
        if let Some(query) = $query {
            use $crate::platform::db::schema::search_words as w;
            let rare = query.rare($conn, $realm, $owners)?;
            let owners: Vec<_> = $owners.iter().copied().map($crate::platform::db::AnyId).collect();
            for (place, (from, to)) in query.words().enumerate() {
                if Some(place) == rare {
                    // The few things that have it, all at once: not one look for each row of the list.
                    let having = w::table
                        .filter(w::realm.eq($realm))
                        .filter(w::owner_id.eq_any(owners.clone()))
                        .filter(w::word.ge(from))
                        .filter(w::word.lt(to))
                        .select(w::item_id)
                        // Keeps PostgreSQL from joining the whole list with them.
                        .offset(0);
                    $list = $list.filter($id.eq_any(having));
                    continue;
                }
                let has = w::table
                    .filter(w::realm.eq($realm))
                    .filter(w::item_id.eq($id))
                    .filter(w::word.ge(from))
                    .filter(w::word.lt(to))
                    // Keeps PostgreSQL from joining all that has the word before it takes the first page.
                    .offset(0);
                $list = $list.filter(diesel::dsl::exists(has));
            }
        }
    };
}
