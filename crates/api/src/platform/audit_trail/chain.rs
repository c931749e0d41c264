//! Checking: seals one after the other with the rows that they name, then all rows. Pure, so that any tampering can be
//! tried in memory.

use std::collections::{HashMap, HashSet};

use portal_domain::time::Time;
use uuid::Uuid;

use super::{
    Note,
    entry::{Mac, Signed},
    head::{Found, Head},
    seal::{LEAF, Seal},
};
use crate::platform::secret::{MacKey, same};

/// How many findings are kept; of a trail that was replaced the rest says nothing more.
const KEPT: usize = 1000;
/// Among how many changed rows it is found out which were swapped.
const SWAPS: usize = 200;

/// What is wrong with the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bad {
    /// The row does not say any more what it said when it was written.
    Changed,
    /// The row says what this other one said, and the other way round.
    Swapped(Uuid),
    /// The row is gone.
    Deleted,
    /// The portal never wrote the row.
    Inserted,
    /// The seal that held the row was changed.
    SealChanged(i64),
    /// Seals are gone, and so many rows' places in the chain with them.
    SealsDeleted {
        /// The first.
        first: i64,
        /// The last.
        last: i64,
        /// How many rows they held.
        entries: i64,
    },
    /// The newest seals are gone: the head outside knows more than the database.
    Truncated {
        /// How many seals the database still has.
        seals: i64,
        /// How many there were.
        of: i64,
        /// How many rows the missing ones held.
        entries: i64,
    },
    /// The database has another chain than the one whose head is kept outside.
    Replaced,
    /// The head outside was not written by the portal with this secret.
    HeadForged,
    /// There is no head outside, so nobody can tell whether the newest rows are there.
    HeadMissing,
}

/// One thing that is wrong, and with which row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The row; of what concerns seals, the last good row before.
    pub entry: Uuid,
    /// What is wrong.
    pub bad: Bad,
}

/// A row as the database answers; none when it can't even be read.
pub type Stored = Option<Signed>;

/// What was seen so far.
pub struct Checker<'k> {
    key: &'k MacKey,
    newest: Option<Head>,
    last_id: Uuid,
    /// The hash at the number of the head outside.
    at_kept: Option<Vec<u8>>,
    kept: &'k Found,
    first_sealed_at: Option<Time>,
    sealed: u64,
    rows: u64,
    inserted: u64,
    without_mac: HashSet<Uuid>,
    /// Changed rows and what the chain says of them.
    changed: Vec<(Note, Mac)>,
    findings: Vec<Finding>,
    left_out: u64,
    buffer: Vec<u8>,
}

/// What a whole check found.
pub struct Checked {
    /// In the order of the rows.
    pub findings: Vec<Finding>,
    /// How many more there are.
    pub left_out: u64,
    /// How many rows there are.
    pub rows: u64,
    /// How many of them the chain has.
    pub sealed: u64,
    /// How many genuine ones it does not have yet.
    pub waiting: u64,
    /// The newest seal.
    pub newest: Option<Head>,
}

impl<'k> Checker<'k> {
    pub fn new(key: &'k MacKey, kept: &'k Found) -> Self {
        Self {
            key,
            newest: None,
            last_id: Uuid::nil(),
            at_kept: None,
            kept,
            first_sealed_at: None,
            sealed: 0,
            rows: 0,
            inserted: 0,
            without_mac: HashSet::new(),
            changed: Vec::new(),
            findings: Vec::new(),
            left_out: 0,
            buffer: Vec::new(),
        }
    }

    fn found(&mut self, entry: Uuid, bad: Bad) {
        if self.findings.len() < KEPT {
            self.findings.push(Finding { entry, bad });
        } else {
            self.left_out += 1;
        }
    }

    /// The next seal, with those of its rows that are there.
    pub fn seal(&mut self, seal: &Seal, rows: &HashMap<Uuid, Stored>) {
        let first = seal.leaves().next().map_or(self.last_id, |(id, _)| id);
        let (number, total, previous) = match &self.newest {
            Some(head) => (head.number, head.total, head.hash.clone()),
            None => (0, 0, vec![0; 32]),
        };
        let own = (seal.entries.len() / LEAF) as i64;
        let intact = same(&seal.hash, &seal.right_hash(self.key));
        if !intact {
            self.found(first, Bad::SealChanged(seal.number));
        } else if seal.number != number + 1 {
            let entries = seal.total - own - total;
            self.found(self.last_id, Bad::SealsDeleted { first: number + 1, last: seal.number - 1, entries });
        } else if seal.previous != previous || seal.total != total + own {
            // Genuine in itself, from another chain of the same portal: an older copy of the database.
            self.found(first, Bad::SealChanged(seal.number));
        }
        self.first_sealed_at.get_or_insert(seal.sealed_at);
        if matches!(self.kept, Found::Head(kept) if kept.number == seal.number) {
            self.at_kept = Some(seal.hash.clone());
        }
        for (id, mac) in seal.leaves() {
            match rows.get(&id) {
                None => self.found(id, Bad::Deleted),
                Some(None) => self.found(id, Bad::Changed),
                Some(Some(row)) => self.leaf(row, mac),
            }
        }
        self.last_id = self.last_id.max(seal.last_id.0);
        self.newest = Some(seal.head());
    }

