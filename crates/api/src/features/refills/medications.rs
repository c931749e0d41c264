//! The medication list: prescriptions of the chart, how often they were filled, and what may be asked for now.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use chrono_tz::Tz;
use portal_domain::{
    access::{Action, Category},
    audience::CodedTerm,
    chart::{ChartDispense, ChartEntry, ChartKind, ChartMedication, DispenseStatus, PartialTime, Precision},
    ids::{ChartItemId, PatientId},
    refills::{MedicationView, OpenRequest, Supply, is_current},
    time::Date,
};
use portal_record::narrative;
use uuid::Uuid;

use super::store;
use crate::{
    app::App,
    error::Result,
    features::{health_record, practice},
    platform::{access::Grant, auth::Actor, work::Work},
};

/// A patient's medications: what is taken now first, then the past, each newest first.
pub async fn list(app: &App, actor: &Actor, patient: PatientId) -> Result<Vec<MedicationView>> {
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Medications, patient)?;
        of(work, &grant)
    })
    .await
}

/// The same for whoever has leave already.
pub fn of(work: &mut Work<'_>, grant: &Grant) -> Result<Vec<MedicationView>> {
    let zone = practice::zone(work.conn)?;
    let today = practice::today(work.conn, work.now)?;
    let entries = health_record::named(work.conn, grant, &[ChartKind::Medication, ChartKind::Dispense])?;
    let mut fills = Fills::default();
    let mut prescriptions = Vec::new();
    for (id, entry) in entries {
        match entry {
            ChartEntry::Dispense(dispense) => fills.add(&dispense),
            ChartEntry::Medication(record) => prescriptions.push((id, record)),
            _ => {}
        }
    }
    let requests: HashMap<ChartItemId, OpenRequest> = store::waiting(work.conn, grant)?.into_iter().collect();
    let mut views: Vec<MedicationView> = prescriptions
        .iter()
        .map(|(id, record)| {
            let request = requests.get(&ChartItemId(*id)).copied();
            view(*id, record, fills.of(*id), request, &Calendar { zone, today })
        })
        .collect();
    // The sort keeps the order of the chart, newest first.
    views.sort_by_key(|view| Reverse(view.is_current));
    Ok(views)
}

/// How often prescriptions were handed out, and when the last time.
#[derive(Default)]
struct Fills(HashMap<Uuid, (u32, Option<PartialTime>)>);

impl Fills {
    /// Counts what was really handed over.
    fn add(&mut self, dispense: &ChartDispense) {
        if dispense.status != DispenseStatus::Completed {
            return;
        }
        let named: HashSet<Uuid> = dispense.prescriptions.iter().filter_map(|link| link.local()).collect();
        for prescription in named {
            let (count, last) = self.0.entry(prescription).or_default();
            *count += 1;
            *last = (*last).max(dispense.handed_over);
        }
    }

    fn of(&self, prescription: Uuid) -> (u32, Option<PartialTime>) {
        self.0.get(&prescription).copied().unwrap_or_default()
    }
}

/// The practice's.
struct Calendar {
    zone: Tz,
    today: Date,
}

impl Calendar {
    /// A time as a page shows it: an instant is a day here.
    fn day(&self, at: PartialTime) -> PartialTime {
        match at.precision {
            Precision::Instant => PartialTime::day(at.days(&self.zone).0).unwrap_or(at),
            _ => at,
        }
    }
}

fn view(
    id: Uuid,
    record: &ChartMedication,
    (fills, last_filled): (u32, Option<PartialTime>),
    request: Option<OpenRequest>,
    calendar: &Calendar,
) -> MedicationView {
    let supply = Supply::of(record, fills, request.is_some(), &calendar.zone);
    let requestable = supply.requestable(calendar.today);
    MedicationView {
        id: ChartItemId(id),
        drug: record.drug.text.clone(),
        code: record.drug.coding.as_ref().map(CodedTerm::from),
        dose: narrative::dose(record),
        directions: narrative::directions(record),
        prescriber: record.requester.as_ref().and_then(|party| party.display.clone()),
        status: record.status,
        status_text: narrative::word(record.status),
        is_current: is_current(record.status),
        prescribed: record.authored.map(|at| calendar.day(at)),
        last_filled: last_filled.map(|at| calendar.day(at)),
        refills_left: supply.refills_left(),
        valid_until: supply.last_day,
        is_expired: supply.is_expired(calendar.today),
        can_request: requestable.ok(),
        why_not: requestable.err(),
        request,
    }
}
