//! PRX-1: an invitation by e-mail. The link works once, for seven days, for whom it was meant; the mail names nobody.

use chrono::TimeDelta;
use diesel::prelude::*;
use portal_api::platform::db::schema::outbox_mails;
use portal_domain::{
    dependents::{InviteAcceptance, IssuedProxyInvite, MailedInvite, NewProxyInvite, Relationship},
    outbox::{MailKind, MailState},
    problem::Code,
};

use super::full;
use crate::harness::{on_both, people::Person, portal::TestPortal, refused};

const MAILBOX: &str = "bruno@example.org";

fn to(email: &str, family_name: &str) -> NewProxyInvite {
    let mail = MailedInvite { email: email.into(), family_name: family_name.into() };
    NewProxyInvite { relationship: Relationship::Spouse, terms: full(), mail: Some(mail) }
}

async fn invite(person: &Person, new: &NewProxyInvite) -> Result<IssuedProxyInvite, portal_client::Error> {
    person.portal.invite_proxy(person.patient(), new).await
}

/// The code in the link of the newest mail.
async fn mailed(portal: &TestPortal) -> InviteAcceptance {
    let mail = portal.mail_to(MAILBOX, MailKind::ProxyInvite).await;
    let (_, rest) = mail.text.split_once("/family/code#invite=").expect("the mail has a link");
    InviteAcceptance { code: rest.split_whitespace().next().unwrap().into() }
}

async fn accept(
    portal: &TestPortal,
    person: &Person,
    code: &InviteAcceptance,
) -> Result<(), portal_client::Error> {
    portal.clock.advance(TimeDelta::seconds(10));
    person.portal.accept_invite(person.patient(), code).await.map(drop)
}

on_both! {
    async fn a_link_by_e_mail_works_once_and_its_code_is_shown_to_nobody(portal) {
        let (anna, bruno, carl) = (portal.patient("Anna").await, portal.patient("Bruno").await, portal.patient("Carl").await);
        let issued = invite(&anna, &to(MAILBOX, " LUND ")).await.unwrap();
        assert_eq!(issued.code, None);
        let open = anna.portal.proxies(anna.patient()).await.unwrap().invites;
        assert_eq!((open[0].email.as_deref(), open[0].family_name.as_deref()), (Some(MAILBOX), Some("LUND")));
        let code = mailed(&portal).await;
        assert_eq!(refused(accept(&portal, &anna, &code).await).code, Code::EnrolmentRefused, "not the own one");
        accept(&portal, &bruno, &code).await.unwrap();
        bruno.portal.results(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(refused(accept(&portal, &carl, &code).await).code, Code::EnrolmentRefused, "once");
        assert!(anna.portal.proxies(anna.patient()).await.unwrap().invites.is_empty());
        let events = anna.portal.account_events().await.unwrap();
        assert!(events.iter().any(|event| event.event.as_str() == "proxy_added" && event.label == "Bruno Lund"));
    }

    async fn the_mail_says_neither_who_invites_nor_what_is_shared(portal) {
        let anna = portal.patient("Anna").await;
        invite(&anna, &to(MAILBOX, "Lund")).await.unwrap();
        let mail = portal.mail_to(MAILBOX, MailKind::ProxyInvite).await;
        let said = format!("{} {}", mail.subject, mail.text).to_lowercase();
        for word in ["anna", "lund", "spouse", "result", "chart", "record", "medic"] {
            assert!(!said.contains(word), "{word}: {said}");
        }
        let token_in_path = said.lines().any(|line| line.contains("http") && !line.contains("#invite="));
        assert!(!token_in_path, "the code stays in the fragment: {said}");
    }

    async fn whoever_has_another_last_name_is_refused_and_it_still_works_for_the_right_one(portal) {
        let (anna, bruno) = (portal.patient("Anna").await, portal.patient("Bruno").await);
        invite(&anna, &to(MAILBOX, "Holm")).await.unwrap();
        let for_holm = mailed(&portal).await;
        let wrong = refused(accept(&portal, &bruno, &for_holm).await);
        let unknown = InviteAcceptance { code: "7K3M-Q2XV-91BD-E8RT".into() };
        let nobodys = refused(accept(&portal, &bruno, &unknown).await);
        assert_eq!((wrong.code, &wrong.detail, &wrong.errors), (nobodys.code, &nobodys.detail, &nobodys.errors), "one answer");
        assert_eq!(wrong.code, Code::EnrolmentRefused);
        assert!(bruno.portal.dependents(bruno.patient()).await.unwrap().is_empty());
        assert_eq!(anna.portal.proxies(anna.patient()).await.unwrap().invites.len(), 1, "it is not used up");
        invite(&anna, &to(MAILBOX, "Lund")).await.unwrap();
        accept(&portal, &bruno, &mailed(&portal).await).await.unwrap();
    }

    async fn one_that_was_withdrawn_or_is_seven_days_old_works_no_more_and_its_mail_stays_here(portal) {
        let (anna, bruno) = (portal.patient("Anna").await, portal.patient("Bruno").await);
        let issued = invite(&anna, &to(MAILBOX, "Lund")).await.unwrap();
        let code = mailed(&portal).await;
        anna.portal.withdraw_invite(anna.patient(), issued.id).await.unwrap();
        assert_eq!(refused(accept(&portal, &bruno, &code).await).code, Code::EnrolmentRefused);
        let states = portal.app.db.read(|conn| {
            let mails = outbox_mails::table.filter(outbox_mails::kind.eq(MailKind::ProxyInvite));
            Ok(mails.select(outbox_mails::state).load::<MailState>(conn)?)
        });
        assert_eq!(states.await.unwrap(), [MailState::Suppressed]);
        let again = anna.portal.withdraw_invite(anna.patient(), issued.id).await;
        assert_eq!(refused(again).code, Code::NotFound);
        invite(&anna, &to(MAILBOX, "Lund")).await.unwrap();
        let late = mailed(&portal).await;
        portal.clock.advance(TimeDelta::days(7));
        let bruno = portal.sign_in(&bruno.session.username).await;
        assert_eq!(refused(accept(&portal, &bruno, &late).await).code, Code::EnrolmentRefused);
    }

    async fn an_address_and_a_name_are_needed_and_no_mailbox_is_flooded(portal) {
        let anna = portal.patient("Anna").await;
        for (email, name, field) in [("nowhere", "Lund", "mail.email"), (MAILBOX, " ", "mail.family_name")] {
            let problem = refused(invite(&anna, &to(email, name)).await);
            assert_eq!((problem.code, problem.errors[0].field.as_str()), (Code::Invalid, field));
        }
        for _ in 0..10 {
            let issued = invite(&anna, &to(MAILBOX, "Lund")).await.unwrap();
            anna.portal.withdraw_invite(anna.patient(), issued.id).await.unwrap();
        }
        assert_eq!(refused(invite(&anna, &to(MAILBOX, "Lund")).await).code, Code::TooManyRequests);
        let by_code = NewProxyInvite { mail: None, ..to(MAILBOX, "Lund") };
        assert!(invite(&anna, &by_code).await.unwrap().code.is_some(), "a code that is told floods nobody");
    }
}
