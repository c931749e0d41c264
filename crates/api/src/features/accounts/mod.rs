//! Accounts: the own one, and what every way of signing in shares. It knows nothing of how an account came about
//! (enrolment, the command line) or of what signs in (the room `sign_in`).

mod letters;
mod routes;
mod service;
mod session;
mod staff;
mod store;
mod throttle;

pub use routes::{answer_with_session, routes};
pub use service::{check_own_password, end_others, refuse_broken, state, tell, view_of};
pub use session::{begin, renewed, session_view};
pub use staff::{NewStaff, create_staff};
pub use store::{
    AccountRow, Live, NewPatientAccount, NewToken, by_email, by_id, by_username,
    count_failure as count_token_failure, email_is_taken, forget_old as forget_old_tokens,
    insert_patient_account, issue as issue_token, live as live_token, names, of_patient,
    open_of as open_token_of, people, remove_second_steps, revoke_of as revoke_tokens, roles, set_disabled,
    set_email, set_locations, set_notices, set_password, staff as staff_accounts, staff_by_id,
    staff_locations, use_up as use_token_up, username_is_taken,
};
pub use throttle::{
    Subject, begin_try, check as check_throttle, clear as clear_throttle, closed_until, count_failure,
    forget_old as forget_old_throttles, take_back, unlock,
};
