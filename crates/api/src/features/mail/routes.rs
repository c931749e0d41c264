//! The mailbox.

use actix_web::{HttpResponse, get, post, web};
use portal_domain::{
    ids::{InboxItemId, PatientId},
    mail::{Inbox, InboxQuery, SentItem},
    page::Page,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{app::App, error::Result, platform::auth::Actor};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(inbox).service(mark_read).service(archive).service(unarchive).service(sent);
}

/// What arrived for a patient
///
/// A folder, newest first, with the number of unread items; with `q` only what holds these words.
#[utoipa::path(tag = "mail", params(InboxQuery), responses((status = 200, body = Inbox)))]
#[get("/patients/{patient}/inbox")]
async fn inbox(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<InboxQuery>,
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

/// Put an item away
///
/// It stands in the archive from then on.
#[utoipa::path(tag = "mail", responses((status = 204)))]
#[post("/patients/{patient}/inbox/{item}/archive")]
async fn archive(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, InboxItemId)>,
) -> Result<HttpResponse> {
    let (patient, item) = path.into_inner();
    service::archive(&app, &actor, patient, item, true).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Take an item out of the archive
///
/// It stands in the inbox again, where it was.
#[utoipa::path(tag = "mail", responses((status = 204)))]
#[post("/patients/{patient}/inbox/{item}/unarchive")]
async fn unarchive(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, InboxItemId)>,
) -> Result<HttpResponse> {
    let (patient, item) = path.into_inner();
    service::archive(&app, &actor, patient, item, false).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What a patient sent
///
/// Newest first: messages and appointment requests, with where they stand. With `q` only messages that hold these words.
#[utoipa::path(tag = "mail", params(InboxQuery), responses((status = 200, body = Page<SentItem>)))]
#[get("/patients/{patient}/sent")]
async fn sent(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<InboxQuery>,
) -> Result<web::Json<Page<SentItem>>> {
    Ok(web::Json(service::sent(&app, &actor, *patient, query.into_inner()).await?))
}
