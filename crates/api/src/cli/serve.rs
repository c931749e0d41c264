//! `portal serve`.

use std::time::Duration;

use actix_web::dev::ServerHandle;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::{
    app::App,
    config::Settings,
    demo,
    error::{Error, Result},
    http,
    platform::{
        audit_trail::Look,
        gateway::{GatewaySettings, sandbox},
        outbox,
    },
    upkeep,
};

/// How long the server goes on answering after it was told to stop, so that a proxy has time to look elsewhere.
const LAME_DUCK: Duration = Duration::from_secs(2);

/// Logs go to standard error.
pub fn log_to_stderr(settings: &Settings) {
    let filter = EnvFilter::try_new(&settings.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second logger in one process is refused; the first one stays.
    let _ = if settings.log_json { log.json().try_init() } else { log.try_init() };
}

/// Serves until SIGTERM or SIGINT.
pub async fn run(app: &App) -> Result<()> {
    if !app.settings.is_secure() && !app.settings.is_local() {
        return Err(Error::internal(
            "PORTAL_PUBLIC_URL must be https:// when others than this machine reach the portal",
        ));
    }
    if !app.settings.is_local() && demo::is_seeded(app).await? {
        return Err(Error::internal(
            "this database holds the demo practice, whose passwords everybody knows: serve it on 127.0.0.1 only",
        ));
    }
    upkeep::start(app);
    let listening = http::listen(app)?;
    let mails = outbox::start(app);
    let cards = card_page(app)?;
    let payments = match (app.settings.gateway, &app.sandbox, &app.settings.stripe) {
        (GatewaySettings::Sandbox(_), Some(sandbox), _) => {
            format!("; payments go to the sandbox at {}, which moves no money", sandbox.base()?)
        }
        (GatewaySettings::Stripe, _, Some(stripe)) => format!("; payments go to {stripe}"),
        _ => String::new(),
    };
    // One line: whoever started the portal may have stopped reading after the first.
    println!(
        "The portal listens on {} and is reached at {}; e-mail goes to {}{payments}",
        listening.address, app.settings.public_url, app.outbox
    );
    let (handle, leaving) = (listening.handle.clone(), app.clone());
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    actix_web::rt::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {
                leaving.begin_farewell();
                tokio::time::sleep(LAME_DUCK).await;
            }
            _ = interrupt.recv() => {}
        }
        handle.stop(true).await;
    });
    let served = listening.serve().await;
    mails.stop().await;
    if let Some(cards) = cards {
        cards.stop(false).await;
    }
    // What was done last is not left unsealed until somebody serves again.
    if let Err(why) = app.trail.seal(app.now(), Look::Quick).await {
        tracing::warn!(%why, "the end of the audit trail is sealed at the next start");
    }
    Ok(served?)
}

/// Serves the sandbox's card page beside the portal, where the sandbox takes the payments.
fn card_page(app: &App) -> Result<Option<ServerHandle>> {
    let (Some(sandbox), GatewaySettings::Sandbox(wanted)) = (&app.sandbox, app.settings.gateway) else {
        return Ok(None);
    };
    let socket = sandbox::bind(wanted, app.settings.address)?;
    let listening = sandbox::listen(sandbox, socket)?;
    let handle = listening.handle.clone();
    actix_web::rt::spawn(listening.serve());
    Ok(Some(handle))
}
