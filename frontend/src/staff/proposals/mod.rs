//! What patients told about their charts: a nurse or provider accepts, corrects or declines (MED-1, MED-3).

mod answer_form;
pub(super) mod item_page;
pub(super) mod queue_page;
