//! The library and its workshop.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use portal_domain::{
    education::{
        EducationAssignment, EducationContent, EducationEntry, EducationFile, EducationReading,
        EducationSummary, EducationView, LibraryQuery, NewEducationAssignment, Preview, PreviewText,
        ReadingQuery,
    },
    ids::{EducationFileId, EducationId, PatientId},
    page::{Page, PageQuery},
    problem::Code,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{assignments, files, library, service};
use crate::{
    app::App,
    error::Result,
    platform::{
        auth::Actor,
        etag::{self, IfMatch},
        extract::Json,
        files::attachment,
        idempotency::IdempotencyKey,
    },
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(create).service(preview).service(open).service(save).service(publish);
    config.service(retire).service(upload).service(find).service(read).service(download);
    config.service(assigned).service(assign).service(take_back).service(mark_read);
}

fn answer(view: &EducationView) -> HttpResponse {
    HttpResponse::Ok().insert_header(etag::tag(view.version)).json(view)
}

/// Every education item, drafts and retired ones too
///
/// The newest first. For those who write the library: nurses, providers and administrators.
#[utoipa::path(tag = "education", params(PageQuery), responses((status = 200, body = Page<EducationEntry>)))]
#[get("/education")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<EducationEntry>>> {
    Ok(web::Json(service::list(&app, &actor, query.into_inner()).await?))
}

/// Write a new item
///
/// A draft: nobody reads it before it is published.
#[utoipa::path(tag = "education", responses((status = 201, body = EducationView)))]
#[post("/education")]
async fn create(
    app: web::Data<App>,
    actor: Actor,
    key: IdempotencyKey,
    body: Json<EducationContent>,
) -> Result<HttpResponse> {
    let once = key.of(&body.0)?;
    let view = service::create(&app, &actor, body.0, once).await?;
    Ok(HttpResponse::Created().insert_header(etag::tag(view.version)).json(view))
}

/// See how a text will look
///
/// Changes nothing.
#[utoipa::path(tag = "education", responses((status = 200, body = Preview)))]
#[post("/education-preview")]
async fn preview(app: web::Data<App>, actor: Actor, body: Json<PreviewText>) -> Result<web::Json<Preview>> {
    Ok(web::Json(service::preview(&app, &actor, body.0).await?))
}

/// One item with its draft and every published version
///
/// The ETag is the version that an edit names.
#[utoipa::path(tag = "education", responses((status = 200, body = EducationView)))]
#[get("/education/{education}")]
async fn open(app: web::Data<App>, actor: Actor, id: web::Path<EducationId>) -> Result<HttpResponse> {
    Ok(answer(&service::open(&app, &actor, *id).await?))
}

/// Save the draft
///
/// Readers keep what is published. Files that neither the draft nor any version names are thrown away.
#[utoipa::path(tag = "education", responses((status = 200, body = EducationView)))]
#[put("/education/{education}")]
async fn save(
    app: web::Data<App>,
    actor: Actor,
    id: web::Path<EducationId>,
    seen: IfMatch,
    body: Json<EducationContent>,
) -> Result<HttpResponse> {
    Ok(answer(&service::save(&app, &actor, *id, body.0, seen).await?))
}

/// Publish the draft
///
/// As the next version; every version is kept. A retired item stands in the library again.
#[utoipa::path(tag = "education", responses((status = 200, body = EducationView)))]
#[post("/education/{education}/publish")]
async fn publish(
    app: web::Data<App>,
    actor: Actor,
    id: web::Path<EducationId>,
    seen: IfMatch,
) -> Result<HttpResponse> {
    Ok(answer(&service::publish(&app, &actor, *id, seen).await?))
}

/// Take an item out of the library
///
/// Nobody reads it any more, and its news goes out of every inbox. Publishing puts it back.
#[utoipa::path(tag = "education", responses((status = 200, body = EducationView)))]
#[post("/education/{education}/retire")]
async fn retire(
    app: web::Data<App>,
    actor: Actor,
    id: web::Path<EducationId>,
    seen: IfMatch,
) -> Result<HttpResponse> {
    Ok(answer(&service::retire(&app, &actor, *id, seen).await?))
}

