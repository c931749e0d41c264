//! Helping the owners of accounts, and the accounts of staff.

use actix_web::{HttpResponse, delete, get, http::header, post, put, web};
use portal_domain::{
    accounts::{IssuedReset, StaffAccount, StaffLocations},
    ids::{AccountId, PatientId},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service::{self, Owner};
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, extract::Json},
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(issue_reset)
        .service(unlock)
        .service(reset_second_step)
        .service(staff)
        .service(issue_staff_reset)
        .service(unlock_staff)
        .service(reset_staff_second_step)
        .service(disable_staff)
        .service(enable_staff)
        .service(set_locations);
}

async fn issued(app: &App, actor: &Actor, owner: Owner) -> Result<HttpResponse> {
    let issued = service::issue_reset(app, actor, owner).await?;
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(issued))
}

/// Hand out a reset token
///
/// For a patient who can't reset the password by e-mail. Shown this once; the owner is told.
#[utoipa::path(tag = "helping", responses((status = 201, body = IssuedReset)))]
#[post("/patients/{patient}/account/reset-tokens")]
async fn issue_reset(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
) -> Result<HttpResponse> {
    issued(&app, &actor, Owner::Patient(*patient)).await
}

/// Unlock a patient's account
///
/// Forgets the failed sign-ins that close it.
#[utoipa::path(tag = "helping", responses((status = 204)))]
#[post("/patients/{patient}/account/unlock")]
async fn unlock(app: web::Data<App>, actor: Actor, patient: web::Path<PatientId>) -> Result<HttpResponse> {
    service::unlock(&app, &actor, Owner::Patient(*patient)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Reset a patient's second step
///
/// For a lost device: takes authenticator app, recovery codes and passkeys away, and ends every session.
#[utoipa::path(tag = "helping", responses((status = 204)))]
#[delete("/patients/{patient}/account/second-step")]
async fn reset_second_step(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
) -> Result<HttpResponse> {
    service::reset_second_step(&app, &actor, Owner::Patient(*patient)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The accounts of staff
///
/// By name. For administrators.
#[utoipa::path(tag = "helping", responses((status = 200, body = Vec<StaffAccount>)))]
#[get("/staff-accounts")]
async fn staff(app: web::Data<App>, actor: Actor) -> Result<web::Json<Vec<StaffAccount>>> {
    Ok(web::Json(service::staff(&app, &actor).await?))
}

/// Hand out a reset token to a member of staff
///
/// Shown this once; the owner is told. For administrators.
#[utoipa::path(tag = "helping", responses((status = 201, body = IssuedReset)))]
#[post("/staff-accounts/{account}/reset-tokens")]
async fn issue_staff_reset(
    app: web::Data<App>,
    actor: Actor,
    account: web::Path<AccountId>,
) -> Result<HttpResponse> {
    issued(&app, &actor, Owner::Staff(*account)).await
}

/// Unlock the account of a member of staff
///
/// Forgets the failed sign-ins that close it. For administrators.
#[utoipa::path(tag = "helping", responses((status = 204)))]
#[post("/staff-accounts/{account}/unlock")]
async fn unlock_staff(
    app: web::Data<App>,
    actor: Actor,
    account: web::Path<AccountId>,
) -> Result<HttpResponse> {
    service::unlock(&app, &actor, Owner::Staff(*account)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Reset the second step of a member of staff
///
/// For a lost device; every session ends. For administrators.
#[utoipa::path(tag = "helping", responses((status = 204)))]
#[delete("/staff-accounts/{account}/second-step")]
async fn reset_staff_second_step(
    app: web::Data<App>,
    actor: Actor,
    account: web::Path<AccountId>,
) -> Result<HttpResponse> {
    service::reset_second_step(&app, &actor, Owner::Staff(*account)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Switch off the account of a member of staff
///
/// Every session ends; nobody switches the own one off. For administrators.
#[utoipa::path(tag = "helping", responses((status = 204)))]
#[post("/staff-accounts/{account}/disable")]
async fn disable_staff(
    app: web::Data<App>,
    actor: Actor,
    account: web::Path<AccountId>,
) -> Result<HttpResponse> {
    service::set_disabled(&app, &actor, *account, true).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Switch on the account of a member of staff
///
/// For administrators.
#[utoipa::path(tag = "helping", responses((status = 204)))]
#[post("/staff-accounts/{account}/enable")]
async fn enable_staff(
    app: web::Data<App>,
    actor: Actor,
    account: web::Path<AccountId>,
) -> Result<HttpResponse> {
    service::set_disabled(&app, &actor, *account, false).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Say where a member of staff works
///
/// Records of patients of other locations then open only in an emergency; no location is the whole practice. For
/// administrators.
#[utoipa::path(tag = "helping", responses((status = 204)))]
#[put("/staff-accounts/{account}/locations")]
async fn set_locations(
    app: web::Data<App>,
    actor: Actor,
    account: web::Path<AccountId>,
    body: Json<StaffLocations>,
) -> Result<HttpResponse> {
    service::set_locations(&app, &actor, *account, body.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
