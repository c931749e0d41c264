//! What comes in from the billing system, and what patients read of it.

use diesel::prelude::*;
use portal_api::platform::db::schema::{ledger_entries, ledger_transactions};
use portal_domain::{
    access::{Level, Role, Scope},
    billing::{BilledPerson, LineResult, NewBillingLines, TransactionKind},
    dependents::{GrantTerms, InviteAcceptance, NewProxyInvite, Relationship},
};

use super::{bills, charge, ledger_balances_hold, owing, posted, usd};
use crate::harness::{charts::BIRTH_DATE, on_both, portal::TestPortal, refused};

on_both! {
    async fn what_waits_for_an_insurer_is_told_apart_and_becomes_payable_when_it_is_decided(portal) {
        let anna = portal.patient("Anna").await;
        let mrn = portal.mrn(anna.patient());
        let line = |kind, cents| portal_domain::billing::BillingLine { kind, ..charge(&mrn, cents) };
        posted(&portal, vec![line(TransactionKind::InsurancePending, 20_000), line(TransactionKind::Charge, 1_500)]).await;
        let waiting = bills(&anna).await;
        assert_eq!((waiting.balance, waiting.payable, waiting.insurance_pending), (usd(1_500), usd(1_500), usd(20_000)));
        posted(&portal, vec![
            line(TransactionKind::InsurancePayment, 14_000), line(TransactionKind::InsuranceAdjustment, 2_000),
            line(TransactionKind::PatientShare, 4_000), line(TransactionKind::Adjustment, 500),
        ]).await;
        let decided = bills(&anna).await;
        assert_eq!((decided.balance, decided.insurance_pending), (usd(5_000), usd(0)));
        assert_eq!(ledger_balances_hold(&portal).await[&anna.patient()], 5_000);
    }

    async fn the_same_line_again_changes_nothing_and_another_under_its_id_is_refused(portal) {
        let anna = portal.patient("Anna").await;
        let system = integrator(&portal, Scope::BillingWrite).await;
        let line = charge(&portal.mrn(anna.patient()), 1_000);
        let send = async |line: &portal_domain::billing::BillingLine| {
            system.post_billing_lines(&NewBillingLines { lines: vec![line.clone()] }).await.unwrap().lines.remove(0)
        };
        assert_eq!(send(&line).await.result, LineResult::Posted);
        assert_eq!(send(&line).await.result, LineResult::Unchanged);
        let other = portal_domain::billing::BillingLine { amount: usd(2_000), ..line.clone() };
        assert_eq!(send(&other).await.error.unwrap().code, "id_used");
        assert_eq!(bills(&anna).await.balance, usd(1_000));
        let tries = (0..20).map(|_| async {
            let lines = NewBillingLines { lines: vec![charge_of(&line)] };
            system.post_billing_lines(&lines).await
        });
        futures_util::future::join_all(tries).await;
        assert_eq!(bills(&anna).await.balance, usd(1_500), "twenty at once are one");
    }

    async fn a_file_is_posted_line_by_line_and_each_is_told(portal) {
        let anna = portal.patient("Anna").await;
        let mrn = portal.mrn(anna.patient());
        let billing = portal.staff(Role::Billing).await;
        let header = portal_domain::billing::COLUMNS.join(",");
        let file = format!("{header}\nf1,{mrn},{BIRTH_DATE},charge,12.50,USD,2026-09-01,Visit,S-1,,\n\
            f2,{mrn},1999-01-01,charge,1.00,USD,2026-09-01,Visit,,,\nf3,{mrn},{BIRTH_DATE},charge,x,USD,2026-09-01,Visit,,,\n\
            f4,{mrn},{BIRTH_DATE},adjustment,2.50,USD,2026-09-02,Discount,S-1,,\n");
        let done = billing.portal.upload_billing_file(file.clone().into_bytes()).await.unwrap();
        assert_eq!((done.posted, done.refused), (2, 2));
        let told: Vec<_> = done.lines.iter().map(|line| (line.line, line.id.as_str(), line.error.as_ref().map(|error| error.code.as_str()))).collect();
        assert_eq!(told, [(2, "f1", None), (3, "f2", Some("unknown_patient")), (4, "f3", Some("not_money")), (5, "f4", None)]);
        let view = bills(&anna).await;
        assert_eq!((view.statements.len(), view.statements[0].open, view.statements[0].billed), (1, usd(1_000), usd(1_000)));
        assert_eq!(billing.portal.upload_billing_file(file.into_bytes()).await.unwrap().unchanged, 2);
        let statement = anna.portal.statement(anna.patient(), view.statements[0].id).await.unwrap();
        assert_eq!((statement.lines.len(), statement.lines[0].description.as_str()), (2, "Visit"));
    }

    async fn a_guarantor_owes_for_a_child_and_reads_what_it_was_for_only_while_looking_after_it(portal) {
        let (anna, child) = (portal.patient("Anna").await, portal.patient("Cleo").await);
        let mut line = charge(&portal.mrn(child.patient()), 3_000);
        line.guarantor = Some(BilledPerson { mrn: portal.mrn(anna.patient()), birth_date: BIRTH_DATE.parse().unwrap() });
        posted(&portal, vec![line]).await;
        assert_eq!(bills(&anna).await.balance, usd(3_000));
        let own = bills(&child).await;
        assert_eq!((own.balance, own.billed_elsewhere), (usd(0), true));
        let read = async || anna.portal.billing_lines(anna.patient(), &Default::default()).await.unwrap().items.remove(0);
        let line = read().await;
        assert_eq!((line.about.as_deref(), line.description.as_str()), (Some("Cleo"), ""));
        let terms = GrantTerms { level: Level::Full, shares: vec![], ends_on: None };
        let new = NewProxyInvite { relationship: Relationship::Parent, terms, mail: None };
        let code = child.portal.invite_proxy(child.patient(), &new).await.unwrap().code.unwrap();
        anna.portal.accept_invite(anna.patient(), &InviteAcceptance { code }).await.unwrap();
        assert_eq!(read().await.description, "Office visit");
    }

    async fn the_ledger_is_never_changed_whoever_tries(portal) {
        owing(&portal, 1_000).await;
        for what in ["transactions", "entries"] {
            for deletes in [true, false] {
                let tried = portal.app.db.write(move |conn| {
                    match (what, deletes) {
                        ("transactions", true) => diesel::delete(ledger_transactions::table).execute(conn)?,
                        ("transactions", false) => {
                            diesel::update(ledger_transactions::table).set(ledger_transactions::amount.eq(1)).execute(conn)?
                        }
                        (_, true) => diesel::delete(ledger_entries::table).execute(conn)?,
                        (_, false) => diesel::update(ledger_entries::table).set(ledger_entries::amount.eq(1)).execute(conn)?,
                    };
                    Ok(())
                });
                assert!(tried.await.is_err(), "{what}");
            }
        }
        ledger_balances_hold(&portal).await;
    }

    async fn whoever_is_not_of_billing_posts_nothing(portal) {
        let anna = portal.patient("Anna").await;
        let lines = NewBillingLines { lines: vec![charge(&portal.mrn(anna.patient()), 1)] };
        let other = integrator(&portal, Scope::ChartsWrite).await;
        let refusal = refused(other.post_billing_lines(&lines).await);
        assert_eq!(refusal.code, portal_domain::problem::Code::ScopeRequired);
        assert_eq!(refused(anna.portal.post_billing_lines(&lines).await).code, portal_domain::problem::Code::RoleRequired);
        assert_eq!(bills(&anna).await.balance, usd(0));
    }
}

/// A program with this scope.
async fn integrator(portal: &TestPortal, scope: Scope) -> portal_client::Portal {
    let (id, secret) = portal.client(&[scope]).await;
    let token = portal.visitor().access_token(&id, &secret, "").await.unwrap().access_token;
    portal.visitor().with_token(&token)
}

/// Another line of five dollars for the same patient, always under one id.
fn charge_of(line: &portal_domain::billing::BillingLine) -> portal_domain::billing::BillingLine {
    portal_domain::billing::BillingLine { id: "raced".into(), amount: usd(500), ..line.clone() }
}
