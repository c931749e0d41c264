//! Keyset paging: a cursor names the last row seen by (time, id), opaque to callers.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use portal_domain::{
    page::{DEFAULT_LIMIT, MAX_LIMIT, Page, PageQuery},
    problem::Problem,
    time::Time,
};
use uuid::Uuid;

use crate::error::Result;

/// The row after which a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The row's place in time.
    pub at: Time,
    /// Its id, for rows of the same time.
    pub id: Uuid,
}

/// Which rows are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Keyset {
    /// Begin after this row.
    pub after: Option<Cursor>,
    /// At most so many items.
    pub limit: i64,
}

impl Keyset {
    /// The first page of a list, as long as one can be.
    pub fn longest() -> Result<Self> {
        Self::parse(&PageQuery { cursor: None, limit: Some(MAX_LIMIT) })
    }

    /// Reads the query; a broken cursor or a limit outside 1 to 100 is refused by name.
    pub fn parse(query: &PageQuery) -> Result<Self> {
        let limit = limit(query)?;
        let after = query.cursor.as_deref().map(parse_cursor).transpose()?;
        Ok(Self { after, limit })
    }

    /// How many rows to load: one more than shown tells whether there is a next page.
    pub fn rows(&self) -> i64 {
        self.limit + 1
    }

    /// The page of the loaded rows; `key` tells a row's place.
    pub fn page<T>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> Cursor) -> Page<T> {
        let more = rows.len() as i64 > self.limit;
        rows.truncate(self.limit as usize);
        let next = if more { rows.last().map(|row| spell_cursor(key(row))) } else { None };
        Page { items: rows, next }
    }
}

/// The limit asked for.
pub fn limit(query: &PageQuery) -> Result<i64> {
    match query.limit.unwrap_or(DEFAULT_LIMIT) {
        limit @ 1..=MAX_LIMIT => Ok(i64::from(limit)),
        _ => Err(Problem::field("limit", "out_of_range", "Ask for 1 to 100 items.").into()),
    }
}

/// The refusal of a cursor that this server did not make.
pub fn bad_cursor() -> crate::error::Error {
    Problem::field("cursor", "unknown", "Use the next cursor of the page before, unchanged.").into()
}

fn parse_cursor(text: &str) -> Result<Cursor> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad_cursor())?;
    let (at, id) = bytes.split_first_chunk::<8>().ok_or_else(bad_cursor)?;
    // Only times that a row can have: PostgreSQL refuses some that a calendar in memory takes.
    let at = Time::from_micros(i64::from_be_bytes(*at)).and_then(|at| Time::new(at.utc()));
    let at = at.map_err(|_| bad_cursor())?;
    Ok(Cursor { at, id: Uuid::from_slice(id).map_err(|_| bad_cursor())? })
}

fn spell_cursor(cursor: Cursor) -> String {
    let mut bytes = cursor.at.micros().to_be_bytes().to_vec();
    bytes.extend_from_slice(cursor.id.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_garbage_is_refused() {
        let cursor = Cursor { at: Time::from_micros(1_790_000_000_123_456).unwrap(), id: Uuid::new_v4() };
        assert_eq!(parse_cursor(&spell_cursor(cursor)).unwrap(), cursor);
        for garbage in ["", "x", "AAAA", "////", &"A".repeat(400)] {
            assert!(parse_cursor(garbage).is_err());
        }
    }
}
