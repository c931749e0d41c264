//! What the billing system sends, and what billing staff do.

use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web};
use portal_domain::{
    billing::{
        BalanceView, BillingImport, CloseQuery, DailyClose, MAX_FILE, NewBillingLines, NewDeskPayment,
        NewRefund, NewVoid, NewWriteOff, PaymentView, Reconciliation, WriteOffDecision, WriteOffView,
    },
    ids::{LedgerTransactionId, PatientId, PaymentId, WriteOffId},
    page::{Page, PageQuery},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{intake, refunds, staff};
use crate::{
    app::App,
    error::Result,
    platform::{
        auth::Actor,
        extract::{self, Json},
        idempotency::IdempotencyKey,
    },
};

/// The operations of this part.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(post_lines).service(upload).service(balances).service(take_payment).service(void);
    config.service(ask_write_off).service(write_offs).service(decide_write_off);
    config.service(daily_close).service(daily_close_table).service(reconcile);
    config.service(refund);
}

/// Post lines of the billing system
///
/// Charges, what waits for an insurer, what insurers paid and left to the patient, adjustments: 1 to 200 lines, each kept
/// whole or not at all and told for itself. The same id again changes nothing. Needs the scope `billing:write`, or the role
/// billing.
#[utoipa::path(tag = "billing", operation_id = "post", responses((status = 200, body = BillingImport)))]
#[post("/billing/lines")]
async fn post_lines(
    app: web::Data<App>,
    actor: Actor,
    body: Json<NewBillingLines>,
) -> Result<web::Json<BillingImport>> {
    Ok(web::Json(intake::post(&app, &actor, body.0).await?))
}

/// Post the lines of a file
///
/// Comma-separated (RFC 4180), UTF-8, at most 1 MiB and 5,000 rows below the header
/// `id,mrn,birth_date,kind,amount,currency,date,description,statement,guarantor_mrn,guarantor_birth_date`.
#[utoipa::path(
    tag = "billing",
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = BillingImport))
)]
#[post("/billing/files")]
async fn upload(
    app: web::Data<App>,
    actor: Actor,
    request: HttpRequest,
    body: web::Payload,
) -> Result<web::Json<BillingImport>> {
    intake::check(&app, &actor).await?;
    let bytes = extract::body(&request, body.into_inner(), &["text/csv"], MAX_FILE).await?;
    Ok(web::Json(intake::upload(&app, &actor, bytes).await?))
}

/// The practice's balances
///
/// What changed last first. For billing staff.
#[utoipa::path(tag = "billing", params(PageQuery), responses((status = 200, body = Page<BalanceView>)))]
#[get("/billing/balances")]
async fn balances(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<BalanceView>>> {
    Ok(web::Json(staff::balances(&app, &actor, query.into_inner()).await?))
}

/// Post money that was taken at the desk
///
/// Cash or a check, never more than is owed. The receipt arrives in the inbox.
#[utoipa::path(tag = "billing", responses((status = 201, body = PaymentView)))]
#[post("/patients/{patient}/billing/desk-payments")]
async fn take_payment(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    key: IdempotencyKey,
    body: Json<NewDeskPayment>,
) -> Result<HttpResponse> {
    let view = staff::take_payment(&app, &actor, *patient, body.0.clone(), key.of(&body.0)?).await?;
    Ok(HttpResponse::Created().json(view))
}

/// Take a payment at the desk back
///
/// One that was entered by mistake. The ledger keeps both.
#[utoipa::path(tag = "billing", responses((status = 200, body = PaymentView)))]
#[post("/patients/{patient}/billing/lines/{transaction}/void")]
async fn void(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, LedgerTransactionId)>,
    key: IdempotencyKey,
    body: Json<NewVoid>,
) -> Result<web::Json<PaymentView>> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    Ok(web::Json(staff::void(&app, &actor, patient, id, body.0, once).await?))
}

/// Ask for a write-off
///
/// Somebody else decides.
#[utoipa::path(tag = "billing", responses((status = 201, body = WriteOffView)))]
#[post("/patients/{patient}/billing/write-offs")]
async fn ask_write_off(
    app: web::Data<App>,
    actor: Actor,
    patient: web::Path<PatientId>,
    key: IdempotencyKey,
    body: Json<NewWriteOff>,
) -> Result<HttpResponse> {
    let view = staff::ask_write_off(&app, &actor, *patient, body.0.clone(), key.of(&body.0)?).await?;
    Ok(HttpResponse::Created().json(view))
}

/// Write-offs that wait
///
/// The longest waiting first. For those who may decide.
#[utoipa::path(tag = "billing", params(PageQuery), responses((status = 200, body = Page<WriteOffView>)))]
#[get("/billing/write-offs")]
async fn write_offs(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<PageQuery>,
) -> Result<web::Json<Page<WriteOffView>>> {
    Ok(web::Json(staff::write_offs(&app, &actor, query.into_inner()).await?))
}

/// Decide about a write-off
///
/// Never the one who asked for it (409 `second_person`).
#[utoipa::path(tag = "billing", responses((status = 200, body = WriteOffView)))]
#[post("/patients/{patient}/billing/write-offs/{write_off}/decide")]
async fn decide_write_off(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, WriteOffId)>,
    key: IdempotencyKey,
    body: Json<WriteOffDecision>,
) -> Result<web::Json<WriteOffView>> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    Ok(web::Json(staff::decide_write_off(&app, &actor, patient, id, body.0, once).await?))
}

/// What was posted on a day
///
/// By kind, with what the drawer and the gateway must hold.
#[utoipa::path(tag = "billing", params(CloseQuery), responses((status = 200, body = DailyClose)))]
#[get("/billing/daily-close")]
async fn daily_close(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<CloseQuery>,
) -> Result<web::Json<DailyClose>> {
    Ok(web::Json(staff::daily_close(&app, &actor, query.into_inner()).await?))
}

/// What was posted on a day, as a table
///
/// Comma-separated (RFC 4180).
#[utoipa::path(tag = "billing", params(CloseQuery), responses((status = 200, body = String, content_type = "text/csv")))]
#[get("/billing/daily-close.csv")]
async fn daily_close_table(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<CloseQuery>,
) -> Result<HttpResponse> {
    let table = staff::daily_close_table(&app, &actor, query.into_inner()).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"daily-close.csv\""))
        .body(table))
}

/// The day's payments in the ledger and at the gateway
///
/// Those that were begun on the day, for each gateway that is set up, with what differs. The gateway is asked; 503 while it
/// does not answer.
#[utoipa::path(tag = "billing", params(CloseQuery), responses((status = 200, body = Vec<Reconciliation>)))]
#[get("/billing/reconciliation")]
async fn reconcile(
    app: web::Data<App>,
    actor: Actor,
    query: web::Query<CloseQuery>,
) -> Result<web::Json<Vec<Reconciliation>>> {
    Ok(web::Json(super::reconcile::reconcile(&app, &actor, query.into_inner()).await?))
}

/// Give money back
///
/// A part of a payment by card, or all of it, through the gateway. The patient is told in the inbox.
#[utoipa::path(tag = "payments", responses((status = 200, body = PaymentView)))]
#[post("/patients/{patient}/payments/{payment}/refund")]
async fn refund(
    app: web::Data<App>,
    actor: Actor,
    path: web::Path<(PatientId, PaymentId)>,
    key: IdempotencyKey,
    body: Json<NewRefund>,
) -> Result<web::Json<PaymentView>> {
    let (patient, id) = path.into_inner();
    let once = key.of(&body.0)?;
    Ok(web::Json(refunds::refund(&app, &actor, patient, id, body.0, once).await?))
}
