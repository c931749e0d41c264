//! Balances and payments (PAY-1 to PAY-4): the ledger, what comes in from the billing system, statements, paying by the
//! gateway, and what staff do with money. It knows no chart and no card.

mod dispute_routes;
mod disputes;
mod intake;
mod methods;
mod papers;
mod paying;
mod plans;
mod receivable_routes;
mod receivables;
mod reconcile;
mod refunds;
mod routes;
mod service;
mod staff;
mod staff_routes;
mod store;

pub use disputes::dispute_now;
pub use intake::post;
pub use methods::adopt as keep_card;
pub use paying::settle_due;
pub use plans::{charge_due, create as agree_to_plan};
pub use routes::{gateway_event, routes};
pub use service::lines;
pub use staff::take_payment;
