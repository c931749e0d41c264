//! Sealing: soon after rows are committed, whoever serves adds them to the chain, a block at a time.
//!
//! Nothing here is in a request's way. Rows are looked for outside of any transaction, so that writers never wait for a
//! sealer nor run again because of one; of servers that seal at the same time one gets the next number.

use std::collections::HashSet;

use diesel::prelude::*;
use portal_domain::time::Time;
use uuid::Uuid;

use super::{
    Trail,
    entry::{Mac, Signed},
    head::{self, Found, Head},
};
use crate::{
    error::{Error, Result},
    platform::{
        clock::new_id,
        db::{
            AnyId, Conn, MultiBackend,
            schema::{audit_entries, audit_seals},
        },
        secret::MacKey,
    },
};

/// The most rows of a seal.
const BLOCK: i64 = 4096;
/// Id and MAC.
pub const LEAF: usize = 32;
/// How far back, by the time in their ids, each look goes for rows that came late: an act takes that long at most.
const LATE_MILLIS: u64 = 30_000;
/// How far back a thorough look goes, for acts that took longer and for servers whose clocks differ.
const VERY_LATE_MILLIS: u64 = 3_600_000;
/// How long after the first seal rows without a MAC are taken in: while servers of the version before still run.
pub const UPGRADE: chrono::TimeDelta = chrono::TimeDelta::hours(24);

/// How thoroughly unsealed rows are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Among the newest.
    Quick,
    /// Further back, and further than anybody has sealed when nobody served for a while.
    Thorough,
}

/// A seal as stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_seals, check_for_backend(MultiBackend))]
pub struct Seal {
    pub number: i64,
    pub sealed_at: Time,
    pub total: i64,
    pub last_id: AnyId,
    pub entries: Vec<u8>,
    pub previous: Vec<u8>,
    pub hash: Vec<u8>,
}

impl Seal {
    /// The seal over these rows that follows `before`.
    pub fn after(before: Option<&Head>, key: &MacKey, sealed_at: Time, leaves: &[(Uuid, Mac)]) -> Self {
        let (number, total, previous) =
            before.map_or((0, 0, vec![0; 32]), |head| (head.number, head.total, head.hash.clone()));
        let entries: Vec<u8> =
            leaves.iter().flat_map(|(id, mac)| [id.as_bytes().as_slice(), mac].concat()).collect();
        let mut seal = Self {
            number: number + 1,
            sealed_at,
            total: total + leaves.len() as i64,
            last_id: AnyId(leaves.iter().map(|(id, _)| *id).max().unwrap_or_default()),
            entries,
            previous,
            hash: Vec::new(),
        };
        seal.hash = seal.right_hash(key).to_vec();
        seal
    }

    /// The hash that belongs to what the seal says.
    pub fn right_hash(&self, key: &MacKey) -> [u8; 32] {
        let mut bytes = b"portal audit seal 1".to_vec();
        for number in [self.number, self.sealed_at.micros(), self.total] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        bytes.extend_from_slice(self.last_id.0.as_bytes());
        bytes.extend_from_slice(&(self.previous.len() as u64).to_be_bytes());
        bytes.extend_from_slice(&self.previous);
        bytes.extend_from_slice(&self.entries);
        key.mac(&bytes)
    }

    /// The rows, in the chain's order.
    pub fn leaves(&self) -> impl Iterator<Item = (Uuid, Mac)> + '_ {
        let (leaves, _) = self.entries.as_chunks::<LEAF>();
        leaves.iter().map(|leaf| {
            let (mut id, mut mac) = ([0; 16], [0; 16]);
            id.copy_from_slice(&leaf[..16]);
            mac.copy_from_slice(&leaf[16..]);
            (Uuid::from_bytes(id), mac)
        })
    }

    pub fn head(&self) -> Head {
        Head { number: self.number, total: self.total, hash: self.hash.clone(), sealed_at: self.sealed_at }
    }
}

/// The smallest id of this millisecond.
fn id_at(millis: u64) -> Uuid {
    Uuid::from_u128(u128::from(millis) << 80)
}

fn millis_of(id: Uuid) -> u64 {
    (id.as_u128() >> 80) as u64
}

impl Trail {
    /// Seals what is committed and not sealed yet, and keeps the chain's end outside. Answers how many rows were sealed;
    /// none when another server was quicker, which the next look mends. It refuses to go on after a chain that was cut
    /// or replaced: the head outside stays as the witness.
    pub async fn seal(&self, now: Time, look: Look) -> Result<usize> {
        let mut sealed = 0;
        let mut from = None;
        loop {
            let (head, block) = self.next_block(now, look, from).await?;
            let Some(block) = block else {
                self.keep(head.as_ref())?;
                return Ok(sealed);
            };
            from = Some(block.upto);
            if block.leaves.is_empty() {
                continue;
            }
            let seal = Seal::after(head.as_ref(), &self.key, now, &block.leaves);
            let added = self
                .db
                .write({
                    let seal = seal.clone();
                    move |conn| add(conn, &seal)
                })
                .await?;
            if !added {
                return Ok(sealed);
            }
            sealed += block.leaves.len();
            self.keep(Some(&seal.head()))?;
        }
    }

