//! Rows of enrolment tokens, and the two facts of the chart that go with them.

use diesel::prelude::*;
use portal_domain::{
    ids::{AccountId, EnrolmentTokenId, PatientId},
    time::{Date, Time},
};

use crate::{
    error::Result,
    platform::{
        access::Grant,
        db::{
            Conn, MultiBackend,
            schema::{enrolment_tokens, patients},
        },
    },
};

/// A token that may still be used, with the facts that go with it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = enrolment_tokens, check_for_backend(MultiBackend))]
pub struct TokenRow {
    /// The id.
    pub id: EnrolmentTokenId,
    /// Whose.
    pub patient_id: PatientId,
    /// Who handed it out.
    pub issued_by: AccountId,
    /// When.
    pub issued_at: Time,
    /// Until when it may be used.
    pub expires_at: Time,
    /// Wrong dates and names so far.
    pub failures: i64,
    /// Where it was mailed as temporary credentials (ENR-2).
    pub email: Option<String>,
}

/// What a person must know of the chart.
pub struct Facts {
    /// For the greeting.
    pub given_name: String,
    /// For the account's display name.
    pub family_name: String,
    /// Folded, for the comparison.
    pub family_folded: String,
    /// Date of birth.
    pub birth_date: Date,
}

/// The open token with this hash.
pub fn by_hash(conn: &mut Conn, hash: &[u8], now: Time) -> Result<Option<(TokenRow, Facts)>> {
    let found = enrolment_tokens::table
        .inner_join(patients::table.on(patients::id.eq(enrolment_tokens::patient_id)))
        .filter(enrolment_tokens::token_hash.eq(hash))
        .filter(enrolment_tokens::used_at.is_null())
        .filter(enrolment_tokens::revoked_at.is_null())
        .filter(enrolment_tokens::expires_at.gt(now))
        .select((
            TokenRow::as_select(),
            patients::given_name,
            patients::family_name,
            patients::family_folded,
            patients::birth_date,
        ))
        .first::<(TokenRow, String, String, String, Date)>(conn)
        .optional()?;
    Ok(found.map(|(token, given_name, family_name, family_folded, birth_date)| {
        (token, Facts { given_name, family_name, family_folded, birth_date })
    }))
}

/// The open token that goes with a temporary username (folded), with its hash (ENR-2).
pub fn by_temporary_username(
    conn: &mut Conn,
    folded: &str,
    now: Time,
) -> Result<Option<(TokenRow, Vec<u8>)>> {
    let found = enrolment_tokens::table
        .filter(enrolment_tokens::temporary_username.eq(folded))
        .filter(enrolment_tokens::used_at.is_null())
        .filter(enrolment_tokens::revoked_at.is_null())
        .filter(enrolment_tokens::expires_at.gt(now));
    Ok(found.select((TokenRow::as_select(), enrolment_tokens::token_hash)).first(conn).optional()?)
}

/// The open token of a patient.
pub fn open_token(conn: &mut Conn, grant: &Grant, now: Time) -> Result<Option<TokenRow>> {
    let found = enrolment_tokens::table
        .filter(enrolment_tokens::patient_id.eq(grant.patient()))
        .filter(enrolment_tokens::used_at.is_null())
        .filter(enrolment_tokens::revoked_at.is_null())
        .filter(enrolment_tokens::expires_at.gt(now));
    Ok(found.select(TokenRow::as_select()).first(conn).optional()?)
}

/// A token to be.
#[derive(Clone, Insertable)]
#[diesel(table_name = enrolment_tokens)]
pub struct NewToken {
    /// The id.
    pub id: EnrolmentTokenId,
    /// Whose.
    pub patient_id: PatientId,
    /// SHA-256 of the normalized token.
    pub token_hash: Vec<u8>,
    /// Who hands it out.
    pub issued_by: AccountId,
    /// Now.
    pub issued_at: Time,
    /// Until when it may be used.
    pub expires_at: Time,
    /// 0.
    pub failures: i64,
    /// The temporary username, folded (ENR-2).
    pub temporary_username: Option<String>,
    /// Where it is mailed.
    pub email: Option<String>,
}

/// Kills what was handed out before and adds the new token.
pub fn replace_token(conn: &mut Conn, token: &NewToken) -> Result<()> {
    diesel::update(enrolment_tokens::table)
        .filter(enrolment_tokens::patient_id.eq(token.patient_id))
        .filter(enrolment_tokens::used_at.is_null())
        .filter(enrolment_tokens::revoked_at.is_null())
        .set(enrolment_tokens::revoked_at.eq(token.issued_at))
        .execute(conn)?;
    diesel::insert_into(enrolment_tokens::table).values(token.clone()).execute(conn)?;
    Ok(())
}

/// Counts a wrong date or name; the last one burns the token.
pub fn count_failure(conn: &mut Conn, token: &TokenRow, max: u32, now: Time) -> Result<()> {
    let failures = token.failures + 1;
    let burnt = (failures >= i64::from(max)).then_some(now);
    diesel::update(enrolment_tokens::table.find(token.id))
        .set((enrolment_tokens::failures.eq(failures), enrolment_tokens::revoked_at.eq(burnt)))
        .execute(conn)?;
    Ok(())
}

/// Uses the token up. False when somebody else did so first, or when it was killed or ran out meanwhile.
pub fn use_up(conn: &mut Conn, token: &TokenRow, now: Time) -> Result<bool> {
    let used = diesel::update(enrolment_tokens::table.find(token.id))
        .filter(enrolment_tokens::used_at.is_null())
        .filter(enrolment_tokens::revoked_at.is_null())
        .filter(enrolment_tokens::expires_at.gt(now))
        .set(enrolment_tokens::used_at.eq(now))
        .execute(conn)?;
    Ok(used == 1)
}
