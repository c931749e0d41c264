//! How many mails an account was sent lately.

use diesel::prelude::*;
use portal_domain::{ids::AccountId, outbox::MailKind, time::Time};

use crate::{
    error::Result,
    platform::db::{Conn, schema::outbox_mails},
};

/// Mails of a kind to an account since then.
pub fn mails_since(conn: &mut Conn, account: AccountId, kind: MailKind, since: Time) -> Result<i64> {
    let mails = outbox_mails::table
        .filter(outbox_mails::account_id.eq(account))
        .filter(outbox_mails::kind.eq(kind))
        .filter(outbox_mails::created_at.gt(since));
    Ok(mails.count().get_result(conn)?)
}
