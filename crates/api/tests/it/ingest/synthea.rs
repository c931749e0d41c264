//! The six real-world bundles. They lie beside the repository and may be absent.

use std::{fs, path::PathBuf};

use portal_api::{
    features::integrations::{self, Imported},
    platform::auth::Actor,
};
use portal_domain::{access::Role, results::ReleaseQueueQuery};

use crate::harness::{on_both, portal::TestPortal};

fn samples() -> Vec<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/synthea");
    let Ok(files) = fs::read_dir(&folder) else {
        eprintln!("skipped: the Synthea samples are not there");
        return Vec::new();
    };
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    files.sort();
    files.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Imports all six; the sums of created, updated, unchanged and ignored.
async fn import_all(portal: &TestPortal) -> [u32; 4] {
    let mut sums = [0; 4];
    for bytes in samples() {
        let done = integrations::import(&portal.app, &Actor::operator(), "synthea".into(), bytes, None)
            .await
            .unwrap();
        let Imported::Kept(view) = done else { panic!("a sample was refused") };
        for (sum, count) in sums.iter_mut().zip(crate::ingest::counts(&view)) {
            *sum += count;
        }
    }
    sums
}

on_both! {
    async fn all_six_synthea_bundles_load_and_loading_them_again_changes_nothing(portal) {
        if samples().is_empty() {
            return;
        }
        let practice = crate::ingest::rows(&portal).await;
        assert_eq!(import_all(&portal).await, [792, 0, 4, 177], "two hospitals with their doctors come twice");
        let first = crate::ingest::rows(&portal).await;
        let grown: Vec<_> = practice.iter().zip(&first).map(|(before, after)| after.1 - before.1).collect();
        assert_eq!(grown, [6, 7, 7, 290, 51, 457, 812]);
        assert_eq!(import_all(&portal).await, [0, 0, 796, 177]);
        assert_eq!(crate::ingest::rows(&portal).await, first);

        let provider = portal.staff(Role::Provider).await;
        let query = ReleaseQueueQuery { limit: Some(100), ..Default::default() };
        assert_eq!(provider.portal.unreleased_results(&query).await.unwrap().items.len(), 51, "all of them wait for release");
    }
}
