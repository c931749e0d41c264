//! Records that are restricted to named staff: of well-known people, of staff who are patients, of people in danger (ADM-6).
//! What a restriction shuts is [`crate::access`]'s to say.

use serde::{Deserialize, Serialize};

use crate::{
    access::Role,
    ids::AccountId,
    patients::PatientSummary,
    problem::{FieldError, Problem},
    time::Time,
    words::words,
};

/// The most members of staff to whom a record can be restricted: more are a location.
pub const MOST_NAMED: usize = 100;

words! {
    /// Why a record is restricted.
    RestrictedReason {
        /// The patient works for the practice, or belongs to somebody who does.
        Colleague = "colleague",
        /// The patient is known to the public.
        Prominent = "prominent",
        /// Somebody could come to harm.
        Safety = "safety",
        /// The patient asked for it.
        Asked = "asked",
    }
}

/// Restricts a record, or says anew to whom it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewRestrictedRecord {
    /// Why.
    pub reason: RestrictedReason,
    /// To whom it stays open as far as their roles go: accounts of staff, 1 to 100.
    pub staff: Vec<AccountId>,
}

impl NewRestrictedRecord {
    /// With each account once, or what is wrong with it. A record that is open to nobody could be treated by nobody.
    pub fn check(mut self) -> Result<Self, Problem> {
        self.staff.sort_unstable();
        self.staff.dedup();
        let error = |code, message| Err(Problem::invalid(vec![FieldError::new("staff", code, message)]));
        match self.staff.len() {
            0 => error("restricted_to_nobody", "Name at least one member of staff."),
            1..=MOST_NAMED => Ok(self),
            _ => error("too_many", "Name at most 100 members of staff."),
        }
    }
}

/// A member of staff to whom a record can be restricted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffChoice {
    /// The account.
    pub id: AccountId,
    /// The name.
    pub name: String,
    /// As what they work.
    pub roles: Vec<Role>,
    /// Whether the record is open to them, when it is restricted.
    pub is_named: bool,
}

/// A restriction that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RestrictedRecord {
    /// Whose record.
    pub patient: PatientSummary,
    /// Why.
    pub reason: RestrictedReason,
    /// Since when.
    pub since: Time,
    /// Who restricted it, or changed that last, by name.
    pub by: String,
    /// To how many members of staff it is open.
    pub named: i64,
}

/// What there is to say of one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RestrictedStanding {
    /// Whose record.
    pub patient: PatientSummary,
    /// The restriction; null when there is none.
    pub restricted: Option<RestrictedRecord>,
    /// All of the staff who can sign in, by name, and whoever else is named.
    pub staff: Vec<StaffChoice>,
    /// Raised at each change; 0 of a record that never was restricted. `If-Match` on the next change.
    pub version: i64,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn to(staff: impl IntoIterator<Item = u128>) -> NewRestrictedRecord {
        let staff = staff.into_iter().map(|n| AccountId(Uuid::from_u128(n))).collect();
        NewRestrictedRecord { reason: RestrictedReason::Colleague, staff }
    }

    #[test]
    fn a_record_is_restricted_to_somebody_and_to_each_once() {
        assert_eq!(to([]).check().unwrap_err().errors[0].code, "restricted_to_nobody");
        assert_eq!(to([2, 1, 2]).check().unwrap(), to([1, 2]));
        assert_eq!(to(0..101).check().unwrap_err().errors[0].code, "too_many");
        assert_eq!(to(0..100).check().unwrap().staff.len(), MOST_NAMED);
    }
}
