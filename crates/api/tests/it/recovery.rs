//! E-mail addresses and getting back in: what a mail may do, what a stranger may not (ENR-3 to ENR-5, SEC-6).

use std::collections::HashSet;

use chrono::TimeDelta;
use portal_domain::{
    accounts::{
        AccountEvent, EmailChange, EmailProof, ForgottenPassword, ForgottenUsername, PasswordReset, Proof,
        SignIn,
    },
    outbox::MailKind,
    problem::Code,
};

use crate::harness::{
    on_both,
    people::{PASSWORD, Person, new_account},
    portal::TestPortal,
    refused,
};

const NEW: &str = "Other-Horse-8";
const ADDRESS: &str = "anna.lund@example.org";

fn change(email: &str) -> EmailChange {
    EmailChange { email: email.into() }
}

fn by_link(token: &str) -> PasswordReset {
    PasswordReset { token: token.into(), username: None, new_password: NEW.into() }
}

async fn forgot(portal: &TestPortal, who: &str) {
    portal.visitor().forgot_password(&ForgottenPassword { username_or_email: who.into() }).await.unwrap();
}

async fn kinds(portal: &TestPortal, address: &str) -> Vec<MailKind> {
    portal.mails_to(address).await.into_iter().map(|mail| mail.kind).collect()
}

/// Whether this password opens the account.
async fn opens(portal: &TestPortal, person: &Person, password: &str) -> bool {
    let sign_in = SignIn { username: person.session.username.clone(), password: password.into() };
    let done = portal.visitor().sign_in(&sign_in).await.is_ok();
    portal.clock.advance(TimeDelta::seconds(1));
    done
}

