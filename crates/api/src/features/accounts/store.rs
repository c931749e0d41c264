//! Rows of accounts and their roles.

use std::collections::HashMap;

use diesel::prelude::*;
use portal_domain::{
    access::Role,
    ids::{AccountId, PatientId, ProviderId},
    time::Time,
};

use crate::{
    each_engine,
    error::Result,
    platform::db::{
        Conn, MultiBackend,
        schema::{account_roles, accounts},
    },
};

/// An account.
#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts, check_for_backend(MultiBackend))]
pub struct AccountRow {
    /// The id.
    pub id: AccountId,
    /// As chosen.
    pub username: String,
    /// PHC string.
    pub password_hash: String,
    /// What to call the person.
    pub display_name: String,
    /// The patient whose account this is; none for staff.
    pub patient_id: Option<PatientId>,
    /// The practitioner that a member of staff is.
    pub provider_id: Option<ProviderId>,
    /// Since when.
    pub created_at: Time,
}

/// The account with this folded username, unless it is disabled.
pub fn by_username(conn: &mut Conn, folded: &str) -> Result<Option<AccountRow>> {
    let found =
        accounts::table.filter(accounts::username_folded.eq(folded)).filter(accounts::disabled_at.is_null());
    Ok(found.select(AccountRow::as_select()).first(conn).optional()?)
}

/// The account with this id.
pub fn by_id(conn: &mut Conn, id: AccountId) -> Result<AccountRow> {
    Ok(accounts::table.find(id).select(AccountRow::as_select()).first(conn)?)
}

/// The account of a patient.
pub fn of_patient(conn: &mut Conn, patient: PatientId) -> Result<Option<AccountRow>> {
    let found = accounts::table.filter(accounts::patient_id.eq(patient));
    Ok(found.select(AccountRow::as_select()).first(conn).optional()?)
}

/// The roles of an account; none for a patient's.
pub fn roles(conn: &mut Conn, account: AccountId) -> Result<Vec<Role>> {
    let roles = account_roles::table.filter(account_roles::account_id.eq(account)).order(account_roles::role);
    Ok(roles.select(account_roles::role).load(conn)?)
}

/// Whether a folded username is somebody's already.
pub fn username_is_taken(conn: &mut Conn, folded: &str) -> Result<bool> {
    let taken = accounts::table.filter(accounts::username_folded.eq(folded));
    Ok(diesel::select(diesel::dsl::exists(taken)).get_result(conn)?)
}

/// What to call these people.
pub fn names(conn: &mut Conn, ids: &[AccountId]) -> Result<HashMap<AccountId, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = accounts::table.filter(accounts::id.eq_any(ids.to_vec()));
    Ok(rows.select((accounts::id, accounts::display_name)).load(conn)?.into_iter().collect())
}

/// A patient's account to be.
#[derive(Clone, Insertable)]
#[diesel(table_name = accounts)]
pub struct NewPatientAccount {
    /// The id.
    pub id: AccountId,
    /// As chosen.
    pub username: String,
    /// For the comparison.
    pub username_folded: String,
    /// PHC string.
    pub password_hash: String,
    /// What to call the person.
    pub display_name: String,
    /// Whose account it is.
    pub patient_id: PatientId,
    /// The terms that were accepted (ENR-6).
    pub terms_version: i64,
    /// Now.
    pub created_at: Time,
}

/// Adds a patient's account.
pub fn insert_patient_account(conn: &mut Conn, account: &NewPatientAccount) -> Result<()> {
    diesel::insert_into(accounts::table).values(account.clone()).execute(conn)?;
    Ok(())
}

/// A member of staff's account to be.
#[derive(Clone, Insertable)]
#[diesel(table_name = accounts)]
pub struct NewStaffAccount {
    /// The id.
    pub id: AccountId,
    /// As chosen.
    pub username: String,
    /// For the comparison.
    pub username_folded: String,
    /// PHC string.
    pub password_hash: String,
    /// What to call the person.
    pub display_name: String,
    /// The practitioner that the person is.
    pub provider_id: Option<ProviderId>,
    /// None are asked of staff: 0.
    pub terms_version: i64,
    /// Now.
    pub created_at: Time,
}

#[derive(Insertable)]
#[diesel(table_name = account_roles)]
struct RoleRow {
    account_id: AccountId,
    role: Role,
}

/// Adds a member of staff's account with its roles.
pub fn insert_staff_account(conn: &mut Conn, account: &NewStaffAccount, roles: &[Role]) -> Result<()> {
    diesel::insert_into(accounts::table).values(account.clone()).execute(conn)?;
    let rows: Vec<RoleRow> =
        roles.iter().map(|role| RoleRow { account_id: account.id, role: *role }).collect();
    each_engine!(conn, conn => diesel::insert_into(account_roles::table).values(&rows).execute(conn))?;
    Ok(())
}