    fn leaf(&mut self, row: &Signed, mac: Mac) {
        self.sealed += 1;
        if row.mac.is_none() {
            self.without_mac.insert(row.id());
        }
        let as_sealed = same(&row.note.mac(self.key, &mut self.buffer), &mac)
            && row.mac.as_ref().is_none_or(|own| same(own, &mac));
        if as_sealed {
            return;
        }
        if self.changed.len() < SWAPS {
            self.changed.push((row.note.clone(), mac));
        } else {
            self.found(row.id(), Bad::Changed);
        }
    }

    /// Any row, sealed or not. `None` can't be read.
    pub fn row(&mut self, id: Uuid, row: Option<&Signed>, now: Time) {
        self.rows += 1;
        let Some(row) = row else {
            // What the chain has of it is told already.
            return self.put_in(id);
        };
        let genuine = match row.is_genuine(self.key, &mut self.buffer) {
            Some(genuine) => genuine,
            None => {
                let upgrading =
                    self.first_sealed_at.is_none_or(|first| now < first.plus(super::seal::UPGRADE));
                upgrading || self.without_mac.contains(&id)
            }
        };
        if !genuine {
            self.put_in(id);
        }
    }

    fn put_in(&mut self, id: Uuid) {
        let told = self.changed.iter().any(|(note, _)| note.id.0 == id)
            || self.findings.iter().any(|finding| finding.entry == id && finding.bad == Bad::Changed);
        if !told {
            self.inserted += 1;
            self.found(id, Bad::Inserted);
        }
    }

    pub fn finish(mut self) -> Checked {
        self.name_swaps();
        let newest = self.newest.clone();
        match (self.kept, &newest) {
            (Found::Nothing, None) => {}
            (Found::Nothing, Some(_)) => self.found(Uuid::max(), Bad::HeadMissing),
            (Found::Forged, _) => self.found(Uuid::max(), Bad::HeadForged),
            (Found::Head(kept), newest) => {
                let (seals, total) = newest.as_ref().map_or((0, 0), |head| (head.number, head.total));
                if seals < kept.number {
                    let entries = kept.total - total;
                    self.found(self.last_id, Bad::Truncated { seals, of: kept.number, entries });
                } else if self.at_kept.as_deref() != Some(kept.hash.as_slice()) {
                    self.found(Uuid::max(), Bad::Replaced);
                }
            }
        }
        self.findings.sort_by_key(|finding| finding.entry);
        Checked {
            findings: self.findings,
            left_out: self.left_out,
            rows: self.rows,
            sealed: self.sealed,
            waiting: self.rows.saturating_sub(self.sealed + self.inserted),
            newest,
        }
    }

    /// Of the changed rows, those that say what another one said.
    fn name_swaps(&mut self) {
        let changed = std::mem::take(&mut self.changed);
        for (at, (note, _)) in changed.iter().enumerate() {
            let id = note.id.0;
            let other = changed.iter().enumerate().find(|(place, (_, mac))| {
                let id = changed[*place].0.id.0;
                *place != at && same(&note.mac_as(id, self.key, &mut self.buffer), mac)
            });
            let bad = other.map_or(Bad::Changed, |(_, (other, _))| Bad::Swapped(other.id.0));
            self.found(id, bad);
        }
    }
}

#[cfg(test)]
mod tests {
    use portal_domain::{
        access::{Action, Category},
        audit::{ActorKind, Outcome},
    };
    use proptest::{prelude::*, sample::Index};

    use super::*;
    use crate::platform::db::AnyId;

    const SECRET: &str = "a secret of thirty-two characters!";

    fn key() -> MacKey {
        MacKey::new(SECRET, "audit trail").unwrap()
    }

    fn note(n: u128) -> Note {
        Note {
            id: AnyId(Uuid::from_u128(n)),
            at: Time::from_micros(n as i64).unwrap(),
            actor_kind: ActorKind::ALL[n as usize % ActorKind::ALL.len()],
            actor_id: (!n.is_multiple_of(3)).then(|| AnyId(Uuid::from_u128(n * 7))),
            patient_id: (!n.is_multiple_of(4)).then(|| AnyId(Uuid::from_u128(n * 11))),
            category: Category::ALL[n as usize % Category::ALL.len()],
            action: Action::ALL[n as usize % Action::ALL.len()],
            outcome: Outcome::Done,
            subject_id: n.is_multiple_of(5).then(|| AnyId(Uuid::from_u128(n * 13))),
            request_id: AnyId(Uuid::from_u128(n * 17)),
            proxy_grant_id: n.is_multiple_of(7).then(|| AnyId(Uuid::from_u128(n * 19))),
            emergency_access_id: n.is_multiple_of(9).then(|| AnyId(Uuid::from_u128(n * 23))),
        }
    }

