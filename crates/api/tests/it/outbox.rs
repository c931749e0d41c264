//! Outgoing e-mail: the outbox, against a real mail server (NTF-3, P-12).

mod guarded;
pub mod post_office;
mod rounds;

use diesel::prelude::*;
use portal_api::{
    app::App,
    error::{Error, Result},
    platform::{
        auth::Actor,
        db::{
            Engine,
            schema::{outbox_mails, practices},
        },
        outbox::{Letter, Mail, deliver_due},
    },
    upkeep,
};
use portal_domain::{
    ids::MailId,
    outbox::{MailKind, MailState},
};
use serde_json::json;

use self::post_office::{PostOffice, by};
use crate::harness::{on_both, portal::TestPortal};

/// What no log, no database and no stranger may see.
const SECRET_LINK: &str = "https://portal.example.org/reset#c0ffee-c0ffee";

/// A mail as a password reset would write it.
fn mail(to: &str) -> Mail {
    Mail {
        kind: MailKind::PasswordReset,
        account: None,
        to: to.into(),
        letter: Letter::about("Choose a new password")
            .says("You asked for a new password.")
            .leads("Choose a new password", SECRET_LINK)
            .adds("If you did not ask, ignore this e-mail."),
        useless_after: None,
    }
}

async fn try_to_post(app: &App, mail: Mail) -> Result<MailId> {
    app.write(&Actor::operator(), move |work| work.enqueue(&mail)).await
}

async fn post(app: &App, to: &str) -> MailId {
    try_to_post(app, mail(to)).await.unwrap()
}

/// Where a mail stands: state, reason, number of tries, whether its content is still there.
async fn stands(app: &App, id: MailId) -> (MailState, String, i64, bool) {
    use outbox_mails::dsl as m;
    let row: (MailState, Option<String>, i64, Option<Vec<u8>>) = app
        .db
        .read(move |conn| {
            Ok(outbox_mails::table
                .find(id)
                .select((m::state, m::reason, m::attempts, m::sealed))
                .first(conn)?)
        })
        .await
        .unwrap();
    (row.0, row.1.unwrap_or_default(), row.2, row.3.is_some())
}

async fn rows(app: &App) -> i64 {
    app.db.read(|conn| Ok(outbox_mails::table.count().get_result(conn)?)).await.unwrap()
}

async fn name_practice(portal: &TestPortal, name: &str) {
    let name = name.to_owned();
    let rename = move |conn: &mut portal_api::platform::db::Conn| {
        Ok(diesel::update(practices::table).set(practices::name.eq(&name)).execute(conn)?)
    };
    portal.app.db.write(rename).await.unwrap();
}

