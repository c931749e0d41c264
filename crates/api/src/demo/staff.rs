//! A member of staff per role, all with the demo's password.

use portal_domain::{
    access::{Role, Who},
    ids::{AccountId, LocationId},
};

use super::{PASSWORD, practice::Seeded};
use crate::{
    app::App,
    error::Result,
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
    (AT_THE_LAST, "Rosa Delgado", Role::Nurse),
];

/// Who works at the last location alone: records of patients of the others open in an emergency only (ADM-6).
const AT_THE_LAST: &str = "phoenix.demo";

/// Who acts in the demo: one for each role.
pub struct Staff(Vec<(Role, AccountId)>);

impl Staff {
    /// The account of a role; the demo has every role.
    pub fn of(&self, role: Role) -> AccountId {
        let found = self.0.iter().find(|(held, _)| *held == role);
        found.map_or(AccountId(uuid::Uuid::nil()), |(_, account)| *account)
    }

    /// The one of a role, acting.
    pub fn actor(&self, role: Role) -> Actor {
        Actor::account(self.of(role), Who::Staff(vec![role]), None)
    }
}

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
        let account = accounts::create_staff(app, &Actor::operator(), staff).await?;
        if *username == AT_THE_LAST {
            let locations: Vec<LocationId> =
                practice.locations.last().map(|last| last.id).into_iter().collect();
            app.db.write(move |conn| accounts::set_locations(conn, account, &locations)).await?;
        }
        made.push((*role, account));
    }
    Ok(Staff(made))
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