    /// A whole trail.
    #[derive(Clone)]
    struct Chain {
        rows: Vec<Signed>,
        seals: Vec<Seal>,
        head: Head,
    }

    /// Rows from 1, in blocks of these sizes.
    fn chain(blocks: &[usize]) -> Chain {
        let (mut rows, mut seals, mut next) = (Vec::new(), Vec::<Seal>::new(), 1);
        for size in blocks {
            let block: Vec<Signed> =
                (next..next + *size as u128).map(|n| Signed::new(&key(), note(n), &mut Vec::new())).collect();
            next += *size as u128;
            let leaves: Vec<(Uuid, Mac)> =
                block.iter().map(|row| (row.id(), row.note.mac(&key(), &mut Vec::new()))).collect();
            let before = seals.last().map(Seal::head);
            seals.push(Seal::after(before.as_ref(), &key(), Time::unknown(), &leaves));
            rows.extend(block);
        }
        let head = seals.last().unwrap().head();
        Chain { rows, seals, head }
    }

    fn check(chain: &Chain) -> Checked {
        let (key, kept) = (key(), Found::Head(chain.head.clone()));
        let mut checker = Checker::new(&key, &kept);
        let rows: HashMap<Uuid, Stored> =
            chain.rows.iter().map(|row| (row.id(), Some(row.clone()))).collect();
        for seal in &chain.seals {
            checker.seal(seal, &rows);
        }
        // Long after every upgrade.
        let now = Time::from_micros(4_000_000_000_000_000).unwrap();
        let mut sorted = chain.rows.clone();
        sorted.sort_by_key(Signed::id);
        for row in &sorted {
            checker.row(row.id(), Some(row), now);
        }
        checker.finish()
    }

    fn first(chain: &Chain) -> Finding {
        check(chain).findings.first().cloned().expect("the tampering is found")
    }

    /// What can be changed of a row, one column each.
    fn tamper(row: &mut Signed, which: usize) {
        let note = &mut row.note;
        let flip = |id: &mut Option<AnyId>| *id = if id.is_some() { None } else { Some(AnyId(Uuid::max())) };
        match which {
            0 => note.at = note.at.plus(chrono::TimeDelta::microseconds(1)),
            1 => {
                note.actor_kind =
                    if note.actor_kind == ActorKind::Staff { ActorKind::Patient } else { ActorKind::Staff }
            }
            2 => flip(&mut note.actor_id),
            3 => flip(&mut note.patient_id),
            4 => {
                note.category = if note.category == Category::Mail { Category::Staff } else { Category::Mail }
            }
            5 => note.action = if note.action == Action::View { Action::Act } else { Action::View },
            6 => note.outcome = Outcome::Refused,
            7 => flip(&mut note.subject_id),
            8 => note.request_id = AnyId(Uuid::max()),
            9 => flip(&mut note.proxy_grant_id),
            10 => flip(&mut note.emergency_access_id),
            11 => row.mac = Some(vec![0; 16]),
            // The MAC taken away together with a change.
            _ => {
                note.outcome = Outcome::Refused;
                row.mac = None;
            }
        }
    }

    fn blocks() -> impl Strategy<Value = Vec<usize>> {
        proptest::collection::vec(1..6usize, 1..6)
    }

