//! Bills to keep: statements, receipts and a year for tax, as a page and as PDF (PAY-1).

use portal_client::{receipt_pdf_path, statement_pdf_path, year_pdf_path};
use portal_domain::{
    access::Role,
    billing::{BillingLine, DeskMethod, NewDeskPayment, NewRefund, NewVoid, TransactionKind},
    ids::LedgerTransactionId,
    problem::Code,
};
use uuid::Uuid;

use super::{PAYS, at_gateway, begin, bills, charge, posted, usd};
use crate::harness::{on_both, people::Person, refused};

async fn paper(person: &Person, path: String) -> Vec<u8> {
    let bytes = person.portal.paper(path).await.unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    bytes
}

fn holds(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|window| window == part.as_bytes())
}

on_both! {
    async fn a_statement_and_the_receipt_of_each_payment_can_be_kept_as_pdf(portal) {
        let anna = portal.patient("Anna").await;
        let mrn = portal.mrn(anna.patient());
        posted(&portal, vec![BillingLine { statement: Some("S-7".into()), ..charge(&mrn, 5_000) }]).await;
        let statement = bills(&anna).await.statements[0].id;
        let bytes = paper(&anna, statement_pdf_path(anna.patient(), statement)).await;
        assert!(holds(&bytes, "Statement S-7") && holds(&bytes, "<pdfuaid:part>1</pdfuaid:part>"));
        let payment = begin(&anna, 3_000, Some(statement)).await.unwrap();
        let receipt = receipt_pdf_path(anna.patient(), payment.id);
        assert_eq!(refused(anna.portal.paper(receipt.clone()).await).code, Code::WrongState);
        at_gateway(&portal, &payment, PAYS).await;
        let settled = anna.portal.check_payment(anna.patient(), payment.id).await.unwrap();
        assert!(holds(&paper(&anna, receipt.clone()).await, &format!("Receipt {}", settled.receipt)));
        let staff = portal.staff(Role::Billing).await;
        let cash = NewDeskPayment { amount: usd(500), method: DeskMethod::Cash, check_number: String::new() };
        let cash = staff.portal.take_payment(anna.patient(), &cash, Uuid::new_v4()).await.unwrap();
        paper(&anna, receipt_pdf_path(anna.patient(), cash.id)).await;
        paper(&staff, receipt.clone()).await;
        // Another's papers are as nobody's.
        let berta = portal.patient("Berta").await;
        for path in [
            statement_pdf_path(anna.patient(), statement),
            statement_pdf_path(berta.patient(), statement),
            receipt,
            receipt_pdf_path(berta.patient(), payment.id),
            year_pdf_path(anna.patient(), 2026),
        ] {
            assert_eq!(refused(berta.portal.paper(path).await).code, Code::NotFound);
        }
    }

    async fn a_year_for_tax_sums_what_was_paid_in_it_and_nothing_of_another_year(portal) {
        let anna = portal.patient("Anna").await;
        let mrn = portal.mrn(anna.patient());
        let of = |kind, date: &str, cents| BillingLine { kind, date: date.parse().unwrap(), ..charge(&mrn, cents) };
        posted(&portal, vec![
            of(TransactionKind::Charge, "2025-12-31", 9_000),
            of(TransactionKind::Charge, "2026-01-01", 4_000),
            of(TransactionKind::InsurancePending, "2026-02-01", 7_000),
            of(TransactionKind::PatientShare, "2026-03-01", 1_000),
            of(TransactionKind::Adjustment, "2026-03-02", 500),
        ]).await;
        let staff = portal.staff(Role::Billing).await;
        let payment = begin(&anna, 3_000, None).await.unwrap();
        at_gateway(&portal, &payment, PAYS).await;
        anna.portal.check_payment(anna.patient(), payment.id).await.unwrap();
        let refund = NewRefund { amount: usd(1_200), reason: "Paid twice".into() };
        staff.portal.refund_payment(anna.patient(), payment.id, &refund, Uuid::new_v4()).await.unwrap();
        let cash = NewDeskPayment { amount: usd(300), method: DeskMethod::Cash, check_number: String::new() };
        let cash = staff.portal.take_payment(anna.patient(), &cash, Uuid::new_v4()).await.unwrap();
        let void = NewVoid { reason: "Typed twice".into() };
        staff.portal.void_payment(anna.patient(), LedgerTransactionId(cash.id.0), &void, Uuid::new_v4()).await.unwrap();

        let year = anna.portal.billing_year(anna.patient(), 2026).await.unwrap();
        assert_eq!((year.paid, year.returned, year.spent, year.charged), (usd(3_300), usd(1_500), usd(1_800), usd(4_500)));
        assert_eq!((year.years, year.payments.len(), year.charges.len()), (vec![2026, 2025], 4, 3));
        let before = anna.portal.billing_year(anna.patient(), 2025).await.unwrap();
        assert_eq!((before.spent, before.charged), (usd(0), usd(9_000)));
        let empty = anna.portal.billing_year(anna.patient(), 2024).await.unwrap();
        assert!(empty.payments.is_empty() && empty.charges.is_empty());
        assert!(holds(&paper(&anna, year_pdf_path(anna.patient(), 2026)).await, "Payments in 2026"));
        paper(&anna, year_pdf_path(anna.patient(), 2024)).await;
        for year in [1899, 2201, i32::MAX] {
            assert_eq!(refused(anna.portal.billing_year(anna.patient(), year).await).code, Code::NotFound);
        }
    }

    async fn what_a_year_says_of_others_is_told_to_those_who_may_see_their_bills(portal) {
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        let mut line = charge(&portal.mrn(berta.patient()), 2_000);
        line.guarantor = Some(charge(&portal.mrn(anna.patient()), 1).patient);
        posted(&portal, vec![line]).await;
        let year = anna.portal.billing_year(anna.patient(), 2026).await.unwrap();
        assert_eq!((year.charges[0].about.as_deref(), year.charges[0].description.as_str()), (Some("Berta"), ""));
        assert_eq!(year.charged, usd(2_000));
        assert!(berta.portal.billing_year(berta.patient(), 2026).await.unwrap().charges.is_empty());
    }
}
