//! The operations on e-mails about news.

use actix_web::{HttpResponse, get, post, web};
use portal_domain::{
    ids::PatientId,
    notifications::{MailView, Unsubscribe},
    page::{Page, PageQuery},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{app::App, error::Result, platform::auth::Actor};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(unsubscribe).service(mails);
}

/// End e-mails about news
///
/// By the link of such a mail, also by a mail program's own button (RFC 8058): a body is not looked at. Security notices
/// go on. Choices are made anew in the account's settings.
#[utoipa::path(tag = "notifications", params(Unsubscribe), responses((status = 204)), security(()))]
#[post("/unsubscribe")]
async fn unsubscribe(app: web::Data<App>, link: web::Query<Unsubscribe>) -> Result<HttpResponse> {
    service::unsubscribe(&app, &link).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// E-mails to a patient
///
/// What each was about, where it stands and why; never what it says. For staff who help with accounts.
#[utoipa::path(tag = "notifications", params(PageQuery), responses((status = 200, body = Page<MailView>)))]
#[get("/patients/{patient}/mails")]
async fn mails(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<MailView>>> {
    Ok(web::Json(service::mails(&app, &actor, *patient, query.into_inner()).await?))
}
