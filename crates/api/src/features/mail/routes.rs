//! The mailbox.

use actix_web::{HttpResponse, get, post, web};
use portal_domain::{
    ids::{InboxItemId, PatientId},
    mail::{Inbox, SentItem},
    page::{Page, PageQuery},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{app::App, error::Result, platform::auth::Actor};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(inbox).service(mark_read).service(sent);
}

/// What arrived for a patient
///
/// Newest first, with the number of unread items.
#[utoipa::path(tag = "mail", params(PageQuery), responses((status = 200, body = Inbox)))]
#[get("/patients/{patient}/inbox")]
async fn inbox(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Inbox>> {
    Ok(web::Json(service::inbox(&app, &actor, *patient, query.into_inner()).await?))
}

/// Mark an item as read
///
/// The first time counts; later ones change nothing.
#[utoipa::path(tag = "mail", responses((status = 204)))]
#[post("/patients/{patient}/inbox/{item}/read")]
async fn mark_read(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, InboxItemId)>,
) -> Result<HttpResponse> {
    let (patient, item) = path.into_inner();
    service::mark_read(&app, &actor, patient, item).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What a patient sent
///
/// Newest first: appointment requests, with where they stand.
#[utoipa::path(tag = "mail", params(PageQuery), responses((status = 200, body = Page<SentItem>)))]
#[get("/patients/{patient}/sent")]
async fn sent(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<SentItem>>> {
    Ok(web::Json(service::sent(&app, &actor, *patient, query.into_inner()).await?))
}
