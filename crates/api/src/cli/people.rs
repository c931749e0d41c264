//! Accounts and clients from the command line; secrets are printed once and kept nowhere.

use portal_domain::access::{Role, Scope};

use crate::{
    app::App,
    demo,
    error::Result,
    features::{accounts, integrations},
    platform::{auth::Actor, secret},
};

/// Makes a member of staff's account and prints how to sign in.
pub async fn create_staff(app: &App, username: String, display_name: String, roles: Vec<Role>) -> Result<()> {
    let password = new_password()?;
    let staff = accounts::NewStaff {
        username: username.clone(),
        password: password.clone(),
        display_name,
        roles,
        provider_id: None,
    };
    accounts::create_staff(app, &Actor::operator(), staff).await?;
    println!("username  {username}\npassword  {password}\nThe password is shown this once.");
    Ok(())
}

/// Registers an integrator and prints its credentials.
pub async fn create_client(app: &App, name: String, scopes: &[Scope], source: String) -> Result<()> {
    let client = integrations::create_client(app, &Actor::operator(), name, scopes, source).await?;
    println!(
        "client_id      {}\nclient_secret  {}\nThe secret is shown this once.",
        client.id, client.secret
    );
    Ok(())
}

/// Fills an empty portal with the demo practice and prints the sign-ins.
pub async fn seed_demo(app: &App) -> Result<()> {
    for line in demo::seed(app).await? {
        println!("{line}");
    }
    Ok(())
}

/// A password by the rules of SEC-1: 80 random bits and one of each kind.
fn new_password() -> Result<String> {
    let token = portal_domain::enrolment::spell_token(secret::random::<10>()?);
    Ok(format!("{token}-a1!"))
}