    proptest! {
        #[test]
        fn an_untouched_chain_holds(blocks in blocks()) {
            let checked = check(&chain(&blocks));
            prop_assert!(checked.findings.is_empty(), "{:?}", checked.findings);
            prop_assert_eq!((checked.sealed, checked.waiting), (blocks.iter().sum::<usize>() as u64, 0));
        }

        #[test]
        fn any_change_of_any_column_is_found_and_named(blocks in blocks(), at in any::<Index>(), which in 0..13usize) {
            let mut tampered = chain(&blocks);
            let at = at.index(tampered.rows.len());
            tamper(&mut tampered.rows[at], which);
            prop_assert_eq!(first(&tampered), Finding { entry: tampered.rows[at].id(), bad: Bad::Changed });
        }

        #[test]
        fn any_deletion_is_found_and_the_first_gone_row_is_named(
            blocks in blocks(), gone in proptest::collection::hash_set(0..30usize, 1..6),
        ) {
            let mut tampered = chain(&blocks);
            let first_gone = gone.iter().filter(|at| **at < tampered.rows.len()).min();
            prop_assume!(first_gone.is_some());
            let expected = tampered.rows[*first_gone.unwrap()].id();
            let mut at = 0;
            tampered.rows.retain(|_| { at += 1; !gone.contains(&(at - 1)) });
            prop_assert_eq!(first(&tampered), Finding { entry: expected, bad: Bad::Deleted });
        }

        #[test]
        fn any_permutation_of_what_rows_say_is_found(
            blocks in blocks(), order in Just((0..30usize).collect::<Vec<_>>()).prop_shuffle(), with_macs in any::<bool>(),
        ) {
            let whole = chain(&blocks);
            let order: Vec<usize> = order.into_iter().filter(|at| *at < whole.rows.len()).collect();
            let moved = order.iter().enumerate().find(|(at, from)| at != *from).map(|(at, _)| at);
            prop_assume!(moved.is_some());
            let mut tampered = whole.clone();
            for (at, from) in order.iter().enumerate() {
                tampered.rows[at].note = Note { id: whole.rows[at].note.id, ..whole.rows[*from].note.clone() };
                if with_macs {
                    tampered.rows[at].mac = whole.rows[*from].mac.clone();
                }
            }
            let found = first(&tampered);
            let (entry, from) = (whole.rows[moved.unwrap()].id(), order[moved.unwrap()]);
            prop_assert_eq!(found, Finding { entry, bad: Bad::Swapped(whole.rows[from].id()) });
        }

        #[test]
        fn a_row_that_the_portal_did_not_write_is_found(blocks in blocks(), mac in 0..3usize) {
            let mut tampered = chain(&blocks);
            // A copy of a genuine row under an id of its own.
            let mut row = tampered.rows[0].clone();
            row.note.id = AnyId(Uuid::from_u128(500));
            row.mac = [row.mac, Some(vec![1; 16]), None][mac].clone();
            tampered.rows.push(row);
            prop_assert_eq!(first(&tampered), Finding { entry: Uuid::from_u128(500), bad: Bad::Inserted });
        }

        #[test]
        fn seals_that_are_changed_deleted_or_swapped_are_found(
            blocks in proptest::collection::vec(1..6usize, 2..6), at in any::<Index>(), kind in 0..5usize, byte in any::<Index>(),
        ) {
            let mut tampered = chain(&blocks);
            let at = at.index(tampered.seals.len());
            let number = tampered.seals[at].number;
            match kind {
                0 => {
                    let byte = byte.index(tampered.seals[at].entries.len());
                    tampered.seals[at].entries[byte] ^= 1;
                }
                1 => tampered.seals[at].sealed_at = Time::from_micros(5).unwrap(),
                2 => { tampered.seals.remove(at); }
                3 => {
                    let other = (at + 1) % tampered.seals.len();
                    let (a, b) = (tampered.seals[at].clone(), tampered.seals[other].clone());
                    tampered.seals[at] = Seal { number: a.number, ..b.clone() };
                    tampered.seals[other] = Seal { number: b.number, ..a };
                }
                _ => tampered.seals[at].total += 1,
            }
            let checked = check(&tampered);
            let named = checked.findings.iter().any(|finding| match finding.bad {
                Bad::SealChanged(it) => it == number,
                Bad::SealsDeleted { first, last, entries } => first == number && last == number && entries > 0,
                Bad::Truncated { seals, of, .. } => (seals, of) == (number - 1, number),
                _ => false,
            });
            prop_assert!(named, "{:?}", checked.findings);
        }

        #[test]
        fn a_trail_whose_newest_rows_and_seals_are_cut_off_is_found(blocks in blocks(), left in any::<Index>()) {
            let whole = chain(&blocks);
            let left = left.index(whole.seals.len());
            let mut cut = whole.clone();
            cut.seals.truncate(left);
            let rows = cut.seals.last().map_or(0, |seal| seal.total);
            cut.rows.truncate(rows as usize);
            let bad = Bad::Truncated { seals: left as i64, of: blocks.len() as i64, entries: whole.head.total - rows };
            let entry = cut.rows.last().map_or(Uuid::nil(), Signed::id);
            prop_assert_eq!(check(&cut).findings, vec![Finding { entry, bad }]);
        }
    }

    #[test]
    fn a_whole_chain_made_anew_is_found_by_the_head_outside() {
        let whole = chain(&[3, 3]);
        let other = chain(&[2, 2, 2]);
        let replaced = Chain { head: whole.head, ..other };
        assert_eq!(first(&replaced).bad, Bad::Replaced);
    }

    #[test]
    fn rows_of_the_version_before_are_taken_as_they_were_sealed() {
        let mut older = chain(&[3]);
        older.rows[1].mac = None;
        assert!(check(&older).findings.is_empty());
        older.rows[1].note.outcome = Outcome::Refused;
        assert_eq!(first(&older), Finding { entry: older.rows[1].id(), bad: Bad::Changed });
    }
}
