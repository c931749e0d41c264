//! Families and access, for patients and staff.

use actix_web::{HttpRequest, HttpResponse, get, http::header, post, put, web};
use portal_domain::{
    access::AgePolicy,
    dependents::{
        AgePolicyView, DependentApproval, DependentDenial, DependentQueueQuery, DependentRequestView,
        DependentView, InviteAcceptance, IssuedProxyInvite, NewDependent, NewDependentRequest,
        NewProxyInvite, ProxiesView, ProxyChange,
    },
    ids::{DependentRequestId, PatientId, ProxyGrantId, ProxyInviteId},
    page::{Page, PageQuery},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{ages, asking, invites, service};
use crate::{
    app::App,
    error::Result,
    platform::{
        auth::Actor,
        etag::{self, IfMatch},
        extract::Json,
        idempotency::IdempotencyKey,
        origin,
    },
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list).service(add).service(accept).service(leave);
    config.service(proxies).service(change).service(revoke).service(invite).service(withdraw_invite);
    config.service(queue).service(requests).service(request).service(open_request);
    config.service(approve).service(deny).service(policy).service(change_policy);
}

/// Whom a patient's account looks after
///
/// What each grant gives today, category by category. The own list, or for staff any.
#[utoipa::path(tag = "dependents", responses((status = 200, body = Vec<DependentView>)))]
#[get("/patients/{patient}/dependents")]
async fn list(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
) -> Result<web::Json<Vec<DependentView>>> {
    Ok(web::Json(service::dependents(&app, &actor, *patient).await?))
}

/// Look after somebody by their enrolment token
///
/// With the token go date of birth and last name; every failure gets the same answer, and five burn the token. It is used
/// up. Asks for a password or passkey just given (SEC-5).
#[utoipa::path(tag = "dependents", responses((status = 201, body = DependentView)))]
#[post("/patients/{patient}/dependents")]
async fn add(
    app: web::Data<App>,
    actor: Actor,
    http: HttpRequest,
    patient: web::Path<PatientId>,
    body: Json<NewDependent>,
) -> Result<HttpResponse> {
    let from = origin::address_text(&http, &app.settings);
    Ok(HttpResponse::Created().json(service::add(&app, &actor, &from, *patient, body.0).await?))
}

/// Accept an invitation to look after somebody
///
/// Works once. Asks for a password or passkey just given (SEC-5).
#[utoipa::path(tag = "dependents", responses((status = 201, body = DependentView)))]
#[post("/patients/{patient}/dependents/accept")]
async fn accept(
    app: web::Data<App>,
    actor: Actor,
    http: HttpRequest,
    patient: web::Path<PatientId>,
    body: Json<InviteAcceptance>,
) -> Result<HttpResponse> {
    let from = origin::address_text(&http, &app.settings);
    Ok(HttpResponse::Created().json(invites::accept(&app, &actor, &from, *patient, body.0).await?))
}

/// Look after somebody no longer
///
/// Whoever looks after somebody ends it; both sides are told.
#[utoipa::path(tag = "dependents", responses((status = 204)))]
#[post("/patients/{patient}/dependents/{proxy}/leave")]
async fn leave(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, ProxyGrantId)>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    service::leave(&app, &actor, patient, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Who looks after a patient
///
/// With what each may do today, and the invitations that are open. The own list, or for staff any.
#[utoipa::path(tag = "dependents", responses((status = 200, body = ProxiesView)))]
#[get("/patients/{patient}/proxies")]
async fn proxies(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
) -> Result<web::Json<ProxiesView>> {
    Ok(web::Json(service::proxies(&app, &actor, *patient).await?))
}

/// Change what somebody may do for a patient
///
/// By a grown patient, who gave password or passkey just now, or by staff. It counts from the next request on.
#[utoipa::path(tag = "dependents", responses((status = 200, body = ProxiesView)))]
#[put("/patients/{patient}/proxies/{proxy}")]
async fn change(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, ProxyGrantId)>,
    seen: IfMatch,
    body: Json<ProxyChange>,
) -> Result<web::Json<ProxiesView>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(service::change(&app, &actor, patient, id, seen, body.0).await?))
}

/// Revoke what somebody may do for a patient
///
/// By a grown patient or by staff. It counts from the next request on.
#[utoipa::path(tag = "dependents", responses((status = 200, body = ProxiesView)))]
#[post("/patients/{patient}/proxies/{proxy}/revoke")]
async fn revoke(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, ProxyGrantId)>,
) -> Result<web::Json<ProxiesView>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(service::revoke(&app, &actor, patient, id).await?))
}

