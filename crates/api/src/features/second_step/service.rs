//! Switching two-step verification on and off, recovery codes, and taking a code at sign-in.

use portal_domain::{
    access::Action,
    accounts::{
        AccountEvent, Duty, RECOVERY_CODES, RecoveryCodes, SecondStep, SecondStepOff, SecondStepView,
        TotpCode, TotpSetup, normalize_recovery_code, spell_recovery_code,
    },
    ids::AccountId,
    problem::{Code, Problem},
};

use super::{store, totp};
use crate::{
    app::App,
    error::Result,
    features::{
        accounts::{self, Subject},
        practice,
    },
    platform::{
        auth::{self, Actor, Opened},
        db::Conn,
        qr,
        secret::{self, Sealer},
        work::Work,
    },
};

/// What a secret is sealed for.
const PURPOSE: &str = "totp secret";

/// What the account's second step may be done with; empty when none is asked. It is asked when an authenticator app is
/// switched on; and of staff, where the practice asks for a second step, also when there is only a passkey.
pub fn methods(conn: &mut Conn, account: AccountId) -> Result<Vec<SecondStep>> {
    let (totp, passkeys) = auth::second_steps(conn, account)?;
    let asked = totp || (passkeys && auth::must_have_second_step(conn, account)?);
    if !asked {
        return Ok(Vec::new());
    }
    let mut methods = Vec::new();
    if totp {
        methods.push(SecondStep::Totp);
    }
    if store::codes_left(conn, account)? > 0 {
        methods.push(SecondStep::RecoveryCode);
    }
    if passkeys {
        methods.push(SecondStep::Passkey);
    }
    Ok(methods)
}

/// Uses a code up, if it is one: of two tries with one code one succeeds. Staff and patients alike are told when a
/// recovery code was used.
pub fn take_code(
    work: &mut Work<'_>,
    sealer: &Sealer,
    account: AccountId,
    method: SecondStep,
    typed: &str,
) -> Result<bool> {
    match method {
        SecondStep::Totp => {
            let Some(row) = store::secret(work.conn, account)?.filter(|row| row.confirmed_at.is_some())
            else {
                return Ok(false);
            };
            let totp = totp::authenticator(&sealer.open(PURPOSE, &row.sealed)?, "portal", "account")?;
            match totp::matched_step(&totp, typed, work.now) {
                Some(step) => store::take_step(work.conn, account, step),
                None => Ok(false),
            }
        }
        SecondStep::RecoveryCode => {
            let Some(code) = normalize_recovery_code(typed) else { return Ok(false) };
            let hash = secret::hash(code.as_bytes());
            let taken = store::take_recovery_code(work.conn, account, &hash, work.now)?;
            if taken {
                accounts::tell(work, account, AccountEvent::RecoveryCodeUsed, "")?;
            }
            Ok(taken)
        }
        SecondStep::Passkey => Ok(false),
    }
}

/// How the own second step stands.
pub async fn view(app: &App, actor: &Actor) -> Result<SecondStepView> {
    app.read(actor, |work| {
        let account = work.own_account(Action::View)?;
        let totp_since = store::secret(work.conn, account)?.and_then(|secret| secret.confirmed_at);
        Ok(SecondStepView { totp_since, recovery_codes_left: store::codes_left(work.conn, account)? })
    })
    .await
}

/// Makes a new secret, which works after one right code.
pub async fn set_up(app: &App, actor: &Actor) -> Result<TotpSetup> {
    let fresh = secret::random::<{ totp::SECRET_BYTES }>()?;
    let sealed = app.sealer.seal(PURPOSE, &fresh)?;
    app.write(actor, move |work| {
        let account = work.proven_account(Action::Act)?;
        if store::secret(work.conn, account)?.is_some_and(|secret| secret.confirmed_at.is_some()) {
            return Err(Code::WrongState.into());
        }
        store::replace_secret(work.conn, account, &sealed, work.now)?;
        let practice = practice::practice(work.conn)?.name;
        let username = accounts::by_id(work.conn, account)?.username;
        let totp = totp::authenticator(&fresh, &practice, &username)?;
        let otpauth_url = totp.to_url().map_err(crate::error::Error::internal)?;
        let qr_svg = qr::svg(&otpauth_url)?;
        Ok(TotpSetup { secret: totp.secret().to_base32(), otpauth_url, qr_svg })
    })
    .await
}

