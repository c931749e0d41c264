//! Tools that know no feature: database, access, audit, sessions' plumbing, HTTP manners.

pub mod access;
pub mod audit_trail;
pub mod auth;
pub mod body_deadline;
pub mod clock;
pub mod db;
pub mod etag;
pub mod extract;
pub mod files;
pub mod gateway;
pub mod idempotency;
pub mod keys;
pub mod limits;
pub mod live;
pub mod origin;
pub mod outbox;
pub mod page;
pub mod password;
pub mod qr;
pub mod request_id;
pub mod restricted;
pub mod search;
pub mod secret;
pub mod spa;
pub mod work;
