//! "You have something new" by e-mail: one mail for what comes together, none for what was read (NTF-1).

use std::net::TcpListener;

use chrono::TimeDelta;
use diesel::prelude::*;
use futures_util::future::join_all;
use portal_api::platform::{db::schema::outbox_mails, outbox::deliver_due};
use portal_domain::{
    access::Role,
    accounts::{NoticeChoice, PasswordChange, Preferences},
    ids::ResultId,
    notifications::{MailView, NotificationChoices, Unsubscribe},
    outbox::{MailKind, MailState},
    problem::Code,
    results::Release,
    time::Time,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    harness::{
        on_both,
        people::{PASSWORD, Person},
        portal::TestPortal,
        refused,
    },
    outbox::post_office::{PostOffice, by, smtp_at},
};

/// A patient whose address is verified and who has no mail waiting, and a doctor who releases results.
async fn people(portal: &TestPortal) -> (Person, Person) {
    let anna = portal.patient("Anna").await;
    portal.verify_email(&anna, "anna@example.org").await;
    (anna, portal.staff(Role::Provider).await)
}

async fn result(portal: &TestPortal, anna: &Person) -> ResultId {
    portal.result(anna.patient(), portal.clock.now().plus(TimeDelta::days(-1)), "5.4").await
}

/// Something new for Anna.
async fn arrives(portal: &TestPortal, anna: &Person, doctor: &Person) {
    let result = result(portal, anna).await;
    let release = Release::default();
    doctor.portal.release_result(anna.patient(), result, 1, &release, Uuid::new_v4()).await.unwrap();
}

/// What became of the mails that say something new waits, in the order of their writing.
async fn told(portal: &TestPortal) -> Vec<(MailState, String)> {
    use outbox_mails::dsl as m;
    let rows: Vec<(MailState, Option<String>)> = portal
        .app
        .db
        .read(|conn| {
            Ok(outbox_mails::table
                .filter(m::kind.eq(MailKind::SomethingNew))
                .order((m::created_at, m::id))
                .select((m::state, m::reason))
                .load(conn)?)
        })
        .await
        .unwrap();
    rows.into_iter().map(|(state, reason)| (state, reason.unwrap_or_default())).collect()
}

async fn states(portal: &TestPortal) -> Vec<MailState> {
    told(portal).await.into_iter().map(|(state, _)| state).collect()
}

/// Reads what is new, but for so many.
async fn reads_all_but(anna: &Person, left: usize) {
    let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
    for item in inbox.items.iter().filter(|item| item.read_at.is_none()).skip(left) {
        anna.portal.mark_read(anna.patient(), item.id).await.unwrap();
    }
}

async fn choose(anna: &Person, notices: NotificationChoices) {
    let preferences = Preferences { language: "en".into(), notices };
    anna.portal.change_preferences(&preferences).await.unwrap();
}

fn about_news(office: &mut PostOffice) -> usize {
    let arrived = office.arrived();
    arrived.iter().filter(|arrived| arrived.mail.header("Subject") == "You have something new").count()
}

