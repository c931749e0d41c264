//! The portal's integration tests: one binary, every test on SQLite and on PostgreSQL.

mod harness;

mod accounts;
mod appointments;
mod audit;
mod contract;
mod coverage;
mod crash;
mod dependents;
mod documents;
mod education;
mod enrolment;
mod files;
mod health_record;
mod helping;
mod idempotency;
mod ingest;
mod input;
mod integrations;
mod limits;
mod live;
mod messages;
mod notices;
mod notifications;
mod openapi;
mod outbox;
mod outside_records;
mod passkeys;
mod passwords;
mod recovery;
mod refills;
mod results;
mod rooms;
mod schema;
mod second_step;
mod transmissions;