    /// The newest seal, and the rows that come next. No block is the end.
    async fn next_block(
        &self,
        now: Time,
        look: Look,
        from: Option<Uuid>,
    ) -> Result<(Option<Head>, Option<Block>)> {
        let found = head::read(&self.head, &self.key)?;
        let key = self.key.clone();
        self.db
            .read(move |conn| {
                let newest: Option<Seal> = audit_seals::table
                    .order(audit_seals::number.desc())
                    .select(Seal::as_select())
                    .first(conn)
                    .optional()?;
                check_head(conn, &found, newest.as_ref())?;
                let from = from.unwrap_or_else(|| begin(look, newest.as_ref()));
                let may_lack_mac = may_lack_mac(conn, now)?;
                let block = block(conn, &key, from, may_lack_mac)?;
                Ok((newest.map(|seal| seal.head()), block))
            })
            .await
    }

    /// Writes the head outside unless that one is as new.
    fn keep(&self, newest: Option<&Head>) -> Result<()> {
        let Some(newest) = newest else { return Ok(()) };
        match head::read(&self.head, &self.key)? {
            Found::Head(kept) if kept.number >= newest.number => Ok(()),
            _ => head::write(&self.head, &self.key, newest),
        }
    }
}

/// Rows that follow each other by id.
struct Block {
    /// The last id looked at.
    upto: Uuid,
    /// Those that are not sealed yet.
    leaves: Vec<(Uuid, Mac)>,
}

/// Where to begin looking. By the ids' own time: the clock of this server, as that of the others, may be wrong by a
/// little, and tests move theirs.
fn begin(look: Look, newest: Option<&Seal>) -> Uuid {
    let now = millis_of(new_id());
    match (look, newest) {
        (_, None) => Uuid::nil(),
        (Look::Quick, Some(_)) => id_at(now.saturating_sub(LATE_MILLIS)),
        (Look::Thorough, Some(seal)) => {
            id_at(now.min(millis_of(seal.last_id.0)).saturating_sub(VERY_LATE_MILLIS))
        }
    }
}

fn block(conn: &mut Conn, key: &MacKey, from: Uuid, may_lack_mac: bool) -> Result<Option<Block>> {
    use audit_entries::dsl as e;
    let ids: Vec<AnyId> = audit_entries::table
        .filter(e::id.gt(AnyId(from)))
        .order(e::id)
        .limit(BLOCK)
        .select(e::id)
        .load(conn)?;
    let Some(upto) = ids.last().map(|id| id.0) else { return Ok(None) };
    // Whatever is sealed of these ids is in a seal whose greatest id is none before the first of them.
    let first = ids.first().map_or(from, |id| id.0);
    let seals: Vec<Vec<u8>> = audit_seals::table
        .filter(audit_seals::last_id.ge(AnyId(first)))
        .select(audit_seals::entries)
        .load(conn)?;
    let mut sealed = HashSet::new();
    for entries in &seals {
        sealed.extend(entries.as_chunks::<LEAF>().0.iter().map(|leaf| &leaf[..16]));
    }
    let new: Vec<AnyId> = ids.into_iter().filter(|id| !sealed.contains(id.0.as_bytes().as_slice())).collect();
    let rows: Vec<Signed> =
        audit_entries::table.filter(e::id.eq_any(new)).order(e::id).select(Signed::as_select()).load(conn)?;
    let mut buffer = Vec::new();
    let mut leaves = Vec::with_capacity(rows.len());
    for row in rows {
        let mac = row.note.mac(key, &mut buffer);
        match row.is_genuine(key, &mut buffer) {
            Some(true) => leaves.push((row.id(), mac)),
            None if may_lack_mac => leaves.push((row.id(), mac)),
            _ => {
                tracing::error!(entry = %row.id(), "an audit entry is not the portal's: see `portal audit verify`")
            }
        }
    }
    Ok(Some(Block { upto, leaves }))
}

/// Whether rows without a MAC may still come from servers of the version before.
fn may_lack_mac(conn: &mut Conn, now: Time) -> Result<bool> {
    let first: Option<Time> = audit_seals::table
        .order(audit_seals::number)
        .select(audit_seals::sealed_at)
        .first(conn)
        .optional()?;
    Ok(first.is_none_or(|first| now < first.plus(UPGRADE)))
}

/// The chain goes through the head that is kept outside, or somebody cut it.
fn check_head(conn: &mut Conn, found: &Found, newest: Option<&Seal>) -> Result<()> {
    let kept = match found {
        Found::Nothing => return Ok(()),
        Found::Forged => {
            return Err(Error::internal(
                "the head of the audit trail, outside of the database, is not the portal's",
            ));
        }
        Found::Head(kept) => kept,
    };
    let there = match newest {
        Some(seal) if seal.number == kept.number => Some(seal.hash.clone()),
        _ => audit_seals::table.find(kept.number).select(audit_seals::hash).first(conn).optional()?,
    };
    if there.as_deref() == Some(kept.hash.as_slice()) {
        return Ok(());
    }
    Err(Error::internal(
        "the audit trail in the database is not the one that was sealed: see `portal audit verify`",
    ))
}

/// Adds the seal unless another one has its number.
fn add(conn: &mut Conn, seal: &Seal) -> Result<bool> {
    let newest: Option<i64> = audit_seals::table.select(diesel::dsl::max(audit_seals::number)).first(conn)?;
    if newest.unwrap_or(0) + 1 != seal.number {
        return Ok(false);
    }
    diesel::insert_into(audit_seals::table).values(seal.clone()).execute(conn)?;
    Ok(true)
}
