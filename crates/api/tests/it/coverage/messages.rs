//! Threads, drafts, teams and templates for the operations that are about them.

use diesel::prelude::*;
use portal_api::platform::db::schema::{care_team_members, care_teams};
use portal_client::{Error, Portal};
use portal_domain::{
    ids::{AccountId, DraftId, TeamId},
    messages::{DraftText, DraftView, QueueEntry, QueueQuery, TeamCategory, TemplateText, TemplateView},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use super::scene::{Caller, People, Scene};
use crate::harness::portal::{TestPortal, begin};

/// A care team in which all of these work, whatever their roles: so that only the access decision is told.
pub async fn team_of(portal: &TestPortal, category: TeamCategory, members: Vec<AccountId>) -> TeamId {
    let id = TeamId(Uuid::new_v4());
    let insert = move |conn: &mut portal_api::platform::db::Conn| {
        diesel::insert_into(care_teams::table)
            .values((
                care_teams::id.eq(id),
                care_teams::name.eq("Everybody"),
                care_teams::category.eq(category),
                care_teams::reply_hours.eq(24),
                care_teams::is_open.eq(1),
                care_teams::version.eq(1),
            ))
            .execute(conn)?;
        for member in &members {
            diesel::insert_into(care_team_members::table)
                .values((care_team_members::team_id.eq(id), care_team_members::account_id.eq(*member)))
                .execute(conn)?;
        }
        Ok(())
    };
    portal.app.db.write(insert).await.unwrap();
    id
}

/// What an operation is sent in this scene.
pub fn body(operation: &str, scene: &Scene) -> Option<Value> {
    let draft = json!({ "team_id": scene.team, "subject": "Rash", "text": "It itches." });
    Some(match operation {
        "messages_begin_draft" | "messages_save_draft" => draft,
        "messages_cohort_reach" => json!({}),
        "messages_send_to_cohort" => json!({
            "team_id": scene.team, "subject": "Flu shots", "text": "Come in.", "audience": { "min_age": 110 },
        }),
        "messages_assign" => json!({ "owner": null }),
        "messages_reroute" => json!({ "team_id": scene.other_team, "note": "Yours, I think." }),
        "messages_note" => json!({ "text": "Called, no answer." }),
        "messages_close_all" => {
            json!({ "threads": [{ "thread_id": scene.thread, "version": scene.version }] })
        }
        "care_teams_add" | "care_teams_change" => json!({
            "name": "Nurses", "category": "health", "reply_hours": 24, "is_open": false, "members": [],
        }),
        "care_teams_add_template" | "care_teams_change_template" => {
            json!({ "team_id": scene.team, "title": "Thanks", "text": "Thank you for writing." })
        }
        "care_teams_set_cover" => {
            json!({ "cover": scene.colleague, "from": "2026-01-01T00:00:00Z", "until": "2199-01-01T00:00:00Z" })
        }
        _ => return None,
    })
}

/// Whether an operation needs a draft of its own writer, with a file.
fn is_of_a_draft(operation: &str) -> bool {
    let named = ["_draft", "_send", "_upload", "_attachment", "_download"];
    let is_of_one = named.iter().any(|word| operation.ends_with(word));
    is_of_one && operation.starts_with("messages_") && operation != "messages_begin_draft"
}

impl Scene {
    /// What the operation begins with: a thread of Anna's, a draft of hers, a template.
    pub async fn add_messages(&mut self, people: &People, operation: &str) {
        let anna = &people.patient;
        let key = Uuid::new_v4;
        let text = DraftText {
            team_id: Some(self.team),
            subject: format!("Rash {}", Uuid::new_v4().simple()),
            text: "It itches.".into(),
            ..DraftText::default()
        };
        let draft = anna.portal.begin_draft(self.patient, &text, key()).await.unwrap();
        if is_of_a_draft(operation) {
            let file = anna.portal.upload_attachment(self.patient, draft.id, "note.txt", b"A note.".to_vec());
            (self.draft, self.version, self.attachment) = (draft.id, draft.version, file.await.unwrap().id);
            return;
        }
        if operation.starts_with("care_teams_") {
            anna.portal.delete_draft(self.patient, draft.id).await.unwrap();
            let template =
                TemplateText { team_id: self.team, title: "Thanks".into(), text: "Thank you.".into() };
            let made = people.desk.portal.add_template(&template, key()).await.unwrap();
            (self.template, self.version) = (made.id, made.version);
            return;
        }
        let thread = anna.portal.send_draft(self.patient, &draft, key()).await.unwrap();
        (self.thread, self.message) = (thread.id, thread.messages[0].id);
        let only = QueueQuery { q: Some(text.subject.clone()), ..QueueQuery::default() };
        let of_desk = people.desk.portal.message_queue(&only).await.unwrap();
        let entry = of_desk.items.first().cloned();
        self.version = entry.as_ref().map_or(1, |entry| entry.version);
        if operation == "messages_close_all" {
            // What nobody opened is refused.
            let opened = people.desk.portal.open_thread(self.patient, thread.id).await.unwrap();
            self.version = opened.entry.version;
        }
        if operation == "messages_reopen" {
            self.version = people.desk.portal.close_thread(&entry.clone().unwrap()).await.unwrap().version;
        }
        self.entry = entry;
    }

    /// Somebody very old, and what was written to people as old.
    pub async fn add_cohort(&mut self, portal: &TestPortal, people: &People) {
        portal.chart_born("Otto", "Lund", "1910-01-01").await;
        let message = serde_json::from_value(body("messages_send_to_cohort", self).unwrap()).unwrap();
        let sent = people.desk.portal.send_to_cohort(&message, Uuid::new_v4()).await.unwrap();
        self.cohort_message = sent.id;
    }

    /// A draft of this member of staff's, where the operation is about a draft.
    pub async fn add_draft_of(&mut self, portal: &TestPortal, staff: &Caller, operation: &str) {
        if !is_of_a_draft(operation) {
            return;
        }
        let begun = format!("/api/v1/patients/{}/drafts", self.patient);
        let begin = portal.request("POST", &begun);
        let answer = portal.send(&staff.credentials, begin.json(&body("messages_begin_draft", self))).await;
        let draft: Value = serde_json::from_str(&answer.body).unwrap();
        self.draft = DraftId(draft["id"].as_str().unwrap_or_else(|| panic!("{answer:?}")).parse().unwrap());
        self.version = 1;
        let upload = portal.request("POST", &format!("{begun}/{}/attachments?name=note.txt", self.draft));
        let upload = upload.header("Content-Type", "application/octet-stream").body("A note.");
        let answer = portal.send(&staff.credentials, upload).await;
        let file: Value = serde_json::from_str(&answer.body).unwrap();
        self.attachment = file["id"].as_str().unwrap_or_else(|| panic!("{answer:?}")).parse().unwrap();
    }
}

/// Does an operation through the client.
pub async fn drive(operation: &str, portal: &Portal, scene: &Scene) -> Result<(), Error> {
    fn read<T: DeserializeOwned>(operation: &str, scene: &Scene) -> T {
        serde_json::from_value(body(operation, scene).expect("the operation has a body")).unwrap()
    }
    let (patient, thread, key) = (scene.patient, scene.thread, Uuid::new_v4());
    let entry =
        || QueueEntry { version: scene.version, ..scene.entry.clone().expect("the scene has a thread") };
    let draft = || DraftView {
        id: scene.draft,
        version: scene.version,
        content: DraftText::default(),
        team: None,
        thread_subject: None,
        attachments: vec![],
        saved_at: begin(),
    };
    let template = |template| TemplateView { id: scene.template, version: scene.version, template };
    match operation {
        "messages_choices" => portal.team_choices(patient).await.map(drop),
        "care_teams_list" => portal.care_teams().await.map(drop),
        "care_teams_add" => portal.add_care_team(&read(operation, scene), key).await.map(drop),
        "care_teams_change" => {
            portal.change_care_team(scene.team, scene.version, &read(operation, scene)).await.map(drop)
        }
        "care_teams_templates" => portal.templates().await.map(drop),
        "care_teams_add_template" => portal.add_template(&read(operation, scene), key).await.map(drop),
        "care_teams_change_template" => {
            let text: TemplateText = read(operation, scene);
            portal.change_template(&template(text.clone()), &text).await.map(drop)
        }
        "care_teams_remove_template" => portal.remove_template(scene.template).await,
        "care_teams_covers" => portal.covers().await.map(drop),
        "care_teams_cover_choices" => portal.cover_choices().await.map(drop),
        "care_teams_set_cover" => portal.set_cover(&read(operation, scene)).await.map(drop),
        "care_teams_end_cover" => portal.end_cover().await,
        "messages_thread" => portal.thread(patient, thread).await.map(drop),
        "messages_mark_read" => portal.mark_thread_read(patient, thread).await,
        "messages_recall" => portal.recall_message(patient, scene.message, key).await.map(drop),
        "messages_drafts" => portal.drafts(patient, &Default::default()).await.map(drop),
        "messages_begin_draft" => portal.begin_draft(patient, &read(operation, scene), key).await.map(drop),
        "messages_draft" => portal.draft(patient, scene.draft).await.map(drop),
        "messages_save_draft" => {
            portal.save_draft(patient, &draft(), &read(operation, scene)).await.map(drop)
        }
        "messages_delete_draft" => portal.delete_draft(patient, scene.draft).await,
        "messages_send" => portal.send_draft(patient, &draft(), key).await.map(drop),
        "messages_upload" => {
            portal.upload_attachment(patient, scene.draft, "more.txt", b"More.".to_vec()).await.map(drop)
        }
        "messages_remove_attachment" => {
            portal.remove_attachment(patient, scene.draft, scene.attachment).await
        }
        "messages_download" => portal.attachment_text(patient, scene.attachment).await.map(drop),
        "messages_cohort_reach" => portal.cohort_reach(&read(operation, scene)).await.map(drop),
        "messages_send_to_cohort" => portal.send_to_cohort(&read(operation, scene), key).await.map(drop),
        "messages_cohort_messages" => portal.cohort_messages(&Default::default()).await.map(drop),
        "messages_cohort_message" => portal.cohort_message(scene.cohort_message).await.map(drop),
        "messages_cohort_recipients" => {
            portal.cohort_recipients(scene.cohort_message, &Default::default()).await.map(drop)
        }
        "messages_teams" => portal.message_teams().await.map(drop),
        "messages_queue" => portal.message_queue(&Default::default()).await.map(drop),
        "messages_close_all" => portal.close_threads(&read(operation, scene)).await.map(drop),
        "messages_open" => portal.open_thread(patient, thread).await.map(drop),
        "messages_claim" => portal.claim_thread(patient, thread).await.map(drop),
        "messages_assign" => portal.assign_thread(&entry(), None).await.map(drop),
        "messages_reroute" => portal.reroute_thread(&entry(), &read(operation, scene)).await.map(drop),
        "messages_note" => portal.add_note(patient, thread, &read(operation, scene), key).await.map(drop),
        "messages_close" => portal.close_thread(&entry()).await.map(drop),
        "messages_reopen" => portal.reopen_thread(&entry()).await.map(drop),
        other => panic!("the client is not driven through {other}: add it to the client and here"),
    }
}
