//! Taking in bundles.

use actix_web::{HttpRequest, http::header, post, web};
use futures_util::StreamExt;
use portal_domain::{fhir::MAX_BUNDLE_BYTES, integrations::ImportView, problem::Code};
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, body_deadline, idempotency::IdempotencyKey, secret},
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
    let bytes = whole(&request, body).await?;
    let once = key.of(&secret::hash(&bytes))?;
    Ok(web::Json(service::import_by_api(&app, &actor, bytes, once).await?))
}

/// The body, up to the largest bundle that is read.
async fn whole(request: &HttpRequest, mut body: web::Payload) -> Result<Vec<u8>> {
    let value = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let kind = value(header::CONTENT_TYPE).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !["application/fhir+json", "application/json"].contains(&kind) {
        return Err(Code::UnsupportedMediaType.into());
    }
    let announced =
        value(header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok()).unwrap_or(0);
    if announced > MAX_BUNDLE_BYTES {
        return Err(Code::PayloadTooLarge.into());
    }
    let mut bytes = Vec::with_capacity(announced);
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|why| body_deadline::broken(&why))?;
        if bytes.len() + chunk.len() > MAX_BUNDLE_BYTES {
            return Err(Code::PayloadTooLarge.into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
