//! Each request gets an id: in its answer's header, in a problem's body, in the audit trail and in the log.

use actix_web::{
    Error, HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
};
use uuid::Uuid;

use super::clock::new_id;

tokio::task_local! {
    static CURRENT: Uuid;
}

/// The header that carries it.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the request that this task works on.
pub fn current() -> Option<Uuid> {
    CURRENT.try_with(|id| *id).ok()
}

/// Middleware: makes the id and sends it along with the answer.
pub async fn middleware(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = new_id();
    request.extensions_mut().insert(id);
    CURRENT
        .scope(id, async move {
            let mut answer = next.call(request).await?;
            if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
                answer.headers_mut().insert(HEADER, value);
            }
            Ok(answer)
        })
        .await
}
