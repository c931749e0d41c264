//! Single entries of a record from elsewhere: what staff take into the chart, leave out, or undo (decision 0032).

use std::collections::HashMap;

use portal_domain::{
    access::{Action, Category, may},
    chart::{ChartEntry, ChartKind, Coding, systems},
    ids::{AccountId, ChartItemId, OutsideRecordId, PatientId},
    outside::{
        DecidedEntry, OutsideDismissal, OutsideEntryKind, OutsideEntryState, OutsideEntryView, kind_of,
        marks, speaks_against, taken_over,
    },
    page::{Page, PageQuery},
    problem::Code,
    record::ChartFact,
    time::Time,
};
use portal_record::{OutsideEntry, entry_facts};

use super::{
    files,
    store::{self, EntryRow, Row},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, health_record, practice, proposals},
    platform::{
        access::Grant, auth::Actor, clock::new_id, etag::IfMatch, idempotency::Once, page::Keyset, work::Work,
    },
};

/// The kinds of entries of the chart that could be taken over, or that speak against one that is.
const KINDS: [ChartKind; 4] =
    [ChartKind::Allergy, ChartKind::Medication, ChartKind::Condition, ChartKind::Immunization];

/// So many entries of a record are offered: more than any chart needs, and than a page could show.
const MOST_ENTRIES: usize = 1_000;

const fn chart_kind(kind: OutsideEntryKind) -> ChartKind {
    match kind {
        OutsideEntryKind::Allergy => ChartKind::Allergy,
        OutsideEntryKind::Medication => ChartKind::Medication,
        OutsideEntryKind::Condition => ChartKind::Condition,
        OutsideEntryKind::Immunization => ChartKind::Immunization,
    }
}

/// What stands beside the entries of a record.
pub struct Beside {
    decided: Vec<EntryRow>,
    names: HashMap<AccountId, String>,
    /// Of the chart, for whoever decides; nothing for others.
    chart: Vec<ChartEntry>,
    /// The names of those, by their marks.
    marked: HashMap<String, Vec<String>>,
    zone: chrono_tz::Tz,
}

impl Beside {
    /// What was decided about the entries of a record, and for whoever decides, what the chart says.
    pub fn of(work: &mut Work<'_>, grant: &Grant, record: OutsideRecordId) -> Result<Self> {
        let decided = store::entries(work.conn, grant, record)?;
        let people: Vec<AccountId> = decided.iter().map(|row| row.decided_by).collect();
        let who = work.actor.who();
        let decides = who.is_some_and(|who| {
            may(who, Action::Decide, Category::OutsideRecords, Some(grant.patient())).is_ok()
        });
        let chart = match decides {
            true => health_record::named(work.conn, grant, &KINDS)?,
            false => Vec::new(),
        };
        let chart: Vec<ChartEntry> = chart.into_iter().map(|(_, entry)| entry).collect();
        let mut marked = HashMap::<String, Vec<String>>::new();
        for entry in &chart {
            let name = entry.item().map(|facts| facts.display.to_owned()).unwrap_or_default();
            for mark in marks(entry) {
                marked.entry(mark).or_default().push(name.clone());
            }
        }
        Ok(Self {
            names: accounts::names(work.conn, &people)?,
            decided,
            chart,
            marked,
            zone: practice::zone(work.conn)?,
        })
    }

    /// The entries of a record that could stand in the chart, off the threads that serve requests: a stranger says how many
    /// there are.
    pub async fn entries(
        self,
        now: Time,
        patient: PatientId,
        entries: Vec<OutsideEntry>,
    ) -> Result<Vec<OutsideEntryView>> {
        let views = move || {
            let views = entries.iter().filter_map(|entry| self.view(now, patient, entry));
            views.take(MOST_ENTRIES).collect()
        };
        tokio::task::spawn_blocking(views).await.map_err(Error::internal)
    }

