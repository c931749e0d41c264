//! The mailbox of somebody who is looked after: shared item by item, with marks of one's own.

use portal_domain::{
    access::{Category, Depth, Role},
    ids::ResultId,
    mail::{Inbox, InboxQuery},
    problem::Code,
    results::Release,
};
use uuid::Uuid;

use super::{full, given, limited};
use crate::harness::{
    on_both,
    people::Person,
    portal::{TestPortal, begin},
    refused,
};

/// A result of this person's that a provider released.
async fn released(portal: &TestPortal, person: &Person) -> ResultId {
    let id = portal.result(person.patient(), begin(), "6.4").await;
    let doctor = portal.staff(Role::Provider).await.portal;
    doctor.release_result(person.patient(), id, 1, &Release::default(), Uuid::new_v4()).await.unwrap();
    id
}

async fn inbox(reader: &Person, of: &Person) -> Inbox {
    reader.portal.inbox(of.patient(), &Default::default()).await.unwrap()
}

fn unread(inbox: &Inbox) -> usize {
    inbox
        .items
        .iter()
        .filter(|item| item.read_at.is_none() && item.kind.as_str() == "result_released")
        .count()
}

on_both! {
    async fn what_somebody_else_reads_stays_unread_for_the_patient(portal) {
        let (anna, bruno) = (portal.patient("Anna").await, portal.patient("Bruno").await);
        given(&anna, &bruno, full()).await;
        released(&portal, &anna).await;
        let seen = inbox(&bruno, &anna).await;
        assert_eq!((seen.items.len(), seen.unread), (1, 1));
        bruno.portal.mark_read(anna.patient(), seen.items[0].id).await.unwrap();
        bruno.portal.mark_read(anna.patient(), seen.items[0].id).await.unwrap();
        let seen = inbox(&bruno, &anna).await;
        assert_eq!((unread(&seen), seen.unread), (0, 0));
        assert_eq!(unread(&inbox(&anna, &anna).await), 1, "hers is hers");
        let item = seen.items[0].id;
        assert_eq!(refused(bruno.portal.archive_item(anna.patient(), item).await).code, Code::NotFound);
    }

    async fn an_item_is_seen_only_with_what_it_tells_of(portal) {
        let (anna, bruno) = (portal.patient("Anna").await, portal.patient("Bruno").await);
        given(&anna, &bruno, limited(&[(Category::Appointments, Depth::Act)])).await;
        released(&portal, &anna).await;
        let seen = inbox(&bruno, &anna).await;
        assert_eq!((seen.items.len(), seen.unread), (0, 0));
        let words = InboxQuery { q: Some("hemoglobin".into()), ..Default::default() };
        assert!(bruno.portal.inbox(anna.patient(), &words).await.unwrap().items.is_empty());
        assert_eq!(anna.portal.inbox(anna.patient(), &words).await.unwrap().items.len(), 1);
        let item = anna.portal.inbox(anna.patient(), &words).await.unwrap().items[0].id;
        assert_eq!(refused(bruno.portal.mark_read(anna.patient(), item).await).code, Code::NotFound);
    }
}
