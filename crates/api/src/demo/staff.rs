//! A member of staff per role, all with the demo's password.

use portal_domain::access::Role;

use super::{PASSWORD, practice::Seeded};
use crate::{
    app::App,
    error::Result,
    features::accounts::{self, NewStaff},
    platform::auth::Actor,
};

const STAFF: &[(&str, &str, Role)] = &[
    ("frontdesk", "Noor Haddad", Role::FrontDesk),
    ("nurse.demo", "Tomás Rivera", Role::Nurse),
    ("provider", "Dr. Maria Lund", Role::Provider),
    ("billing", "Grace Kim", Role::Billing),
    ("records", "Owen Fitzgerald", Role::Records),
    ("admin.demo", "Ines Moreau", Role::Admin),
    ("privacy", "Lars Lindqvist", Role::PrivacyOfficer),
];

/// Makes the accounts.
pub async fn seed(app: &App, practice: &Seeded) -> Result<()> {
    for (username, name, role) in STAFF {
        let provider = practice.providers.first().filter(|_| *role == Role::Provider);
        let staff = NewStaff {
            username: (*username).into(),
            password: PASSWORD.into(),
            display_name: (*name).into(),
            roles: vec![*role],
            provider_id: provider.map(|provider| provider.id),
        };
        accounts::create_staff(app, &Actor::operator(), staff).await?;
    }
    Ok(())
}

/// How to sign in, a line each.
pub fn sign_ins() -> Vec<String> {
    let staff = STAFF.iter().map(|(username, name, role)| format!("  {username:<12} {name} ({role})"));
    [format!("Sign in with the password {PASSWORD} as")].into_iter().chain(staff).collect()
}
