//! Queries over the rows of the audit trail.

use diesel::{dsl::count_star, prelude::*};
use portal_domain::{
    access::{Action, Category},
    audit::{ActorKind, LEAVES, Outcome},
    ids::PatientId,
    page::Page,
    time::Time,
};

use crate::{
    error::Result,
    platform::{
        db::{AnyId, Conn, MultiBackend, schema::audit_entries},
        page::{Cursor, Keyset},
    },
};

/// What a reader sees of a row.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = audit_entries, check_for_backend(MultiBackend))]
pub struct Row {
    pub id: AnyId,
    pub at: Time,
    pub actor_kind: ActorKind,
    pub actor_id: Option<AnyId>,
    pub patient_id: Option<AnyId>,
    pub category: Category,
    pub action: Action,
    pub outcome: Outcome,
    pub request_id: AnyId,
    pub emergency_access_id: Option<AnyId>,
    pub proxy_grant_id: Option<AnyId>,
}

impl Row {
    fn place(&self) -> Cursor {
        Cursor { at: self.at, id: self.id.0 }
    }
}

/// Which rows are meant.
#[derive(Clone, Copy, Debug, Default)]
pub struct Which {
    pub patient: Option<PatientId>,
    /// From this instant.
    pub from: Option<Time>,
    /// Before this instant.
    pub before: Option<Time>,
    pub by: Option<AnyId>,
    /// Not by this account.
    pub but_by: Option<AnyId>,
    pub action: Option<Action>,
    /// Only what left the portal.
    pub copies: bool,
    pub category: Option<Category>,
    pub outcome: Option<Outcome>,
    /// Only what was done under an emergency access (ADM-6), or its beginning.
    pub emergency: bool,
    /// Not what staff decided about results that wait: it would tell the patient that one is held back (LAB-2).
    /// Nor that a member of staff asked whether a record opens only in an emergency, which showed nothing.
    pub but_holds: bool,
}

/// Narrows a boxed query, whatever it selects.
macro_rules! narrow {
    ($query:expr, $which:expr) => {{
        use audit_entries::dsl as e;
        let (mut query, which) = ($query, $which);
        if let Some(patient) = which.patient {
            query = query.filter(e::patient_id.eq(AnyId(patient.0)));
        }
        if let Some(from) = which.from {
            query = query.filter(e::at.ge(from));
        }
        if let Some(before) = which.before {
            query = query.filter(e::at.lt(before));
        }
        if let Some(by) = which.by {
            query = query.filter(e::actor_id.eq(by));
        }
        if let Some(other) = which.but_by {
            query = query.filter(e::actor_id.is_null().or(e::actor_id.ne(other)));
        }
        if let Some(action) = which.action {
            query = query.filter(e::action.eq(action));
        }
        if which.copies {
            query = query.filter(e::action.eq_any(LEAVES.to_vec()));
        }
        if let Some(category) = which.category {
            query = query.filter(e::category.eq(category));
        }
        if let Some(outcome) = which.outcome {
            query = query.filter(e::outcome.eq(outcome));
        }
        if which.emergency {
            let begun = e::action.eq(Action::Act).and(e::category.eq(Category::EmergencyAccess));
            query = query.filter(e::emergency_access_id.is_not_null().or(begun));
        }
        if which.but_holds {
            query = query.filter(e::action.ne(Action::Decide).or(e::category.ne(Category::Results)));
            query = query.filter(e::action.ne(Action::View).or(e::category.ne(Category::EmergencyAccess)));
        }
        query
    }};
}

/// One page, the newest first.
pub fn page(conn: &mut Conn, which: &Which, keyset: &Keyset) -> Result<Page<Row>> {
    use audit_entries::dsl as e;
    let mut query = narrow!(audit_entries::table.into_boxed(), which);
    if let Some(Cursor { at, id }) = keyset.after {
        query = query.filter(e::at.lt(at).or(e::at.eq(at).and(e::id.lt(AnyId(id)))));
    }
    let rows = query.order((e::at.desc(), e::id.desc())).limit(keyset.rows()).select(Row::as_select());
    Ok(keyset.page(rows.load(conn)?, Row::place))
}

/// The newest rows, at most so many.
pub fn newest(conn: &mut Conn, which: &Which, limit: i64) -> Result<Vec<Row>> {
    use audit_entries::dsl as e;
    let query = narrow!(audit_entries::table.into_boxed(), which);
    Ok(query.order((e::at.desc(), e::id.desc())).limit(limit).select(Row::as_select()).load(conn)?)
}

/// How often each outcome there is.
pub fn outcomes(conn: &mut Conn, which: &Which) -> Result<Vec<(Outcome, i64)>> {
    use audit_entries::dsl as e;
    let query = audit_entries::table.group_by(e::outcome).select((e::outcome, count_star())).into_boxed();
    Ok(narrow!(query, which).load(conn)?)
}

/// Who did how much of it, in no order.
pub fn actors(conn: &mut Conn, which: &Which) -> Result<Vec<(ActorKind, Option<AnyId>, i64)>> {
    use audit_entries::dsl as e;
    let query = audit_entries::table
        .group_by((e::actor_kind, e::actor_id))
        .select((e::actor_kind, e::actor_id, count_star()))
        .into_boxed();
    Ok(narrow!(query, which).load(conn)?)
}
