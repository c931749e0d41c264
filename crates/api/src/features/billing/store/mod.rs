//! Rows of the ledger, and of what is paid.

mod disputes;
mod ledger;
mod payments;
mod receivables;

pub use disputes::{
    DisputeRow, close_dispute, dispute, dispute_queue, disputes, insert_dispute, open_about, open_disputes,
};
pub use ledger::{
    StatementRow, TransactionRow, balances, balances_page, billed_elsewhere, find, page, post,
    posted_between, posted_from, posted_since, reversed, statement, statement_named, statements,
    transactions,
};
pub use payments::{
    Held, PaymentRow, RefundRow, WriteOffRow, about, begun_between, change_payment, change_refund,
    change_write_off, drop_refund, failed_refunds, follow_later, followed, held, insert_payment,
    insert_refund, insert_write_off, known_of, payer_of_refund, payment, pending, refund, refunds,
    refunds_of_begun, unfinished, write_off, write_offs,
};
pub use receivables::{BareRow, of_accounts_that_owe, sums_between};