    fn view(&self, now: Time, patient: PatientId, found: &OutsideEntry) -> Option<OutsideEntryView> {
        let kind = kind_of(&found.record)?;
        let taken = taken_over(&found.record, patient, "")?;
        let row = self.decided.iter().find(|row| row.entry == found.key);
        let is_open = row.is_none_or(|row| row.state == OutsideEntryState::Open);
        let mut in_chart: Vec<String> = Vec::new();
        for name in marks(&found.record).iter().filter_map(|mark| self.marked.get(mark)).flatten() {
            if is_open && !in_chart.contains(name) {
                in_chart.push(name.clone());
            }
        }
        let facts = taken.item()?;
        Some(OutsideEntryView {
            entry: found.key.clone(),
            kind,
            name: facts.display.to_owned(),
            code: facts.concept.and_then(|concept| concept.coding.as_ref()).map(code),
            in_chart,
            conflicts: if is_open { speaks_against(&found.record, &self.chart) } else { Vec::new() },
            // What names it is told already.
            facts: entry_facts(new_id(), taken.clone(), now, self.zone)
                .into_iter()
                .skip(1)
                .map(|(label, value)| ChartFact { label: label.into(), value })
                .collect(),
            state: row.map_or(OutsideEntryState::Open, |row| row.state),
            reason: row.and_then(|row| row.reason),
            words: row.map(|row| row.words.clone()).unwrap_or_default(),
            decided_by: row.and_then(|row| self.names.get(&row.decided_by).cloned()),
            decided_at: row.map(|row| row.decided_at),
            version: row.map_or(0, |row| row.version),
        })
    }
}

/// A code with the name of its system, as clinicians write it.
fn code(coding: &Coding) -> String {
    let system = match coding.system.as_str() {
        systems::RXNORM => "RxNorm",
        systems::SNOMED_CT => "SNOMED CT",
        systems::CVX => "CVX",
        systems::ICD_10_CM => "ICD-10-CM",
        systems::LOINC => "LOINC",
        systems::NDC => "NDC",
        other => other,
    };
    format!("{system} {}", coding.code)
}

/// Where an entry comes from, as a remark in the chart.
fn origin(row: &Row) -> String {
    let source = if row.source.is_empty() { "another clinic" } else { &row.source };
    let made = row.made_on.map(|day| format!(", written {}", day.format("%b %-d, %Y"))).unwrap_or_default();
    format!("From a record of {source}{made}.")
}

/// Which entry of which record somebody decides about.
#[derive(Clone)]
pub struct Which {
    /// Whose.
    pub patient: PatientId,
    /// The record that it came with.
    pub record: OutsideRecordId,
    /// Its place in the file.
    pub entry: String,
}

/// The record and its entry, read from the file.
async fn read(app: &App, actor: &Actor, which: &Which) -> Result<(Row, OutsideEntry)> {
    let (patient, id) = (which.patient, which.record);
    let row = app
        .read(actor, move |work| {
            let grant = work.grant_about(Action::Decide, Category::OutsideRecords, patient, id.0)?;
            store::find(work.conn, &grant, id)?.ok_or_else(|| Code::NotFound.into())
        })
        .await?;
    let bytes = app.files.get(row.file_id.0).await?;
    let document = files::read(app, bytes).await?.map_err(Error::internal)?.0;
    let found = document.entries.into_iter().find(|entry| entry.key == which.entry);
    let found = found.filter(|entry| kind_of(&entry.record).is_some()).ok_or(Code::NotFound)?;
    Ok((row, found))
}

/// Takes an entry into the chart. The entry, its origin and the decision are one transaction.
pub async fn accept(
    app: &App,
    actor: &Actor,
    which: Which,
    seen: IfMatch,
    once: Once,
) -> Result<OutsideEntryView> {
    let (row, found) = read(app, actor, &which).await?;
    decide(app, actor, which, row, found, seen, once, |work, grant, row, found, decided| {
        let entry = taken_over(&found.record, grant.patient(), &origin(row)).ok_or(Code::NotFound)?;
        decided.state = OutsideEntryState::Accepted;
        decided.item_id = Some(proposals::add_to_chart(work, grant, &entry)?);
        Ok(())
    })
    .await
}

/// Leaves an entry out of the chart, for a reason that the patient reads.
pub async fn dismiss(
    app: &App,
    actor: &Actor,
    which: Which,
    why: OutsideDismissal,
    seen: IfMatch,
    once: Once,
) -> Result<OutsideEntryView> {
    let (row, found) = read(app, actor, &which).await?;
    decide(app, actor, which, row, found, seen, once, move |_, _, _, _, decided| {
        let why = why.clone().check()?;
        decided.state = OutsideEntryState::Dismissed;
        (decided.reason, decided.words) = (Some(why.reason), why.words);
        Ok(())
    })
    .await
}

