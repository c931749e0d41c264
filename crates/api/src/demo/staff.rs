//! A member of staff per role, all with the demo's password.

use portal_domain::access::Role;

use super::{PASSWORD, day::Staff, practice::Seeded};
use crate::{
    app::App,
    error::{Error, Result},
    features::accounts::{self, NewStaff},
    platform::auth::Actor,
};

const STAFF: &[(&str, &str, Role)] = &[
    ("desk.demo", "Noor Haddad", Role::FrontDesk),
    ("nurse.demo", "Tomás Rivera", Role::Nurse),
    ("provider.demo", "Dr. Maria Lund", Role::Provider),
    ("billing.demo", "Grace Kim", Role::Billing),
    ("records.demo", "Owen Fitzgerald", Role::Records),
    ("admin.demo", "Ines Moreau", Role::Admin),
    ("privacy.demo", "Lars Lindqvist", Role::PrivacyOfficer),
];

/// Makes the accounts.
pub async fn seed(app: &App, practice: &Seeded) -> Result<Staff> {
    let mut made = Vec::new();
    for (username, name, role) in STAFF {
        let provider = practice.providers.first().filter(|_| *role == Role::Provider);
        let staff = NewStaff {
            username: (*username).into(),
            password: PASSWORD.into(),
            display_name: (*name).into(),
            roles: vec![*role],
            provider_id: provider.map(|provider| provider.id),
        };
        made.push((*role, accounts::create_staff(app, &Actor::operator(), staff).await?));
    }
    let of = |role: Role| made.iter().find(|(held, _)| *held == role).map(|(_, account)| *account);
    match (of(Role::FrontDesk), of(Role::Provider)) {
        (Some(desk), Some(provider)) => Ok(Staff { desk, provider }),
        _ => Err(Error::internal("the demo's staff lacks a role")),
    }
}

/// How to sign in, a line each.
pub fn sign_ins() -> Vec<String> {
    let staff = STAFF.iter().map(|(username, name, role)| format!("  {username:<14} {name} ({role})"));
    [format!("Sign in with the password {PASSWORD} as")].into_iter().chain(staff).collect()
}

/// Whether one of these accounts is there.
pub async fn is_there(app: &App) -> Result<bool> {
    app.db
        .read(|conn| {
            for (username, ..) in STAFF {
                if accounts::username_is_taken(conn, username)? {
                    return Ok(true);
                }
            }
            Ok(false)
        })
        .await
}
