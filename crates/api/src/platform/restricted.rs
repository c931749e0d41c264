//! Which records are restricted, and to whom they are open (ADM-6), for whoever decides about them and for the search.

use std::collections::HashSet;

use diesel::prelude::*;
use portal_domain::{
    access::Circle,
    ids::{AccountId, PatientId},
};

use super::db::{
    Conn,
    schema::{restricted_record_staff, restricted_records},
};
use crate::error::Result;

/// Whether a record is restricted, as a member of staff finds it. Most are not, and that is one question.
pub fn circle(conn: &mut Conn, account: AccountId, patient: PatientId) -> Result<Circle> {
    let held = restricted_records::table.find(patient).filter(restricted_records::lifted_at.is_null());
    if !diesel::select(diesel::dsl::exists(held)).get_result::<bool>(conn)? {
        return Ok(Circle::Open);
    }
    let named = restricted_record_staff::table.find((patient, account));
    let is_named: bool = diesel::select(diesel::dsl::exists(named)).get_result(conn)?;
    Ok(if is_named { Circle::Named } else { Circle::Closed })
}

/// The records that are restricted, with whether this member of staff is named.
pub fn all(conn: &mut Conn, account: AccountId) -> Result<Restricted> {
    let held: Vec<PatientId> = restricted_records::table
        .filter(restricted_records::lifted_at.is_null())
        .select(restricted_records::patient_id)
        .load(conn)?;
    if held.is_empty() {
        return Ok(Restricted::default());
    }
    let named: Vec<PatientId> = restricted_record_staff::table
        .filter(restricted_record_staff::account_id.eq(account))
        .select(restricted_record_staff::patient_id)
        .load(conn)?;
    let (named, held) = (HashSet::<PatientId>::from_iter(named), HashSet::from_iter(held));
    Ok(Restricted { closed: &held - &named, named: &held & &named })
}

/// The practice's restricted records, for one member of staff.
#[derive(Debug, Default)]
pub struct Restricted {
    /// Those that are open to others.
    pub closed: HashSet<PatientId>,
    /// Those that are open to this one.
    pub named: HashSet<PatientId>,
}

impl Restricted {
    /// How one of them is found.
    pub fn circle(&self, patient: PatientId) -> Circle {
        match (self.closed.contains(&patient), self.named.contains(&patient)) {
            (true, _) => Circle::Closed,
            (_, true) => Circle::Named,
            _ => Circle::Open,
        }
    }
}
