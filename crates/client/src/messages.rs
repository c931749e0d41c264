//! Messages between patients and care teams, and the teams' queues.

use portal_domain::{
    audience::Audience,
    ids::{
        AccountId, AttachmentId, CohortMessageId, DraftId, MessageId, PatientId, TeamId, TemplateId, ThreadId,
    },
    messages::{
        Assignment, AttachmentView, BulkOutcome, CareTeamView, Closing, CohortMessageView, CohortRecipient,
        CoverView, DraftText, DraftView, NewCohortMessage, NewCover, NewNote, QueueEntry, QueueList,
        QueueQuery, Rerouting, StaffName, StaffThread, TeamChoice, TeamCounts, TeamEdit, TemplateText,
        TemplateView, ThreadView,
    },
    notices::Reach,
    page::{Page, PageQuery},
};
use uuid::Uuid;

use crate::http::{Portal, Request, Result};

fn drafts(patient: PatientId) -> String {
    format!("/api/v1/patients/{patient}/drafts")
}

fn thread(patient: PatientId, thread: ThreadId) -> String {
    format!("/api/v1/patients/{patient}/threads/{thread}")
}

/// Where a file is sent to, whole, as `application/octet-stream`; `name` goes into the query.
pub fn upload_path(patient: PatientId, draft: DraftId) -> String {
    format!("{}/{draft}/attachments", drafts(patient))
}

/// Where a file of a draft or a message is downloaded.
pub fn attachment_path(patient: PatientId, attachment: AttachmentId) -> String {
    format!("/api/v1/patients/{patient}/attachments/{attachment}")
}

impl Portal {
    /// The care teams that a patient may write to (MSG-1).
    pub async fn team_choices(&self, patient: PatientId) -> Result<Vec<TeamChoice>> {
        self.call(Request::get(format!("/api/v1/patients/{patient}/care-teams"))).await
    }

    /// The own drafts about a patient, last saved first (MSG-2).
    pub async fn drafts(&self, patient: PatientId, page: &PageQuery) -> Result<Page<DraftView>> {
        self.call(Request::get(drafts(patient)).query(page)?).await
    }

    /// One of them.
    pub async fn draft(&self, patient: PatientId, draft: DraftId) -> Result<DraftView> {
        self.call(Request::get(format!("{}/{draft}", drafts(patient)))).await
    }

    /// Begins a draft; one that answers a thread is there once, and a second beginning opens it.
    pub async fn begin_draft(&self, patient: PatientId, content: &DraftText, key: Uuid) -> Result<DraftView> {
        self.call(Request::post(drafts(patient)).json(content)?.key(key)).await
    }

    /// Saves a draft; 412 when another page saved it since.
    pub async fn save_draft(
        &self,
        patient: PatientId,
        seen: &DraftView,
        content: &DraftText,
    ) -> Result<DraftView> {
        let path = format!("{}/{}", drafts(patient), seen.id);
        self.call(Request::put(path).json(content)?.if_match(seen.version)).await
    }

    /// Throws a draft and its files away.
    pub async fn delete_draft(&self, patient: PatientId, draft: DraftId) -> Result<()> {
        self.done(Request::delete(format!("{}/{draft}", drafts(patient)))).await
    }

    /// Sends a draft, as it was seen (MSG-1). The answer is the thread as the patient sees it.
    pub async fn send_draft(&self, patient: PatientId, seen: &DraftView, key: Uuid) -> Result<ThreadView> {
        let path = format!("{}/{}/send", drafts(patient), seen.id);
        self.call(Request::post(path).if_match(seen.version).key(key)).await
    }

