//! The permission as a type: SQL over health data takes a [`Grant`], and only the decision makes one.

use diesel::prelude::*;
use portal_domain::{
    access::{Action, Category, Denied, Who, may},
    ids::PatientId,
};

use super::db::{Conn, schema::patients};
use crate::error::Result;

/// Whether there is such a patient at all.
pub(super) fn is_there(conn: &mut Conn, patient: PatientId) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(patients::table.find(patient))).get_result(conn)?)
}

/// Leave to do one action with one category of one patient's data.
#[derive(Debug)]
pub struct Grant {
    patient: PatientId,
    staff: bool,
}

impl Grant {
    /// Asks the domain's decision; [`super::work::Work::grant`] is the way in, which also notes it in the audit trail.
    pub(super) fn decide(
        who: &Who,
        action: Action,
        category: Category,
        patient: PatientId,
    ) -> Result<Self, Denied> {
        may(who, action, category, Some(patient))?;
        Ok(Self { patient, staff: matches!(who, Who::Staff(_)) })
    }

    /// Leave for the operator at the command line, who may read the database file anyhow.
    pub(super) fn of_operator(patient: PatientId) -> Self {
        Self { patient, staff: true }
    }

    /// Leave for a policy of the practice, to release a result and for nothing else.
    pub(super) fn of_policy(patient: PatientId) -> Self {
        Self { patient, staff: true }
    }

    /// Whose data.
    pub fn patient(&self) -> PatientId {
        self.patient
    }

    pub(super) fn is_of_staff(&self) -> bool {
        self.staff
    }

    /// Whether results may be seen that no provider has released yet (LAB-1): staff only.
    pub fn sees_unreleased(&self) -> bool {
        self.staff
    }
}
