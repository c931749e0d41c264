//! The staff's side: dense screens and queues, each as far as the role allows.

pub mod appointments;
pub mod board;
mod parts;
pub mod patients;
pub mod releases;
