//! What the practice is owed in all, and refunds that failed.

use actix_web::{HttpResponse, get, http::header, web};
use portal_domain::{
    billing::{FailedRefund, Receivables},
    page::{Page, PageQuery},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{receivables, refunds};
use crate::{app::App, error::Result, platform::auth::Actor};

/// The operations of this part.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(all).service(all_as_table).service(failed_refunds);
}

/// What the practice is owed in all
///
/// By its age, the oldest charge being paid first, and month by month. Sums over every account, about nobody. For billing
/// staff and administrators.
#[utoipa::path(tag = "billing", operation_id = "receivables", responses((status = 200, body = Receivables)))]
#[get("/billing/receivables")]
async fn all(app: web::Data<App>, actor: Actor) -> Result<web::Json<Receivables>> {
    Ok(web::Json(receivables::receivables(&app, &actor).await?))
}

/// What the practice is owed in all, as a table
///
/// Comma-separated (RFC 4180), one sum a row.
#[utoipa::path(
    tag = "billing",
    operation_id = "receivables_table",
    responses((status = 200, body = String, content_type = "text/csv"))
)]
#[get("/billing/receivables.csv")]
async fn all_as_table(app: web::Data<App>, actor: Actor) -> Result<HttpResponse> {
    let table = receivables::table(&app, &actor).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"receivables.csv\""))
        .body(table))
}

/// Refunds that failed
///
/// What the gateway accepted and the bank did not, of the last 30 days, the latest first, unless something was given back in
/// its place. The ledger has each turned around. For billing staff.
#[utoipa::path(
    tag = "billing",
    operation_id = "failed_refunds",
    params(PageQuery),
    responses((status = 200, body = Page<FailedRefund>))
)]
#[get("/billing/failed-refunds")]
async fn failed_refunds(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<FailedRefund>>> {
    Ok(web::Json(refunds::failed(&app, &actor, query.into_inner()).await?))
}
