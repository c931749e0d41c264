//! What is measured: the requests, their names and the goals they are held to.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::{
    load::{Connection, EACH_TIME_ANOTHER, Shot},
    people::Person,
    portal::Server,
};

/// A request that is measured under load.
pub struct Case {
    /// Its short name.
    pub name: &'static str,
    /// What it is.
    pub words: &'static str,
    /// The most that it may cost on SQLite and on PostgreSQL, as a multiple of the bare handler's cost.
    pub goals: Option<(f64, f64)>,
}

/// In the order of the page.
pub const CASES: [Case; 5] = [
    Case { name: "list", words: "list of 20 released results", goals: Some((20.0, 35.0)) },
    Case { name: "unchanged", words: "the same, unchanged (304)", goals: Some((3.0, 3.0)) },
    Case { name: "result", words: "one result with 4 values and 96 earlier ones", goals: None },
    Case { name: "inbox", words: "inbox, first page of 20", goals: Some((20.0, 35.0)) },
    Case {
        name: "write",
        words: "durable write: appointment request, 500-character note",
        goals: Some((25.0, 60.0)),
    },
];

/// The request of the bare handler, with the headers of the others.
pub fn hello() -> Shot {
    Shot::new("GET", "/", &[], "", 200)
}

/// The requests of [`CASES`], in their order, each as several people send it. Answers are looked at once.
pub async fn shots(server: &Server, people: &[Person]) -> Result<Vec<Vec<Shot>>> {
    let mut all: Vec<Vec<Shot>> = CASES.iter().map(|_| Vec::new()).collect();
    for person in people {
        for (shots, shot) in all.iter_mut().zip(of_person(server, person).await?) {
            shots.push(shot);
        }
    }
    Ok(all)
}

async fn of_person(server: &Server, person: &Person) -> Result<Vec<Shot>> {
    let of_patient = format!("/api/v1/patients/{}", person.patient);
    let cookie = [("Cookie", person.cookie.as_str())];
    let get = |path: &str| Shot::new("GET", &format!("{of_patient}{path}"), &cookie, "", 200);
    let list = get("/results?limit=20");
    let mut connection = Connection::open(server.address).await?;
    let answer = connection.send(&list).await?;
    expect(items(&answer.body)? == 20, "20 results")?;
    let tag = answer.header("etag").context("the list has no ETag")?.to_owned();
    let held = [cookie[0], ("If-None-Match", tag.as_str())];
    let unchanged = Shot::new("GET", &format!("{of_patient}/results?limit=20"), &held, "", 304);
    let result = get(&format!("/results/{}", person.result));
    let inbox = get("/inbox?limit=20");
    expect(items(&connection.send(&inbox).await?.body)? == 20, "20 inbox items")?;

    let key = format!("00000000-0000-4000-8000-{EACH_TIME_ANOTHER}");
    let origin = server.base();
    let headers = [
        cookie[0],
        ("Origin", origin.as_str()),
        ("Idempotency-Key", key.as_str()),
        ("Content-Type", "application/json"),
    ];
    let day = person.today + chrono::Days::new(7);
    let body = json!({
        "location_id": person.location, "reason": "follow_up",
        "preferred": [{ "date": day, "part": "morning" }], "note": note(),
    });
    let write = Shot::new("POST", &format!("{of_patient}/appointments"), &headers, &body.to_string(), 201);
    Ok(vec![list, unchanged, result, inbox, write])
}

/// 500 characters, as somebody would write them.
fn note() -> String {
    "The cough is better than last week, but I still wake up at night. ".chars().cycle().take(500).collect()
}

fn items(body: &[u8]) -> Result<usize> {
    let body: Value = serde_json::from_slice(body)?;
    Ok(body["items"].as_array().context("no items")?.len())
}

fn expect(holds: bool, what: &str) -> Result<()> {
    anyhow::ensure!(holds, "expected {what}");
    Ok(())
}
