//! Open pages hear that something is new: who hears what, when, and when a stream ends.

use std::time::Duration;

use chrono::TimeDelta;
use portal_api::{
    error::Error,
    platform::{auth::Actor, live::Audience},
};
use portal_domain::{
    access::Role,
    accounts::SessionPolicy,
    live::{LiveEvent, LiveKind},
    problem::Code,
    restrictions::RestrictionAim,
    results::{GroupRule, Release, ReleasePolicies, TestGroup},
    sensitivity::{SensitiveKind, SensitivityChange},
};
use reqwest::Response;
use uuid::Uuid;

use crate::{
    dependents::{full, given},
    harness::{
        on_both,
        people::Person,
        portal::{TestPortal, begin},
        wire::Credentials,
    },
    restrictions,
};

/// The time in which a page must hear of something new.
const SOON: Duration = Duration::from_secs(2);
/// Longer than anything takes here, on a machine that others use too.
const LONG: Duration = Duration::from_secs(20);

/// An open stream.
struct Stream(Response, String);

impl Stream {
    /// Opens one, and takes the greeting.
    async fn open(portal: &TestPortal, who: &Credentials) -> Self {
        let mut stream = Self(ask(portal, who).await, String::new());
        assert_eq!(stream.0.status(), 200);
        assert_eq!(stream.0.headers()["content-type"], "text/event-stream");
        assert_eq!(stream.next(LONG).await, Some(LiveEvent::EVERYTHING));
        stream
    }

    /// Opens one for a person and waits until what their own sign-in told is past.
    async fn of(portal: &TestPortal, person: &Person) -> Self {
        let mut stream = Self::open(portal, &portal.cookie(person).await).await;
        let mark = Uuid::new_v4();
        announce(portal, Audience::Account(person.session.account_id), mark, false).await;
        while stream.next(LONG).await.expect("the mark").id != Some(mark) {}
        stream
    }

    /// Waits for the end of the stream.
    async fn ends(&mut self) {
        while self.next(LONG).await.is_some() {}
    }

    /// The next event; none when the stream ends. Signs of life are passed over.
    async fn next(&mut self, within: Duration) -> Option<LiveEvent> {
        let next = async {
            loop {
                if let Some((event, rest)) = self.1.split_once("\n\n") {
                    let data = event.lines().find_map(|line| line.strip_prefix("data: ")).map(str::to_owned);
                    self.1 = rest.to_owned();
                    match data {
                        Some(data) => return Some(serde_json::from_str(&data).unwrap()),
                        None => continue,
                    }
                }
                self.1.push_str(std::str::from_utf8(&self.0.chunk().await.unwrap()?).unwrap());
            }
        };
        tokio::time::timeout(within, next).await.expect("something in time")
    }
}

async fn ask(portal: &TestPortal, who: &Credentials) -> Response {
    let Credentials::Cookie(cookie) = who else { panic!("a person") };
    let request = portal.request("GET", "/api/v1/events");
    request.header("Cookie", cookie).send().await.unwrap()
}

/// A patient with a result that waits, and who may release it.
async fn waiting_result(portal: &TestPortal) -> (Person, Person, portal_domain::ids::ResultId) {
    let (anna, doctor) = (portal.patient("Anna").await, portal.staff(Role::Provider).await);
    let result = portal.result(anna.patient(), begin(), "5.4").await;
    (anna, doctor, result)
}

async fn release(doctor: &Person, anna: &Person, result: portal_domain::ids::ResultId) {
    let seen = doctor.portal.result(anna.patient(), result).await.unwrap();
    let (version, key) = (seen.version, Uuid::new_v4());
    doctor.portal.release_result(anna.patient(), result, version, &Release::default(), key).await.unwrap();
}

/// Says something to somebody, as an act of the operator's.
async fn announce(portal: &TestPortal, audience: Audience, id: Uuid, fails: bool) {
    let operator = Actor::operator();
    let said = portal.app.write(&operator, move |work| {
        work.announce(audience, LiveKind::Inbox, id);
        if fails { Err(Error::from(Code::WrongState)) } else { Ok(()) }
    });
    assert_eq!(said.await.is_err(), fails);
}

