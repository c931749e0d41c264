//! An item of the library for the operations that are about it.

use portal_client::{Error, Portal};
use portal_domain::{
    education::{EducationContent, EducationText, EducationTopic, NewEducationAssignment, PreviewText},
    ids::EducationFileId,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::scene::{People, Scene};

fn content(files: Vec<EducationFileId>) -> EducationContent {
    EducationContent {
        topic: EducationTopic::Tests,
        codes: vec![],
        files,
        texts: vec![EducationText {
            language: "en".into(),
            title: "Your blood sugar".into(),
            body: "It shows the last three months.".into(),
        }],
    }
}

/// What an operation is sent in this scene.
pub fn body(operation: &str, scene: &Scene) -> Option<Value> {
    Some(match operation {
        "education_create" | "education_save" => serde_json::to_value(content(vec![])).unwrap(),
        "education_preview" => json!({ "body": "# Sugar" }),
        "education_assign" => json!({ "education_id": scene.education }),
        _ => return None,
    })
}

impl Scene {
    /// What the operation begins with: an item with a file, published and assigned to Anna where that is needed.
    pub async fn add_education(&mut self, people: &People, operation: &str) {
        let doctor = &people.doctor.portal;
        let made = doctor.create_education(&content(vec![]), Uuid::new_v4()).await.unwrap();
        (self.education, self.version) = (made.id, made.version);
        let file = doctor.upload_education_file(made.id, "diary.txt", b"Monday:".to_vec()).await.unwrap();
        self.education_file = file.id;
        if matches!(operation, "education_open" | "education_save" | "education_publish" | "education_upload")
        {
            return;
        }
        let saved = doctor.save_education(made.id, made.version, &content(vec![file.id])).await.unwrap();
        self.version = doctor.publish_education(made.id, saved.version).await.unwrap().version;
        if matches!(operation, "education_take_back" | "education_mark_read") {
            let new = NewEducationAssignment { education_id: made.id };
            doctor.assign_education(self.patient, &new, Uuid::new_v4()).await.unwrap();
        }
    }
}

/// Does an operation through the client.
pub async fn drive(operation: &str, portal: &Portal, scene: &Scene) -> Result<(), Error> {
    let (id, version, key) = (scene.education, scene.version, Uuid::new_v4());
    match operation {
        "education_list" => portal.education_items(&Default::default()).await.map(drop),
        "education_create" => portal.create_education(&content(vec![]), key).await.map(drop),
        "education_preview" => {
            portal.preview_education(&PreviewText { body: "# Sugar".into() }).await.map(drop)
        }
        "education_open" => portal.education_item(id).await.map(drop),
        "education_save" => portal.save_education(id, version, &content(vec![])).await.map(drop),
        "education_publish" => portal.publish_education(id, version).await.map(drop),
        "education_retire" => portal.retire_education(id, version).await.map(drop),
        "education_upload" => {
            portal.upload_education_file(id, "diary.txt", b"Tuesday:".to_vec()).await.map(drop)
        }
        "education_find" => portal.library(&Default::default()).await.map(drop),
        "education_read" => portal.read_education(id, &Default::default()).await.map(drop),
        "education_download" => portal.education_file_text(id, scene.education_file).await.map(drop),
        "education_assigned" => portal.assigned_education(scene.patient).await.map(drop),
        "education_assign" => {
            let new = NewEducationAssignment { education_id: id };
            portal.assign_education(scene.patient, &new, key).await.map(drop)
        }
        "education_take_back" => portal.take_back_education(scene.patient, id).await,
        "education_mark_read" => portal.mark_education_read(scene.patient, id).await,
        other => panic!("{other} is not driven"),
    }
}