#[expect(clippy::too_many_arguments, reason = "who decides what about which, as it was seen, once")]
async fn decide(
    app: &App,
    actor: &Actor,
    which: Which,
    row: Row,
    found: OutsideEntry,
    seen: IfMatch,
    once: Once,
    act: impl Fn(&mut Work<'_>, &Grant, &Row, &OutsideEntry, &mut EntryRow) -> Result<()> + Send + Sync + 'static,
) -> Result<OutsideEntryView> {
    app.write(actor, move |work| {
        let record = which.record;
        let grant = work.grant_about(Action::Decide, Category::OutsideRecords, which.patient, record.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            // The patient may have removed it meanwhile.
            store::find(work.conn, &grant, record)?.ok_or(Code::NotFound)?;
            let known = store::entry(work.conn, &grant, record, &which.entry)?;
            let (state, version) =
                known.as_ref().map_or((OutsideEntryState::Open, 0), |row| (row.state, row.version));
            // The state comes before the version: whoever lost a race learns who won it.
            state.must_be(|state| state == OutsideEntryState::Open)?;
            seen.check(version)?;
            let kind = kind_of(&found.record).ok_or(Code::NotFound)?;
            let name = found.record.item().map(|facts| facts.display.to_owned()).unwrap_or_default();
            let mut decided = EntryRow {
                patient_id: grant.patient(),
                outside_record_id: record,
                entry: which.entry.clone(),
                id: known.as_ref().map_or_else(|| crate::platform::db::AnyId(new_id()), |row| row.id),
                kind,
                name,
                state,
                item_id: None,
                reason: None,
                words: String::new(),
                source: row.source.clone(),
                title: row.title.clone(),
                made_on: row.made_on,
                decided_by: by,
                decided_at: work.now,
                version: version + 1,
            };
            act(work, &grant, &row, &found, &mut decided)?;
            store::keep_entry(work.conn, &grant, &decided)?;
            let beside = Beside::of(work, &grant, record)?;
            beside.view(work.now, grant.patient(), &found).ok_or_else(|| Code::NotFound.into())
        })
    })
    .await
}

/// Undoes a decision: what was taken over leaves the chart, and the entry waits for another decision. The record itself may
/// be gone by then.
pub async fn undo(app: &App, actor: &Actor, which: Which, seen: IfMatch, once: Once) -> Result<()> {
    app.write(actor, move |work| {
        let record = which.record;
        let grant = work.grant_about(Action::Decide, Category::OutsideRecords, which.patient, record.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let mut row = store::entry(work.conn, &grant, record, &which.entry)?.ok_or(Code::NotFound)?;
            row.state.must_be(|state| state != OutsideEntryState::Open)?;
            seen.check(row.version)?;
            if let Some(item) = row.item_id {
                proposals::take_out_of_chart(work, &grant, chart_kind(row.kind), item)?;
            }
            row.state = OutsideEntryState::Open;
            (row.item_id, row.reason, row.words) = (None, None, String::new());
            (row.decided_by, row.decided_at, row.version) = (by, work.now, row.version + 1);
            match store::find(work.conn, &grant, record)? {
                Some(_) => store::keep_entry(work.conn, &grant, &row),
                // Nothing of it is left to decide about.
                None => store::forget_entry(work.conn, &grant, &row),
            }
        })
    })
    .await
}

/// What stands in the chart from elsewhere, with its origin, newest decision first. Somebody who may not see a part of the
/// chart does not see what was taken into it.
pub async fn taken(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    query: PageQuery,
) -> Result<Page<DecidedEntry>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::OutsideRecords, patient)?;
        let sees = |kind: &OutsideEntryKind| grant.must_see(kind.category()).is_ok();
        let kinds: Vec<OutsideEntryKind> = OutsideEntryKind::ALL.iter().copied().filter(sees).collect();
        let page = store::accepted(work.conn, &grant, kinds, &keyset)?;
        let people: Vec<AccountId> = page.items.iter().map(|row| row.decided_by).collect();
        let names = accounts::names(work.conn, &people)?;
        let kept = store::kept(work.conn, &grant)?;
        let view = |row: EntryRow| DecidedEntry {
            item: row.item_id.unwrap_or(ChartItemId(row.id.0)),
            kind: row.kind,
            name: row.name,
            record: row.outside_record_id,
            entry: row.entry,
            is_kept: kept.contains(&row.outside_record_id),
            source: row.source,
            title: row.title,
            made_on: row.made_on,
            decided_by: names.get(&row.decided_by).cloned().unwrap_or_default(),
            decided_at: row.decided_at,
            version: row.version,
        };
        Ok(page.map(view))
    })
    .await
}