/// Invite somebody to look after you
///
/// For grown patients, by a code that is shown this once, or by a link that goes by e-mail and names nobody; whoever accepts
/// that has the last name which the patient wrote. It lives seven days and works once. Asks for a password or passkey just
/// given (SEC-5).
#[utoipa::path(tag = "dependents", responses((status = 201, body = IssuedProxyInvite)))]
#[post("/patients/{patient}/proxy-invites")]
async fn invite(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    body: Json<NewProxyInvite>,
) -> Result<HttpResponse> {
    let issued = invites::invite(&app, &actor, *patient, body.0).await?;
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(issued))
}

/// Withdraw an invitation
///
/// While nobody has accepted it.
#[utoipa::path(tag = "dependents", responses((status = 204)))]
#[post("/patients/{patient}/proxy-invites/{proxy_invite}/withdraw")]
async fn withdraw_invite(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, ProxyInviteId)>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    invites::withdraw(&app, &actor, patient, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The practice's requests to look after somebody
///
/// Those of one state, longest waiting first. For staff.
#[utoipa::path(tag = "dependents", params(DependentQueueQuery), responses((status = 200, body = Page<DependentRequestView>)))]
#[get("/dependent-requests")]
async fn queue(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<DependentQueueQuery>,
) -> Result<web::Json<Page<DependentRequestView>>> {
    Ok(web::Json(asking::queue(&app, &actor, query.into_inner()).await?))
}

/// A patient's requests to look after somebody
///
/// Newest first, with the answers.
#[utoipa::path(tag = "dependents", params(PageQuery), responses((status = 200, body = Page<DependentRequestView>)))]
#[get("/patients/{patient}/dependent-requests")]
async fn requests(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<DependentRequestView>>> {
    Ok(web::Json(asking::list(&app, &actor, *patient, query.into_inner()).await?))
}

/// Ask to look after somebody
///
/// Staff check it; whether there is such a chart is not told. Asks for a password or passkey just given (SEC-5).
#[utoipa::path(tag = "dependents", responses((status = 201, body = DependentRequestView)))]
#[post("/patients/{patient}/dependent-requests")]
async fn request(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    key: IdempotencyKey,
    body: Json<NewDependentRequest>,
) -> Result<HttpResponse> {
    let view = asking::request(&app, &actor, *patient, body.0.clone(), key.of(&body.0)?).await?;
    Ok(HttpResponse::Created().insert_header(etag::tag(view.version)).json(view))
}

/// One request to look after somebody
///
/// The own one, or for staff any.
#[utoipa::path(tag = "dependents", responses((status = 200, body = DependentRequestView)))]
#[get("/patients/{patient}/dependent-requests/{dependent_request}")]
async fn open_request(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, DependentRequestId)>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    Ok(tagged(&asking::open(&app, &actor, patient, id).await?))
}

fn tagged(view: &DependentRequestView) -> HttpResponse {
    HttpResponse::Ok().insert_header(etag::tag(view.version)).json(view)
}

/// Approve a request to look after somebody
///
/// For the chart that staff found, with a level and a last day. Both sides are told.
#[utoipa::path(tag = "dependents", responses((status = 200, body = DependentRequestView)))]
#[post("/patients/{patient}/dependent-requests/{dependent_request}/approve")]
async fn approve(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, DependentRequestId)>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Json<DependentApproval>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    Ok(tagged(&asking::approve(&app, &actor, patient, id, body.0, seen, once).await?))
}

/// Deny a request to look after somebody
///
/// With a reason that the person reads.
#[utoipa::path(tag = "dependents", responses((status = 200, body = DependentRequestView)))]
#[post("/patients/{patient}/dependent-requests/{dependent_request}/deny")]
async fn deny(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, DependentRequestId)>,
    seen: IfMatch,
    key: IdempotencyKey,
    body: Json<DependentDenial>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    Ok(tagged(&asking::deny(&app, &actor, patient, id, body.0, seen, once).await?))
}

/// The policy for minors
///
/// What others may do for them, age by age. For administrators.
#[utoipa::path(tag = "dependents", responses((status = 200, body = AgePolicyView)))]
#[get("/practice/age-policy")]
async fn policy(app: web::Data<App>, actor: Actor) -> Result<HttpResponse> {
    let present = ages::open(&app, &actor).await?;
    Ok(HttpResponse::Ok().insert_header(etag::tag(present.version)).json(present))
}

/// Change the policy for minors
///
/// Every grant for a minor bends to it from the next request on.
#[utoipa::path(tag = "dependents", responses((status = 200, body = AgePolicyView)))]
#[put("/practice/age-policy")]
async fn change_policy(
    app: web::Data<App>,
    actor: Actor,
    seen: IfMatch,
    body: Json<AgePolicy>,
) -> Result<HttpResponse> {
    let changed = ages::change(&app, &actor, seen, body.0).await?;
    Ok(HttpResponse::Ok().insert_header(etag::tag(changed.version)).json(changed))
}
