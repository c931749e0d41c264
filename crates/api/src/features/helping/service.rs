//! Helping the owner of an account.

use portal_domain::{
    access::{Action, Category},
    accounts::{
        AccountEvent, DESK_RESET_LIFETIME, IssuedReset, MOST_LOCATIONS, StaffAccount, StaffLocations,
        TokenPurpose,
    },
    audit::Outcome,
    enrolment::{normalize_token, spell_token},
    ids::{AccountId, PatientId},
    problem::{Code, Problem},
    text,
};

use crate::{
    app::App,
    error::{Error, Result},
    features::{
        accounts::{self, AccountRow, NewToken},
        practice,
    },
    platform::{
        auth::{self, Actor},
        qr, secret,
        work::Work,
    },
};

/// Whose account is helped.
#[derive(Clone, Copy, Debug)]
pub enum Owner {
    /// A patient.
    Patient(PatientId),
    /// A member of staff, by an administrator.
    Staff(AccountId),
}

/// The account, once the one who acts may do this with it.
fn account(work: &mut Work<'_>, action: Action, owner: Owner) -> Result<AccountRow> {
    match owner {
        Owner::Patient(patient) => {
            let grant = work.grant(action, Category::Account, patient)?;
            accounts::of_patient(work.conn, grant.patient())?.ok_or_else(|| Code::NotEnrolled.into())
        }
        Owner::Staff(account) => {
            work.permit(Action::Change, Category::Staff)?;
            let account = accounts::staff_by_id(work.conn, account)?.ok_or(Code::NotFound)?;
            work.note(Action::Change, Category::Staff, None, Some(account.id.0), Outcome::Done);
            Ok(account)
        }
    }
}

/// Hands out a token that resets the password; the one before dies, and the owner is told (SEC-6).
pub async fn issue_reset(app: &App, actor: &Actor, owner: Owner) -> Result<IssuedReset> {
    let token = spell_token(secret::random::<10>()?);
    let reset_url = format!("{}/reset#token={token}", app.settings.public_url);
    let qr_svg = qr::svg(&reset_url)?;
    let bare = normalize_token(&token).ok_or_else(|| Error::internal("a new token is not a token"))?;
    app.write(actor, move |work| {
        let account = account(work, Action::Issue, owner)?;
        let new = NewToken {
            account: account.id,
            purpose: TokenPurpose::DeskReset,
            token: &bare,
            email: None,
            issued_by: Some(work.actor.account_id()?),
            lifetime: DESK_RESET_LIFETIME,
        };
        let expires_at = accounts::issue_token(work.conn, &new, work.now)?;
        accounts::tell(work, account.id, AccountEvent::ResetTokenIssued, "")?;
        Ok(IssuedReset {
            token: token.clone(),
            username: account.username,
            expires_at,
            reset_url: reset_url.clone(),
            qr_svg: qr_svg.clone(),
        })
    })
    .await
}

/// Opens the account to sign-ins after too many failures (SEC-4).
pub async fn unlock(app: &App, actor: &Actor, owner: Owner) -> Result<()> {
    app.write(actor, move |work| {
        let account = account(work, Action::Decide, owner)?;
        accounts::unlock(work.conn, account.id, &text::fold(&account.username))?;
        accounts::tell(work, account.id, AccountEvent::Unlocked, "")
    })
    .await
}

/// Takes the second step away because a device is lost: app, recovery codes and passkeys. Every session ends, the owner
/// is told (SEC-2).
pub async fn reset_second_step(app: &App, actor: &Actor, owner: Owner) -> Result<()> {
    app.write(actor, move |work| {
        let account = account(work, Action::Decide, owner)?;
        accounts::remove_second_steps(work.conn, account.id)?;
        accounts::revoke_tokens(work.conn, account.id, &[TokenPurpose::SecondStep], work.now)?;
        auth::end_all(work.conn, account.id, None, work.now)?;
        accounts::tell(work, account.id, AccountEvent::SecondStepReset, "")
    })
    .await
}

/// The accounts of staff.
pub async fn staff(app: &App, actor: &Actor) -> Result<Vec<StaffAccount>> {
    app.read(actor, |work| {
        work.permit(Action::View, Category::Staff)?;
        let now = work.now;
        let rows = accounts::staff_accounts(work.conn)?;
        let mut locations = accounts::staff_locations(work.conn)?;
        rows.into_iter()
            .map(|(row, roles)| {
                Ok(StaffAccount {
                    id: row.id,
                    disabled: row.disabled_at.is_some(),
                    state: accounts::state(work.conn, &row, now)?,
                    username: row.username,
                    display_name: row.display_name,
                    roles,
                    locations: locations.remove(&row.id).unwrap_or_default(),
                })
            })
            .collect()
    })
    .await
}

/// Switches the account of a member of staff off, which ends every session, or on again. Nobody switches the own one
/// off: the last administrator would lock everybody out.
pub async fn set_disabled(app: &App, actor: &Actor, account_id: AccountId, disabled: bool) -> Result<()> {
    app.write(actor, move |work| {
        let account = account(work, Action::Change, Owner::Staff(account_id))?;
        if disabled && Some(account.id.0) == work.actor.id() {
            return Err(Code::WrongState.into());
        }
        accounts::set_disabled(work.conn, account.id, disabled.then_some(work.now))?;
        auth::end_all(work.conn, account.id, None, work.now)
    })
    .await
}

/// Sets where a member of staff works (ADM-6); it counts from the next request on.
pub async fn set_locations(
    app: &App,
    actor: &Actor,
    account_id: AccountId,
    new: StaffLocations,
) -> Result<()> {
    let mut locations = new.locations;
    locations.sort_unstable();
    locations.dedup();
    if locations.len() > MOST_LOCATIONS {
        return Err(Problem::field("locations", "too_many", "Name at most 100 locations.").into());
    }
    app.write(actor, move |work| {
        let account = account(work, Action::Change, Owner::Staff(account_id))?;
        for location in &locations {
            practice::must_be_ours(work.conn, "locations", Some(*location))?;
        }
        accounts::set_locations(work.conn, account.id, &locations)
    })
    .await
}