/// What a file is called.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Named {
    /// With an ending that says what it is, such as `diary.pdf`; at most 200 characters.
    name: String,
}

/// Upload a file to an item
///
/// The body is the file: at most 6 MiB, of a kind that messages take, and what its name's ending says. Nobody has it
/// before a draft that names it is published.
#[utoipa::path(
    tag = "education",
    params(Named),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses((status = 201, body = EducationFile))
)]
#[post("/education/{education}/files")]
async fn upload(
    app: web::Data<App>,
    actor: Actor,
    id: web::Path<EducationId>,
    named: web::Query<Named>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse> {
    if request.headers().get("content-type").is_none_or(|kind| kind != "application/octet-stream") {
        return Err(Code::UnsupportedMediaType.into());
    }
    let kept = files::upload(&app, &actor, *id, named.into_inner().name, body).await?;
    Ok(HttpResponse::Created().json(kept))
}

/// The library
///
/// What is published, the newest first: of one topic, with these words, or what explains a code. For everybody who is
/// signed in.
#[utoipa::path(tag = "education", params(LibraryQuery), responses((status = 200, body = Page<EducationSummary>)))]
#[get("/library")]
async fn find(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<LibraryQuery>,
) -> Result<web::Json<Page<EducationSummary>>> {
    Ok(web::Json(library::list(&app, &actor, query.into_inner()).await?))
}

/// Read an item
///
/// In the language asked for, else the account's, else the item's first. What was never published or is retired is 404.
#[utoipa::path(tag = "education", params(ReadingQuery), responses((status = 200, body = EducationReading)))]
#[get("/library/{education}")]
async fn read(
    app: web::Data<App>,
    actor: Actor,
    id: web::Path<EducationId>,
    query: web::Query<ReadingQuery>,
) -> Result<web::Json<EducationReading>> {
    Ok(web::Json(library::read(&app, &actor, *id, query.into_inner().language).await?))
}

/// A file of an item
///
/// To be saved, never shown. Readers get those of the published version, writers any.
#[utoipa::path(
    tag = "education",
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>))
)]
#[get("/library/{education}/files/{file}")]
async fn download(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(EducationId, EducationFileId)>,
) -> Result<HttpResponse> {
    let (item, id) = path.into_inner();
    let (name, kind, bytes) = files::download(&app, &actor, item, id).await?;
    attachment(&name, kind, bytes)
}

/// What was assigned to a patient
///
/// The newest first, with whether the patient opened it. Patients do not see what was retired since.
#[utoipa::path(tag = "education", responses((status = 200, body = Vec<EducationAssignment>)))]
#[get("/patients/{patient}/education")]
async fn assigned(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
) -> Result<web::Json<Vec<EducationAssignment>>> {
    Ok(web::Json(assignments::list(&app, &actor, *patient).await?))
}

/// Assign an item to a patient
///
/// It arrives in the inbox, once. Answers all that is assigned.
#[utoipa::path(tag = "education", responses((status = 200, body = Vec<EducationAssignment>)))]
#[post("/patients/{patient}/education")]
async fn assign(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    key: IdempotencyKey,
    body: Json<NewEducationAssignment>,
) -> Result<web::Json<Vec<EducationAssignment>>> {
    let once = key.of(&body.0)?;
    Ok(web::Json(assignments::assign(&app, &actor, *patient, body.0, once).await?))
}

/// Take an assignment back
///
/// It goes out of the inbox. The item stays in the library.
#[utoipa::path(tag = "education", responses((status = 204)))]
#[delete("/patients/{patient}/education/{education}")]
async fn take_back(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, EducationId)>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    assignments::take_back(&app, &actor, patient, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Keep that an assigned item was opened
///
/// The first time counts; later ones change nothing. Its inbox item counts as read too.
#[utoipa::path(tag = "education", responses((status = 204)))]
#[post("/patients/{patient}/education/{education}/read")]
async fn mark_read(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, EducationId)>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    assignments::mark_read(&app, &actor, patient, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
