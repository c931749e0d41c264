//! Who the practice is.

use actix_web::{HttpResponse, get, http::header, put, web};
use portal_domain::practice::{Policies, PoliciesView, PracticeView, ProviderView};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{
    app::App,
    error::Result,
    platform::{
        auth::Actor,
        etag::{self, IfMatch},
        extract::Json,
    },
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(practice).service(providers).service(policies).service(change_policies);
}

/// The practice
///
/// Name, emergency advice, terms of use and locations; needs no sign-in.
#[utoipa::path(tag = "practice", responses((status = 200, body = PracticeView)), security(()))]
#[get("/practice")]
async fn practice(app: web::Data<App>) -> Result<HttpResponse> {
    let practice = service::practice(&app).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-cache")).json(practice))
}

/// Providers who take appointments
///
/// In the order of their names.
#[utoipa::path(tag = "practice", responses((status = 200, body = Vec<ProviderView>)))]
#[get("/practice/providers")]
async fn providers(app: web::Data<App>, actor: Actor) -> Result<web::Json<Vec<ProviderView>>> {
    Ok(web::Json(service::providers(&app, &actor).await?))
}

/// The policies for accounts
///
/// For administrators. The ETag is the version that an edit names.
#[utoipa::path(tag = "practice", responses((status = 200, body = PoliciesView)))]
#[get("/practice/policies")]
async fn policies(app: web::Data<App>, actor: Actor) -> Result<HttpResponse> {
    let present = service::policies(&app, &actor).await?;
    Ok(HttpResponse::Ok().insert_header(etag::tag(present.version)).json(present))
}

/// Change the policies for accounts
///
/// They hold from the next request on, for open sessions as well.
#[utoipa::path(tag = "practice", responses((status = 200, body = PoliciesView)))]
#[put("/practice/policies")]
async fn change_policies(
    app: web::Data<App>,
    actor: Actor,
    seen: IfMatch,
    body: Json<Policies>,
) -> Result<HttpResponse> {
    let changed = service::change_policies(&app, &actor, seen, body.0).await?;
    Ok(HttpResponse::Ok().insert_header(etag::tag(changed.version)).json(changed))
}
