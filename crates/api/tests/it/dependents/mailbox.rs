//! The mailbox of somebody who is looked after: shared item by item, with marks of one's own.

use std::time::Duration;

use portal_api::platform::{auth::Actor, live::Audience, work::Work};
use portal_domain::{
    access::{Category, Depth, Role},
    ids::ResultId,
    live::LiveKind,
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

/// Which of these a person's stream tells first, while news of Anna and then news of the person come again and again.
async fn heard(portal: &TestPortal, person: &Person, anna: &Person, news: [Uuid; 2]) -> Option<Uuid> {
    let said = [Audience::Patient(anna.patient()), Audience::Account(person.session.account_id)];
    let telling = async {
        loop {
            for (audience, id) in said.into_iter().zip(news) {
                let tell = move |work: &mut Work<'_>| {
                    work.announce(audience, LiveKind::Inbox, id);
                    Ok(())
                };
                portal.app.write(&Actor::operator(), tell).await.unwrap();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        events = person.portal.events(8) => {
            // What happened before may still be on its way.
            events.unwrap().into_iter().filter_map(|event| event.id).find(|id| news.contains(id))
        }
        () = telling => None,
    }
}

on_both! {
    async fn news_is_heard_by_who_may_see_everything_and_by_nobody_who_sees_a_part(portal) {
        let (anna, bruno, carl) =
            (portal.patient("Anna").await, portal.patient("Bruno").await, portal.patient("Carl").await);
        given(&anna, &carl, limited(&[(Category::Messages, Depth::Act)])).await;
        let news = [Uuid::new_v4(), Uuid::new_v4()];
        assert_eq!(heard(&portal, &carl, &anna, news).await, Some(news[1]), "a part");
        assert_eq!(heard(&portal, &bruno, &anna, news).await, Some(news[1]), "a stranger");
        let grant = given(&anna, &bruno, full()).await;
        // The stream may begin between the two.
        let mut first = heard(&portal, &bruno, &anna, news).await;
        for _ in 0..10 {
            if first == Some(news[0]) {
                break;
            }
            first = heard(&portal, &bruno, &anna, news).await;
        }
        assert_eq!(first, Some(news[0]));
        anna.portal.revoke_proxy(anna.patient(), grant.id).await.unwrap();
        for _ in 0..3 {
            assert_ne!(heard(&portal, &bruno, &anna, news).await, Some(news[0]), "after the revocation");
        }
    }

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
