//! Mail servers that want TLS and an account; what `portal check` says of them.

use std::{
    path::Path,
    process::{Command, Output},
};

use chrono::TimeDelta;
use portal_api::{
    config::Settings,
    platform::outbox::{SmtpSettings, Tls, deliver_due},
};
use portal_domain::outbox::MailState;
use serde_json::json;

use super::{
    post,
    post_office::{ACCOUNT, PostOffice, by, ca_file},
    stands,
};
use crate::harness::{
    on_both,
    portal::{Database, SECRET},
};

/// The right way to reach a guarded server.
fn guarded(office: &PostOffice, folder: &Path, tls: Tls) -> SmtpSettings {
    SmtpSettings {
        host: "localhost".into(),
        tls,
        credentials: Some((ACCOUNT.0.into(), ACCOUNT.1.into())),
        ca_file: Some(ca_file(folder)),
        ..office.smtp()
    }
}

on_both! {
    async fn starttls_and_an_account_are_used_where_the_server_wants_them(portal) {
        let folder = tempfile::tempdir().unwrap();
        // Each way of AUTH by itself (RFC 4616, and LOGIN of old servers).
        for without in ["LOGIN", "PLAIN"] {
            let Some(mut office) = PostOffice::guarded(folder.path(), json!({ "without": [without] })) else { return };
            let sending = portal.beside(by(guarded(&office, folder.path(), Tls::StartTls))).await;
            post(&sending.app, "anna@example.org").await;
            assert_eq!(deliver_due(&sending.app).await.unwrap(), 1);
            let [arrived] = &office.arrived()[..] else { panic!("one mail") };
            assert!(arrived.tls);
            assert_eq!(arrived.user.as_deref(), Some(ACCOUNT.0));
        }
    }

    async fn tls_from_the_first_byte_is_spoken_where_it_is_set(portal) {
        let folder = tempfile::tempdir().unwrap();
        let Some(mut office) = PostOffice::guarded(folder.path(), json!({ "implicit": true })) else { return };
        let sending = portal.beside(by(guarded(&office, folder.path(), Tls::Implicit))).await;
        let id = post(&sending.app, "anna@example.org").await;
        let sent = deliver_due(&sending.app).await.unwrap();
        assert_eq!(sent, 1, "{:?}", stands(&sending.app, id).await);
        assert_eq!(office.arrived()[0].user.as_deref(), Some(ACCOUNT.0));
    }

    async fn a_wrong_password_is_no_fault_of_the_mail_which_waits_until_it_is_right(portal) {
        let folder = tempfile::tempdir().unwrap();
        let Some(mut office) = PostOffice::guarded(folder.path(), json!({})) else { return };
        let right = guarded(&office, folder.path(), Tls::StartTls);
        let wrong = SmtpSettings { credentials: Some((ACCOUNT.0.into(), "Wrong-Horse-1".into())), ..right.clone() };
        let mistaken = portal.beside(by(wrong)).await;
        let id = post(&mistaken.app, "anna@example.org").await;
        assert_eq!(deliver_due(&mistaken.app).await.unwrap(), 0);
        let (state, reason, _, has_content) = stands(&mistaken.app, id).await;
        assert_eq!((state, has_content), (MailState::Queued, true));
        assert!(reason.contains("signing in") && reason.contains("535"), "{reason}");
        assert!(!reason.contains("Wrong-Horse"));
        let mended = portal.beside(by(right)).await;
        portal.clock.advance(TimeDelta::seconds(30));
        assert_eq!(deliver_due(&mended.app).await.unwrap(), 1);
        assert_eq!(office.arrived().len(), 1);
    }

    async fn a_server_that_we_can_not_be_sure_of_gets_neither_password_nor_mail(portal) {
        let folder = tempfile::tempdir().unwrap();
        let Some(mut office) = PostOffice::guarded(folder.path(), json!({})) else { return };
        let Some(mut plain) = PostOffice::open(json!({})) else { return };
        let right = guarded(&office, folder.path(), Tls::StartTls);
        let unknown_authority = SmtpSettings { ca_file: None, ..right.clone() };
        let other_name = SmtpSettings { host: "127.0.0.1".into(), ..right.clone() };
        // What a man in the middle does: it leaves STARTTLS out of the server's list.
        let no_tls = SmtpSettings { port: plain.port, credentials: None, ..right };
        for (smtp, why) in
            [(unknown_authority, "UnknownIssuer"), (other_name, "not valid for name"), (no_tls, "STARTTLS is not supported")]
        {
            let sending = portal.beside(by(smtp)).await;
            let id = post(&sending.app, "anna@example.org").await;
            assert_eq!(deliver_due(&sending.app).await.unwrap(), 0);
            let (state, reason, ..) = stands(&sending.app, id).await;
            assert_eq!(state, MailState::Queued);
            assert!(reason.contains(why), "{why}: {reason}");
            portal.clock.advance(TimeDelta::days(5));
            deliver_due(&sending.app).await.unwrap();
        }
        assert!(office.arrived().is_empty() && plain.arrived().is_empty());
    }

    async fn a_sender_that_the_server_does_not_allow_is_no_fault_of_the_mail(portal) {
        let Some(mut office) = PostOffice::open(json!({})) else { return };
        let mistaken = portal.beside(|settings: &mut Settings| {
            by(office.smtp())(settings);
            settings.mail.from = "banned@example.org".into();
        }).await;
        let id = post(&mistaken.app, "anna@example.org").await;
        assert_eq!(deliver_due(&mistaken.app).await.unwrap(), 0);
        let (state, reason, ..) = stands(&mistaken.app, id).await;
        assert_eq!(state, MailState::Queued);
        assert!(reason.contains("MAIL FROM") && reason.contains("550"), "{reason}");
        let mended = portal.beside(by(office.smtp())).await;
        portal.clock.advance(TimeDelta::seconds(30));
        assert_eq!(deliver_due(&mended.app).await.unwrap(), 1);
        assert_eq!(office.arrived().len(), 1);
    }
}

