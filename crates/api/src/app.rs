//! The app: what every handler shares, and the list of slices.

use std::sync::Arc;

use portal_domain::time::Time;

use crate::{
    config::Settings,
    error::Result,
    platform::{
        audit_trail::{self, Trail},
        auth::Actor,
        clock::Clock,
        db::Db,
        keys::Keys,
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
    /// Signed tokens.
    pub keys: Keys,
    /// Password hashing.
    pub passwords: Passwords,
    /// The page.
    pub spa: Spa,
    trail: Trail,
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
        let keys = Keys::load(db.clone(), sealer, clock.now()).await?;
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let spa = Spa::load(&settings.web_dir)?;
        let trail = Trail::start(&db)?;
        let passwords = Passwords::new(cores);
        Ok(Self(Arc::new(Shared { settings, db, clock, keys, passwords, spa, trail })))
    }

    /// Reads on behalf of `actor`; what was looked at is in the audit trail before this returns.
    pub async fn read<T: Send + 'static>(
        &self,
        actor: &Actor,
        act: impl FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (actor, now, notes) = (actor.clone(), self.clock.now(), Notes::default());
        let kept = notes.clone();
        let result = self.db.read(move |conn| act(&mut Work::new(conn, actor, now, notes))).await;
        self.trail.record(kept.take()).await?;
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
        let kept = notes.clone();
        let result = self
            .db
            .write(move |conn| {
                // A second run begins with no notes of the first.
                notes.take();
                let mut work = Work::new(conn, actor.clone(), now, notes.clone());
                let result = act(&mut work)?;
                audit_trail::insert(work.conn, &notes.take())?;
                Ok(result)
            })
            .await;
        // What was refused was rolled back with the rest; it is recorded all the same.
        let refusals = kept.take().into_iter().filter(audit_trail::Note::is_refusal).collect();
        self.trail.record(refusals).await?;
        result
    }

    /// Now.
    pub fn now(&self) -> Time {
        self.clock.now()
    }
}
