//! Mails on their way out, opened as only the portal itself can.

use diesel::prelude::*;
use portal_api::platform::db::schema::outbox_mails;
use portal_domain::outbox::MailKind;

use super::portal::TestPortal;

/// A mail as it would arrive.
#[derive(Debug)]
pub struct Letter {
    pub kind: MailKind,
    pub subject: String,
    pub text: String,
}

impl Letter {
    /// The token in the link.
    pub fn token(&self) -> String {
        let (_, rest) = self.text.split_once("#token=").expect("the mail has a link with a token");
        rest.split_whitespace().next().unwrap().to_owned()
    }

    /// What stands behind a label.
    pub fn fact(&self, label: &str) -> String {
        let line = self.text.lines().find_map(|line| line.strip_prefix(&format!("{label}: ")));
        line.unwrap_or_else(|| panic!("no {label} in {self:?}")).trim().to_owned()
    }
}

impl TestPortal {
    /// Mails to an address that wait in the outbox, in the order of their writing.
    pub async fn mails_to(&self, address: &str) -> Vec<Letter> {
        let address = address.to_owned();
        let rows: Vec<(MailKind, Option<Vec<u8>>)> = self
            .app
            .db
            .read(move |conn| {
                Ok(outbox_mails::table
                    .filter(outbox_mails::to_address.eq(address))
                    .order((outbox_mails::created_at, outbox_mails::id))
                    .select((outbox_mails::kind, outbox_mails::sealed))
                    .load(conn)?)
            })
            .await
            .unwrap();
        let open = |(kind, sealed): (MailKind, Option<Vec<u8>>)| {
            let content = self.app.sealer.open("outbox mail", &sealed?).unwrap();
            let content: serde_json::Value = serde_json::from_slice(&content).unwrap();
            let text = |field: &str| content[field].as_str().unwrap().to_owned();
            Some(Letter { kind, subject: text("subject"), text: text("text") })
        };
        rows.into_iter().filter_map(open).collect()
    }

    /// The newest mail of a kind to an address.
    pub async fn mail_to(&self, address: &str, kind: MailKind) -> Letter {
        let mails = self.mails_to(address).await;
        mails
            .into_iter()
            .rev()
            .find(|mail| mail.kind == kind)
            .unwrap_or_else(|| panic!("no {kind} to {address}"))
    }
}
