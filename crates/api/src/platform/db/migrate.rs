//! Migrations: two folders with the same names, each in its engine's own types.

use diesel::{Connection, PgConnection, connection::SimpleConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::sqlite;
use crate::error::{Error, Result};

const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

/// Rules that the engines keep by themselves (triggers); run again after every migration.
const POSTGRES_GUARDS: &str = include_str!("postgres.sql");
const SQLITE_GUARDS: &str = include_str!("sqlite.sql");

/// The two engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// `postgres://...`
    Postgres,
    /// `sqlite:PATH`
    Sqlite,
}

impl Engine {
    /// The engine that a database address names.
    pub fn of(url: &str) -> Result<Self> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Ok(Self::Postgres)
        } else if url.starts_with("sqlite:") {
            Ok(Self::Sqlite)
        } else {
            Err(Error::internal("PORTAL_DATABASE_URL must start with sqlite: or postgres://"))
        }
    }
}

/// Brings the schema up to date and answers the names of the migrations that ran.
pub fn run(url: &str) -> Result<Vec<String>> {
    match Engine::of(url)? {
        Engine::Postgres => {
            let mut conn = PgConnection::establish(url)?;
            // Two servers that start together migrate one after the other.
            conn.batch_execute("SELECT pg_advisory_lock(7021)")?;
            up(&mut conn, POSTGRES, POSTGRES_GUARDS)
        }
        Engine::Sqlite => up(&mut sqlite::connect(url)?, SQLITE, SQLITE_GUARDS),
    }
}

/// Takes every migration back, newest first (tests only prove that this works; it destroys all data).
pub fn revert_all(url: &str) -> Result<()> {
    match Engine::of(url)? {
        Engine::Postgres => down(&mut PgConnection::establish(url)?, POSTGRES),
        Engine::Sqlite => down(&mut sqlite::connect(url)?, SQLITE),
    }
}

/// The names of the migrations that have not run yet.
pub fn pending(url: &str) -> Result<Vec<String>> {
    match Engine::of(url)? {
        Engine::Postgres => names(&mut PgConnection::establish(url)?, POSTGRES),
        Engine::Sqlite => names(&mut sqlite::connect(url)?, SQLITE),
    }
}

fn up<DB: diesel::backend::Backend>(
    conn: &mut (impl MigrationHarness<DB> + SimpleConnection),
    migrations: EmbeddedMigrations,
    guards: &str,
) -> Result<Vec<String>> {
    let ran =
        conn.run_pending_migrations(migrations).map_err(failed)?.iter().map(ToString::to_string).collect();
    conn.batch_execute(guards)?;
    Ok(ran)
}

fn down<DB: diesel::backend::Backend>(
    conn: &mut impl MigrationHarness<DB>,
    migrations: EmbeddedMigrations,
) -> Result<()> {
    conn.revert_all_migrations(migrations).map_err(failed)?;
    Ok(())
}

fn names<DB: diesel::backend::Backend>(
    conn: &mut impl MigrationHarness<DB>,
    migrations: EmbeddedMigrations,
) -> Result<Vec<String>> {
    let pending = conn.pending_migrations(migrations).map_err(failed)?;
    Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
}

fn failed(why: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::internal(format!("a migration failed: {why}"))
}

/// A text that changes whenever the migrations or guards for PostgreSQL do, so that tests know a stale template.
pub fn fingerprint() -> String {
    use diesel::migration::MigrationSource;
    let migrations: Vec<Box<dyn diesel::migration::Migration<diesel::pg::Pg>>> =
        POSTGRES.migrations().unwrap_or_default();
    let names: Vec<String> = migrations.iter().map(|migration| migration.name().to_string()).collect();
    format!("{}{POSTGRES_GUARDS}", names.join(" "))
}
