//! The HTTP server: the slices' routes, what is true of every answer, and the contract that describes it.

use std::{net::TcpListener, time::Duration};

use actix_web::{
    App as ActixApp, Error, HttpRequest, HttpResponse, HttpServer, Resource, ResponseError,
    body::MessageBody,
    dev::{ServerHandle, ServiceRequest, ServiceResponse},
    guard,
    http::{
        ConnectionType,
        header::{self, HeaderName, HeaderValue},
    },
    middleware::{Next, from_fn},
    web::{self, Data},
};
use portal_domain::problem::{Code, Problem};
use utoipa_actix_web::{AppExt, scope};

use crate::{
    app::App,
    contract,
    error::Result,
    features,
    platform::{body_deadline, db, extract, limits, request_id, spa},
};

/// How long a stopping server lets requests finish.
const FAREWELL: Duration = Duration::from_secs(6);

/// A server that listens; await it to serve.
pub struct Listening {
    /// Where it listens (the port that was found, when 0 was asked for).
    pub address: std::net::SocketAddr,
    /// Stops it.
    pub handle: ServerHandle,
    server: actix_web::dev::Server,
}

impl Listening {
    /// Serves until it is stopped.
    pub async fn serve(self) -> std::io::Result<()> {
        self.server.await
    }
}

/// Binds the address of the settings and builds the server.
pub fn listen(app: &App) -> Result<Listening> {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    listen_on(app, TcpListener::bind(app.settings.address)?, cores)
}

/// Builds a server on a socket that is bound already.
pub fn listen_on(app: &App, socket: TcpListener, workers: usize) -> Result<Listening> {
    let shared = app.clone();
    let server = HttpServer::new(move || {
        let (actix, _) = ActixApp::new()
            .into_utoipa_app()
            .service(scope("/api/v1").configure(slices))
            .configure(features::integrations::root_routes)
            .split_for_parts();
        actix
            .app_data(Data::new(shared.clone()))
            .app_data(extract::path())
            .app_data(extract::query())
            .app_data(extract::form())
            .service(looked_at("/api/v1/openapi.json").to(openapi))
            .service(looked_at("/livez").to(livez))
            .service(looked_at("/readyz").to(readyz))
            .service(
                web::resource("/gateway/{gateway}/events")
                    .guard(guard::Post())
                    .to(features::billing::gateway_event),
            )
            .default_service(web::to(anything_else))
            .wrap(from_fn(body_deadline::middleware))
            .wrap(from_fn(limits::middleware))
            .wrap(from_fn(manners))
            .wrap(from_fn(request_id::middleware))
    })
    .shutdown_timeout(FAREWELL.as_secs())
    .client_request_timeout(Duration::from_secs(5))
    .workers(workers)
    .disable_signals();
    let address = socket.local_addr()?;
    let server = server.listen(socket)?.run();
    Ok(Listening { address, handle: server.handle(), server })
}

/// Every slice, in the order of the contract.
pub fn slices(config: &mut utoipa_actix_web::service_config::ServiceConfig<'_>) {
    config
        .configure(features::practice::routes)
        .configure(features::sign_in::routes)
        .configure(features::accounts::routes)
        .configure(features::second_step::routes)
        .configure(features::recovery::routes)
        .configure(features::helping::routes)
        .configure(features::passkeys::routes)
        .configure(features::enrolment::routes)
        .configure(features::patients::routes)
        .configure(features::dependents::routes)
        .configure(features::emergency::routes)
        .configure(features::restricted::routes)
        .configure(features::sensitivity::routes)
        .configure(features::results::routes)
        .configure(features::appointments::routes)
        .configure(features::live::routes)
        .configure(features::mail::routes)
        .configure(features::care_teams::routes)
        .configure(features::messages::routes)
        .configure(features::notices::routes)
        .configure(features::notifications::routes)
        .configure(features::education::routes)
        .configure(features::documents::routes)
        .configure(features::health_record::routes)
        .configure(features::transmissions::routes)
        .configure(features::outside_records::routes)
        .configure(features::refills::routes)
        .configure(features::audit::routes)
        .configure(features::proposals::routes)
        .configure(features::petitions::amendments::routes)
        .configure(features::petitions::restrictions::routes)
        .configure(features::billing::routes)
        .configure(features::integrations::routes);
}

/// A resource that is only looked at; with any other method it is [`anything_else`].
fn looked_at(path: &str) -> Resource {
    web::resource(path).guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// What is true of every answer: headers that tell browsers what not to do.
async fn manners(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let app = request.app_data::<Data<App>>().cloned();
    let secure = app.as_ref().is_some_and(|app| app.settings.is_secure());
    let api = request.path().starts_with("/api/") || request.path().starts_with("/oauth/");
    let mut answer = next.call(request).await?;
    if app.is_some_and(|app| app.is_stopping()) {
        // Callers with a kept connection go elsewhere before it is cut.
        answer.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    let headers = answer.headers_mut();
    let mut set =
        |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    if api {
        set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox");
        if !headers.contains_key(header::CACHE_CONTROL) {
            // Health data stays out of every cache but the one that asks with If-None-Match.
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    } else {
        set(header::CONTENT_SECURITY_POLICY, spa::CONTENT_SECURITY_POLICY);
    }
    Ok(answer)
}

/// The contract, without sign-in (API-1).
async fn openapi() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .content_type("application/json")
        .body(contract::json())
}

/// Whether the process runs.
async fn livez() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

/// Whether the portal can serve: it is not about to stop, the database answers and its schema is up to date.
async fn readyz(app: Data<App>) -> Result<HttpResponse> {
    if app.is_stopping() {
        return Err(crate::error::Error::Unavailable);
    }
    app.db.read(db::is_there).await?;
    Ok(HttpResponse::Ok().content_type("text/plain").body("ready\n"))
}

/// The page for people; a problem for programs that ask the API for what it does not have.
async fn anything_else(app: Data<App>, request: HttpRequest) -> Result<HttpResponse> {
    let path = request.path();
    let looked_at = ["/api/v1/openapi.json", "/livez", "/readyz"].contains(&path);
    let allowed = if looked_at { "GET, HEAD".into() } else { contract::methods_at(path) };
    if !allowed.is_empty() {
        return Ok(only(allowed));
    }
    if path.starts_with("/api/") || path.starts_with("/oauth/") {
        return Err(Code::NotFound.into());
    }
    if !matches!(request.method().as_str(), "GET" | "HEAD") {
        return Ok(only("GET, HEAD".into()));
    }
    if app.spa.is_empty() {
        let problem =
            Problem::new(Code::NotFound).detail("The page is not built. Run `cargo xtask web build`.");
        return Err(problem.into());
    }
    Ok(app.spa.answer(&request))
}

/// 405 with the methods that this address takes.
fn only(allowed: String) -> HttpResponse {
    let mut answer = crate::error::Error::from(Code::MethodNotAllowed).error_response();
    if let Ok(allowed) = HeaderValue::from_str(&allowed) {
        answer.headers_mut().insert(header::ALLOW, allowed);
    }
    answer
}
