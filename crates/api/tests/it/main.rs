//! The portal's integration tests: one binary, every test on SQLite and on PostgreSQL.

mod harness;

mod accounts;
mod appointments;
mod enrolment;
mod ingest;
mod openapi;
mod results;
mod rooms;
mod schema;