/// Switches the app on by one right code, and hands out recovery codes. Every other session ends.
pub async fn confirm(app: &App, actor: &Actor, code: TotpCode) -> Result<(RecoveryCodes, Opened)> {
    let (codes, hashes) = new_codes()?;
    let sealer = app.sealer.clone();
    let done = app
        .write(actor, move |work| {
            let account = work.own_account(Action::Act)?;
            let subject = Subject::second_step(account);
            accounts::check_throttle(work.conn, &subject, work.now)?;
            let row = match store::secret(work.conn, account)? {
                Some(row) if row.confirmed_at.is_none() => row,
                _ => return Err(Code::WrongState.into()),
            };
            let totp = totp::authenticator(&sealer.open(PURPOSE, &row.sealed)?, "portal", "account")?;
            let step = totp::matched_step(&totp, &code.code, work.now);
            let Some(step) = step.filter(|step| *step > row.last_step) else {
                accounts::count_failure(work.conn, &subject, work.now)?;
                return Ok(None);
            };
            accounts::clear_throttle(work.conn, &subject)?;
            store::take_step(work.conn, account, step)?;
            store::confirm(work.conn, account, work.now)?;
            store::replace_codes(work.conn, account, &hashes)?;
            accounts::tell(work, account, AccountEvent::TotpOn, "")?;
            accounts::end_others(work, account)?;
            let (_, opened) = accounts::renewed(work, false)?;
            Ok(Some((codes.clone(), opened)))
        })
        .await?;
    done.ok_or_else(wrong_code)
}

fn wrong_code() -> crate::error::Error {
    Problem::field(
        "code",
        "wrong",
        "This code is not right. Check the time on your phone and try the next code.",
    )
    .into()
}

/// Switches the app off: password and code are needed (SEC-2). The recovery codes go with it.
pub async fn switch_off(app: &App, actor: &Actor, off: SecondStepOff) -> Result<Opened> {
    accounts::check_own_password(app, actor, "password", &off.password).await?;
    let sealer = app.sealer.clone();
    let done = app
        .write(actor, move |work| {
            let account = work.own_account(Action::Act)?;
            let subject = Subject::second_step(account);
            accounts::check_throttle(work.conn, &subject, work.now)?;
            if store::secret(work.conn, account)?.is_none_or(|secret| secret.confirmed_at.is_none()) {
                return Err(Code::WrongState.into());
            }
            if !take_code(work, &sealer, account, off.method, &off.code)? {
                accounts::count_failure(work.conn, &subject, work.now)?;
                return Ok(None);
            }
            accounts::clear_throttle(work.conn, &subject)?;
            store::remove(work.conn, account)?;
            if auth::duties(work.conn, account)?.contains(&Duty::SetUpSecondStep) {
                return Err(Code::SecondStepNeeded.into());
            }
            accounts::tell(work, account, AccountEvent::TotpOff, "")?;
            accounts::end_others(work, account)?;
            Ok(Some(accounts::renewed(work, true)?.1))
        })
        .await?;
    done.ok_or_else(wrong_code)
}

/// Makes new recovery codes; those of before work no more.
pub async fn new_recovery_codes(app: &App, actor: &Actor) -> Result<RecoveryCodes> {
    let (codes, hashes) = new_codes()?;
    app.write(actor, move |work| {
        let account = work.proven_account(Action::Act)?;
        if !auth::has_second_step(work.conn, account)? {
            return Err(Code::WrongState.into());
        }
        store::replace_codes(work.conn, account, &hashes)?;
        accounts::tell(work, account, AccountEvent::RecoveryCodesMade, "")?;
        Ok(codes.clone())
    })
    .await
}

/// Codes as people read them, and the hashes that are kept.
fn new_codes() -> Result<(RecoveryCodes, Vec<Vec<u8>>)> {
    let codes: Vec<String> = std::iter::repeat_with(|| secret::random::<7>().map(spell_recovery_code))
        .take(RECOVERY_CODES)
        .collect::<Result<_>>()?;
    let bare = |code: &String| normalize_recovery_code(code).unwrap_or_default();
    let hashes = codes.iter().map(|code| secret::hash(bare(code).as_bytes())).collect();
    Ok((RecoveryCodes { codes }, hashes))
}
