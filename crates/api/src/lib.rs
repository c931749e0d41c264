//! The portal's server. `ARCHITECTURE.md` shows the house; start reading at [`app`].

pub mod app;
pub mod cli;
pub mod config;
pub mod contract;
pub mod demo;
pub mod error;
pub mod features;
pub mod http;
pub mod platform;
pub mod upkeep;
