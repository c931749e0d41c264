//! The app: what every handler shares, and the list of slices.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use portal_domain::time::Time;

use crate::{
    config::Settings,
    error::Result,
    platform::{
        audit_trail::{Note, Trail},
        auth::Actor,
        clock::Clock,
        db::Db,
        files::Files,
        gateway::{
            Gateway, GatewaySettings, Gateways,
            sandbox::{self, Sandbox},
            stripe::{self, Stripe},
        },
        keys::Keys,
        limits::Limits,
        live::Live,
        outbox::Outbox,
        password::Passwords,
        secret::Sealer,
        spa::Spa,
        work::{Notes, Work},
    },
};

/// What every handler shares. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// The shared parts.
pub struct Shared {
    /// The settings in force.
    pub settings: Settings,
    /// The database.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// Seals what must be kept secret in the database.
    pub sealer: Sealer,
    /// Signed tokens.
    pub keys: Keys,
    /// Outgoing e-mail.
    pub outbox: Outbox,
    /// Open pages that hear what is new.
    pub live: Live,
    /// Attached files.
    pub files: Files,
    /// Password hashing.
    pub passwords: Passwords,
    /// The page.
    pub spa: Spa,
    /// How much one caller may ask.
    pub limits: Limits,
    /// Rung when a health record waits to be made.
    pub making: tokio::sync::Notify,
    /// The audit trail.
    pub trail: Trail,
    /// Who takes payments online, and who took some before.
    pub gateways: Gateways,
    /// The sandbox, where it may be one of them: its card page is to be served.
    pub sandbox: Option<Sandbox>,
    /// Rung when results came in or may be released by a policy.
    pub releasing: tokio::sync::Notify,
    stopping: AtomicBool,
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// Opens what the settings name. The schema must be up to date (`portal migrate`).
    pub async fn open(settings: Settings, clock: Clock) -> Result<Self> {
        let db = Db::open(&settings.database_url, settings.database_connections)?;
        let sealer = Sealer::new(&settings.secret)?;
        let keys = Keys::load(db.clone(), sealer.clone(), clock.now()).await?;
        let Settings { mail, public_url, data_dir, .. } = &settings;
        let outbox = Outbox::open(mail, public_url, data_dir, sealer.clone())?;
        let live = Live::start(&db)?;
        let files = Files::open(&settings.files, sealer.clone())?;
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let spa = Spa::load(&settings.web_dir)?;
        let trail = Trail::start(&db, &settings.secret, settings.audit_head.clone())?;
        // One core stays free of hashing: a flood of sign-ins must not hold up everybody else (SEC-4).
        let passwords = Passwords::new(cores.saturating_sub(1).max(1));
        let limits = Limits::start(settings.rate, settings.sign_in_rate);
        // Beside others than this machine its test cards would pay real bills, even those of before.
        let sandbox = if settings.is_local() {
            Some(Sandbox::new(db.clone(), clock.clone(), &settings.secret, &settings.public_url)?)
        } else {
            None
        };
        let gateways = gateways(&settings, sandbox.as_ref())?;
        let stopping = AtomicBool::new(false);
        Ok(Self(Arc::new(Shared {
            settings,
            db,
            clock,
            sealer,
            keys,
            outbox,
            live,
            files,
            passwords,
            spa,
            limits,
            gateways,
            sandbox,
            making: tokio::sync::Notify::new(),
            releasing: tokio::sync::Notify::new(),
            trail,
            stopping,
        })))
    }

    /// Reads on behalf of `actor`; what was looked at is in the audit trail before this returns.
    pub async fn read<T: Send + 'static>(
        &self,
        actor: &Actor,
        act: impl FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (actor, now, notes) = (actor.clone(), self.clock.now(), Notes::default());
        let (kept, outbox) = (notes.clone(), self.outbox.clone());
        let result = self.db.read(move |conn| act(&mut Work::new(conn, actor, now, outbox, notes))).await;
        self.record(kept, result.is_ok()).await?;
        result
    }

    /// Changes on behalf of `actor`: the act and its audit rows are one durable transaction. `act` may run again,
    /// so it changes nothing but the database.
    pub async fn write<T: Send + 'static>(
        &self,
        actor: &Actor,
        mut act: impl FnMut(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (actor, now, notes) = (actor.clone(), self.clock.now(), Notes::default());
        let (kept, outbox, trail) = (notes.clone(), self.outbox.clone(), self.trail.clone());
        let result = self
            .db
            .write(move |conn| {
                // A second run begins with no notes of the first.
                notes.clear();
                let mut work = Work::new(conn, actor.clone(), now, outbox.clone(), notes.clone());
                let result = act(&mut work)?;
                Live::within(work.conn, &notes.announced())?;
                trail.insert(work.conn, notes.take())?;
                Ok(result)
            })
            .await;
        if result.is_ok() {
            self.live.after(&kept.announced());
            if kept.has_mail() {
                self.outbox.wake();
            }
        }
        // What was refused was rolled back with the rest; it is recorded all the same.
        self.record(kept, result.is_ok()).await?;
        result
    }

    /// Records what the transaction did not: the notes of reads, and of acts that came to nothing.
    async fn record(&self, notes: Notes, done: bool) -> Result<()> {
        let notes = notes.take();
        let notes = if done { notes } else { notes.into_iter().map(Note::refused).collect() };
        self.trail.record(notes).await
    }

    /// Says that the server is about to stop: `/readyz` answers no from here on, everything else goes on.
    pub fn begin_farewell(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.live.end();
    }

    /// Whether the server is about to stop.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Now.
    pub fn now(&self) -> Time {
        self.clock.now()
    }
}

/// Every gateway that is set up, and who of them takes new payments.
fn gateways(settings: &Settings, sandbox: Option<&Sandbox>) -> Result<Gateways> {
    let mut known: Vec<Arc<dyn Gateway>> = Vec::new();
    if let Some(stripe) = &settings.stripe {
        known.push(Arc::new(Stripe::new(stripe.clone())?));
    }
    if let Some(sandbox) = sandbox {
        known.push(Arc::new(sandbox.clone()));
    }
    let taking = match settings.gateway {
        GatewaySettings::None => None,
        GatewaySettings::Sandbox(_) => Some(sandbox::NAME),
        GatewaySettings::Stripe => Some(stripe::NAME),
    };
    Ok(Gateways::new(known, taking))
}
