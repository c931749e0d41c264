//! Rows of grants, invitations, requests and policies.

use diesel::prelude::*;
use portal_domain::{
    access::{AgePolicy, Basis, Level},
    dependents::{DependentRequestState, GrantSource, Relationship},
    ids::{AccountId, DependentRequestId, MailId, PatientId, ProxyGrantId, ProxyInviteId},
    page::Page,
    time::{Date, Time},
};

use crate::{
    error::Result,
    platform::{
        access::Grant,
        db::{
            Conn, Json, MultiBackend,
            schema::{accounts, age_policies, dependent_requests, proxy_grants, proxy_invites},
        },
        page::{Cursor, Keyset},
    },
};

/// A grant as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = proxy_grants, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct GrantRow {
    pub patient_id: PatientId,
    pub id: ProxyGrantId,
    pub account_id: AccountId,
    pub relationship: Relationship,
    pub basis: Basis,
    pub source: GrantSource,
    pub level: Level,
    pub shares: Json,
    pub starts_on: Date,
    pub ends_on: Option<Date>,
    pub assented_on: Option<Date>,
    pub warned_of: Option<Date>,
    pub granted_at: Time,
    pub approved_by: AccountId,
    pub revoked_at: Option<Time>,
    pub revoked_by: Option<AccountId>,
    pub version: i64,
}

/// Adds a grant.
pub fn insert_grant(conn: &mut Conn, row: &GrantRow) -> Result<()> {
    diesel::insert_into(proxy_grants::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// What an account may do for others, as far as nobody revoked it.
pub fn of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<GrantRow>> {
    let rows = proxy_grants::table
        .filter(proxy_grants::account_id.eq(account))
        .filter(proxy_grants::revoked_at.is_null())
        .order((proxy_grants::granted_at, proxy_grants::id));
    Ok(rows.select(GrantRow::as_select()).load(conn)?)
}

/// What others may do for the patient, as far as nobody revoked it.
pub fn of_patient(conn: &mut Conn, grant: &Grant) -> Result<Vec<GrantRow>> {
    let rows = proxy_grants::table
        .filter(proxy_grants::patient_id.eq(grant.patient()))
        .filter(proxy_grants::revoked_at.is_null())
        .order((proxy_grants::granted_at, proxy_grants::id));
    Ok(rows.select(GrantRow::as_select()).load(conn)?)
}

/// One of the patient's that nobody revoked.
pub fn grant(conn: &mut Conn, grant: &Grant, id: ProxyGrantId) -> Result<Option<GrantRow>> {
    let found = proxy_grants::table.find((grant.patient(), id)).filter(proxy_grants::revoked_at.is_null());
    Ok(found.select(GrantRow::as_select()).first(conn).optional()?)
}

/// What stands between an account and a patient.
pub fn standing(conn: &mut Conn, account: AccountId, patient: PatientId) -> Result<Option<GrantRow>> {
    let found = proxy_grants::table
        .filter(proxy_grants::account_id.eq(account))
        .filter(proxy_grants::patient_id.eq(patient))
        .filter(proxy_grants::revoked_at.is_null());
    Ok(found.select(GrantRow::as_select()).first(conn).optional()?)
}

/// Keeps what a grant gives from now on, under its next version.
pub fn change_grant(conn: &mut Conn, row: &GrantRow) -> Result<()> {
    diesel::update(proxy_grants::table.find((row.patient_id, row.id)))
        .set((
            proxy_grants::level.eq(row.level),
            proxy_grants::shares.eq(row.shares.clone()),
            proxy_grants::ends_on.eq(row.ends_on),
            proxy_grants::assented_on.eq(row.assented_on),
            proxy_grants::version.eq(row.version),
        ))
        .execute(conn)?;
    Ok(())
}

/// The grants for minors that stand, a few after another one's id.
pub fn for_minors(conn: &mut Conn, after: ProxyGrantId, most: i64) -> Result<Vec<GrantRow>> {
    let rows = proxy_grants::table
        .filter(proxy_grants::basis.eq(Basis::Minor))
        .filter(proxy_grants::revoked_at.is_null())
        .filter(proxy_grants::id.gt(after))
        .order(proxy_grants::id)
        .limit(most);
    Ok(rows.select(GrantRow::as_select()).load(conn)?)
}

/// Notes of which birthday both sides were warned.
pub fn warned(conn: &mut Conn, row: &GrantRow, of: Date) -> Result<()> {
    diesel::update(proxy_grants::table.find((row.patient_id, row.id)))
        .set(proxy_grants::warned_of.eq(of))
        .execute(conn)?;
    Ok(())
}

/// Revokes a grant. False when somebody did so before.
pub fn revoke(conn: &mut Conn, row: &GrantRow, by: AccountId, now: Time) -> Result<bool> {
    let standing =
        proxy_grants::table.find((row.patient_id, row.id)).filter(proxy_grants::revoked_at.is_null());
    let revoked = diesel::update(standing)
        .set((
            proxy_grants::revoked_at.eq(now),
            proxy_grants::revoked_by.eq(by),
            proxy_grants::version.eq(row.version + 1),
        ))
        .execute(conn)?;
    Ok(revoked > 0)
}

/// Whether an address (folded) is that of an account with a standing grant on this patient.
pub fn is_address_of_proxy(conn: &mut Conn, patient: PatientId, folded: &str) -> Result<bool> {
    let found = proxy_grants::table
        .inner_join(accounts::table.on(accounts::id.eq(proxy_grants::account_id)))
        .filter(proxy_grants::patient_id.eq(patient))
        .filter(proxy_grants::revoked_at.is_null())
        .filter(accounts::email_folded.eq(folded));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn)?)
}

