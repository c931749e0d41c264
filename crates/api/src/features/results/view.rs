//! From stored rows to what people read.

use std::collections::HashMap;

use portal_domain::{
    chart::{ChartReport, Link, systems},
    ids::ObservationId,
    patients::PatientSummary,
    results::{EarlierValue, ObservationView, ResultSummary, ResultView},
};
use uuid::Uuid;

use super::store::{self, Earlier, Row, SummaryRow, Value};
use crate::{
    error::Result,
    features::{accounts, practice},
    platform::{access::Grant, db::Conn},
};

/// A row of a list.
pub fn summary(row: &SummaryRow) -> ResultSummary {
    ResultSummary {
        id: row.id,
        title: row.title.clone(),
        collected_at: row.at,
        reported_at: row.reported_at,
        released_at: row.released_at,
        status: row.status,
        flag: row.flag,
        is_correction: row.replaces.is_some(),
    }
}

/// A result with its values, names and earlier values.
pub fn result(conn: &mut Conn, grant: &Grant, patient: PatientSummary, row: Row) -> Result<ResultView> {
    let report: ChartReport = row.body.read()?;
    let values = store::values(conn, &row)?;
    let mut earlier = store::earlier(conn, grant, &row, &values)?;
    let laboratory = match row.organization_id {
        Some(id) => store::laboratory(conn, id)?,
        None => None,
    };
    let ordering_provider = match row.provider_id {
        Some(id) => practice::provider_names(conn, &[id])?.remove(&id).map(|provider| provider.name),
        None => None,
    };
    let released_by = match row.released_by {
        Some(id) => accounts::names(conn, &[id])?.remove(&id),
        None => None,
    };
    // The members of panels, and of germs that were found, by what they are a part of.
    let mut part_of: HashMap<Uuid, ObservationId> = HashMap::new();
    for value in &values {
        part_of.extend(value.observation.members.iter().filter_map(Link::local).map(|id| (id, value.id)));
    }
    let words: Vec<String> = [report.conclusion, report.narrative].into_iter().flatten().collect();
    Ok(ResultView {
        summary: summary(&row.summary),
        version: row.summary.version,
        patient,
        specimen: report.specimen,
        laboratory,
        ordering_provider,
        conclusion: (!words.is_empty()).then(|| words.join("\n\n")),
        provider_comment: row.provider_comment,
        released_by,
        replaces: row.summary.replaces,
        replaced_by: row.replaced_by,
        observations: values
            .into_iter()
            .map(|value| {
                let earlier = earlier.remove(&value.id).unwrap_or_default();
                let part_of = part_of.get(&value.id.0).copied();
                observation(value, earlier, part_of)
            })
            .collect(),
    })
}

fn observation(value: Value, earlier: Vec<Earlier>, part_of: Option<ObservationId>) -> ObservationView {
    let observation = value.observation;
    let loinc = observation.code.coding.as_ref().filter(|coding| coding.system == systems::LOINC);
    ObservationView {
        id: value.id,
        name: observation.code.text.clone(),
        loinc: loinc.map(|coding| coding.code.clone()),
        value: observation.shown_value(),
        flag: observation.flag(),
        range: observation.shown_range(),
        note: observation.shown_note(),
        part_of,
        susceptibility: observation.susceptibility(),
        drugs: observation.drugs(),
        earlier: earlier
            .into_iter()
            .filter_map(|earlier| {
                Some(EarlierValue {
                    result_id: earlier.result_id,
                    collected_at: earlier.at,
                    value: earlier.observation.shown_value()?,
                    flag: earlier.observation.flag(),
                })
            })
            .collect(),
    }
}
