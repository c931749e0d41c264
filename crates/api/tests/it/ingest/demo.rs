//! The demo's charts come in like any other source's.

use portal_api::demo;
use portal_domain::{access::Role, results::ReleaseQueueQuery};

use crate::harness::{on_both, portal::TestPortal};

async fn demo_of(portal: &TestPortal) {
    demo::seed_charts(&portal.app).await.unwrap();
}

on_both! {
    async fn the_demo_fills_the_release_queue_and_releases_nothing(portal) {
        demo_of(&portal).await;
        let provider = portal.staff(Role::Provider).await;
        let query = ReleaseQueueQuery { limit: Some(100), ..Default::default() };
        let queue = provider.portal.unreleased_results(&query).await.unwrap();
        assert!(queue.items.len() >= 20, "{}", queue.items.len());
        assert!(queue.items.iter().all(|item| item.result.released_at.is_none()));
        let critical = queue.items.iter().find(|item| item.result.flag == portal_domain::results::Flag::CriticalHigh).unwrap();
        let opened = provider.portal.result(critical.patient.id, critical.result.id).await.unwrap();
        assert_eq!(opened.ordering_provider.as_deref(), Some("Dr. Samuel Okafor"));
        assert_eq!(opened.laboratory.unwrap().name, "Harborview Clinical Laboratory");
        assert_eq!(opened.specimen.as_deref(), Some("Serum"));
    }

    async fn seeding_the_demo_twice_changes_nothing(portal) {
        demo_of(&portal).await;
        let before = crate::ingest::rows(&portal).await;
        demo_of(&portal).await;
        assert_eq!(crate::ingest::rows(&portal).await, before);
    }
}