/// An invitation as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = proxy_invites, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct InviteRow {
    pub patient_id: PatientId,
    pub id: ProxyInviteId,
    pub code_hash: Vec<u8>,
    pub relationship: Relationship,
    pub level: Level,
    pub shares: Json,
    pub ends_on: Option<Date>,
    pub invited_by: AccountId,
    pub invited_at: Time,
    pub expires_at: Time,
    pub accepted_at: Option<Time>,
    pub withdrawn_at: Option<Time>,
    pub email: Option<String>,
    pub family_name: Option<String>,
    pub mail_id: Option<MailId>,
}

/// Adds an invitation.
pub fn insert_invite(conn: &mut Conn, _: &Grant, row: &InviteRow) -> Result<()> {
    diesel::insert_into(proxy_invites::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// The patient's invitations that may still be accepted.
pub fn open_invites(conn: &mut Conn, grant: &Grant, now: Time) -> Result<Vec<InviteRow>> {
    let rows = proxy_invites::table
        .filter(proxy_invites::patient_id.eq(grant.patient()))
        .filter(proxy_invites::accepted_at.is_null())
        .filter(proxy_invites::withdrawn_at.is_null())
        .filter(proxy_invites::expires_at.gt(now))
        .order((proxy_invites::invited_at, proxy_invites::id));
    Ok(rows.select(InviteRow::as_select()).load(conn)?)
}

/// How many of the patient's invitations left by e-mail since then.
pub fn mailed_since(conn: &mut Conn, grant: &Grant, since: Time) -> Result<i64> {
    let mailed = proxy_invites::table
        .filter(proxy_invites::patient_id.eq(grant.patient()))
        .filter(proxy_invites::email.is_not_null())
        .filter(proxy_invites::invited_at.gt(since));
    Ok(mailed.count().get_result(conn)?)
}

/// The invitation with this hash that may still be accepted.
pub fn invite_by_hash(conn: &mut Conn, hash: &[u8], now: Time) -> Result<Option<InviteRow>> {
    let found = proxy_invites::table
        .filter(proxy_invites::code_hash.eq(hash))
        .filter(proxy_invites::accepted_at.is_null())
        .filter(proxy_invites::withdrawn_at.is_null())
        .filter(proxy_invites::expires_at.gt(now));
    Ok(found.select(InviteRow::as_select()).first(conn).optional()?)
}

/// Uses an invitation up. False when somebody else did so first, or when it was withdrawn.
pub fn use_invite(conn: &mut Conn, row: &InviteRow, now: Time) -> Result<bool> {
    let open = proxy_invites::table
        .find((row.patient_id, row.id))
        .filter(proxy_invites::accepted_at.is_null())
        .filter(proxy_invites::withdrawn_at.is_null());
    Ok(diesel::update(open).set(proxy_invites::accepted_at.eq(now)).execute(conn)? > 0)
}

/// Takes an invitation back; answers what it was. None when there is no open one.
pub fn withdraw_invite(
    conn: &mut Conn,
    grant: &Grant,
    id: ProxyInviteId,
    now: Time,
) -> Result<Option<InviteRow>> {
    let open = proxy_invites::table
        .find((grant.patient(), id))
        .filter(proxy_invites::accepted_at.is_null())
        .filter(proxy_invites::withdrawn_at.is_null());
    if diesel::update(open).set(proxy_invites::withdrawn_at.eq(now)).execute(conn)? == 0 {
        return Ok(None);
    }
    let row = proxy_invites::table.find((grant.patient(), id)).select(InviteRow::as_select());
    Ok(Some(row.first(conn)?))
}

/// A request as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = dependent_requests, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct RequestRow {
    pub patient_id: PatientId,
    pub id: DependentRequestId,
    pub state: DependentRequestState,
    pub requested_by: AccountId,
    pub requested_at: Time,
    pub due_at: Time,
    pub given_name: String,
    pub family_name: String,
    pub birth_date: Date,
    pub relationship: Relationship,
    pub reason: String,
    pub answer: String,
    pub decided_by: Option<AccountId>,
    pub decided_at: Option<Time>,
    pub version: i64,
}

/// Adds a request.
pub fn insert_request(conn: &mut Conn, _: &Grant, row: &RequestRow) -> Result<()> {
    diesel::insert_into(dependent_requests::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// One request of the patient's.
pub fn request(conn: &mut Conn, grant: &Grant, id: DependentRequestId) -> Result<Option<RequestRow>> {
    let found = dependent_requests::table.find((grant.patient(), id)).select(RequestRow::as_select());
    Ok(found.first(conn).optional()?)
}

/// How many requests of the patient's wait.
pub fn count_open(conn: &mut Conn, grant: &Grant) -> Result<i64> {
    let open = dependent_requests::table
        .filter(dependent_requests::patient_id.eq(grant.patient()))
        .filter(dependent_requests::state.eq(DependentRequestState::Open));
    Ok(open.count().get_result(conn)?)
}

/// Keeps what staff decided, under the next version.
pub fn decide(conn: &mut Conn, grant: &Grant, row: &RequestRow) -> Result<()> {
    diesel::update(dependent_requests::table.find((grant.patient(), row.id)))
        .set((
            dependent_requests::state.eq(row.state),
            dependent_requests::answer.eq(&row.answer),
            dependent_requests::decided_by.eq(row.decided_by),
            dependent_requests::decided_at.eq(row.decided_at),
            dependent_requests::version.eq(row.version),
        ))
        .execute(conn)?;
    Ok(())
}

/// One page of the patient's requests, newest first.
pub fn requests(conn: &mut Conn, grant: &Grant, keyset: &Keyset) -> Result<Page<RequestRow>> {
    use dependent_requests::dsl as r;
    let mut query = dependent_requests::table.into_boxed().filter(r::patient_id.eq(grant.patient()));
    if let Some(Cursor { at, id }) = keyset.after {
        let id = DependentRequestId(id);
        query = query.filter(r::requested_at.lt(at).or(r::requested_at.eq(at).and(r::id.lt(id))));
    }
    let rows = query.order((r::requested_at.desc(), r::id.desc())).limit(keyset.rows());
    Ok(keyset.page(rows.select(RequestRow::as_select()).load(conn)?, by_request))
}

/// One page of the practice's queue, longest waiting first.
pub fn queue(conn: &mut Conn, state: DependentRequestState, keyset: &Keyset) -> Result<Page<RequestRow>> {
    use dependent_requests::dsl as r;
    let mut query = dependent_requests::table.into_boxed().filter(r::state.eq(state));
    if let Some(Cursor { at, id }) = keyset.after {
        let id = DependentRequestId(id);
        query = query.filter(r::requested_at.gt(at).or(r::requested_at.eq(at).and(r::id.gt(id))));
    }
    let rows = query.order((r::requested_at.asc(), r::id.asc())).limit(keyset.rows());
    Ok(keyset.page(rows.select(RequestRow::as_select()).load(conn)?, by_request))
}

fn by_request(row: &RequestRow) -> Cursor {
    Cursor { at: row.requested_at, id: row.id.0 }
}

/// Keeps the practice's next policy for minors.
pub fn insert_policy(
    conn: &mut Conn,
    version: i64,
    policy: &AgePolicy,
    by: Option<AccountId>,
    now: Time,
) -> Result<()> {
    diesel::insert_into(age_policies::table)
        .values((
            age_policies::version.eq(version),
            age_policies::body.eq(Json::of(policy)?),
            age_policies::changed_by.eq(by),
            age_policies::changed_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// What these grants are, also those that were revoked: the trail names them.
pub fn named(conn: &mut Conn, ids: &[ProxyGrantId]) -> Result<Vec<(ProxyGrantId, Relationship, Level)>> {
    use proxy_grants::dsl as g;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = proxy_grants::table.filter(g::id.eq_any(ids.to_vec()));
    Ok(rows.select((g::id, g::relationship, g::level)).load(conn)?)
}
