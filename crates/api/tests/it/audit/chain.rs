//! AUD-2, P-10: what somebody with the database's password does to the trail is found, and the first row is named.

use diesel::prelude::*;
use portal_api::platform::{
    audit_trail::{Bad, Finding, Look, Report},
    clock::new_id,
    db::{
        AnyId, Engine,
        schema::{audit_entries, audit_seals},
    },
};
use portal_domain::{
    access::Role,
    appointments::{NewRequest, Reason},
};
use uuid::Uuid;

use super::at_the_engine;
use crate::harness::{on_both, people::Person, portal::TestPortal};

impl TestPortal {
    async fn seal(&self, look: Look) -> usize {
        self.app.trail.seal(self.app.now(), look).await.unwrap()
    }

    async fn verify(&self) -> Report {
        self.app.trail.verify(self.app.now()).await.unwrap()
    }

    async fn first_bad(&self) -> Finding {
        let findings = self.verify().await.findings;
        findings.first().cloned().expect("the tampering is found")
    }

    async fn entries(&self) -> Vec<Uuid> {
        let ids = |conn: &mut portal_api::platform::db::Conn| {
            Ok(audit_entries::table.order(audit_entries::id).select(audit_entries::id).load::<AnyId>(conn)?)
        };
        self.app.db.read(ids).await.unwrap().into_iter().map(|id| id.0).collect()
    }

    /// As the engine spells an id.
    fn spelled(&self, id: Uuid) -> String {
        match self.app.db.engine() {
            Engine::Sqlite => format!("X'{}'", id.simple()),
            Engine::Postgres => format!("'{id}'"),
        }
    }

    /// Takes the engine's own rules away, as its owner can.
    fn disarm(&self) {
        let sql = match self.app.db.engine() {
            Engine::Sqlite => {
                "DROP TRIGGER audit_entries_no_update; DROP TRIGGER audit_entries_no_delete; \
                 DROP TRIGGER audit_seals_no_update; DROP TRIGGER audit_seals_no_delete"
            }
            Engine::Postgres => {
                "DROP TRIGGER audit_entries_append_only ON audit_entries; \
                 DROP TRIGGER audit_seals_append_only ON audit_seals"
            }
        };
        at_the_engine(self, sql).unwrap();
    }

    fn tamper(&self, sql: &str) {
        at_the_engine(self, sql).unwrap();
    }
}

/// Some reads, each a row or more.
async fn looks(anna: &Person, times: usize) {
    for _ in 0..times {
        anna.portal.patient(anna.patient()).await.unwrap();
    }
}

fn request(location_id: portal_domain::ids::LocationId) -> NewRequest {
    NewRequest {
        location_id,
        provider_id: None,
        reason: Reason::Other,
        preferred: vec![],
        note: String::new(),
    }
}

/// A trail of three seals and what lies in them.
async fn sealed(portal: &TestPortal) -> Vec<Uuid> {
    let anna = portal.patient("Anna").await;
    for _ in 0..3 {
        looks(&anna, 3).await;
        assert!(portal.seal(Look::Quick).await >= 3);
    }
    let report = portal.verify().await;
    assert_eq!((report.findings, report.waiting), (vec![], 0));
    portal.disarm();
    portal.entries().await
}

