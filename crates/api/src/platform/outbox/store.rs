//! Rows of the outbox.

use diesel::prelude::*;
use portal_domain::{ids::MailId, outbox::MailState, time::Time};

use super::Mail;
use crate::{
    error::Result,
    platform::db::{
        Conn, MultiBackend,
        schema::{outbox_mails, practices},
    },
};

/// Who writes.
#[derive(Queryable, Selectable)]
#[diesel(table_name = practices, check_for_backend(MultiBackend))]
pub struct Practice {
    /// Its name.
    pub name: String,
    /// The main phone number.
    pub phone: String,
}

/// Who writes: the practice.
pub fn practice(conn: &mut Conn) -> Result<Practice> {
    Ok(practices::table.select(Practice::as_select()).first(conn)?)
}

/// A mail that waits from now on.
pub fn insert(conn: &mut Conn, id: MailId, mail: &Mail, to: &str, sealed: Vec<u8>, now: Time) -> Result<()> {
    use outbox_mails::dsl as m;
    diesel::insert_into(outbox_mails::table)
        .values((
            m::id.eq(id),
            m::kind.eq(mail.kind),
            m::account_id.eq(mail.account),
            m::to_address.eq(to),
            m::sealed.eq(Some(sealed)),
            m::state.eq(MailState::Queued),
            m::attempts.eq(0),
            m::next_attempt_at.eq(now),
            m::useless_after.eq(mail.useless_after),
            m::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}