on_both! {
    async fn an_address_counts_once_its_link_was_opened(portal) {
        let anna = portal.patient("Anna").await;
        let view = anna.portal.change_email(&change(" Anna.Lund@EXAMPLE.org ")).await.unwrap();
        assert_eq!((view.email, view.unverified_email.as_deref()), (None, Some("Anna.Lund@example.org")));
        forgot(&portal, &anna.session.username).await;
        let waiting = portal.mails_to("Anna.Lund@example.org").await;
        assert_eq!(waiting.len(), 1, "only the link: nothing else goes to an address that nobody proved");
        let token = waiting[0].token();
        assert_eq!(portal.visitor().prove_email(&EmailProof { token: token.clone() }).await.unwrap().email, "Anna.Lund@example.org");
        let view = anna.portal.account().await.unwrap();
        assert_eq!((view.email.as_deref(), view.unverified_email), (Some("Anna.Lund@example.org"), None));
        assert_eq!(refused(portal.visitor().prove_email(&EmailProof { token }).await).code, Code::LinkRefused, "once");
        let same = refused(anna.portal.change_email(&change("anna.lund@example.org")).await);
        assert_eq!(same.errors[0].code, "same");
    }

    async fn a_link_that_is_old_replaced_or_made_up_proves_nothing(portal) {
        let anna = portal.patient("Anna").await;
        anna.portal.change_email(&change("old@example.org")).await.unwrap();
        anna.portal.change_email(&change(ADDRESS)).await.unwrap();
        let replaced = portal.mail_to("old@example.org", MailKind::VerifyEmail).await.token();
        let prove = async |token: String| portal.visitor().prove_email(&EmailProof { token }).await;
        assert_eq!(refused(prove(replaced).await).code, Code::LinkRefused);
        assert_eq!(refused(prove("A".repeat(43)).await).code, Code::LinkRefused);
        let token = portal.mail_to(ADDRESS, MailKind::VerifyEmail).await.token();
        assert_eq!(refused(portal.visitor().reset_password(&by_link(&token)).await).code, Code::ResetRefused, "it is no reset link");
        portal.clock.advance(TimeDelta::hours(24));
        assert_eq!(refused(prove(token).await).code, Code::LinkRefused);
        assert_eq!(portal.sign_in(&anna.session.username).await.portal.account().await.unwrap().email, None);
    }

    async fn an_address_of_another_account_is_told_to_its_mailbox_alone(portal) {
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        portal.verify_email(&anna, ADDRESS).await;
        let free = berta.portal.change_email(&change("free@example.org")).await.unwrap();
        let taken = berta.portal.change_email(&change("ANNA.LUND@example.org")).await.unwrap();
        assert_eq!(taken.email, free.email);
        assert_eq!(taken.unverified_email.as_deref(), Some("ANNA.LUND@example.org"), "the same answer as for a free one");
        let mail = portal.mail_to("ANNA.LUND@example.org", MailKind::EmailInUse).await;
        assert!(!mail.text.contains("#token=") && !mail.text.contains("Berta"), "{mail:?}");
        assert!(mail.subject.contains("in use"));
    }

    async fn of_fifty_accounts_that_prove_one_address_one_has_it(portal) {
        let mut tokens = Vec::new();
        for number in 0..5 {
            let person = portal.patient(&format!("Anna{number}")).await;
            person.portal.change_email(&change(ADDRESS)).await.unwrap();
            tokens.push(portal.mail_to(ADDRESS, MailKind::VerifyEmail).await.token());
        }
        assert_eq!(tokens.iter().collect::<HashSet<_>>().len(), 5);
        // Each link ten times at once.
        let tries = (0..50).map(|number| {
            let (visitor, token) = (portal.visitor(), tokens[number % 5].clone());
            async move { visitor.prove_email(&EmailProof { token }).await.is_ok() }
        });
        let done = futures_util::future::join_all(tries).await;
        assert_eq!(done.iter().filter(|done| **done).count(), 1);
    }

    async fn a_new_address_is_told_to_the_old_one_and_kills_its_reset_links(portal) {
        let anna = portal.patient("Anna").await;
        portal.verify_email(&anna, ADDRESS).await;
        forgot(&portal, ADDRESS).await;
        let token = portal.mail_to(ADDRESS, MailKind::PasswordReset).await.token();
        portal.verify_email(&anna, "new@example.org").await;
        assert_eq!(kinds(&portal, ADDRESS).await.last(), Some(&MailKind::AccountChanged));
        assert_eq!(refused(portal.visitor().reset_password(&by_link(&token)).await).code, Code::ResetRefused);
        portal.clock.advance(TimeDelta::seconds(2));
        anna.portal.remove_email().await.unwrap();
        assert_eq!(kinds(&portal, "new@example.org").await.last(), Some(&MailKind::AccountChanged));
        assert_eq!(anna.portal.account().await.unwrap().email, None);
        let berta = portal.patient("Berta").await;
        portal.verify_email(&berta, ADDRESS).await;
    }

    async fn changing_the_address_needs_a_password_just_given(portal) {
        let anna = portal.patient("Anna").await;
        portal.clock.advance(TimeDelta::minutes(5));
        assert_eq!(refused(anna.portal.change_email(&change(ADDRESS)).await).code, Code::ProofRequired);
        assert_eq!(refused(anna.portal.remove_email().await).code, Code::ProofRequired);
        assert!(portal.mails_to(ADDRESS).await.is_empty());
        anna.portal.prove(&Proof { password: PASSWORD.into() }).await.unwrap();
        anna.portal.change_email(&change(ADDRESS)).await.unwrap();
        let wrong = refused(anna.portal.change_email(&change("no address")).await);
        assert_eq!((wrong.code, wrong.errors[0].field.as_str()), (Code::Invalid, "email"));
    }

    async fn nobody_fills_a_mailbox_with_links(portal) {
        let anna = portal.patient("Anna").await;
        portal.verify_email(&anna, ADDRESS).await;
        for _ in 0..10 {
            forgot(&portal, ADDRESS).await;
            portal.visitor().forgot_username(&ForgottenUsername { email: ADDRESS.into() }).await.unwrap();
        }
        let kinds = kinds(&portal, ADDRESS).await;
        let count = |kind| kinds.iter().filter(|one| **one == kind).count();
        assert_eq!((count(MailKind::PasswordReset), count(MailKind::UsernameReminder)), (3, 3));
        for number in 0..4 {
            anna.portal.change_email(&change(&format!("a{number}@example.org"))).await.unwrap();
        }
        assert_eq!(refused(anna.portal.change_email(&change("b@example.org")).await).code, Code::TooManyRequests);
        portal.clock.advance(TimeDelta::minutes(61));
        forgot(&portal, ADDRESS).await;
        assert_eq!(portal.mails_to(ADDRESS).await.iter().filter(|mail| mail.kind == MailKind::PasswordReset).count(), 4);
    }

    async fn who_asks_for_help_learns_nothing_of_who_has_an_account(portal) {
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        portal.verify_email(&anna, ADDRESS).await;
        let mut answers = HashSet::new();
        for typed in [anna.session.username.as_str(), ADDRESS, &berta.session.username, "nobody.here", "nobody@example.org", "", &"x".repeat(5000)] {
            for (path, field) in [("password", "username_or_email"), ("username", "email")] {
                let request = portal.request("POST", &format!("/api/v1/recovery/{path}")).json(&serde_json::json!({ field: typed }));
                let answer = portal.send(&crate::harness::wire::Credentials::Nobody, request).await;
                let names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
                answers.insert((answer.status, answer.body, names));
            }
        }
        assert_eq!(answers.len(), 1, "{answers:?}");
        assert_eq!(kinds(&portal, ADDRESS).await, [MailKind::VerifyEmail, MailKind::PasswordReset, MailKind::PasswordReset, MailKind::UsernameReminder]);
        assert_eq!(portal.mail_to(ADDRESS, MailKind::UsernameReminder).await.fact("Username"), anna.session.username);
    }

    async fn a_reset_link_works_once_within_30_minutes_ends_every_session_and_tells_the_owner(portal) {
        let anna = portal.patient("Anna").await;
        portal.verify_email(&anna, ADDRESS).await;
        forgot(&portal, &anna.session.username.to_uppercase()).await;
        let first = portal.mail_to(ADDRESS, MailKind::PasswordReset).await.token();
        portal.clock.advance(TimeDelta::minutes(1));
        forgot(&portal, ADDRESS).await;
        let second = portal.mail_to(ADDRESS, MailKind::PasswordReset).await.token();
        assert_eq!(refused(portal.visitor().reset_password(&by_link(&first)).await).code, Code::ResetRefused, "a newer one took its place");
        portal.clock.advance(TimeDelta::seconds(3));
        let weak = PasswordReset { new_password: "short".into(), ..by_link(&second) };
        assert_eq!(refused(portal.visitor().reset_password(&weak).await).code, Code::Invalid, "a weak password uses nothing up");
        assert_eq!(portal.visitor().reset_password(&by_link(&second)).await.unwrap().username, anna.session.username);
        assert_eq!(anna.portal.session().await.unwrap().session, None);
        assert!(!opens(&portal, &anna, PASSWORD).await && opens(&portal, &anna, NEW).await);
        assert_eq!(refused(portal.visitor().reset_password(&by_link(&second)).await).code, Code::ResetRefused, "once");
        assert!(portal.mail_to(ADDRESS, MailKind::AccountChanged).await.subject.contains("reset"));
        portal.clock.advance(TimeDelta::hours(1));
        forgot(&portal, ADDRESS).await;
        let late = portal.mail_to(ADDRESS, MailKind::PasswordReset).await.token();
        portal.clock.advance(TimeDelta::minutes(30));
        assert_eq!(refused(portal.visitor().reset_password(&by_link(&late)).await).code, Code::ResetRefused);
    }

    async fn fifty_uses_of_one_link_reset_once(portal) {
        let anna = portal.patient("Anna").await;
        portal.verify_email(&anna, ADDRESS).await;
        forgot(&portal, ADDRESS).await;
        let token = portal.mail_to(ADDRESS, MailKind::PasswordReset).await.token();
        let tries = (0..50).map(|number| {
            let (visitor, reset) = (portal.visitor(), PasswordReset { new_password: format!("Other-Horse-{number}"), ..by_link(&token) });
            async move { visitor.reset_password(&reset).await.ok().map(|_| reset.new_password) }
        });
        let done: Vec<String> = futures_util::future::join_all(tries).await.into_iter().flatten().collect();
        assert_eq!(done.len(), 1, "{done:?}");
        assert!(opens(&portal, &anna, &done[0]).await);
    }

    async fn a_token_of_the_desk_resets_with_its_username_and_five_wrong_ones_burn_it(portal) {
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        let desk = portal.desk().await.portal;
        let killed = desk.issue_reset(anna.patient()).await.unwrap();
        let issued = desk.issue_reset(anna.patient()).await.unwrap();
        assert_eq!(issued.username, anna.session.username);
        assert!(desk.enrolment_state(anna.patient()).await.unwrap().account.unwrap().reset.is_some());
        let typed = |token: &str, username: &str| PasswordReset {
            token: token.to_lowercase().replace('-', " "),
            username: Some(username.to_uppercase()),
            new_password: NEW.into(),
        };
        let refuse = async |reset: PasswordReset| {
            let code = refused(portal.visitor().reset_password(&reset).await).code;
            portal.clock.advance(TimeDelta::seconds(10));
            code
        };
        assert_eq!(refuse(typed(&killed.token, &anna.session.username)).await, Code::ResetRefused);
        assert_eq!(refuse(typed(&issued.token, &berta.session.username)).await, Code::ResetRefused);
        portal.visitor().reset_password(&typed(&issued.token, &anna.session.username)).await.unwrap();
        assert!(opens(&portal, &anna, NEW).await);
        let burning = desk.issue_reset(berta.patient()).await.unwrap();
        for _ in 0..5 {
            assert_eq!(refuse(typed(&burning.token, "nobody.here")).await, Code::ResetRefused);
        }
        assert_eq!(refuse(typed(&burning.token, &berta.session.username)).await, Code::ResetRefused, "burnt");
        assert!(opens(&portal, &berta, PASSWORD).await);
    }

    async fn guessing_tokens_from_one_address_must_wait(portal) {
        let guess = |n: u32| by_link(&format!("7K3M-Q2XV-91BD-{n:04}"));
        assert_eq!(refused(portal.visitor().reset_password(&guess(1)).await).code, Code::ResetRefused);
        assert_eq!(refused(portal.visitor().reset_password(&guess(2)).await).code, Code::TooManyRequests);
        let tries = (0..50).map(|n| { let visitor = portal.visitor(); async move { refused(visitor.reset_password(&guess(n)).await).code } });
        portal.clock.advance(TimeDelta::seconds(1));
        let codes = futures_util::future::join_all(tries).await;
        assert_eq!(codes.iter().filter(|code| **code == Code::ResetRefused).count(), 1, "fifty at once are one try: {codes:?}");
    }

    async fn an_address_given_at_enrolment_waits_for_its_link_and_nobody_must_give_one(portal) {
        let chart = portal.chart("Clara", "Lund").await;
        let token = portal.desk().await.portal.issue_enrolment_token(chart).await.unwrap().token;
        let account = |email: Option<&str>| portal_domain::enrolment::NewAccount {
            email: email.map(Into::into),
            ..new_account(&token, "Lund", "clara.lund")
        };
        let visitor = portal.visitor();
        assert_eq!(refused(visitor.create_account(&account(Some("clara@"))).await).errors[0].field, "email");
        visitor.create_account(&account(Some("clara@example.org"))).await.unwrap();
        assert_eq!(visitor.account().await.unwrap().email, None);
        let token = portal.mail_to("clara@example.org", MailKind::VerifyEmail).await.token();
        visitor.prove_email(&EmailProof { token }).await.unwrap();
        assert_eq!(visitor.account().await.unwrap().email.as_deref(), Some("clara@example.org"));
        assert_eq!(visitor.account_events().await.unwrap()[0].event, AccountEvent::EmailChanged);
    }
}
