//! Rows of accounts and their roles; tokens and events stand beside.

mod events;
mod tokens;

use std::collections::HashMap;

use diesel::prelude::*;
use portal_domain::{
    access::Role,
    accounts::Preferences,
    ids::{AccountId, LocationId, PatientId, ProviderId},
    notifications::NotificationChoices,
    time::Time,
};

pub use events::{add_event, events};
pub use tokens::{Live, NewToken, count_failure, forget_old, issue, live, open_of, revoke_of, use_up};

use crate::{
    each_engine,
    error::Result,
    platform::db::{
        Conn, Json, MultiBackend,
        schema::{account_locations, account_roles, accounts, passkeys, recovery_codes, totp_secrets},
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
    /// Set when the account is switched off.
    pub disabled_at: Option<Time>,
    /// The verified address.
    pub email: Option<String>,
    /// When the one free change of the username was made.
    pub username_changed_at: Option<Time>,
    /// When the password was last changed.
    pub password_changed_at: Option<Time>,
    /// BCP 47.
    pub language: String,
    /// When news is mailed: [`NotificationChoices`].
    pub notice_choices: Json,
}

impl AccountRow {
    /// When news is mailed.
    pub fn notices(&self) -> Result<NotificationChoices> {
        Ok(self.notice_choices.read()?)
    }
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

/// The account whose verified address this is (folded), unless it is disabled.
pub fn by_email(conn: &mut Conn, folded: &str) -> Result<Option<AccountRow>> {
    let found =
        accounts::table.filter(accounts::email_folded.eq(folded)).filter(accounts::disabled_at.is_null());
    Ok(found.select(AccountRow::as_select()).first(conn).optional()?)
}

/// Whether an address (folded) is another account's.
pub fn email_is_taken(conn: &mut Conn, folded: &str, but: Option<AccountId>) -> Result<bool> {
    let holder: Option<AccountId> = accounts::table
        .filter(accounts::email_folded.eq(folded))
        .select(accounts::id)
        .first(conn)
        .optional()?;
    Ok(holder.is_some_and(|holder| Some(holder) != but))
}

/// Sets the verified address, or takes it away.
pub fn set_email(conn: &mut Conn, account: AccountId, email: Option<&str>, now: Time) -> Result<()> {
    diesel::update(accounts::table.find(account))
        .set((
            accounts::email.eq(email),
            accounts::email_folded.eq(email.map(portal_domain::text::fold)),
            accounts::email_verified_at.eq(email.map(|_| now)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Sets another username. False when the one free change was made before.
pub fn change_username(conn: &mut Conn, account: AccountId, username: &str, now: Time) -> Result<bool> {
    let free = accounts::table.find(account).filter(accounts::username_changed_at.is_null());
    let changed = diesel::update(free)
        .set((
            accounts::username.eq(username),
            accounts::username_folded.eq(portal_domain::text::fold(username)),
            accounts::username_changed_at.eq(now),
        ))
        .execute(conn)?;
    Ok(changed > 0)
}

/// Sets another password.
pub fn set_password(conn: &mut Conn, account: AccountId, hash: &str, now: Time) -> Result<()> {
    diesel::update(accounts::table.find(account))
        .set((accounts::password_hash.eq(hash), accounts::password_changed_at.eq(now)))
        .execute(conn)?;
    Ok(())
}

/// Sets language and notices.
pub fn set_preferences(conn: &mut Conn, account: AccountId, preferences: &Preferences) -> Result<()> {
    diesel::update(accounts::table.find(account))
        .set(accounts::language.eq(&preferences.language))
        .execute(conn)?;
    set_notices(conn, account, preferences.notices)
}

/// Sets when news is mailed.
pub fn set_notices(conn: &mut Conn, account: AccountId, choices: NotificationChoices) -> Result<()> {
    diesel::update(accounts::table.find(account))
        .set(accounts::notice_choices.eq(Json::of(&choices)?))
        .execute(conn)?;
    Ok(())
}

/// Sets the version of the terms that the person accepted (ENR-6).
pub fn set_terms(conn: &mut Conn, account: AccountId, version: i64) -> Result<()> {
    diesel::update(accounts::table.find(account)).set(accounts::terms_version.eq(version)).execute(conn)?;
    Ok(())
}

/// Takes authenticator app, recovery codes and passkeys away.
pub fn remove_second_steps(conn: &mut Conn, account: AccountId) -> Result<()> {
    diesel::delete(totp_secrets::table.find(account)).execute(conn)?;
    diesel::delete(recovery_codes::table.filter(recovery_codes::account_id.eq(account))).execute(conn)?;
    diesel::delete(passkeys::table.filter(passkeys::account_id.eq(account))).execute(conn)?;
    Ok(())
}

/// The accounts of staff with their roles, by name.
pub fn staff(conn: &mut Conn) -> Result<Vec<(AccountRow, Vec<Role>)>> {
    let rows: Vec<AccountRow> = accounts::table
        .filter(accounts::patient_id.is_null())
        .order((accounts::display_name, accounts::id))
        .select(AccountRow::as_select())
        .load(conn)?;
    let mut roles: HashMap<AccountId, Vec<Role>> = HashMap::new();
    let held: Vec<(AccountId, Role)> = account_roles::table
        .order((account_roles::account_id, account_roles::role))
        .select((account_roles::account_id, account_roles::role))
        .load(conn)?;
    for (account, role) in held {
        roles.entry(account).or_default().push(role);
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let held = roles.remove(&row.id).unwrap_or_default();
            (row, held)
        })
        .collect())
}

/// Where members of staff work, of those who don't work for the whole practice.
pub fn staff_locations(conn: &mut Conn) -> Result<HashMap<AccountId, Vec<LocationId>>> {
    let rows: Vec<(AccountId, LocationId)> = account_locations::table
        .order((account_locations::account_id, account_locations::location_id))
        .select((account_locations::account_id, account_locations::location_id))
        .load(conn)?;
    let mut locations: HashMap<AccountId, Vec<LocationId>> = HashMap::new();
    for (account, location) in rows {
        locations.entry(account).or_default().push(location);
    }
    Ok(locations)
}

/// Sets where a member of staff works; empty: for the whole practice.
pub fn set_locations(conn: &mut Conn, account: AccountId, locations: &[LocationId]) -> Result<()> {
    let mine = account_locations::table.filter(account_locations::account_id.eq(account));
    diesel::delete(mine).execute(conn)?;
    for location in locations {
        diesel::insert_into(account_locations::table)
            .values((account_locations::account_id.eq(account), account_locations::location_id.eq(*location)))
            .execute(conn)?;
    }
    Ok(())
}

/// The account of a member of staff; none when there is no such.
pub fn staff_by_id(conn: &mut Conn, account: AccountId) -> Result<Option<AccountRow>> {
    let found = accounts::table.find(account).filter(accounts::patient_id.is_null());
    Ok(found.select(AccountRow::as_select()).first(conn).optional()?)
}

/// Switches an account off, or on again.
pub fn set_disabled(conn: &mut Conn, account: AccountId, at: Option<Time>) -> Result<()> {
    diesel::update(accounts::table.find(account)).set(accounts::disabled_at.eq(at)).execute(conn)?;
    Ok(())
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

/// What to call these people, and as what those of the staff work.
pub fn people(conn: &mut Conn, ids: &[AccountId]) -> Result<HashMap<AccountId, (String, Vec<Role>)>> {
    let mut people: HashMap<AccountId, (String, Vec<Role>)> =
        names(conn, ids)?.into_iter().map(|(id, name)| (id, (name, Vec::new()))).collect();
    let roles = account_roles::table
        .filter(account_roles::account_id.eq_any(ids.to_vec()))
        .order(account_roles::role)
        .select((account_roles::account_id, account_roles::role))
        .load::<(AccountId, Role)>(conn)?;
    for (id, role) in roles {
        if let Some((_, held)) = people.get_mut(&id) {
            held.push(role);
        }
    }
    Ok(people)
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
