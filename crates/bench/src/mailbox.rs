//! A mailbox of 20,000 items and a queue of 50,000, against small ones: a page and a search must not grow with them.

use anyhow::{Context, Result, bail, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};
use portal_client::Portal;
use portal_domain::{
    accounts::SignIn,
    ids::{PatientId, TeamId},
    messages::{DraftText, TeamCategory, TeamEdit},
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use uuid::Uuid;

use crate::{
    load::{Connection, Shot},
    people::{self, Person},
    portal::{Server, Site},
};

/// The small ones.
const FEW: usize = 200;
/// The large ones: items of a mailbox, threads of a queue.
const MANY: [usize; 2] = [20_000, 50_000];
/// One of so many texts holds the rare word.
const RARE: usize = 100;
/// So many requests are measured of each kind.
const TIMES: usize = 400;
/// Writers at a time.
const WRITERS: usize = 16;

/// One kind of request on a small and on a large one.
#[derive(Clone, Debug)]
pub struct Growth {
    /// What it is.
    pub words: &'static str,
    /// p99 on the small one, in milliseconds.
    pub few_ms: f64,
    /// p99 on the large one.
    pub many_ms: f64,
}

/// Fills both through the portal's own API, and asks.
pub async fn measure(site: &Site, server: &Server, people: &[Person]) -> Result<Vec<Growth>> {
    let signed_in = async |sign_in: &SignIn| -> Result<Portal> {
        let portal = Portal::at(&server.base());
        portal.sign_in(sign_in).await?;
        Ok(portal)
    };
    let nurse_sign_in = site.staff("nurse")?;
    let (admin, nurse) = (signed_in(&site.staff("admin")?).await?, signed_in(&nurse_sign_in).await?);
    let me = nurse.session().await?.session.context("the nurse is signed in")?.account_id;
    let team = async |name: &str| -> Result<TeamId> {
        let edit = TeamEdit {
            name: name.into(),
            category: TeamCategory::Health,
            location_id: None,
            reply_hours: 48,
            is_open: true,
            members: vec![me],
            escalates_to: None,
        };
        Ok(admin.add_care_team(&edit, Uuid::new_v4()).await?.team.id)
    };
    let (small, large, outbox) = (team("Small").await?, team("Large").await?, team("Outbox").await?);
    let [one, two, writer, ..] = people else { bail!("three people are needed") };
    for (person, items) in [(one, FEW), (two, MANY[0])] {
        write(&nurse, person.patient, outbox, items).await?;
    }
    let patient = signed_in(&people::sign_in_of(2)).await?;
    for (team, threads) in [(small, FEW), (large, MANY[1])] {
        write(&patient, writer.patient, team, threads).await?;
    }

    let mut connection = Connection::open(server.address).await?;
    let cookie = nurse_cookie(server, &mut connection, &nurse_sign_in).await?;
    let inbox = |person: &Person, q: &str| {
        let path = format!("/api/v1/patients/{}/inbox?limit=20{q}", person.patient);
        Shot::new("GET", &path, &[("Cookie", person.cookie.as_str())], "", 200)
    };
    let queue = |team: TeamId, q: &str| {
        let path = format!("/api/v1/message-queue?team={team}&limit=20{q}");
        Shot::new("GET", &path, &[("Cookie", cookie.as_str())], "", 200)
    };
    let kinds = [
        ("first page of a mailbox: 20,000 items against 200", inbox(one, ""), inbox(two, "")),
        ("the same, searched for a rare word", inbox(one, "&q=quokka"), inbox(two, "&q=quokka")),
        ("the same, for two common words", inbox(one, "&q=visit%20look"), inbox(two, "&q=visit%20look")),
        ("first page of a queue: 50,000 threads against 200", queue(small, ""), queue(large, "")),
        ("the same, searched for a rare word", queue(small, "&q=quokka"), queue(large, "&q=quokka")),
        ("the same, for two common words", queue(small, "&q=visit%20look"), queue(large, "&q=visit%20look")),
    ];
    let mut grown = Vec::new();
    for (words, few, many) in kinds {
        let few_ms = p99(&mut connection, &few).await?;
        grown.push(Growth { words, few_ms, many_ms: p99(&mut connection, &many).await? });
    }
    Ok(grown)
}

/// So many new threads, each one message.
async fn write(by: &Portal, patient: PatientId, team: TeamId, count: usize) -> Result<()> {
    stream::iter(0..count)
        .map(|number| async move {
            let rare = if number % RARE == 0 { " A quokka told me." } else { "" };
            let content = DraftText {
                team_id: Some(team),
                // Staff find no words of a text that nobody opened, but those of its subject.
                subject: format!("About the last visit: another look at item {number}.{rare}"),
                text: format!("I had another look at item {number}.{rare}"),
                ..DraftText::default()
            };
            let draft = by.begin_draft(patient, &content, Uuid::new_v4()).await?;
            by.send_draft(patient, &draft, Uuid::new_v4()).await?;
            anyhow::Ok(())
        })
        .buffer_unordered(WRITERS)
        .try_collect()
        .await
}

async fn nurse_cookie(server: &Server, connection: &mut Connection, sign_in: &SignIn) -> Result<String> {
    let body = json!({ "username": sign_in.username, "password": sign_in.password }).to_string();
    let base = server.base();
    let headers = [("Origin", base.as_str()), ("Content-Type", "application/json")];
    let answer = connection.send(&Shot::new("POST", "/api/v1/session", &headers, &body, 201)).await?;
    let cookie = answer.header("set-cookie").and_then(|value| value.split(';').next());
    Ok(cookie.context("no cookie was set")?.to_owned())
}

/// The time that one of a hundred requests took longer than, in milliseconds.
pub async fn p99(connection: &mut Connection, shot: &Shot) -> Result<f64> {
    let body: Value = serde_json::from_slice(&connection.send(shot).await?.body)?;
    ensure!(body["items"].as_array().is_some_and(|items| !items.is_empty()), "nothing was found: {body}");
    let mut took: Vec<Duration> = Vec::new();
    for _ in 0..TIMES {
        let sent = Instant::now();
        connection.send(shot).await?;
        took.push(sent.elapsed());
    }
    took.sort_unstable();
    let at = (took.len() as f64 * 0.99) as usize;
    Ok(took.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3))
}
