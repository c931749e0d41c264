//! Rows of the ledger, and of what is paid.

mod ledger;
mod payments;

pub use ledger::{
    StatementRow, TransactionRow, balances, balances_page, billed_elsewhere, find, page, post,
    posted_between, posted_from, reversed, statement, statement_named, statements, transactions,
};
pub use payments::{
    Held, PaymentRow, RefundRow, WriteOffRow, about, begun_between, change_payment, change_write_off,
    drop_refund, finish_refund, held, insert_payment, insert_refund, insert_write_off, known_of, payment,
    pending, refund, refunds, refunds_of_begun, unfinished, write_off, write_offs,
};