on_both! {
    async fn a_mail_arrives_whole_with_both_parts_and_its_headers(portal) {
        let Some(mut office) = PostOffice::open(json!({})) else { return };
        name_practice(&portal, "Clínica São João, \"Nord\"").await;
        let sending = portal.beside(|settings| {
            by(office.smtp())(settings);
            settings.mail.reply_to = Some("desk@example.org".into());
        }).await;
        let long = "Grüße an alle, die lange Zeilen mögen. ".repeat(60);
        let mut written = mail("anna@example.org");
        written.letter = Letter::about("Größe & <Gewicht>: ein sehr langer Betreff, der über eine Zeile reicht 🩺")
            .says(".")
            .says(".a line that begins with a dot\r\n.\r\nMAIL FROM:<x@example.org>")
            .says(long.trim())
            .shows("Username", "anna <b>lund</b>");
        let id = try_to_post(&sending.app, written).await.unwrap();
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 1);

        let [arrived] = &office.arrived()[..] else { panic!("one mail") };
        assert_eq!((arrived.from.as_str(), &arrived.to[..]), ("portal@example.org", &["anna@example.org".to_owned()][..]));
        let mail = &arrived.mail;
        assert_eq!(mail.defects, Vec::<String>::new());
        assert_eq!(mail.header("From"), "\"Clínica São João, \\\"Nord\\\"\" <portal@example.org>");
        assert_eq!(mail.header("Reply-To"), "desk@example.org");
        assert_eq!(mail.header("To"), "anna@example.org");
        assert_eq!(mail.header("Subject"), "Größe & <Gewicht>: ein sehr langer Betreff, der über eine Zeile reicht 🩺");
        assert_eq!(mail.header("Message-ID"), format!("<{id}@example.org>"));
        assert_eq!(mail.header("Date"), "Mon, 05 Oct 2026 14:00:00 +0000");
        assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
        assert_eq!(mail.header("MIME-Version"), "1.0");
        // RFC 5322, 2.1.1: 998 at most; 78 and the CR are what is advised.
        assert!(mail.longest_line <= 79, "{}", mail.longest_line);
        assert_eq!(mail.kind, "multipart/alternative");
        let kinds: Vec<&str> = mail.parts.iter().map(|part| part.kind.as_str()).collect();
        assert_eq!(kinds, ["text/plain", "text/html"]);
        let [text, html] = [0, 1].map(|n| mail.parts[n].text.replace("\r\n", "\r"));
        assert!(!text.contains('\n') && !html.contains('\n'), "every line ends in CRLF (RFC 2045, 6.8)");
        let [text, html] = [text, html].map(|text| text.replace('\r', "\n"));
        assert!(text.contains(long.trim()), "{text}");
        assert!(text.contains("\n.\n\n.a line that begins with a dot\n.\nMAIL FROM:<x@example.org>\n"), "{text}");
        assert!(text.contains("\n\nUsername: anna <b>lund</b>\n"), "{text}");
        assert!(text.contains("Clínica São João, \"Nord\"\nPhone "), "{text}");
        assert!(html.contains("<html lang=\"en\">") && html.contains(long.trim()), "{html}");
        assert!(html.contains("anna &#60;b&#62;lund") && !html.contains("<b>"), "{html}");
        let (state, reason, tries, has_content) = stands(&sending.app, id).await;
        assert_eq!((state, reason.as_str(), tries, has_content), (MailState::Sent, "", 1, false));
    }

    async fn what_is_rolled_back_sends_nothing(portal) {
        let Some(mut office) = PostOffice::open(json!({})) else { return };
        let sending = portal.beside(by(office.smtp())).await;
        let (operator, written) = (Actor::operator(), mail("anna@example.org"));
        let refused = sending.app.write(&operator, move |work| {
            work.enqueue(&written)?;
            Err::<(), _>(Error::Unavailable)
        });
        assert!(refused.await.is_err());
        assert_eq!(rows(&sending.app).await, 0);
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 0);
        assert!(office.arrived().is_empty());
    }

    async fn no_value_becomes_a_header_or_a_second_recipient(portal) {
        for to in [
            "anna@example.org\r\nBcc: eve@example.org",
            "anna@example.org\nDATA",
            "anna@example.org,eve@example.org",
            "Anna <anna@example.org>",
            "anna lund@example.org",
            "anna@example.org>\u{0}",
            "anna@exam\u{85}ple.org",
            "@example.org",
            "anna",
            "",
            &format!("{}@example.org", "a".repeat(250)),
        ] {
            let refused = try_to_post(&portal.app, mail(to)).await.unwrap_err().to_problem();
            assert_eq!((refused.status, refused.errors[0].field.as_str()), (422, "email"), "{to:?}");
        }
        let mut injected = mail("anna@example.org");
        injected.letter = Letter::about("News\r\nBcc: eve@example.org");
        assert!(try_to_post(&portal.app, injected).await.is_err());
        name_practice(&portal, "Harbor\r\nBcc: eve@example.org").await;
        assert!(try_to_post(&portal.app, mail("anna@example.org")).await.is_err());
        assert_eq!(rows(&portal.app).await, 0);
    }

    async fn what_a_mail_says_is_unreadable_in_the_database_and_wiped_once_sent(portal) {
        let Some(office) = PostOffice::open(json!({})) else { return };
        let sending = portal.beside(by(office.smtp())).await;
        let id = post(&sending.app, "anna@example.org").await;
        let sealed: Option<Vec<u8>> = sending.app.db
            .read(move |conn| Ok(outbox_mails::table.find(id).select(outbox_mails::sealed).first(conn)?))
            .await
            .unwrap();
        let (_, secret) = SECRET_LINK.split_once('#').unwrap();
        let holds = |bytes: &[u8]| bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
        assert!(!holds(&sealed.expect("there is content to send")));
        if sending.app.db.engine() == Engine::Sqlite {
            let path = sending.app.settings.database_url.trim_start_matches("sqlite:");
            for file in [path.to_owned(), format!("{path}-wal")] {
                assert!(!holds(&std::fs::read(&file).unwrap()), "{file}");
            }
        }
        assert!(stands(&sending.app, id).await.3);
        deliver_due(&sending.app).await.unwrap();
        assert!(!stands(&sending.app, id).await.3);
    }

    async fn done_mails_are_forgotten_after_90_days_and_waiting_ones_never(portal) {
        let done = post(&portal.app, "anna@example.org").await;
        deliver_due(&portal.app).await.unwrap();
        let waiting = post(&portal.app, "beth@example.org").await;
        portal.clock.advance(chrono::TimeDelta::days(90));
        upkeep::once(&portal.app).await.unwrap();
        assert_eq!(stands(&portal.app, done).await.0, MailState::Sent);
        portal.clock.advance(chrono::TimeDelta::seconds(1));
        upkeep::once(&portal.app).await.unwrap();
        assert_eq!(rows(&portal.app).await, 1);
        assert_eq!(stands(&portal.app, waiting).await.0, MailState::Queued);
    }

    async fn without_a_mail_server_mails_become_private_files_that_mail_programs_read(portal) {
        use std::os::unix::fs::PermissionsExt;
        let id = post(&portal.app, "anna@example.org").await;
        assert_eq!(deliver_due(&portal.app).await.unwrap(), 1);
        let folder = portal.app.settings.data_dir.join("mail");
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(files, [folder.join(format!("20261005T140000-{id}.eml"))]);
        assert_eq!((mode(&folder), mode(&files[0])), (0o700, 0o600));
        let Some(read) = post_office::read(&files[0]) else { return };
        assert_eq!(read.header("To"), "anna@example.org");
        assert_eq!(read.header("Subject"), "Choose a new password");
        assert_eq!(read.defects, Vec::<String>::new());
        assert!(read.parts[0].text.contains(SECRET_LINK) && read.parts[1].text.contains(SECRET_LINK));
    }
}
