//! Files of drafts and messages.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use portal_domain::{
    ids::{AttachmentId, DraftId, PatientId},
    messages::AttachmentView,
    problem::Code,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::attachments;
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, files},
};

/// The operations on files.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(upload).service(remove_attachment).service(download);
}

/// What a file is called.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Named {
    /// With an ending that says what it is, such as `scan.pdf`; at most 200 characters.
    name: String,
}

/// Attach a file to a draft
///
/// The body is the file. At most 4 files of 6 MiB, 10 MiB together; the content must be what the name's ending says.
#[utoipa::path(
    tag = "messages",
    params(Named),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses((status = 201, body = AttachmentView))
)]
#[post("/patients/{patient}/drafts/{draft}/attachments")]
async fn upload(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, DraftId)>,
    named: web::Query<Named>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse> {
    if request.headers().get("content-type").is_none_or(|kind| kind != "application/octet-stream") {
        return Err(Code::UnsupportedMediaType.into());
    }
    let (patient, draft) = path.into_inner();
    let name = named.into_inner().name;
    let kept = attachments::upload(&app, &actor, patient, draft, name, body).await?;
    Ok(HttpResponse::Created().json(kept))
}

/// Take a file off a draft
///
/// Its bytes go with it.
#[utoipa::path(tag = "messages", responses((status = 204)))]
#[delete("/patients/{patient}/drafts/{draft}/attachments/{attachment}")]
async fn remove_attachment(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, DraftId, AttachmentId)>,
) -> Result<HttpResponse> {
    let (patient, draft, id) = path.into_inner();
    attachments::remove(&app, &actor, patient, draft, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A file
///
/// To be saved, never shown: of the own draft, or of a message that the reader may see.
#[utoipa::path(
    tag = "messages",
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>))
)]
#[get("/patients/{patient}/attachments/{attachment}")]
async fn download(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, AttachmentId)>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let (name, kind, bytes) = attachments::download(&app, &actor, patient, id).await?;
    files::attachment(&name, kind, bytes)
}
