//! Rows of the practice, its locations and providers.

use std::collections::HashMap;

use diesel::prelude::*;
use portal_domain::{
    appointments::ProviderName,
    ids::{LocationId, ProviderId},
    practice::{LocationView, Policies, ProviderView},
    time::Time,
};

use crate::{
    error::Result,
    platform::db::{
        AnyId, Conn, MultiBackend,
        schema::{locations, practices, providers},
    },
};

/// The practice.
#[derive(Queryable, Selectable)]
#[diesel(table_name = practices, check_for_backend(MultiBackend))]
pub struct PracticeRow {
    /// Its name.
    pub name: String,
    /// The main phone number.
    pub phone: String,
    /// What to do in an emergency.
    pub emergency_text: String,
    /// Raised with the terms of use.
    pub terms_version: i64,
    /// The terms of use.
    pub terms_text: String,
    /// How long an enrolment token lives.
    pub enrolment_token_hours: i64,
    /// Minutes until a patient's session ends unused (SEC-3).
    pub patient_idle_minutes: i64,
    /// The same for staff.
    pub staff_idle_minutes: i64,
    /// Not 0 when staff must have a second step (SEC-2).
    pub staff_second_step: i64,
    /// Raised with the policies.
    pub policies_version: i64,
    /// Not 0 when patients may ask for their health record online (PHR-1).
    pub health_records: i64,
}

/// A practice to begin with.
#[derive(Clone, Insertable)]
#[diesel(table_name = practices)]
pub struct NewPractice {
    /// Made once.
    pub id: AnyId,
    /// Its name.
    pub name: String,
    /// The main phone number.
    pub phone: String,
    /// What to do in an emergency.
    pub emergency_text: String,
    /// Raised with the terms of use.
    pub terms_version: i64,
    /// The terms of use.
    pub terms_text: String,
    /// How long an enrolment token lives, 1 to 720.
    pub enrolment_token_hours: i64,
    /// Now.
    pub updated_at: Time,
}

/// A location.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = locations, check_for_backend(MultiBackend))]
pub struct LocationRow {
    /// The id.
    pub id: LocationId,
    /// What people call it.
    pub name: String,
    /// Street.
    pub line: String,
    /// City.
    pub city: String,
    /// State.
    pub state: String,
    /// Postal code.
    pub postal_code: String,
    /// For a `tel:` link.
    pub phone: String,
    /// Opening hours in words.
    pub hours: String,
    /// IANA zone.
    pub time_zone: String,
    /// Hours before the begin until which cancelling online is allowed; none: never (APT-3).
    pub cancel_cutoff_hours: Option<i64>,
    /// The practice's own order.
    pub position: i64,
}

/// A location with what only the server needs of it.
#[derive(Clone)]
pub struct Location {
    /// As everybody sees it.
    pub view: LocationView,
    /// See [`LocationRow::cancel_cutoff_hours`].
    pub cancel_cutoff_hours: Option<i64>,
}

/// A practitioner.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = providers, check_for_backend(MultiBackend))]
pub struct ProviderRow {
    /// The id.
    pub id: ProviderId,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// `Dr.`
    pub prefix: String,
    /// In plain words.
    pub specialty: String,
    /// National Provider Identifier.
    pub npi: Option<String>,
    /// Where appointments are taken.
    pub location_id: Option<LocationId>,
}

impl ProviderRow {
    fn full_name(&self) -> String {
        [&self.prefix, &self.given_name, &self.family_name].map(String::as_str).join(" ").trim().into()
    }
}

impl From<LocationRow> for Location {
    fn from(row: LocationRow) -> Self {
        let city = format!("{}, {} {}", row.city, row.state, row.postal_code);
        let view = LocationView {
            id: row.id,
            name: row.name,
            address: vec![row.line, city],
            phone: row.phone,
            hours: row.hours,
            time_zone: row.time_zone,
        };
        Self { view, cancel_cutoff_hours: row.cancel_cutoff_hours }
    }
}

