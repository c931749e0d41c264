//! Accounts of staff, from the command line.

use portal_domain::{
    access::{Action, Category, Role},
    accounts::parse_username,
    audit::Outcome,
    ids::{AccountId, ProviderId},
    problem::{Code, Problem},
    text,
};

use super::{
    service::refuse_broken,
    store::{self, NewStaffAccount},
};
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, clock::new_id},
};

/// A member of staff to be.
#[derive(Clone)]
pub struct NewStaff {
    /// To sign in with.
    pub username: String,
    /// By the rules of SEC-1.
    pub password: String,
    /// What to call the person.
    pub display_name: String,
    /// At least one.
    pub roles: Vec<Role>,
    /// The practitioner that the person is.
    pub provider_id: Option<ProviderId>,
}

/// Makes an account for a member of staff.
pub async fn create_staff(app: &App, actor: &Actor, staff: NewStaff) -> Result<AccountId> {
    let username =
        parse_username("username", &staff.username).map_err(|error| Problem::invalid(vec![error]))?;
    refuse_broken(app, "password", &staff.password, &username).await?;
    let id = AccountId(new_id());
    let account = NewStaffAccount {
        id,
        username_folded: text::fold(&username),
        username,
        password_hash: app.passwords.hash(&staff.password).await?,
        display_name: staff.display_name,
        provider_id: staff.provider_id,
        terms_version: 0,
        created_at: app.now(),
    };
    let roles = staff.roles;
    app.write(actor, move |work| {
        if store::username_is_taken(work.conn, &account.username_folded)? {
            return Err(Code::UsernameTaken.into());
        }
        work.note(Action::Issue, Category::Account, None, Some(id.0), Outcome::Done);
        store::insert_staff_account(work.conn, &account, &roles)
    })
    .await?;
    Ok(id)
}
