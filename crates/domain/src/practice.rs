//! The practice: its name, terms, locations and providers.

use serde::{Deserialize, Serialize};

use crate::ids::{LocationId, ProviderId};

/// What everybody may know of the practice, signed in or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PracticeView {
    /// The practice's name.
    pub name: String,
    /// The main phone number.
    pub phone: String,
    /// What to do in an emergency.
    pub emergency_text: String,
    /// The present terms of use (ENR-6).
    pub terms: Terms,
    /// Where the practice works, in its own order.
    pub locations: Vec<LocationView>,
}

/// Terms of use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Terms {
    /// Raised whenever the text changes.
    pub version: i64,
    /// Plain text; an empty line parts paragraphs.
    pub text: String,
}

/// A location of the practice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LocationView {
    /// The id.
    pub id: LocationId,
    /// What people call it.
    pub name: String,
    /// Street, city, state and postal code, a line each.
    pub address: Vec<String>,
    /// For a `tel:` link.
    pub phone: String,
    /// Opening hours in words.
    pub hours: String,
    /// IANA zone, such as `America/New_York`.
    pub time_zone: String,
}

/// A practitioner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderView {
    /// The id.
    pub id: ProviderId,
    /// With prefix: `Dr. Maria Lund`.
    pub name: String,
    /// In plain words: `Family medicine`.
    pub specialty: String,
    /// Where appointments are taken; null for practitioners of other organizations.
    pub location_id: Option<LocationId>,
}