/// The practice; a portal that was not set up has none, which is a 404 of the practice.
pub fn practice(conn: &mut Conn) -> Result<PracticeRow> {
    Ok(practices::table.select(PracticeRow::as_select()).first(conn)?)
}

/// Whether patients may ask for their health record online.
pub fn offers_health_records(conn: &mut Conn) -> Result<bool> {
    Ok(practices::table.select(practices::health_records).first::<i64>(conn)? != 0)
}

/// Whether there is a practice.
pub fn is_set_up(conn: &mut Conn) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(practices::table.select(practices::id))).get_result(conn)?)
}

/// Sets the practice up.
pub fn insert_practice(conn: &mut Conn, practice: &NewPractice) -> Result<()> {
    diesel::insert_into(practices::table).values(practice.clone()).execute(conn)?;
    Ok(())
}

/// Changes the policies, and their version.
pub fn set_policies(conn: &mut Conn, policies: &Policies, now: Time) -> Result<()> {
    diesel::update(practices::table)
        .set((
            practices::patient_idle_minutes.eq(policies.patient_idle_minutes),
            practices::staff_idle_minutes.eq(policies.staff_idle_minutes),
            practices::staff_second_step.eq(i64::from(policies.staff_second_step)),
            practices::enrolment_token_hours.eq(policies.enrolment_token_hours),
            practices::health_records.eq(i64::from(policies.health_records)),
            practices::policies_version.eq(practices::policies_version + 1),
            practices::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Every location, in the practice's own order.
pub fn locations(conn: &mut Conn) -> Result<Vec<Location>> {
    let rows = locations::table.order((locations::position, locations::id)).select(LocationRow::as_select());
    Ok(rows.load(conn)?.into_iter().map(Location::from).collect())
}

/// One location; none when there is no such.
pub fn location(conn: &mut Conn, id: LocationId) -> Result<Option<Location>> {
    let row = locations::table.find(id).select(LocationRow::as_select()).first(conn).optional()?;
    Ok(row.map(Location::from))
}

/// Until how many hours before its begin an appointment there may be cancelled online.
pub fn cancel_cutoff_hours(conn: &mut Conn, id: LocationId) -> Result<Option<i64>> {
    Ok(locations::table.find(id).select(locations::cancel_cutoff_hours).first(conn)?)
}

/// Adds a location.
pub fn insert_location(conn: &mut Conn, location: &LocationRow) -> Result<()> {
    diesel::insert_into(locations::table).values(location.clone()).execute(conn)?;
    Ok(())
}

/// Adds a practitioner.
pub fn insert_provider(conn: &mut Conn, provider: &ProviderRow) -> Result<()> {
    diesel::insert_into(providers::table).values(provider.clone()).execute(conn)?;
    Ok(())
}

/// Those who take appointments, by name.
pub fn bookable_providers(conn: &mut Conn) -> Result<Vec<ProviderView>> {
    let rows: Vec<ProviderRow> = providers::table
        .filter(providers::location_id.is_not_null())
        .order((providers::family_name, providers::given_name, providers::id))
        .select(ProviderRow::as_select())
        .load(conn)?;
    let view = |row: ProviderRow| ProviderView {
        id: row.id,
        name: row.full_name(),
        specialty: row.specialty,
        location_id: row.location_id,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Whether a practitioner takes appointments at a location.
pub fn takes_appointments_at(conn: &mut Conn, provider: ProviderId, location: LocationId) -> Result<bool> {
    let found = providers::table.find(provider).filter(providers::location_id.eq(location));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn)?)
}

/// The names of these practitioners.
pub fn provider_names(conn: &mut Conn, ids: &[ProviderId]) -> Result<HashMap<ProviderId, ProviderName>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<ProviderRow> = providers::table
        .filter(providers::id.eq_any(ids.to_vec()))
        .select(ProviderRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.id, ProviderName { id: row.id, name: row.full_name() })).collect())
}
