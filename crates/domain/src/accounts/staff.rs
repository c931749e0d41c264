//! The accounts of staff, as an administrator sees them.

use serde::{Deserialize, Serialize};

use crate::{
    access::Role,
    ids::{AccountId, LocationId},
    time::Time,
};

/// What an administrator must know of an account to help its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountState {
    /// Whether a second step is switched on.
    pub second_step: bool,
    /// Until when the account takes no sign-in from unknown devices, after too many failures; null when it does.
    pub locked_until: Option<Time>,
}

/// A member of staff's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StaffAccount {
    /// The id.
    pub id: AccountId,
    /// As chosen.
    pub username: String,
    /// What to call the person.
    pub display_name: String,
    /// At least one.
    pub roles: Vec<Role>,
    /// Where the person works; empty: for the whole practice (ADM-6).
    pub locations: Vec<LocationId>,
    /// Whether the account is switched off.
    pub disabled: bool,
    /// How the account stands.
    pub state: AccountState,
}

/// Where a member of staff works from now on (ADM-6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StaffLocations {
    /// The locations, at most 100; empty: the whole practice.
    pub locations: Vec<LocationId>,
}

/// Most locations of one member of staff.
pub const MOST_LOCATIONS: usize = 100;
