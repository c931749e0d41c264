//! Rows of threads, messages, drafts and files.

pub mod cohort;
mod drafts;
mod files;
mod messages;
mod queue;
mod threads;

pub use drafts::{
    DraftRow, answer as answer_draft, count as count_drafts, draft, drafts, insert as insert_draft,
};
pub use drafts::{remove as remove_draft, save as save_draft};
pub use files::{FileRow, attach, file, insert as insert_file, of_draft, of_messages, remove as remove_file};
pub use messages::{
    MessageRow, insert as insert_message, message, messages, newest_of_patient, open as open_messages,
    recall, waiting_since,
};
pub use queue::{Asked, counts, queue};
pub use threads::{
    Named, ThreadRow, category_of_named, change, index, insert as insert_thread, owners, patient_of, sent,
    thread,
};
