//! A bill, a payment and a write-off for the operations that are about one.

use portal_client::{Error, Portal, receipt_pdf_path, statement_pdf_path, year_pdf_path};
use portal_domain::{
    billing::{
        Currency, DeskMethod, DisputeAbout, DisputeDecision, DisputeOutcome, DisputeReason, DisputeSubject,
        Money, NewBillingLines, NewDeskPayment, NewDispute, NewPayment, NewRefund, NewVoid, NewWriteOff,
        WriteOffDecision,
    },
    ids::LedgerTransactionId,
};
use serde_json::Value;
use uuid::Uuid;

use super::scene::{People, Scene};
use crate::{
    billing::{charge, posted},
    harness::{charts::BIRTH_DATE, portal::TestPortal},
};

fn usd(amount: i64) -> Money {
    Money::new(amount, Currency::Usd)
}

fn lines(scene: &Scene) -> NewBillingLines {
    NewBillingLines { lines: vec![charge(&scene.mrn, 100)] }
}

fn payment() -> NewPayment {
    NewPayment::new(usd(100), None)
}

fn desk_payment() -> NewDeskPayment {
    NewDeskPayment { amount: usd(100), method: DeskMethod::Cash, check_number: String::new() }
}

fn void() -> NewVoid {
    NewVoid { reason: "Typed twice".into() }
}

fn refund() -> NewRefund {
    NewRefund { amount: usd(100), reason: "Paid twice".into() }
}

fn write_off() -> NewWriteOff {
    NewWriteOff { amount: usd(100), reason: "Hardship".into() }
}

fn dispute(scene: &Scene) -> NewDispute {
    NewDispute {
        about: DisputeAbout { kind: DisputeSubject::Statement, id: scene.statement.0 },
        reason: DisputeReason::NotMine,
        text: "I was not there.".into(),
    }
}

fn decision() -> DisputeDecision {
    DisputeDecision { outcome: DisputeOutcome::Declined, answer: "You were.".into() }
}

/// A file of the billing system.
pub fn file(scene: &Scene) -> String {
    let header = portal_domain::billing::COLUMNS.join(",");
    let (id, mrn) = (Uuid::new_v4(), &scene.mrn);
    format!("{header}\n{id},{mrn},{BIRTH_DATE},charge,1.00,USD,2026-09-01,Office visit,,,\n")
}

/// What an operation is sent.
pub fn body(operation: &str, scene: &Scene) -> Option<Value> {
    let body = match operation {
        "billing_post" => serde_json::to_value(lines(scene)),
        "billing_take_payment" => serde_json::to_value(desk_payment()),
        "billing_void" => serde_json::to_value(void()),
        "billing_ask_write_off" => serde_json::to_value(write_off()),
        "billing_decide_write_off" => serde_json::to_value(WriteOffDecision { approve: true }),
        "billing_dispute" => serde_json::to_value(dispute(scene)),
        "billing_decide_dispute" => serde_json::to_value(decision()),
        "payments_pay" => serde_json::to_value(payment()),
        "payments_refund" => serde_json::to_value(refund()),
        _ => return None,
    };
    body.ok()
}

impl Scene {
    /// A bill of Anna's, and what the operation is about.
    pub async fn add_bill(&mut self, portal: &TestPortal, people: &People, operation: &str) {
        let (anna, billing, key) = (&people.patient.portal, &people.billing.portal, Uuid::new_v4());
        let mut line = charge(&self.mrn, 100);
        line.statement = Some(Uuid::new_v4().simple().to_string());
        let number = line.statement.clone();
        posted(portal, vec![line]).await;
        let bills = anna.billing(self.patient).await.unwrap();
        self.statement =
            bills.statements.iter().find(|statement| Some(&statement.number) == number.as_ref()).unwrap().id;
        match operation {
            "billing_void" => {
                let taken = billing.take_payment(self.patient, &desk_payment(), key).await.unwrap();
                self.transaction = LedgerTransactionId(taken.id.0);
            }
            "billing_decide_write_off" => {
                self.write_off = billing.ask_write_off(self.patient, &write_off(), key).await.unwrap().id;
            }
            "billing_open_dispute" | "billing_withdraw_dispute" | "billing_decide_dispute" => {
                let opened = anna.dispute(self.patient, &dispute(self), key).await.unwrap();
                self.dispute = opened.id;
                billing.open_thread(self.patient, opened.thread_id).await.unwrap();
            }
            "payments_open"
            | "payments_check"
            | "payments_cancel"
            | "payments_refund"
            | "payments_receipt_pdf" => {
                self.payment = anna.pay(self.patient, &payment(), key).await.unwrap().id;
            }
            _ => {}
        }
        if matches!(operation, "payments_refund" | "payments_receipt_pdf") {
            let sandbox = portal.app.sandbox.clone().unwrap();
            sandbox.pay(&self.payment.to_string(), crate::billing::PAYS).await.unwrap();
            anna.check_payment(self.patient, self.payment).await.unwrap();
        }
    }
}