    /// Attaches a file to a draft (MSG-3). The page sends it itself, to show how far it is.
    pub async fn upload_attachment(
        &self,
        patient: PatientId,
        draft: DraftId,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<AttachmentView> {
        let request = Request::post(upload_path(patient, draft)).query(&[("name", name)])?;
        self.call(request.bytes(bytes, "application/octet-stream")).await
    }

    /// The text of an attached file; a browser saves it by its address ([`attachment_path`]).
    pub async fn attachment_text(&self, patient: PatientId, attachment: AttachmentId) -> Result<String> {
        self.text(Request::get(attachment_path(patient, attachment))).await
    }

    /// Takes a file off a draft.
    pub async fn remove_attachment(
        &self,
        patient: PatientId,
        draft: DraftId,
        attachment: AttachmentId,
    ) -> Result<()> {
        self.done(Request::delete(format!("{}/{attachment}", upload_path(patient, draft)))).await
    }

    /// A thread as its patient sees it.
    pub async fn thread(&self, patient: PatientId, id: ThreadId) -> Result<ThreadView> {
        self.call(Request::get(thread(patient, id))).await
    }

    /// Marks what staff wrote in a thread as opened (MSG-8).
    pub async fn mark_thread_read(&self, patient: PatientId, id: ThreadId) -> Result<()> {
        self.done(Request::post(format!("{}/read", thread(patient, id)))).await
    }

    /// Takes a message back that no member of staff has opened (MSG-6).
    pub async fn recall_message(
        &self,
        patient: PatientId,
        message: MessageId,
        key: Uuid,
    ) -> Result<ThreadView> {
        let path = format!("/api/v1/patients/{patient}/messages/{message}/recall");
        self.call(Request::post(path).key(key)).await
    }

    /// How many patients belong to a cohort today.
    pub async fn cohort_reach(&self, audience: &Audience) -> Result<Reach> {
        self.call(Request::post("/api/v1/cohorts/reach").json(audience)?).await
    }

    /// Writes to each patient of a cohort.
    pub async fn send_to_cohort(&self, message: &NewCohortMessage, key: Uuid) -> Result<CohortMessageView> {
        self.call(Request::post("/api/v1/cohort-messages").json(message)?.key(key)).await
    }

    /// What the reader's teams wrote to cohorts, newest first.
    pub async fn cohort_messages(&self, page: &PageQuery) -> Result<Page<CohortMessageView>> {
        self.call(Request::get("/api/v1/cohort-messages").query(page)?).await
    }

    /// One of them.
    pub async fn cohort_message(&self, id: CohortMessageId) -> Result<CohortMessageView> {
        self.call(Request::get(format!("/api/v1/cohort-messages/{id}"))).await
    }

    /// To whom it went, and who opened it.
    pub async fn cohort_recipients(
        &self,
        id: CohortMessageId,
        page: &PageQuery,
    ) -> Result<Page<CohortRecipient>> {
        self.call(Request::get(format!("/api/v1/cohort-messages/{id}/recipients")).query(page)?).await
    }

    /// The teams whose queues the reader works in, with what waits there.
    pub async fn message_teams(&self) -> Result<Vec<TeamCounts>> {
        self.call(Request::get("/api/v1/message-teams")).await
    }

    /// A page of the queues (MSG-7).
    pub async fn message_queue(&self, query: &QueueQuery) -> Result<QueueList> {
        self.call(Request::get("/api/v1/message-queue").query(query)?).await
    }

    /// Opens a thread for the care team: from here on its messages can't be taken back (MSG-6).
    pub async fn open_thread(&self, patient: PatientId, id: ThreadId) -> Result<StaffThread> {
        self.call(Request::post(format!("{}/open", thread(patient, id)))).await
    }

    /// Claims a thread that nobody has; 409 `already_claimed` names who was faster.
    pub async fn claim_thread(&self, patient: PatientId, id: ThreadId) -> Result<QueueEntry> {
        self.call(Request::post(format!("{}/claim", thread(patient, id)))).await
    }

    /// Gives a thread to a colleague, or back to the queue.
    pub async fn assign_thread(&self, seen: &QueueEntry, owner: Option<AccountId>) -> Result<QueueEntry> {
        let path = format!("{}/assign", thread(seen.patient.id, seen.thread_id));
        self.call(Request::post(path).json(&Assignment { owner })?.if_match(seen.version)).await
    }

    /// Sends a thread to another team.
    pub async fn reroute_thread(&self, seen: &QueueEntry, to: &Rerouting) -> Result<QueueEntry> {
        let path = format!("{}/reroute", thread(seen.patient.id, seen.thread_id));
        self.call(Request::post(path).json(to)?.if_match(seen.version)).await
    }

    /// Adds a note that no patient ever sees.
    pub async fn add_note(
        &self,
        patient: PatientId,
        id: ThreadId,
        note: &NewNote,
        key: Uuid,
    ) -> Result<StaffThread> {
        self.call(Request::post(format!("{}/notes", thread(patient, id))).json(note)?.key(key)).await
    }

    /// Ends a thread.
    pub async fn close_thread(&self, seen: &QueueEntry) -> Result<QueueEntry> {
        let path = format!("{}/close", thread(seen.patient.id, seen.thread_id));
        self.call(Request::post(path).if_match(seen.version)).await
    }

    /// Opens an ended thread again.
    pub async fn reopen_thread(&self, seen: &QueueEntry) -> Result<QueueEntry> {
        let path = format!("{}/reopen", thread(seen.patient.id, seen.thread_id));
        self.call(Request::post(path).if_match(seen.version)).await
    }

    /// Ends several threads; each for itself.
    pub async fn close_threads(&self, closing: &Closing) -> Result<Vec<BulkOutcome>> {
        self.call(Request::post("/api/v1/message-queue/close").json(closing)?).await
    }

    /// The templates of the reader's teams.
    pub async fn templates(&self) -> Result<Vec<TemplateView>> {
        self.call(Request::get("/api/v1/message-templates")).await
    }

    /// Adds a template.
    pub async fn add_template(&self, template: &TemplateText, key: Uuid) -> Result<TemplateView> {
        self.call(Request::post("/api/v1/message-templates").json(template)?.key(key)).await
    }

    /// Changes a template.
    pub async fn change_template(
        &self,
        seen: &TemplateView,
        template: &TemplateText,
    ) -> Result<TemplateView> {
        let path = format!("/api/v1/message-templates/{}", seen.id);
        self.call(Request::put(path).json(template)?.if_match(seen.version)).await
    }

    /// Removes a template.
    pub async fn remove_template(&self, template: TemplateId) -> Result<()> {
        self.done(Request::delete(format!("/api/v1/message-templates/{template}"))).await
    }

    /// Who is or will be away in the reader's teams.
    pub async fn covers(&self) -> Result<Vec<CoverView>> {
        self.call(Request::get("/api/v1/message-cover")).await
    }

    /// Who works in all of the reader's teams, and so may look after the reader's work.
    pub async fn cover_choices(&self) -> Result<Vec<StaffName>> {
        self.call(Request::get("/api/v1/message-cover/choices")).await
    }

    /// Enters the reader's own absence, in place of an earlier one.
    pub async fn set_cover(&self, cover: &NewCover) -> Result<CoverView> {
        self.call(Request::put("/api/v1/message-cover").json(cover)?).await
    }

    /// The reader is back.
    pub async fn end_cover(&self) -> Result<()> {
        self.done(Request::delete("/api/v1/message-cover")).await
    }

    /// Every care team (administrators).
    pub async fn care_teams(&self) -> Result<Vec<CareTeamView>> {
        self.call(Request::get("/api/v1/care-teams")).await
    }

    /// Makes a care team (administrators).
    pub async fn add_care_team(&self, team: &TeamEdit, key: Uuid) -> Result<CareTeamView> {
        self.call(Request::post("/api/v1/care-teams").json(team)?.key(key)).await
    }

    /// Changes a care team (administrators).
    pub async fn change_care_team(&self, id: TeamId, version: i64, team: &TeamEdit) -> Result<CareTeamView> {
        self.call(Request::put(format!("/api/v1/care-teams/{id}")).json(team)?.if_match(version)).await
    }
}
