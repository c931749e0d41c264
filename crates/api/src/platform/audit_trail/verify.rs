//! Reading the whole trail and saying what is wrong with it.

use std::collections::HashMap;

use diesel::prelude::*;
use portal_domain::time::Time;
use uuid::Uuid;

use super::{
    Finding, Trail,
    chain::{Checker, Stored},
    entry::Signed,
    head,
    seal::{LEAF, Seal},
};
use crate::{
    error::Result,
    platform::db::{
        AnyId, Conn,
        schema::{audit_entries, audit_seals},
    },
};

/// How many rows and how many seals are read at once.
const ROWS: i64 = 4096;
const SEALS: i64 = 256;

/// What `portal audit verify` found.
#[derive(Debug)]
pub struct Report {
    /// What is wrong, in the order of the rows; nothing when the trail holds.
    pub findings: Vec<Finding>,
    /// How many more there are.
    pub left_out: u64,
    /// How many rows there are.
    pub rows: u64,
    /// How many of them are sealed.
    pub sealed: u64,
    /// How many seals.
    pub seals: i64,
    /// How many rows wait to be sealed; each is the portal's by its MAC, but nobody would miss it yet.
    pub waiting: u64,
    /// When the newest seal was made.
    pub sealed_at: Option<Time>,
}

impl Trail {
    /// Checks every row and every seal, while others go on writing.
    pub async fn verify(&self, now: Time) -> Result<Report> {
        // The head first: what it knows must be there afterwards.
        let kept = head::read(&self.head, &self.key)?;
        let key = self.key.clone();
        self.db
            .read(move |conn| {
                let mut checker = Checker::new(&key, &kept);
                check_seals(conn, &mut checker)?;
                check_rows(conn, &mut checker, now)?;
                let checked = checker.finish();
                Ok(Report {
                    findings: checked.findings,
                    left_out: checked.left_out,
                    rows: checked.rows,
                    sealed: checked.sealed,
                    seals: checked.newest.as_ref().map_or(0, |head| head.number),
                    waiting: checked.waiting,
                    sealed_at: checked.newest.map(|head| head.sealed_at),
                })
            })
            .await
    }

    /// Where the head is kept.
    pub fn head_path(&self) -> &std::path::Path {
        &self.head
    }
}

fn check_seals(conn: &mut Conn, checker: &mut Checker<'_>) -> Result<()> {
    let mut after = i64::MIN;
    loop {
        let seals: Vec<Seal> = audit_seals::table
            .filter(audit_seals::number.gt(after))
            .order(audit_seals::number)
            .limit(SEALS)
            .select(Seal::as_select())
            .load(conn)?;
        let Some(last) = seals.last() else { return Ok(()) };
        after = last.number;
        // Many small seals share a look-up.
        let mut group: Vec<&Seal> = Vec::new();
        let mut size = 0;
        for seal in &seals {
            size += seal.entries.len() / LEAF;
            group.push(seal);
            if size as i64 >= ROWS {
                check_group(conn, checker, &group)?;
                group.clear();
                size = 0;
            }
        }
        check_group(conn, checker, &group)?;
    }
}

fn check_group(conn: &mut Conn, checker: &mut Checker<'_>, group: &[&Seal]) -> Result<()> {
    let ids: Vec<AnyId> = group.iter().flat_map(|seal| seal.leaves()).map(|(id, _)| AnyId(id)).collect();
    let rows = rows(conn, &ids)?;
    for seal in group {
        checker.seal(seal, &rows);
    }
    Ok(())
}

fn rows(conn: &mut Conn, ids: &[AnyId]) -> Result<HashMap<Uuid, Stored>> {
    let mut found = HashMap::with_capacity(ids.len());
    // As many marks in a statement as both engines take.
    for some in ids.chunks(ROWS as usize) {
        let load = audit_entries::table.filter(audit_entries::id.eq_any(some.to_vec()));
        match load.select(Signed::as_select()).load::<Signed>(conn) {
            Ok(rows) => found.extend(rows.into_iter().map(|row| (row.id(), Some(row)))),
            // One of them holds what no row can hold; which one?
            Err(_) => {
                for id in some {
                    if let Some(row) = row(conn, *id)? {
                        found.insert(id.0, row);
                    }
                }
            }
        }
    }
    Ok(found)
}

/// The row, if it is there, if it can be read.
fn row(conn: &mut Conn, id: AnyId) -> Result<Option<Stored>> {
    match audit_entries::table.find(id).select(Signed::as_select()).first::<Signed>(conn) {
        Ok(row) => Ok(Some(Some(row))),
        Err(diesel::result::Error::NotFound) => Ok(None),
        Err(diesel::result::Error::DeserializationError(_)) => Ok(Some(None)),
        Err(why) => Err(why.into()),
    }
}

fn check_rows(conn: &mut Conn, checker: &mut Checker<'_>, now: Time) -> Result<()> {
    let mut after = Uuid::nil();
    loop {
        let page = audit_entries::table
            .filter(audit_entries::id.gt(AnyId(after)))
            .order(audit_entries::id)
            .limit(ROWS);
        match page.select(Signed::as_select()).load::<Signed>(conn) {
            Ok(rows) => {
                let Some(last) = rows.last() else { return Ok(()) };
                after = last.id();
                rows.iter().for_each(|row| checker.row(row.id(), Some(row), now));
            }
            Err(_) => {
                let ids: Vec<AnyId> = page.select(audit_entries::id).load(conn)?;
                let Some(last) = ids.last() else { return Ok(()) };
                after = last.0;
                for id in ids {
                    if let Some(row) = row(conn, id)? {
                        checker.row(id.0, row.as_ref(), now);
                    }
                }
            }
        }
    }
}
