//! What patients do with their bills, and what the gateway says.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use portal_domain::{
    billing::{BillingView, LedgerLine, NewPayment, PaymentView, StatementView, YearView},
    ids::{PatientId, PaymentId, StatementId},
    page::{Page, PageQuery},
    problem::Code,
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{dispute_routes, methods, papers, paying, plans, receivable_routes, service, staff_routes};
use crate::{
    app::App,
    error::{Error, Result},
    platform::{
        auth::Actor,
        extract::{self, Json},
        files::saved,
        idempotency::IdempotencyKey,
    },
};

type OfPatient = web::Path<(PatientId, PaymentId)>;
const PDF: &str = "application/pdf";
/// The largest message of a gateway, in bytes.
const MAX_MESSAGE: usize = 64 * 1024;

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(summary).service(lines).service(statement).service(statement_pdf);
    config.service(year).service(year_pdf).service(receipt_pdf);
    config.service(pay).service(open).service(check).service(cancel);
    methods::routes(config);
    plans::routes(config);
    staff_routes::routes(config);
    dispute_routes::routes(config);
    receivable_routes::routes(config);
}

/// What a patient owes
///
/// The balance, what can be paid now, what insurers have not decided, and the statements.
#[utoipa::path(tag = "billing", responses((status = 200, body = BillingView)))]
#[get("/patients/{patient}/billing")]
async fn summary(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
) -> Result<web::Json<BillingView>> {
    Ok(web::Json(service::summary(&app, &actor, *patient).await?))
}

/// What was charged and paid
///
/// Every transaction of the patient's account, the newest first.
#[utoipa::path(tag = "billing", params(PageQuery), responses((status = 200, body = Page<LedgerLine>)))]
#[get("/patients/{patient}/billing/lines")]
async fn lines(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<LedgerLine>>> {
    Ok(web::Json(service::lines(&app, &actor, *patient, query.into_inner()).await?))
}

/// One statement
///
/// With its lines and what is open of it.
#[utoipa::path(tag = "billing", responses((status = 200, body = StatementView)))]
#[get("/patients/{patient}/statements/{statement}")]
async fn statement(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, StatementId)>,
) -> Result<web::Json<StatementView>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(service::statement(&app, &actor, patient, id).await?))
}

/// A statement on paper
///
/// A tagged PDF (PDF/UA-1).
#[utoipa::path(tag = "billing", responses((status = 200, body = String, content_type = "application/pdf")))]
#[get("/patients/{patient}/statements/{statement}/pdf")]
async fn statement_pdf(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, StatementId)>,
) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    saved("statement.pdf", PDF, papers::statement_pdf(&app, &actor, patient, id).await?)
}

/// A year for tax
///
/// What was paid, what came back and what was charged in a calendar year, by the days of the lines.
#[utoipa::path(tag = "billing", responses((status = 200, body = YearView)))]
#[get("/patients/{patient}/billing/years/{year}")]
async fn year(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, i32)>,
) -> Result<web::Json<YearView>> {
    let (patient, of) = path.into_inner();
    Ok(web::Json(papers::year(&app, &actor, patient, of).await?))
}

/// A year for tax on paper
///
/// A tagged PDF (PDF/UA-1).
#[utoipa::path(tag = "billing", responses((status = 200, body = String, content_type = "application/pdf")))]
#[get("/patients/{patient}/billing/years/{year}/pdf")]
async fn year_pdf(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, i32)>,
) -> Result<HttpResponse> {
    let (patient, of) = path.into_inner();
    saved(&format!("payments-{of}.pdf"), PDF, papers::year_pdf(&app, &actor, patient, of).await?)
}

/// A receipt on paper
///
/// Of a payment online or at the desk, as a tagged PDF (PDF/UA-1); 409 while it is not paid.
#[utoipa::path(tag = "payments", responses((status = 200, body = String, content_type = "application/pdf")))]
#[get("/patients/{patient}/payments/{payment}/receipt.pdf")]
async fn receipt_pdf(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<HttpResponse> {
    let (patient, id) = path.into_inner();
    saved("receipt.pdf", PDF, papers::receipt_pdf(&app, &actor, patient, id).await?)
}

/// Begin a payment
///
/// All that is payable, what is open of a statement, or a part; never more. `pay_at` is the gateway's page, which asks for
/// the card; the amount is held meanwhile.
#[utoipa::path(tag = "payments", responses((status = 201, body = PaymentView)))]
#[post("/patients/{patient}/payments")]
async fn pay(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    key: IdempotencyKey,
    body: Json<NewPayment>,
) -> Result<HttpResponse> {
    let view = paying::pay(&app, &actor, *patient, body.0, key.of(&body.0)?).await?;
    Ok(HttpResponse::Created().json(view))
}

/// One payment
///
/// Online or at the desk: what its receipt says.
#[utoipa::path(tag = "payments", responses((status = 200, body = PaymentView)))]
#[get("/patients/{patient}/payments/{payment}")]
async fn open(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<web::Json<PaymentView>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(paying::open(&app, &actor, patient, id).await?))
}

/// Ask the gateway where a payment stands
///
/// And write that down. May be repeated: a payment is written down once.
#[utoipa::path(tag = "payments", responses((status = 200, body = PaymentView)))]
#[post("/patients/{patient}/payments/{payment}/check")]
async fn check(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<web::Json<PaymentView>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(paying::check(&app, &actor, patient, id).await?))
}

/// Give a payment up
///
/// One that nobody has paid. When it was paid in the same moment, the answer says so.
#[utoipa::path(tag = "payments", responses((status = 200, body = PaymentView)))]
#[post("/patients/{patient}/payments/{payment}/cancel")]
async fn cancel(app: web::Data<App>, actor: Actor, path: OfPatient) -> Result<web::Json<PaymentView>> {
    let (patient, id) = path.into_inner();
    Ok(web::Json(paying::cancel(&app, &actor, patient, id).await?))
}

/// A message of the payment gateway, signed by it: the portal then asks the gateway about that payment. No part of the
/// contract, since nobody else can send one.
pub async fn gateway_event(
    app: web::Data<App>,
    gateway: web::Path<String>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse> {
    let gateway = app.gateways.named(&gateway).ok_or(Error::from(Code::NotFound))?;
    let bytes = extract::body(&request, body.into_inner(), &["application/json"], MAX_MESSAGE).await?;
    let signature = request.headers().get(gateway.signature_header()).and_then(|value| value.to_str().ok());
    paying::heard(&app, gateway, signature.unwrap_or_default(), &bytes).await?;
    Ok(HttpResponse::NoContent().finish())
}
