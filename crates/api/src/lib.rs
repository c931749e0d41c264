//! The portal's server. `ARCHITECTURE.md` shows the house; start reading at [`app`].

pub mod app;
pub mod config;
pub mod error;
pub mod features;
pub mod platform;
