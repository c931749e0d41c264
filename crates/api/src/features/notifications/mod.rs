//! E-mails about news: ending them by a link, and what became of each (NTF-2, NTF-3). When they are written is the
//! mailbox's business.

mod routes;
mod service;

pub use routes::routes;