on_both! {
    async fn a_released_result_is_heard_within_two_seconds_and_only_that_it_is_there(portal) {
        let (anna, doctor, result) = waiting_result(&portal).await;
        let mut stream = Stream::of(&portal, &anna).await;
        release(&doctor, &anna, result).await;
        let heard = stream.next(SOON).await;
        assert_eq!(heard, Some(LiveEvent { kind: LiveKind::Inbox, id: Some(result.0) }));
    }

    async fn nobody_hears_what_is_another_patients_or_the_staffs(portal) {
        let (anna, berta, nurse) =
            (portal.patient("Anna").await, portal.patient("Berta").await, portal.staff(Role::Nurse).await);
        let mut of_anna = Stream::of(&portal, &anna).await;
        let mut of_nurse = Stream::of(&portal, &nurse).await;
        let said = |last: u8| Uuid::from_bytes([last; 16]);
        announce(&portal, Audience::Patient(berta.patient()), said(1), false).await;
        announce(&portal, Audience::Account(berta.session.account_id), said(2), false).await;
        announce(&portal, Audience::Staff, said(3), false).await;
        announce(&portal, Audience::Patient(anna.patient()), said(4), false).await;
        announce(&portal, Audience::Account(nurse.session.account_id), said(5), false).await;
        // Announcements come in order, so what came first was for others.
        assert_eq!(of_anna.next(LONG).await.unwrap().id, Some(said(4)));
        assert_eq!(of_nurse.next(LONG).await.unwrap().id, Some(said(3)));
        assert_eq!(of_nurse.next(LONG).await.unwrap().id, Some(said(5)));
    }

    async fn who_acts_for_a_patient_hears_nothing_of_the_patient_while_anything_is_kept_back(portal) {
        let (anna, doctor, result) = waiting_result(&portal).await;
        let bruno = portal.patient("Bruno").await;
        given(&anna, &bruno, full()).await;
        let mut of_anna = Stream::of(&portal, &anna).await;
        let mut of_bruno = Stream::of(&portal, &bruno).await;
        release(&doctor, &anna, result).await;
        let heard = Some(LiveEvent { kind: LiveKind::Inbox, id: Some(result.0) });
        assert_eq!((of_bruno.next(LONG).await, of_anna.next(LONG).await), (heard, heard));
        let change = |is_sensitive| SensitivityChange { kind: SensitiveKind::Result, subject_id: result.0, is_sensitive };
        doctor.portal.change_sensitivity(anna.patient(), &change(true)).await.unwrap();
        // The stream was opened before, and no beat has passed.
        let second = portal.result(anna.patient(), begin(), "6.1").await;
        release(&doctor, &anna, second).await;
        let (said, mark) = (Uuid::new_v4(), Uuid::new_v4());
        announce(&portal, Audience::Patient(anna.patient()), said, false).await;
        announce(&portal, Audience::Account(bruno.session.account_id), mark, false).await;
        assert_eq!(of_bruno.next(LONG).await.unwrap().id, Some(mark), "whatever rang for Anna came before");
        while of_anna.next(LONG).await.unwrap().id != Some(said) {}
        // Once it is shown again, a new stream hears as before.
        doctor.portal.change_sensitivity(anna.patient(), &change(false)).await.unwrap();
        let mut again = Stream::of(&portal, &bruno).await;
        announce(&portal, Audience::Patient(anna.patient()), said, false).await;
        assert_eq!(again.next(LONG).await.unwrap().id, Some(said));
    }

    async fn a_test_that_is_kept_back_from_its_release_on_does_not_ring_by_its_release(portal) {
        let (anna, doctor, result) = waiting_result(&portal).await;
        let bruno = portal.patient("Bruno").await;
        given(&anna, &bruno, full()).await;
        let group = TestGroup {
            name: "Sugar".into(),
            codes: vec!["4548-4".into()],
            categories: vec![],
            sensitive: true,
            release: GroupRule::default(),
        };
        let policies = ReleasePolicies { groups: vec![group], ..Default::default() };
        portal.staff(Role::Admin).await.portal.change_release_policies(1, &policies).await.unwrap();
        let (mut of_anna, mut of_bruno) = (Stream::of(&portal, &anna).await, Stream::of(&portal, &bruno).await);
        release(&doctor, &anna, result).await;
        assert_eq!(of_anna.next(LONG).await, Some(LiveEvent { kind: LiveKind::Inbox, id: Some(result.0) }));
        let mark = Uuid::new_v4();
        announce(&portal, Audience::Account(bruno.session.account_id), mark, false).await;
        assert_eq!(of_bruno.next(LONG).await.unwrap().id, Some(mark));
    }

    async fn what_can_be_shared_with_nobody_rings_for_the_patient_alone(portal) {
        let (anna, bruno) = (portal.patient("Anna").await, portal.patient("Bruno").await);
        given(&anna, &bruno, full()).await;
        let records = portal.staff(Role::Records).await;
        let asked = restrictions::ask(&anna, RestrictionAim::Person).await.unwrap();
        let (mut of_anna, mut of_bruno) = (Stream::of(&portal, &anna).await, Stream::of(&portal, &bruno).await);
        restrictions::answer(&records, &asked, &restrictions::yes()).await.unwrap();
        assert_eq!(of_anna.next(LONG).await.unwrap().kind, LiveKind::Inbox);
        let mark = Uuid::new_v4();
        announce(&portal, Audience::Account(bruno.session.account_id), mark, false).await;
        assert_eq!(of_bruno.next(LONG).await.unwrap().id, Some(mark));
    }

    async fn an_act_that_is_rolled_back_announces_nothing(portal) {
        let anna = portal.patient("Anna").await;
        let mut stream = Stream::of(&portal, &anna).await;
        let (failed, done) = (Uuid::new_v4(), Uuid::new_v4());
        announce(&portal, Audience::Patient(anna.patient()), failed, true).await;
        announce(&portal, Audience::Patient(anna.patient()), done, false).await;
        assert_eq!(stream.next(LONG).await.unwrap().id, Some(done));
    }

    async fn whoever_comes_back_is_told_that_everything_may_be_new(portal) {
        let (anna, doctor, result) = waiting_result(&portal).await;
        let cookie = portal.cookie(&anna).await;
        drop(Stream::open(&portal, &cookie).await);
        release(&doctor, &anna, result).await;
        // The greeting is what `open` waits for.
        Stream::open(&portal, &cookie).await;
        let inbox = anna.portal.inbox(anna.patient(), &Default::default()).await.unwrap();
        assert_eq!(inbox.items[0].subject_id, result.0);
    }

    async fn a_stream_ends_with_its_session(portal) {
        let portal = portal.beside(|settings| settings.events_beat = Duration::from_millis(50)).await;
        let anna = portal.patient("Anna").await;
        let mut stream = Stream::of(&portal, &anna).await;
        anna.portal.end_other_sessions().await.unwrap();
        stream.ends().await;
    }

    async fn a_stream_ends_when_the_account_is_switched_off(portal) {
        let portal = portal.beside(|settings| settings.events_beat = Duration::from_millis(50)).await;
        let (nurse, admin) = (portal.staff(Role::Nurse).await, portal.staff(Role::Admin).await);
        let mut stream = Stream::of(&portal, &nurse).await;
        admin.portal.disable_staff(nurse.session.account_id).await.unwrap();
        stream.ends().await;
    }

    async fn a_stream_keeps_no_session_alive(portal) {
        let portal = portal.beside(|settings| settings.events_beat = Duration::from_millis(50)).await;
        let anna = portal.patient("Anna").await;
        let cookie = portal.cookie(&anna).await;
        let nearly = SessionPolicy::idle_minutes(15).idle - TimeDelta::seconds(1);
        portal.clock.advance(nearly);
        let mut stream = Stream::open(&portal, &cookie).await;
        // Nor does what the page asks because of it.
        let inbox = portal.request("GET", &format!("/api/v1/patients/{}/inbox", anna.patient()));
        let unattended = inbox.header("Portal-Unattended", "1");
        assert_eq!(portal.send(&cookie, unattended).await.status, 200);
        portal.clock.advance(TimeDelta::seconds(1));
        stream.ends().await;
        assert_eq!(ask(&portal, &cookie).await.status(), 401);
    }

    async fn a_ninth_stream_of_one_account_is_refused_and_a_closed_one_makes_room(portal) {
        let portal = portal.beside(|settings| settings.events_beat = Duration::from_millis(50)).await;
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        let cookie = portal.cookie(&anna).await;
        let mut open = Vec::new();
        for _ in 0..8 {
            open.push(Stream::open(&portal, &cookie).await);
        }
        let ninth = ask(&portal, &cookie).await;
        assert_eq!((ninth.status().as_u16(), ninth.headers()["retry-after"].as_bytes()), (429, &b"60"[..]));
        Stream::of(&portal, &berta).await;
        open.clear();
        // The server notices at the next sign of life.
        let again = async {
            while ask(&portal, &cookie).await.status() != 200 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(LONG, again).await.expect("room again");
    }

    async fn a_server_about_to_stop_ends_its_streams(portal) {
        let portal = portal.beside(|_| {}).await;
        let anna = portal.patient("Anna").await;
        let cookie = portal.cookie(&anna).await;
        let mut stream = Stream::open(&portal, &cookie).await;
        portal.app.begin_farewell();
        stream.ends().await;
        assert_eq!(ask(&portal, &cookie).await.status(), 503);
    }
}

#[test]
fn two_servers_on_one_postgresql_tell_each_others_pages() {
    crate::harness::portal::run(portal_api::platform::db::Engine::Postgres, async |portal: TestPortal| {
        let (anna, doctor, result) = waiting_result(&portal).await;
        let other = portal.beside(|_| {}).await;
        let mut stream = Stream::of(&other, &anna).await;
        release(&doctor, &anna, result).await;
        let heard = stream.next(SOON).await;
        assert_eq!(heard, Some(LiveEvent { kind: LiveKind::Inbox, id: Some(result.0) }));
    });
}
