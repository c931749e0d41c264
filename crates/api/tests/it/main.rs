//! The portal's integration tests: one binary, every test on SQLite and on PostgreSQL.

mod harness;

mod accounts;
mod appointments;
mod contract;
mod coverage;
mod enrolment;
mod ingest;
mod input;
mod openapi;
mod results;
mod rooms;
mod schema;
