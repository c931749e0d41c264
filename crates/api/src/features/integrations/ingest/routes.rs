//! Taking in bundles.

use actix_web::{HttpRequest, post, web};
use portal_domain::{fhir::MAX_BUNDLE_BYTES, integrations::ImportView};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, extract, idempotency::IdempotencyKey, secret},
};

/// The operations of this part.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(import);
}

/// Import a FHIR bundle
///
/// A FHIR R4 bundle of type `transaction`, `batch` or `collection`, at most 32 MiB of JSON, kept as a whole or
/// not at all. Each entry is told as `created`, `updated`, `unchanged` or `ignored` with a reason; when any is
/// invalid nothing is kept and the answer is 422 with each mistake, its entry and its path. Sending the same
/// bundle twice changes nothing. Laboratory results wait for release by a provider. Needs the scope
/// `charts:write`, or the role records or admin.
#[utoipa::path(
    tag = "integrations",
    request_body(content = Object, content_type = "application/fhir+json", description = "A Bundle of FHIR R4"),
    responses((status = 200, body = ImportView))
)]
#[post("/fhir/bundles")]
async fn import(
    app: web::Data<App>,
    actor: Actor,
    key: IdempotencyKey,
    request: HttpRequest,
    body: web::Payload,
) -> Result<web::Json<ImportView>> {
    service::check(&app, &actor).await?;
    let kinds = ["application/fhir+json", "application/json"];
    let bytes = extract::body(&request, body.into_inner(), &kinds, MAX_BUNDLE_BYTES).await?;
    let once = key.of(&secret::hash(&bytes))?;
    Ok(web::Json(service::import_by_api(&app, &actor, bytes, once).await?))
}
