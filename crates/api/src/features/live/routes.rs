//! The stream of events (server-sent events, HTML standard 9.2).

use actix_web::{
    HttpResponse, get,
    http::header,
    web::{self, Bytes},
};
use futures_util::StreamExt;
use portal_domain::live::LiveQuery;
use utoipa_actix_web::service_config::ServiceConfig;

use super::service;
use crate::{
    app::App,
    error::{Error, Result},
    platform::auth::Actor,
};

/// The operations of this slice.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(events);
}

/// Hear that something is new
///
/// Server-sent events; the data of each is a `LiveEvent`, which names a kind and an id and never says more. The first one
/// is always `everything`, so whoever reconnects misses nothing. Asking is no use of the session, and the stream ends with
/// it. Eight streams an account.
#[utoipa::path(tag = "live", params(LiveQuery), responses(
    (status = 200, body = String, content_type = "text/event-stream", description = "The stream"),
))]
#[get("/events")]
async fn events(app: web::Data<App>, actor: Actor, query: web::Query<LiveQuery>) -> Result<HttpResponse> {
    let stream = service::events(&app, &actor, query.take).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        // A proxy that buffers would keep the news to itself.
        .insert_header(("X-Accel-Buffering", "no"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(stream.map(|text| Ok::<_, Error>(Bytes::from(text)))))
}
