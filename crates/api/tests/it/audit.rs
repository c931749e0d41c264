//! The audit trail only grows, and nothing is shown or done that it can't record (AUD-1, AUD-2).

mod chain;
mod reading;

use diesel::{Connection, PgConnection, SqliteConnection, connection::SimpleConnection};
use portal_api::platform::db::Engine;
use portal_domain::{
    appointments::{AppointmentQuery, NewRequest, Reason, Which},
    problem::Code,
};
use uuid::Uuid;

use crate::harness::{on_both, portal::TestPortal, refused, wire::Answer};

/// What somebody does who has the database's own password.
fn at_the_engine(portal: &TestPortal, sql: &str) -> Result<(), String> {
    let url = &portal.app.settings.database_url;
    let done = match portal.app.db.engine() {
        Engine::Sqlite => {
            let mut conn = SqliteConnection::establish(url.trim_start_matches("sqlite:")).unwrap();
            conn.batch_execute("PRAGMA busy_timeout = 5000").and_then(|()| conn.batch_execute(sql))
        }
        Engine::Postgres => PgConnection::establish(url).unwrap().batch_execute(sql),
    };
    done.map_err(|why| why.to_string())
}

/// From here on no row of the trail can be written.
fn jam(portal: &TestPortal) {
    let sql = match portal.app.db.engine() {
        Engine::Sqlite => {
            "CREATE TRIGGER jam BEFORE INSERT ON audit_entries BEGIN SELECT RAISE(ABORT, 'jammed'); END"
        }
        Engine::Postgres => {
            "CREATE FUNCTION jam() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'jammed'; END $$; \
             CREATE TRIGGER jam BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION jam()"
        }
    };
    at_the_engine(portal, sql).unwrap();
}

fn unjam(portal: &TestPortal) {
    let sql = match portal.app.db.engine() {
        Engine::Sqlite => "DROP TRIGGER jam",
        Engine::Postgres => "DROP TRIGGER jam ON audit_entries",
    };
    at_the_engine(portal, sql).unwrap();
}

#[track_caller]
fn assert_unavailable(answer: &Answer, secret: &str) {
    assert_eq!(answer.code(), Code::Unavailable, "{answer:?}");
    assert_eq!(answer.header("retry-after"), "1");
    assert!(!answer.body.contains(secret) && !answer.body.contains("jammed"), "{answer:?}");
}

on_both! {
    async fn not_even_who_owns_the_database_changes_or_deletes_a_row_in_passing(portal) {
        let anna = portal.patient("Anna").await;
        anna.portal.patient(anna.patient()).await.unwrap();
        let mut tries = vec![
            "UPDATE audit_entries SET outcome = 'done'",
            "UPDATE audit_entries SET actor_id = NULL WHERE outcome = 'done'",
            "DELETE FROM audit_entries",
            "DELETE FROM audit_entries WHERE id = (SELECT min(id::text)::uuid FROM audit_entries)",
        ];
        match portal.app.db.engine() {
            Engine::Postgres => tries.push("TRUNCATE audit_entries"),
            // SQLite has no TRUNCATE, and spells types otherwise.
            Engine::Sqlite => *tries.last_mut().unwrap() = "DELETE FROM audit_entries WHERE id = (SELECT min(id) FROM audit_entries)",
        }
        for sql in tries {
            let refusal = at_the_engine(&portal, sql).expect_err(sql);
            assert!(refusal.contains("audit entries are never"), "{sql}: {refusal}");
        }
    }

    async fn what_can_not_be_recorded_is_not_shown(portal) {
        let anna = portal.patient("Anna").await;
        let cookie = portal.cookie(&anna).await;
        let own = format!("/api/v1/patients/{}", anna.patient());
        let before = portal.send(&cookie, portal.request("GET", &own)).await;
        assert!(before.status == 200 && before.body.contains("Anna"));
        jam(&portal);
        for path in [own.clone(), format!("{own}/results"), format!("{own}/inbox"), format!("{own}/appointments")] {
            assert_unavailable(&portal.send(&cookie, portal.request("GET", &path)).await, "Anna");
        }
        let foreign = format!("/api/v1/patients/{}", Uuid::new_v4());
        assert_unavailable(&portal.send(&cookie, portal.request("GET", &foreign)).await, "nothing");
        unjam(&portal);
        assert_eq!(portal.send(&cookie, portal.request("GET", &own)).await.status, 200, "it recovers by itself");
    }

    async fn what_can_not_be_recorded_is_not_done(portal) {
        let anna = portal.patient("Anna").await;
        let location_id = portal.visitor().practice().await.unwrap().locations[0].id;
        let new = NewRequest { location_id, provider_id: None, reason: Reason::Other, preferred: vec![], note: String::new() };
        let key = Uuid::new_v4();
        jam(&portal);
        let answer = refused(anna.portal.request_appointment(anna.patient(), &new, key).await);
        assert_eq!(answer.code, Code::Unavailable);
        unjam(&portal);
        let query = AppointmentQuery { which: Some(Which::Pending), ..Default::default() };
        assert!(anna.portal.appointments(anna.patient(), &query).await.unwrap().items.is_empty());
        anna.portal.request_appointment(anna.patient(), &new, key).await.unwrap();
        assert_eq!(anna.portal.appointments(anna.patient(), &query).await.unwrap().items.len(), 1);
    }
}
