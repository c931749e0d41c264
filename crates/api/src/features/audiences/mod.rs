//! Which patients an [`Audience`](portal_domain::audience::Audience) means. It knows nothing of what is sent to them.

mod store;

pub use store::{count, holds, newcomers, patients};
