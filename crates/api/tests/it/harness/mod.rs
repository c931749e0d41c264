//! What tests stand on: a real server on a real database, and people who use it.

pub mod charts;
pub mod mails;
pub mod passkey_device;
pub mod people;
pub mod portal;
pub mod second_step;
pub mod sources;
pub mod wire;

/// Declares a test that runs on both engines: `on_both! { async fn claim(portal) { .. } }`.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $claim:ident($portal:ident) $body:block)+) => {$(
        mod $claim {
            use super::*;

            $(#[$meta])*
            async fn claim($portal: crate::harness::portal::TestPortal) $body

            #[test]
            fn sqlite() {
                crate::harness::portal::run(portal_api::platform::db::Engine::Sqlite, claim);
            }

            #[test]
            fn postgres() {
                crate::harness::portal::run(portal_api::platform::db::Engine::Postgres, claim);
            }
        }
    )+};
}
pub(crate) use on_both;

/// The problem of a refused call.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(answer: portal_client::Result<T>) -> portal_domain::problem::Problem {
    match answer {
        Err(portal_client::Error::Problem(problem)) => *problem,
        other => panic!("expected a refusal, got {other:?}"),
    }
}
