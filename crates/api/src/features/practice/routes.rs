//! Who the practice is.

use actix_web::HttpResponse;
use actix_web::{get, http::header, web};
use portal_domain::practice::{PracticeView, ProviderView};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{app::App, error::Result, platform::auth::Actor};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(practice).service(providers);
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
