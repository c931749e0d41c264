//! What is known of the files of drafts and messages; their bytes lie in the file store.

use diesel::prelude::*;
use portal_domain::{
    ids::{AttachmentId, DraftId, MessageId, PatientId},
    messages::AttachmentView,
    time::Time,
};

use crate::{
    error::Result,
    platform::{
        access::Grant,
        db::{Conn, MultiBackend, schema::attachments},
    },
};

/// A file as stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = attachments, check_for_backend(MultiBackend), treat_none_as_default_value = false)]
pub struct FileRow {
    pub id: AttachmentId,
    pub patient_id: PatientId,
    pub draft_id: Option<DraftId>,
    pub message_id: Option<MessageId>,
    pub position: i64,
    pub name: String,
    pub media_type: String,
    pub size: i64,
    pub sha256: String,
    pub created_at: Time,
}

impl FileRow {
    /// As readers see it.
    pub fn view(&self) -> AttachmentView {
        AttachmentView {
            id: self.id,
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            size: self.size,
            sha256: self.sha256.clone(),
        }
    }
}

/// Adds a file.
pub fn insert(conn: &mut Conn, _: &Grant, row: &FileRow) -> Result<()> {
    diesel::insert_into(attachments::table).values(row.clone()).execute(conn)?;
    Ok(())
}

/// One file of the patient's drafts and threads.
pub fn file(conn: &mut Conn, grant: &Grant, id: AttachmentId) -> Result<Option<FileRow>> {
    let found = attachments::table.find(id).filter(attachments::patient_id.eq(grant.patient()));
    Ok(found.select(FileRow::as_select()).first(conn).optional()?)
}

/// The files of a draft.
pub fn of_draft(conn: &mut Conn, draft: DraftId) -> Result<Vec<FileRow>> {
    let files = attachments::table.filter(attachments::draft_id.eq(draft)).order(attachments::position.asc());
    Ok(files.select(FileRow::as_select()).load(conn)?)
}

/// The files of these messages.
pub fn of_messages(conn: &mut Conn, _: &Grant, messages: &[MessageId]) -> Result<Vec<FileRow>> {
    let files = attachments::table
        .filter(attachments::message_id.eq_any(messages.to_vec()))
        .order(attachments::position.asc());
    Ok(files.select(FileRow::as_select()).load(conn)?)
}

/// Gives the files of a draft to the message that it became.
pub fn attach(conn: &mut Conn, draft: DraftId, message: MessageId) -> Result<()> {
    diesel::update(attachments::table.filter(attachments::draft_id.eq(draft)))
        .set((attachments::draft_id.eq(None::<DraftId>), attachments::message_id.eq(message)))
        .execute(conn)?;
    Ok(())
}

/// Forgets a file; its bytes are the caller's care.
pub fn remove(conn: &mut Conn, id: AttachmentId) -> Result<()> {
    diesel::delete(attachments::table.find(id)).execute(conn)?;
    Ok(())
}
