//! `portal export --all`: a file for each patient, whole or not there; what was written once is kept.

use portal_api::{
    error::Error,
    features::health_record::{Exported, export_all},
};
use tokio::sync::Mutex;

use super::*;

async fn run(portal: &TestPortal, folder: &Path) -> (Exported, Vec<u64>) {
    let told = Mutex::new(Vec::new());
    let state = export_all(&portal.app, RecordFormat::Text, folder, |state| {
        told.try_lock().unwrap().push(state.done());
    });
    (state.await.unwrap(), told.into_inner())
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

on_both! {
    async fn everybody_gets_a_file_and_a_second_run_writes_only_what_is_missing(portal) {
        let folder = tempfile::tempdir().unwrap();
        let into = folder.path().join("not there yet");
        let (anna, berta) = (portal.chart("Anna", "Lund").await, portal.chart("Berta", "Stone").await);
        let before = portal.app.db.read(|conn| {
            Ok(portal_api::platform::db::schema::patients::table.count().get_result::<i64>(conn)?)
        });
        let everybody = before.await.unwrap() as u64;
        let (first, told) = run(&portal, &into).await;
        assert_eq!((first.patients, first.written, first.kept, first.failed), (everybody, everybody, 0, 0));
        assert_eq!(told, (1..=everybody).collect::<Vec<_>>());
        let names = files(&into);
        assert_eq!(names.len() as u64, everybody);
        for (patient, name) in [(anna, "Anna Lund"), (berta, "Berta Stone")] {
            let own = names.iter().find(|file| file.ends_with(&format!("_{patient}.txt"))).unwrap();
            let text = std::fs::read_to_string(into.join(own)).unwrap();
            assert!(text.contains(&format!("Health record of {name}")), "{text}");
            let alone = folder.path().join(name);
            assert_eq!(text, export(&portal, &patient.to_string(), &alone).await.unwrap());
        }

        let gone = into.join(&names[0]);
        std::fs::remove_file(&gone).unwrap();
        let (second, _) = run(&portal, &into).await;
        assert_eq!((second.written, second.kept, second.failed), (1, everybody - 1, 0));
        assert_eq!(files(&into), names, "and nothing half-written beside them");
    }

    async fn one_chart_that_can_not_be_read_is_named_and_holds_up_nobody_else(portal) {
        let folder = tempfile::tempdir().unwrap();
        let (anna, _) = (portal.chart("Anna", "Lund").await, portal.chart("Berta", "Stone").await);
        portal.app.db.write(move |conn| {
            use portal_api::platform::db::{Json, schema::patients};
            let spoilt = Json::of(&"not a person")?;
            Ok(diesel::update(patients::table.find(anna)).set(patients::body.eq(spoilt)).execute(conn)?)
        }).await.unwrap();
        let failures = Mutex::new(Vec::new());
        let state = export_all(&portal.app, RecordFormat::Text, folder.path(), |state| {
            failures.try_lock().unwrap().extend(state.failure.as_ref().map(|(_, why)| matches!(why, Error::Internal(_))));
        });
        let state = state.await.unwrap();
        assert_eq!((state.failed, state.written), (1, state.patients - 1));
        assert_eq!(failures.into_inner(), [true]);
        assert!(!files(folder.path()).iter().any(|name| name.contains(&anna.to_string())));
    }
}
