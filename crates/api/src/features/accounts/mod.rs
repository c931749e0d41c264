//! Accounts, sign-in and sign-out. It knows nothing of how an account came about (enrolment, the command line).

mod routes;
mod service;
mod store;
mod throttle;

pub use routes::{answer_with_session, routes};
pub use service::{NewStaff, create_staff, session_view};
pub use store::{NewPatientAccount, insert_patient_account, names, of_patient, username_is_taken};
pub use throttle::{
    Subject, check as check_throttle, clear as clear_throttle, count_failure,
    forget_old as forget_old_throttles,
};
