//! Care teams, templates and absences.

use actix_web::{HttpResponse, delete, get, post, put, web};
use portal_domain::{
    ids::{PatientId, TeamId, TemplateId},
    messages::{
        CareTeamView, CoverView, NewCover, StaffName, TeamChoice, TeamEdit, TemplateText, TemplateView,
    },
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{
    app::App,
    error::Result,
    platform::{
        auth::Actor,
        etag::{self, IfMatch},
        extract::Json,
        idempotency::IdempotencyKey,
    },
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(choices).service(list).service(add).service(change);
    config.service(templates).service(add_template).service(change_template).service(remove_template);
    config.service(covers).service(cover_choices).service(set_cover).service(end_cover);
}

/// The care teams to write to
///
/// In plain words: what each answers, where, and how soon.
#[utoipa::path(tag = "messages", responses((status = 200, body = Vec<TeamChoice>)))]
#[get("/patients/{patient}/care-teams")]
async fn choices(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
) -> Result<web::Json<Vec<TeamChoice>>> {
    Ok(web::Json(service::choices(&app, &actor, *patient).await?))
}

/// Every care team
///
/// With members and policy. For administrators.
#[utoipa::path(tag = "care_teams", responses((status = 200, body = Vec<CareTeamView>)))]
#[get("/care-teams")]
async fn list(app: web::Data<App>, actor: Actor) -> Result<web::Json<Vec<CareTeamView>>> {
    Ok(web::Json(service::list(&app, &actor).await?))
}

/// Make a care team
///
/// For administrators. Members need a role that fits the category.
#[utoipa::path(tag = "care_teams", responses((status = 201, body = CareTeamView)))]
#[post("/care-teams")]
async fn add(
    app: web::Data<App>,
    actor: Actor,
    key: IdempotencyKey,
    body: Json<TeamEdit>,
) -> Result<HttpResponse> {
    let once = key.of(&body.0)?;
    let made = service::add(&app, &actor, body.0, once).await?;
    Ok(HttpResponse::Created().insert_header(etag::tag(made.version)).json(made))
}

/// Change a care team
///
/// For administrators. A closed team takes no new messages; what waits in its queue stays.
#[utoipa::path(tag = "care_teams", responses((status = 200, body = CareTeamView)))]
#[put("/care-teams/{team}")]
async fn change(
    app: web::Data<App>,
    actor: Actor,
    team: web::Path<TeamId>,
    seen: IfMatch,
    body: Json<TeamEdit>,
) -> Result<HttpResponse> {
    let changed = service::change(&app, &actor, *team, seen, body.0).await?;
    Ok(HttpResponse::Ok().insert_header(etag::tag(changed.version)).json(changed))
}

/// The templates
///
/// Those of the reader's teams.
#[utoipa::path(tag = "care_teams", responses((status = 200, body = Vec<TemplateView>)))]
#[get("/message-templates")]
async fn templates(app: web::Data<App>, actor: Actor) -> Result<web::Json<Vec<TemplateView>>> {
    Ok(web::Json(service::templates(&app, &actor).await?))
}

/// Add a template
///
/// To one of the own teams.
#[utoipa::path(tag = "care_teams", responses((status = 201, body = TemplateView)))]
#[post("/message-templates")]
async fn add_template(
    app: web::Data<App>,
    actor: Actor,
    key: IdempotencyKey,
    body: Json<TemplateText>,
) -> Result<HttpResponse> {
    let once = key.of(&body.0)?;
    let made = service::add_template(&app, &actor, body.0, once).await?;
    Ok(HttpResponse::Created().insert_header(etag::tag(made.version)).json(made))
}

/// Change a template
///
/// Messages that were sent with it stay as they are.
#[utoipa::path(tag = "care_teams", responses((status = 200, body = TemplateView)))]
#[put("/message-templates/{template}")]
async fn change_template(
    app: web::Data<App>,
    actor: Actor,
    template: web::Path<TemplateId>,
    seen: IfMatch,
    body: Json<TemplateText>,
) -> Result<HttpResponse> {
    let changed = service::change_template(&app, &actor, *template, seen, body.0).await?;
    Ok(HttpResponse::Ok().insert_header(etag::tag(changed.version)).json(changed))
}

/// Remove a template
///
/// Messages that were sent with it stay as they are.
#[utoipa::path(tag = "care_teams", responses((status = 204)))]
#[delete("/message-templates/{template}")]
async fn remove_template(
    app: web::Data<App>,
    actor: Actor,
    template: web::Path<TemplateId>,
) -> Result<HttpResponse> {
    service::remove_template(&app, &actor, *template).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Who is away
///
/// Absences in the reader's teams that have not ended.
#[utoipa::path(tag = "care_teams", responses((status = 200, body = Vec<CoverView>)))]
#[get("/message-cover")]
async fn covers(app: web::Data<App>, actor: Actor) -> Result<web::Json<Vec<CoverView>>> {
    Ok(web::Json(service::covers(&app, &actor).await?))
}

/// Who may look after the own work
///
/// The colleagues who work in all of the reader's teams.
#[utoipa::path(tag = "care_teams", responses((status = 200, body = Vec<StaffName>)))]
#[get("/message-cover/choices")]
async fn cover_choices(app: web::Data<App>, actor: Actor) -> Result<web::Json<Vec<StaffName>>> {
    Ok(web::Json(service::cover_choices(&app, &actor).await?))
}

/// Enter the own absence
///
/// In place of an earlier one. Meanwhile the own items show in the colleague's queue.
#[utoipa::path(tag = "care_teams", responses((status = 200, body = CoverView)))]
#[put("/message-cover")]
async fn set_cover(app: web::Data<App>, actor: Actor, body: Json<NewCover>) -> Result<web::Json<CoverView>> {
    Ok(web::Json(service::set_cover(&app, &actor, body.0).await?))
}

/// End the own absence
///
/// Nothing happens when there is none.
#[utoipa::path(tag = "care_teams", responses((status = 204)))]
#[delete("/message-cover")]
async fn end_cover(app: web::Data<App>, actor: Actor) -> Result<HttpResponse> {
    service::end_cover(&app, &actor).await?;
    Ok(HttpResponse::NoContent().finish())
}
