//! The practice: name, terms, locations, providers. It knows nothing of patients.

mod routes;
mod service;
mod store;

pub use routes::routes;
pub use service::{begin_of, enrolment_token_lifetime, must_be_ours, today, zone};
pub use store::{
    Location, LocationRow, NewPractice, PracticeRow, ProviderRow, cancel_cutoff_hours, insert_location,
    insert_practice, insert_provider, is_set_up, location, locations, offers_health_records, practice,
    provider_names, takes_appointments_at,
};
