//! Round after round: refusals, retries, dead servers and dead processes. Nothing is lost, nothing comes twice.

use std::{collections::BTreeSet, net::TcpListener, time::Duration};

use chrono::TimeDelta;
use futures_util::future::join_all;
use portal_api::platform::outbox::{self, deliver_due};
use portal_domain::outbox::MailState;
use serde_json::json;
use tokio::{task::spawn_blocking, time::timeout};

use super::{
    mail, post,
    post_office::{PostOffice, SOON, by, smtp_at},
    stands, try_to_post,
};
use crate::harness::on_both;

on_both! {
    async fn a_mailbox_that_is_not_there_fails_with_a_reason_and_holds_nobody_up(portal) {
        let Some(mut office) = PostOffice::open(json!({})) else { return };
        let sending = portal.beside(by(office.smtp())).await;
        let gone = post(&sending.app, "gone@example.org").await;
        let spam = post(&sending.app, "spam@example.org").await;
        let fine = post(&sending.app, "anna@example.org").await;
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 1);
        let (state, reason, tries, has_content) = stands(&sending.app, gone).await;
        assert_eq!((state, tries, has_content), (MailState::Failed, 1, false));
        assert!(reason.contains("550") && reason.contains("No such mailbox"), "{reason}");
        let (state, reason, ..) = stands(&sending.app, spam).await;
        assert_eq!(state, MailState::Failed);
        assert!(reason.contains("554"), "{reason}");
        assert_eq!(stands(&sending.app, fine).await.0, MailState::Sent);
        portal.clock.advance(TimeDelta::days(5));
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 0);
        assert_eq!(office.arrived().len(), 1);
    }

    async fn a_mailbox_that_says_later_is_asked_again_after_30_seconds_and_gets_one_mail(portal) {
        let Some(mut office) = PostOffice::open(json!({})) else { return };
        let sending = portal.beside(by(office.smtp())).await;
        let id = post(&sending.app, "later@example.org").await;
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 0);
        let (state, reason, tries, has_content) = stands(&sending.app, id).await;
        assert_eq!((state, tries, has_content), (MailState::Queued, 1, true));
        assert!(reason.contains("451"), "{reason}");
        portal.clock.advance(TimeDelta::seconds(29));
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 0);
        assert_eq!(stands(&sending.app, id).await.2, 1);
        portal.clock.advance(TimeDelta::seconds(1));
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 1);
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 0);
        let (state, reason, tries, _) = stands(&sending.app, id).await;
        assert_eq!((state, reason.as_str(), tries), (MailState::Sent, "", 2));
        assert_eq!(office.arrived().len(), 1);
    }

    async fn while_the_mail_server_is_down_nothing_is_lost_and_then_all_comes_once(portal) {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let sending = portal.beside(by(smtp_at(port))).await;
        for n in 0..10 {
            post(&sending.app, &format!("p{n}@example.org")).await;
        }
        for _ in 0..20 {
            assert_eq!(deliver_due(&sending.app).await.unwrap(), 0);
            portal.clock.advance(TimeDelta::minutes(9));
        }
        let Some(mut office) = PostOffice::open_at(port, json!({})) else { return };
        // At most 10 minutes after it is back, although it was away for hours.
        portal.clock.advance(TimeDelta::minutes(10));
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 10);
        let to: BTreeSet<String> = office.arrived().into_iter().flat_map(|mail| mail.to).collect();
        assert_eq!(to.len(), 10);
    }

    async fn after_four_days_of_trying_a_mail_is_given_up_with_the_last_reason(portal) {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let sending = portal.beside(by(smtp_at(port))).await;
        let id = post(&sending.app, "anna@example.org").await;
        portal.clock.advance(TimeDelta::days(4) - TimeDelta::seconds(1));
        deliver_due(&sending.app).await.unwrap();
        assert_eq!(stands(&sending.app, id).await.0, MailState::Queued);
        portal.clock.advance(TimeDelta::minutes(10));
        deliver_due(&sending.app).await.unwrap();
        let (state, reason, _, has_content) = stands(&sending.app, id).await;
        assert_eq!((state, has_content), (MailState::Failed, false));
        assert!(reason.starts_with("given up: connecting"), "{reason}");
    }

    async fn a_mail_whose_link_has_expired_is_not_sent_any_more(portal) {
        let Some(mut office) = PostOffice::open(json!({})) else { return };
        let sending = portal.beside(by(office.smtp())).await;
        let mut short = mail("anna@example.org");
        short.useless_after = Some(portal.app.now().plus(TimeDelta::minutes(30)));
        let (in_time, late) = (short.clone(), short);
        let in_time = try_to_post(&sending.app, in_time).await.unwrap();
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 1);
        let late = try_to_post(&sending.app, late).await.unwrap();
        portal.clock.advance(TimeDelta::minutes(30));
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 0);
        assert_eq!(stands(&sending.app, in_time).await.0, MailState::Sent);
        let (state, reason, _, has_content) = stands(&sending.app, late).await;
        assert_eq!((state, has_content), (MailState::Suppressed, false));
        assert!(reason.contains("expired"), "{reason}");
        assert_eq!(office.arrived().len(), 1);
    }

    async fn two_processes_send_each_of_50_mails_once(portal) {
        let Some(mut office) = PostOffice::open(json!({})) else { return };
        let (one, other) = (portal.beside(by(office.smtp())).await, portal.beside(by(office.smtp())).await);
        for n in 0..50 {
            post(&one.app, &format!("p{n}@example.org")).await;
        }
        let sent = join_all([deliver_due(&one.app), deliver_due(&other.app)]).await;
        let sent: Vec<usize> = sent.into_iter().map(Result::unwrap).collect();
        assert_eq!(sent.iter().sum::<usize>(), 50, "{sent:?}");
        let arrived = office.arrived();
        assert_eq!(arrived.len(), 50);
        let ids: BTreeSet<&str> = arrived.iter().map(|arrived| arrived.mail.header("Message-ID")).collect();
        assert_eq!(ids.len(), 50);
        // Connections serve one mail after the other: four at once in each process.
        assert!(arrived.last().unwrap().connections <= 8, "{}", arrived.last().unwrap().connections);
    }

    async fn a_silent_mail_server_delays_no_request_and_a_dead_process_loses_no_mail(portal) {
        let Some(mut office) = PostOffice::open(json!({})) else { return };
        let sending = portal.beside(by(office.smtp())).await;
        // It takes connections and never says a word.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut smtp = smtp_at(silent.local_addr().unwrap().port());
        smtp.patience = Duration::from_secs(60);
        let stuck = portal.beside(by(smtp)).await;
        let id = post(&stuck.app, "anna@example.org").await;
        let app = stuck.app.clone();
        let round = actix_web::rt::spawn(async move { deliver_due(&app).await });
        let taken = async {
            while stands(&stuck.app, id).await.0 != MailState::Sending {
                tokio::task::yield_now().await;
            }
        };
        timeout(SOON, taken).await.unwrap();

        timeout(SOON, stuck.visitor().practice()).await.unwrap().unwrap();
        timeout(SOON, post(&stuck.app, "beth@example.org")).await.unwrap();

        // The process dies with the mail in its hands.
        round.abort();
        assert!(round.await.is_err(), "it was still waiting for the server");
        portal.clock.advance(TimeDelta::minutes(10) - TimeDelta::seconds(1));
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 1, "only the other one: its lease stands");
        portal.clock.advance(TimeDelta::seconds(1));
        assert_eq!(deliver_due(&sending.app).await.unwrap(), 1);
        let arrived = office.arrived();
        assert_eq!(arrived.len(), 2);
        assert_eq!(arrived[1].mail.header("Message-ID"), format!("<{id}@example.org>"));
        let (state, _, tries, _) = stands(&sending.app, id).await;
        assert_eq!((state, tries), (MailState::Sent, 2));
    }

    async fn the_worker_sends_at_once_what_an_act_has_committed(portal) {
        let Some(mut office) = PostOffice::open(json!({})) else { return };
        let sending = portal.beside(by(office.smtp())).await;
        let worker = outbox::start(&sending.app);
        // The second time the worker has nothing to do and waits for the bell; by itself it looks after 10 seconds.
        for to in ["anna@example.org", "beth@example.org"] {
            post(&sending.app, to).await;
            let round = spawn_blocking(move || {
                let arrived = office.one_round();
                (office, arrived)
            });
            let arrived;
            (office, arrived) = round.await.unwrap();
            assert_eq!(arrived.to, [to]);
        }
        timeout(SOON, worker.stop()).await.unwrap();
    }
}
