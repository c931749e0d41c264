//! Comparing the ledger with the gateway's books: what the one has and the other has not (PAY-4).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::money::Money;
use crate::{ids::PaymentId, patients::PatientSummary, time::Date, words::words};

words! {
    /// How the two books differ about a payment.
    DifferenceKind {
        /// The gateway took it, and the portal does not know it: as after a backup was put back.
        OnlyAtGateway = "only_at_gateway",
        /// The ledger has it, and the gateway does not.
        OnlyInLedger = "only_in_ledger",
        /// Both have it, with different amounts.
        Amount = "amount",
        /// What went back differs: as when it was given back at the gateway and not here.
        Refunded = "refunded",
    }
}

/// A payment as one of the books has it, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booked {
    /// Which.
    pub payment: PaymentId,
    /// What was paid.
    pub paid: i64,
    /// What went back.
    pub refunded: i64,
}

/// A difference: the payment in the ledger, and at the gateway.
pub type Differing = (DifferenceKind, PaymentId, Option<Booked>, Option<Booked>);

/// What the books differ in, in the order of the payments.
pub fn differences(ledger: &[Booked], gateway: &[Booked]) -> Vec<Differing> {
    let mut all: BTreeMap<PaymentId, (Option<Booked>, Option<Booked>)> = BTreeMap::new();
    for booked in ledger {
        all.entry(booked.payment).or_default().0 = Some(*booked);
    }
    for booked in gateway {
        all.entry(booked.payment).or_default().1 = Some(*booked);
    }
    let differing = |(payment, (here, there)): (PaymentId, (Option<Booked>, Option<Booked>))| {
        let kind = match (here, there) {
            (None, _) => DifferenceKind::OnlyAtGateway,
            (_, None) => DifferenceKind::OnlyInLedger,
            (Some(here), Some(there)) if here.paid != there.paid => DifferenceKind::Amount,
            (Some(here), Some(there)) if here.refunded != there.refunded => DifferenceKind::Refunded,
            _ => return None,
        };
        Some((kind, payment, here, there))
    };
    all.into_iter().filter_map(differing).collect()
}

/// What a day's payments by one gateway are in both books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reconciliation {
    /// The day on the practice's calendar on which the payments were begun.
    #[serde(with = "crate::time::iso_date")]
    pub day: Date,
    /// The gateway's name.
    pub gateway: String,
    /// How many payments the ledger has.
    pub count: i64,
    /// What they come to in the ledger, less what went back.
    pub ledger: Money,
    /// The same at the gateway.
    pub at_gateway: Money,
    /// How many payments and refunds of that day still wait for the gateway's answer.
    pub waiting: i64,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// A payment about which the books differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    /// How.
    pub kind: DifferenceKind,
    /// The payment's id, which the gateway knows, too.
    pub payment: PaymentId,
    /// Whose; null when the portal does not know the payment.
    pub patient: Option<PatientSummary>,
    /// What was paid by the ledger, less what went back.
    pub ledger: Money,
    /// The same at the gateway.
    pub at_gateway: Money,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn booked(id: u128, paid: i64, refunded: i64) -> Booked {
        Booked { payment: PaymentId(Uuid::from_u128(id)), paid, refunded }
    }

    #[test]
    fn equal_books_do_not_differ_and_each_difference_is_named_once() {
        let ledger = [booked(1, 100, 0), booked(2, 100, 50), booked(3, 100, 0), booked(4, 100, 0)];
        assert!(differences(&ledger, &ledger).is_empty());
        let gateway = [booked(1, 100, 0), booked(2, 100, 100), booked(3, 99, 0), booked(5, 70, 0)];
        let kinds: Vec<_> =
            differences(&ledger, &gateway).iter().map(|(kind, id, ..)| (*kind, id.0.as_u128())).collect();
        use DifferenceKind as D;
        assert_eq!(kinds, [(D::Refunded, 2), (D::Amount, 3), (D::OnlyInLedger, 4), (D::OnlyAtGateway, 5)]);
    }
}