#[test]
fn portal_check_tries_the_mail_server_and_says_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let Some(office) = PostOffice::guarded(folder.path(), json!({})) else { return };
    let database = Database::create(portal_api::platform::db::Engine::Sqlite).unwrap();
    let port = office.port.to_string();
    let ca_file = ca_file(folder.path());
    let check = |more: &[(&str, &str)]| -> (bool, String) {
        let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_portal"))
            .arg("check")
            .current_dir(folder.path())
            .env("PORTAL_DATABASE_URL", &database.url)
            .env("PORTAL_DATA_DIR", folder.path())
            .env("PORTAL_SECRET", SECRET)
            .env("PORTAL_SMTP_HOST", "localhost")
            .env("PORTAL_SMTP_PORT", &port)
            .env("PORTAL_SMTP_USERNAME", ACCOUNT.0)
            .env("PORTAL_SMTP_PASSWORD", ACCOUNT.1)
            .env("PORTAL_SMTP_CA_FILE", &ca_file)
            .env("PORTAL_MAIL_FROM", "portal@example.org")
            .envs(more.iter().copied())
            .output()
            .unwrap();
        let said = [stdout, stderr].concat();
        (status.success(), String::from_utf8(said).unwrap())
    };
    let (fine, said) = check(&[]);
    assert!(
        fine && said.contains("the mail server localhost:") && said.contains("from portal@example.org"),
        "{said}"
    );
    for (name, value, why) in [
        ("PORTAL_SMTP_PORT", "1", "Connection refused"),
        ("PORTAL_SMTP_PASSWORD", "Wrong-Horse-1", "signing in: permanent error (535)"),
        ("PORTAL_SMTP_CA_FILE", "missing.pem", "PORTAL_SMTP_CA_FILE can't be used"),
        ("PORTAL_MAIL_FROM", "banned@example.org", "MAIL FROM: permanent error (550)"),
        ("PORTAL_MAIL_FROM", "a\nb@example.org", "PORTAL_MAIL_FROM can't be used"),
        ("PORTAL_SMTP_TLS", "tls", "tls"),
    ] {
        let (fine, said) = check(&[(name, value)]);
        assert!(!fine && said.contains(why), "{name}={value}: {said}");
        assert!(!said.contains("Wrong-Horse") && !said.contains(ACCOUNT.1), "{said}");
    }
}
