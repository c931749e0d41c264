//! E-mail addresses and getting back in: proving an address by a link, the username by mail, and resetting the password
//! by a link or a token from the desk (ENR-3, ENR-4, SEC-6).

mod email;
mod reset;
mod routes;
mod store;

pub use email::ask_to_verify;
pub use routes::routes;
