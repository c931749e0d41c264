//! What the trail holds of a request.

use diesel::prelude::*;
use portal_api::platform::db::{AnyId, schema::audit_entries};
use portal_domain::{
    access::{Action, Category},
    audit::Outcome,
    ids::PatientId,
};
use uuid::Uuid;

use crate::harness::{portal::TestPortal, wire::Answer};

/// The row that a request must have left.
pub struct Expected {
    pub actor: Uuid,
    pub patient: Option<PatientId>,
    pub action: Action,
    pub category: Category,
    pub done: bool,
}

type Row = (Option<AnyId>, Option<AnyId>, Action, Category, Outcome);

/// The request left this row, and no row that says otherwise.
pub async fn assert_recorded(portal: &TestPortal, answer: &Answer, expected: &Expected, what: &str) {
    let request = AnyId(answer.request_id());
    let rows: Vec<Row> = portal
        .app
        .db
        .read(move |conn| {
            let of_request = audit_entries::table.filter(audit_entries::request_id.eq(request));
            let columns = (
                audit_entries::actor_id,
                audit_entries::patient_id,
                audit_entries::action,
                audit_entries::category,
                audit_entries::outcome,
            );
            Ok(of_request.select(columns).load(conn)?)
        })
        .await
        .unwrap();
    let outcome = if expected.done { Outcome::Done } else { Outcome::Refused };
    let row = (
        Some(AnyId(expected.actor)),
        expected.patient.map(|patient| AnyId(patient.0)),
        expected.action,
        expected.category,
        outcome,
    );
    assert!(rows.contains(&row), "{what}: {answer:?} left {rows:?}, not {row:?}");
    assert!(rows.iter().all(|row| row.4 == outcome), "{what}: {answer:?} left {rows:?}");
}
