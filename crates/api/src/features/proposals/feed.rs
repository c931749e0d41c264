//! What stands of accepted proposals when the system that sent an entry sends it again (decision 0022).

use std::collections::HashMap;

use portal_domain::{
    chart::{ChartEntry, ENTERED_IN_ERROR},
    ids::{ChartItemId, ProposalId},
    messages::due_at,
    proposals::{
        DUE_HOURS, Fields, ProposalChange, ProposalField, ProposalOrigin, ProposalState, ProposalSubject,
        Standing, apply, is_active_allergy,
    },
};
use uuid::Uuid;

use super::{
    chart,
    service::{self, NewRow},
    store,
};
use crate::{
    error::Result,
    features::practice,
    platform::{access::Grant, clock::new_id, db::Json, live::Audience, work::Work},
};

/// What accepted proposals hold of one patient's chart. Made once for each patient of an import.
pub struct Kept(HashMap<Uuid, Standing>);

impl Kept {
    /// What is held of this patient's chart; nothing, of most patients.
    pub fn of(work: &mut Work<'_>, grant: &Grant) -> Result<Self> {
        let mut kept = HashMap::<Uuid, Standing>::new();
        for row in store::accepted(work.conn, grant)? {
            if let (Some(item), Some(before), Some(after)) = (row.item_id, row.chart, row.accepted) {
                kept.entry(item.0).or_default().add(&before.read()?, &after.read()?);
            }
        }
        Ok(Self(kept))
    }

    /// The entry as the chart keeps it when its source sends this. Where the source contradicts what was accepted, staff
    /// get a task. What the source calls an error is one.
    pub fn settle(
        &self,
        work: &mut Work<'_>,
        grant: &Grant,
        id: Uuid,
        mut sent: ChartEntry,
    ) -> Result<ChartEntry> {
        let Some(standing) = self.0.get(&id) else { return Ok(sent) };
        if sent.item().is_some_and(|facts| facts.status == ENTERED_IN_ERROR) {
            return Ok(sent);
        }
        let Some((about, mut theirs)) = chart::said(&sent) else { return Ok(sent) };
        // An insurer that is named by its record only is the one that it was.
        if let ChartEntry::Coverage(record) = &sent
            && record.payer.as_ref().is_some_and(|payer| payer.display.is_none())
            && let Some(payer) = standing.source(ProposalField::Payer)
        {
            theirs.set(ProposalField::Payer, payer);
        }
        let (kept, is_contested) = standing.settle(&theirs);
        apply(&mut sent, &theirs, &kept);
        if is_contested {
            raise(work, grant, ChartItemId(id), about, kept, &theirs)?;
        }
        Ok(sent)
    }

    /// A statement that no allergy is known does not outlive an allergy that came in (MED-3).
    pub fn settle_allergies(work: &mut Work<'_>, grant: &Grant) -> Result<()> {
        let all = chart::entries(work, grant, ProposalSubject::Allergy)?;
        if all.iter().any(|entry| is_active_allergy(&entry.record)) {
            service::end_none_known(work, grant, all)?;
        }
        Ok(())
    }
}

/// Asks staff which of both is right: once for each thing that the source says.
fn raise(
    work: &mut Work<'_>,
    grant: &Grant,
    item: ChartItemId,
    about: ProposalSubject,
    seen: Fields,
    theirs: &Fields,
) -> Result<()> {
    if let Some(mut last) = store::last_of_feed(work.conn, grant, item)? {
        let is_same = last.fields.read::<Fields>()? == *theirs;
        if is_same && matches!(last.state, ProposalState::Pending | ProposalState::Declined) {
            return Ok(());
        }
        if last.state == ProposalState::Pending {
            last.seen = Json::of(&seen)?;
            last.fields = Json::of(theirs)?;
            (last.version, last.updated_at) = (last.version + 1, work.now);
            store::change(work.conn, grant, &last)?;
            work.announce(Audience::Staff, portal_domain::live::LiveKind::Queue, last.id.0);
            return Ok(());
        }
    }
    let due = due_at(work.now, DUE_HOURS, &practice::zone(work.conn)?);
    let new = NewRow {
        id: ProposalId(new_id()),
        origin: ProposalOrigin::Feed,
        about,
        change: ProposalChange::Change,
        item: Some(item),
        name: chart::name(about, &seen),
        seen: &seen,
        fields: theirs,
        conflicts: &[],
        note: String::new(),
        by: None,
        due,
    };
    service::insert(work, grant, new).map(drop)
}