/// Does an operation through the client.
pub async fn drive(operation: &str, portal: &Portal, scene: &Scene) -> Result<(), Error> {
    let (patient, key) = (scene.patient, Uuid::new_v4());
    match operation {
        "billing_summary" => portal.billing(patient).await.map(drop),
        "billing_lines" => portal.billing_lines(patient, &Default::default()).await.map(drop),
        "billing_statement" => portal.statement(patient, scene.statement).await.map(drop),
        "billing_statement_pdf" => portal.paper(statement_pdf_path(patient, scene.statement)).await.map(drop),
        "billing_year" => portal.billing_year(patient, 2026).await.map(drop),
        "billing_year_pdf" => portal.paper(year_pdf_path(patient, 2026)).await.map(drop),
        "payments_receipt_pdf" => portal.paper(receipt_pdf_path(patient, scene.payment)).await.map(drop),
        "billing_post" => portal.post_billing_lines(&lines(scene)).await.map(drop),
        "billing_upload" => portal.upload_billing_file(file(scene).into_bytes()).await.map(drop),
        "billing_balances" => portal.balances(&Default::default()).await.map(drop),
        "billing_take_payment" => portal.take_payment(patient, &desk_payment(), key).await.map(drop),
        "billing_void" => portal.void_payment(patient, scene.transaction, &void(), key).await.map(drop),
        "billing_ask_write_off" => portal.ask_write_off(patient, &write_off(), key).await.map(drop),
        "billing_write_offs" => portal.write_offs(&Default::default()).await.map(drop),
        "billing_decide_write_off" => {
            let decision = WriteOffDecision { approve: true };
            portal.decide_write_off(patient, scene.write_off, decision, key).await.map(drop)
        }
        "billing_daily_close" => portal.daily_close(&Default::default()).await.map(drop),
        "billing_daily_close_table" => portal.daily_close_table(&Default::default()).await.map(drop),
        "billing_reconcile" => portal.reconciliation(&Default::default()).await.map(drop),
        "billing_dispute" => portal.dispute(patient, &dispute(scene), key).await.map(drop),
        "billing_disputes" => portal.disputes(patient, &Default::default()).await.map(drop),
        "billing_open_dispute" => portal.open_dispute(patient, scene.dispute).await.map(drop),
        "billing_withdraw_dispute" => portal.withdraw_dispute(patient, scene.dispute, key).await.map(drop),
        "billing_decide_dispute" => {
            portal.decide_dispute(patient, scene.dispute, &decision(), key).await.map(drop)
        }
        "billing_dispute_queue" => portal.dispute_queue(&Default::default()).await.map(drop),
        "billing_receivables" => portal.receivables().await.map(drop),
        "billing_receivables_table" => portal.receivables_table().await.map(drop),
        "billing_failed_refunds" => portal.failed_refunds(&Default::default()).await.map(drop),
        "payments_pay" => portal.pay(patient, &payment(), key).await.map(drop),
        "payments_open" => portal.payment(patient, scene.payment).await.map(drop),
        "payments_check" => portal.check_payment(patient, scene.payment).await.map(drop),
        "payments_cancel" => portal.cancel_payment(patient, scene.payment).await.map(drop),
        "payments_refund" => portal.refund_payment(patient, scene.payment, &refund(), key).await.map(drop),
        other => panic!("the typed client does not reach {other}"),
    }
}