on_both! {
    async fn what_comes_within_ten_minutes_of_a_mail_is_told_by_one_mail_at_their_end(portal) {
        let Some(mut office) = PostOffice::open(json!({})) else { return };
        let sending = portal.beside(by(office.smtp())).await;
        let (anna, doctor) = people(&portal).await;
        arrives(&portal, &anna, &doctor).await;
        deliver_due(&sending.app).await.unwrap();
        assert_eq!(states(&portal).await, [MailState::Sent]);
        for _ in 0..2 {
            portal.clock.advance(TimeDelta::minutes(3));
            arrives(&portal, &anna, &doctor).await;
        }
        portal.clock.advance(TimeDelta::minutes(4) - TimeDelta::seconds(1));
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 0);
        assert_eq!(states(&portal).await, [MailState::Sent, MailState::Queued]);
        portal.clock.advance(TimeDelta::seconds(1));
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 1);
        portal.clock.advance(TimeDelta::hours(1));
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 0);
        assert_eq!(about_news(&mut office), 2);
    }

    async fn what_was_read_before_its_mail_was_due_gets_none_and_the_row_says_why(portal) {
        let Some(mut office) = PostOffice::open(json!({})) else { return };
        let sending = portal.beside(by(office.smtp())).await;
        let (anna, doctor) = people(&portal).await;
        arrives(&portal, &anna, &doctor).await;
        deliver_due(&sending.app).await.unwrap();
        portal.clock.advance(TimeDelta::minutes(3));
        arrives(&portal, &anna, &doctor).await;
        arrives(&portal, &anna, &doctor).await;
        reads_all_but(&anna, 1).await;
        assert_eq!(states(&portal).await, [MailState::Sent, MailState::Queued], "one is unread");
        reads_all_but(&anna, 0).await;
        let [_, (state, reason)] = &told(&portal).await[..] else { panic!("two mails") };
        assert_eq!((*state, reason.as_str()), (MailState::Suppressed, "nothing unread was left to tell of"));
        portal.clock.advance(TimeDelta::minutes(5));
        arrives(&portal, &anna, &doctor).await;
        portal.clock.advance(TimeDelta::minutes(2));
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 1, "what came after that is told");
        assert_eq!(about_news(&mut office), 2);
    }

    async fn switching_off_puts_the_waiting_mail_away_but_no_mail_about_security(portal) {
        let Some(mut office) = PostOffice::open(json!({})) else { return };
        let sending = portal.beside(by(office.smtp())).await;
        let (anna, doctor) = people(&portal).await;
        arrives(&portal, &anna, &doctor).await;
        let verified = portal.mails_to("anna@example.org").await.len() - 1;
        let off = Preferences { language: "en".into(), notices: NotificationChoices::all(NoticeChoice::Off) };
        anna.portal.change_preferences(&off).await.unwrap();
        let [(state, reason)] = &told(&portal).await[..] else { panic!("one mail") };
        assert_eq!((*state, reason.as_str()), (MailState::Suppressed, "these e-mails are switched off"));
        assert!(verified > 0 && deliver_due(&sending.app).await.unwrap() >= verified, "the others are sent");
        assert_eq!(about_news(&mut office), 0);
    }

    async fn while_the_mail_server_is_down_acts_return_and_one_mail_tells_of_all_afterwards(portal) {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let sending = portal.beside(by(smtp_at(port))).await;
        let (anna, doctor) = people(&portal).await;
        for _ in 0..3 {
            arrives(&portal, &anna, &doctor).await;
            assert_eq!(deliver_due(&sending.app).await.unwrap(), 0);
            portal.clock.advance(TimeDelta::minutes(4));
        }
        assert_eq!(states(&portal).await, [MailState::Queued]);
        let Some(mut office) = PostOffice::open_at(port, json!({})) else { return };
        portal.clock.advance(TimeDelta::minutes(10));
        deliver_due(&sending.app).await.unwrap();
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 0);
        assert_eq!(about_news(&mut office), 1);
    }

    async fn what_arrives_at_the_same_instant_from_many_sides_writes_one_mail(portal) {
        let (anna, doctor) = people(&portal).await;
        let mut results = Vec::new();
        for _ in 0..8 {
            results.push(result(&portal, &anna).await);
        }
        let release = Release::default();
        let all = results.iter().map(|result| {
            doctor.portal.release_result(anna.patient(), *result, 1, &release, Uuid::new_v4())
        });
        for done in join_all(all).await {
            done.unwrap();
        }
        assert_eq!(states(&portal).await, [MailState::Queued]);
    }

    async fn the_daily_mail_leaves_once_at_seven_however_many_servers_look(portal) {
        let Some(mut office) = PostOffice::open(json!({})) else { return };
        let (one, two) = (portal.beside(by(office.smtp())).await, portal.beside(by(office.smtp())).await);
        let (anna, doctor) = people(&portal).await;
        deliver_due(&one.app).await.unwrap();
        choose(&anna, NotificationChoices { results: NoticeChoice::Daily, ..Default::default() }).await;
        for _ in 0..3 {
            arrives(&portal, &anna, &doctor).await;
            portal.clock.advance(TimeDelta::minutes(1));
        }
        // The tests begin on a morning at ten in New York: the next seven is 21 hours away.
        let morning: Time = "2026-10-06T11:00:00Z".parse().unwrap();
        portal.clock.advance(morning.since(portal.clock.now()) - TimeDelta::seconds(1));
        assert_eq!(deliver_due(&one.app).await.unwrap(), 0);
        portal.clock.advance(TimeDelta::seconds(1));
        let sent = join_all([&one, &two, &one, &two].map(|server| deliver_due(&server.app))).await;
        assert_eq!(sent.into_iter().map(Result::unwrap).sum::<usize>(), 1);
        assert_eq!(about_news(&mut office), 1);
    }

    async fn what_is_wanted_at_once_takes_the_daily_mail_along(portal) {
        let (anna, doctor) = people(&portal).await;
        choose(&anna, NotificationChoices { results: NoticeChoice::Daily, ..Default::default() }).await;
        arrives(&portal, &anna, &doctor).await;
        let due = |mails: Vec<MailView>| {
            mails.into_iter().filter(|mail| mail.kind == MailKind::SomethingNew).map(|mail| mail.due_at.unwrap()).collect::<Vec<_>>()
        };
        let desk = portal.desk().await;
        let mails = async || desk.portal.mails(anna.patient(), &Default::default()).await.unwrap().items;
        assert_eq!(due(mails().await), ["2026-10-06T11:00:00Z".parse().unwrap()]);
        choose(&anna, NotificationChoices::default()).await;
        arrives(&portal, &anna, &doctor).await;
        assert_eq!(due(mails().await), [portal.clock.now()], "one mail, brought forward");
    }

    async fn a_link_in_the_mailbox_that_was_left_ends_nothing_at_the_new_address(portal) {
        let (anna, doctor) = people(&portal).await;
        arrives(&portal, &anna, &doctor).await;
        let mail = portal.mail_to("anna@example.org", MailKind::SomethingNew).await;
        let token = mail.text.split("/unsubscribe#token=").nth(1).unwrap().split_whitespace().next().unwrap();
        portal.verify_email(&anna, "anna.lund@example.org").await;
        let refused = refused(portal.visitor().unsubscribe(&Unsubscribe { token: token.into() }).await);
        assert_eq!(refused.code, Code::LinkRefused);
        assert_eq!(anna.portal.account().await.unwrap().notices, NotificationChoices::default());
    }

    async fn a_mailed_link_ends_mails_about_news_and_never_those_about_security(portal) {
        let (anna, doctor) = people(&portal).await;
        arrives(&portal, &anna, &doctor).await;
        let mail = portal.mail_to("anna@example.org", MailKind::SomethingNew).await;
        let token = mail.text.split("/unsubscribe#token=").nth(1).unwrap().split_whitespace().next().unwrap();
        let stranger = portal.visitor();
        for _ in 0..2 {
            stranger.unsubscribe(&Unsubscribe { token: token.into() }).await.unwrap();
        }
        assert!(stranger.session().await.unwrap().session.is_none(), "it signs nobody in");
        let view = anna.portal.account().await.unwrap();
        assert_eq!(view.notices, NotificationChoices::all(NoticeChoice::Off));
        let desk = portal.desk().await;
        arrives(&portal, &anna, &doctor).await;
        let news = || async {
            let mails = desk.portal.mails(anna.patient(), &Default::default()).await.unwrap().items;
            mails.into_iter().filter(|mail| mail.kind == MailKind::SomethingNew).collect::<Vec<_>>()
        };
        for mail in news().await {
            assert_eq!((mail.state, mail.reason.as_deref()), (MailState::Suppressed, Some("these e-mails are switched off")));
        }
        assert_eq!(news().await.len(), 2);
        let change = PasswordChange { current_password: PASSWORD.into(), new_password: "Another-Heron-12".into() };
        anna.portal.change_password(&change).await.unwrap();
        portal.mail_to("anna@example.org", MailKind::AccountChanged).await;
        for bad in ["", "nobody-has-it", &token[1..]] {
            let refused = refused(stranger.unsubscribe(&Unsubscribe { token: bad.into() }).await);
            assert_eq!(refused.code, Code::LinkRefused, "{bad:?}");
        }
    }

    async fn a_mail_program_finds_its_button_in_mails_about_news_and_in_no_other(portal) {
        let Some(mut office) = PostOffice::open(json!({})) else { return };
        let sending = portal.beside(by(office.smtp())).await;
        let (anna, doctor) = people(&portal).await;
        arrives(&portal, &anna, &doctor).await;
        deliver_due(&sending.app).await.unwrap();
        let arrived = office.arrived();
        assert!(arrived.len() > 1);
        for mail in arrived {
            let news = mail.mail.header("Subject") == "You have something new";
            let header = |name: &str| mail.mail.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
            let button = header("List-Unsubscribe").is_some_and(|url| url.contains("/api/v1/unsubscribe?token="));
            assert_eq!(button, news);
            assert_eq!(header("List-Unsubscribe-Post"), news.then_some("List-Unsubscribe=One-Click"));
        }
    }

    async fn staff_who_help_see_what_became_of_each_mail_and_not_the_whole_address(portal) {
        let (anna, doctor) = people(&portal).await;
        let berta = portal.patient("Berta").await;
        arrives(&portal, &berta, &doctor).await;
        let desk = portal.desk().await;
        let of = async |person: &Person| desk.portal.mails(person.patient(), &Default::default()).await.unwrap().items;
        let [mail] = &of(&berta).await[..] else { panic!("one mail") };
        assert_eq!((mail.state, mail.reason.as_deref(), mail.to.as_str()), (MailState::Suppressed, Some("no verified address"), ""));
        let first = of(&anna).await.into_iter().last().unwrap();
        assert_eq!((first.kind, first.to.as_str()), (MailKind::VerifyEmail, "a…@example.org"));
        for other in [&anna, &doctor] {
            let denied = refused(other.portal.mails(anna.patient(), &Default::default()).await);
            assert!([Code::RoleRequired, Code::NotFound].contains(&denied.code), "{denied:?}");
        }
    }

    async fn no_old_address_gets_what_waited(portal) {
        let (anna, doctor) = people(&portal).await;
        arrives(&portal, &anna, &doctor).await;
        anna.portal.remove_email().await.unwrap();
        let [(state, reason)] = &told(&portal).await[..] else { panic!("one mail") };
        assert_eq!((*state, reason.as_str()), (MailState::Suppressed, "the address was changed"));
    }
}
