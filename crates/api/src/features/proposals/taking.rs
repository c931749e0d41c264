//! Entries that staff take into the chart from elsewhere, and out of it again: what must not stand beside each other is kept
//! apart here as it is for proposals (MED-3).

use portal_domain::{
    chart::{ChartEntry, ChartKind},
    ids::ChartItemId,
    outside::entered_in_error,
    problem::{Code, Problem},
    proposals::{ProposalSubject, is_active_allergy, is_none_known},
};

use super::{chart, service::end_none_known, store};
use crate::{
    error::Result,
    features::health_record,
    platform::{access::Grant, clock::new_id, work::Work},
};

/// Puts an entry into the chart. An allergy ends the statement that there is none; that statement is refused beside one.
pub fn add_to_chart(work: &mut Work<'_>, grant: &Grant, entry: &ChartEntry) -> Result<ChartItemId> {
    let id = ChartItemId(new_id());
    if entry.kind() == ChartKind::Allergy {
        let all = chart::entries(work, grant, ProposalSubject::Allergy)?;
        if is_none_known(entry) && all.iter().any(|known| is_active_allergy(&known.record)) {
            let refusal = Problem::new(Code::WrongState);
            return Err(refusal.detail("The chart lists allergies. Remove them first.").into());
        }
        if is_active_allergy(entry) {
            end_none_known(work, grant, all)?;
        }
    }
    store::add_entry(work.conn, grant, id, entry, work.now)?;
    Ok(id)
}

/// Takes an entry out of the chart again, as recorded in error: no page and no export shows it. Nothing happens when the
/// chart does not list it any more.
pub fn take_out_of_chart(work: &mut Work<'_>, grant: &Grant, kind: ChartKind, id: ChartItemId) -> Result<()> {
    let all = health_record::named(work.conn, grant, &[kind])?;
    if let Some((_, mut entry)) = all.into_iter().find(|(known, _)| *known == id.0) {
        entered_in_error(&mut entry);
        store::change_entry(work.conn, grant, id, &entry, work.now)?;
    }
    Ok(())
}