on_both! {
    async fn a_trail_that_nobody_touched_holds_and_says_what_waits(portal) {
        let anna = portal.patient("Anna").await;
        let fresh = portal.verify().await;
        assert_eq!((fresh.findings, fresh.sealed, fresh.waiting), (vec![], 0, fresh.rows));
        let sealed = portal.seal(Look::Thorough).await;
        assert_eq!(portal.seal(Look::Thorough).await, 0, "no row is sealed twice");
        looks(&anna, 2).await;
        let report = portal.verify().await;
        assert_eq!((report.findings, report.sealed, report.waiting), (vec![], sealed as u64, 2));
        assert_eq!(portal.seal(Look::Quick).await, 2);
        let done = portal.verify().await;
        assert_eq!((done.findings, done.waiting, done.seals, done.rows), (vec![], 0, 2, done.sealed));
    }

    async fn a_changed_row_is_named(portal) {
        let rows = sealed(&portal).await;
        let id = rows[4];
        for change in ["outcome = 'refused'", "category = 'results'", "actor_id = NULL", "patient_id = request_id", "action = 'no such word'"] {
            portal.tamper(&format!("UPDATE audit_entries SET {change} WHERE id = {}", portal.spelled(id)));
            assert_eq!(portal.first_bad().await, Finding { entry: id, bad: Bad::Changed }, "{change}");
        }
        let report = portal.verify().await;
        assert_eq!(report.findings.len(), 1, "and no other: {:?}", report.findings);
    }

    async fn a_row_that_was_not_sealed_yet_can_not_be_changed_either(portal) {
        sealed(&portal).await;
        looks(&portal.patient("Berta").await, 2).await;
        let id = *portal.entries().await.last().unwrap();
        portal.tamper(&format!("UPDATE audit_entries SET outcome = 'refused' WHERE id = {}", portal.spelled(id)));
        assert_eq!(portal.first_bad().await, Finding { entry: id, bad: Bad::Inserted });
        portal.seal(Look::Thorough).await;
        assert_eq!(portal.first_bad().await, Finding { entry: id, bad: Bad::Inserted }, "it is never sealed");
    }

    async fn a_deleted_row_is_named(portal) {
        let rows = sealed(&portal).await;
        for id in [rows[6], rows[2]] {
            portal.tamper(&format!("DELETE FROM audit_entries WHERE id = {}", portal.spelled(id)));
            assert_eq!(portal.first_bad().await, Finding { entry: id, bad: Bad::Deleted });
        }
    }

    async fn swapped_rows_are_named(portal) {
        let rows = sealed(&portal).await;
        let (a, b, between) = (rows[1], rows[7], new_id());
        for (from, to) in [(a, between), (b, a), (between, b)] {
            let (from, to) = (portal.spelled(from), portal.spelled(to));
            portal.tamper(&format!("UPDATE audit_entries SET id = {to} WHERE id = {from}"));
        }
        let findings = portal.verify().await.findings;
        assert_eq!(findings, [Finding { entry: a, bad: Bad::Swapped(b) }, Finding { entry: b, bad: Bad::Swapped(a) }]);
    }

    async fn an_inserted_row_is_named_whether_or_not_it_carries_a_mac(portal) {
        let rows = sealed(&portal).await;
        for mac in ["mac", "NULL"] {
            let id = new_id();
            portal.tamper(&format!(
                "INSERT INTO audit_entries (id, at, actor_kind, actor_id, patient_id, category, action, outcome, subject_id, request_id, mac) \
                 SELECT {}, at, actor_kind, actor_id, patient_id, category, action, outcome, subject_id, request_id, {mac} \
                 FROM audit_entries WHERE id = {}",
                portal.spelled(id), portal.spelled(rows[0]),
            ));
            // While servers of the version before may still run, rows without a MAC are taken.
            portal.clock.advance(chrono::TimeDelta::hours(25));
            portal.seal(Look::Thorough).await;
            assert_eq!(portal.first_bad().await, Finding { entry: id, bad: Bad::Inserted }, "{mac}");
            portal.tamper(&format!("DELETE FROM audit_entries WHERE id = {}", portal.spelled(id)));
            assert_eq!(portal.verify().await.findings, []);
        }
    }

    async fn a_trail_that_was_cut_off_is_found_by_the_head_outside(portal) {
        let rows = sealed(&portal).await;
        let seals: Vec<(i64, AnyId)> = portal.app.db.read(|conn| {
            Ok(audit_seals::table.order(audit_seals::number).select((audit_seals::number, audit_seals::last_id)).load(conn)?)
        }).await.unwrap();
        let (_, last) = seals[1];
        let gone = rows.iter().filter(|id| **id > last.0).count() as i64;
        portal.tamper(&format!("DELETE FROM audit_entries WHERE id > {}", portal.spelled(last.0)));
        portal.tamper("DELETE FROM audit_seals WHERE number > 2");
        let cut = Finding { entry: last.0, bad: Bad::Truncated { seals: 2, of: 3, entries: gone } };
        assert_eq!(portal.verify().await.findings, std::slice::from_ref(&cut));

        // The server does not bury it under new seals.
        looks(&portal.patient("Berta").await, 2).await;
        assert!(portal.app.trail.seal(portal.app.now(), Look::Quick).await.is_err());
        assert_eq!(portal.first_bad().await, cut);

        portal.tamper("DELETE FROM audit_entries; DELETE FROM audit_seals");
        let all = Finding { entry: Uuid::nil(), bad: Bad::Truncated { seals: 0, of: 3, entries: rows.len() as i64 } };
        assert_eq!(portal.verify().await.findings, [all]);
    }

    async fn seals_that_were_changed_or_taken_out_are_named(portal) {
        let rows = sealed(&portal).await;
        portal.tamper("UPDATE audit_seals SET total = total - 1 WHERE number = 2");
        assert_eq!(portal.first_bad().await.bad, Bad::SealChanged(2));
        portal.tamper("DELETE FROM audit_seals WHERE number = 2");
        let bad = portal.first_bad().await.bad;
        assert!(matches!(bad, Bad::SealsDeleted { first: 2, last: 2, entries } if entries >= 3), "{bad:?}");
        assert_eq!(portal.entries().await, rows);
    }

    async fn a_head_that_is_missing_or_forged_is_told(portal) {
        sealed(&portal).await;
        let head = portal.app.settings.audit_head.clone();
        let text = std::fs::read_to_string(&head).unwrap();
        std::fs::write(&head, text.replace("\"seal\":3", "\"seal\":2")).unwrap();
        assert_eq!(portal.first_bad().await.bad, Bad::HeadForged);
        assert!(portal.app.trail.seal(portal.app.now(), Look::Quick).await.is_err());
        std::fs::remove_file(&head).unwrap();
        assert_eq!(portal.first_bad().await.bad, Bad::HeadMissing);
    }

    async fn seals_are_no_more_changed_in_passing_than_rows(portal) {
        looks(&portal.patient("Anna").await, 1).await;
        portal.seal(Look::Quick).await;
        let mut tries = vec!["UPDATE audit_seals SET total = 0", "DELETE FROM audit_seals"];
        if portal.app.db.engine() == Engine::Postgres {
            tries.push("TRUNCATE audit_seals");
        }
        for sql in tries {
            let refusal = at_the_engine(&portal, sql).expect_err(sql);
            assert!(refusal.contains("audit seals are never"), "{sql}: {refusal}");
        }
    }

    async fn many_who_read_and_write_at_once_while_two_servers_seal_leave_a_trail_that_holds(portal) {
        let other = portal.beside(|_| {}).await;
        let anna = portal.patient("Anna").await;
        let nurse = portal.staff(Role::Nurse).await;
        let location = portal.visitor().practice().await.unwrap().locations[0].id;
        let ask = request(location);
        let acts = (0..50).map(|n| {
            let (anna, nurse, ask) = (&anna, &nurse, &ask);
            async move {
                match n % 3 {
                    0 => anna.portal.request_appointment(anna.patient(), ask, Uuid::new_v4()).await.map(drop).unwrap(),
                    1 => anna.portal.patient(anna.patient()).await.map(drop).unwrap(),
                    _ => nurse.portal.results(anna.patient(), &Default::default()).await.map(drop).unwrap(),
                }
            }
        });
        let sealing = async {
            for _ in 0..20 {
                portal.seal(Look::Quick).await;
                other.seal(Look::Quick).await;
                tokio::task::yield_now().await;
            }
        };
        futures_util::future::join(futures_util::future::join_all(acts), sealing).await;
        portal.seal(Look::Thorough).await;
        other.seal(Look::Quick).await;
        for server in [&portal, &other] {
            let report = server.verify().await;
            assert_eq!((report.findings, report.waiting, report.rows), (vec![], 0, report.sealed));
            assert!(report.rows >= 50);
        }
    }

    async fn rows_of_the_version_before_are_sealed_as_they_are_and_later_ones_refused(portal) {
        looks(&portal.patient("Anna").await, 2).await;
        portal.disarm();
        portal.tamper("UPDATE audit_entries SET mac = NULL");
        assert!(portal.seal(Look::Thorough).await > 2);
        assert_eq!(portal.verify().await.findings, []);
        let id = portal.entries().await[1];
        portal.tamper(&format!("UPDATE audit_entries SET request_id = {0} WHERE id = {0}", portal.spelled(id)));
        assert_eq!(portal.first_bad().await, Finding { entry: id, bad: Bad::Changed });
    }
}
