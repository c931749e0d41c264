//! Requests to correct the record: records staff or a provider answer within 60 days (PHR-6).

pub(super) mod item_page;
pub(super) mod queue_page;
