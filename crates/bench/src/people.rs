//! Who is measured with: patients with 25 released results each, made as in life, through import and API.

use anyhow::{Context, Result, ensure};
use portal_client::{AccessToken, Portal};
use portal_domain::{
    accounts::{SessionView, SignIn},
    enrolment::{Identity, NewAccount},
    ids::{LocationId, PatientId, ResultId},
    integrations::ImportView,
    results::Release,
    time::Date,
};
use uuid::Uuid;

use crate::{
    chart,
    load::{Connection, Shot},
    portal::{Server, Site},
};

/// How many patients there are with accounts, each on connections of their own.
pub const PEOPLE: u32 = 16;
/// Everybody's password.
pub const PASSWORD: &str = "Correct-Horse-7";
/// How many results each of them has and how many of them are released.
const RESULTS: (u32, usize) = (28, 25);
/// How many other people have charts, and how many results each.
const OTHERS: (u32, u32) = (40, 12);

/// An integrator's credentials.
#[derive(Clone)]
pub struct Integrator {
    id: String,
    secret: String,
}

impl Integrator {
    /// Registers one at the command line.
    pub fn register(site: &Site) -> Result<Self> {
        let printed = site.call(&[
            "client",
            "create",
            "--name",
            "Bench",
            "--scope",
            "charts:write",
            "--source",
            "bench",
        ])?;
        let word = |name: &str| {
            let line = printed.lines().find_map(|line| line.strip_prefix(name));
            Ok::<_, anyhow::Error>(line.with_context(|| format!("no {name}"))?.trim().to_owned())
        };
        Ok(Self { id: word("client_id")?, secret: word("client_secret")? })
    }

    /// The request that takes in a bundle, with a token that lives five minutes.
    pub async fn import(&self, server: &Server, bundle: &str) -> Result<Shot> {
        let portal = Portal::at(&server.base());
        let AccessToken { access_token, .. } =
            portal.access_token(&self.id, &self.secret, "charts:write").await?;
        let bearer = format!("Bearer {access_token}");
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/fhir+json")];
        Ok(Shot::new("POST", "/api/v1/fhir/bundles", &headers, bundle, 200))
    }
}

/// A patient, signed in.
#[derive(Clone)]
pub struct Person {
    /// The chart.
    pub patient: PatientId,
    /// The newest of the released results.
    pub result: ResultId,
    /// Where appointments are asked for.
    pub location: LocationId,
    /// The session's cookie, as sent.
    pub cookie: String,
    /// The day at the practice.
    pub today: Date,
}

/// Makes the charts and the accounts.
pub async fn make(site: &Site, server: &Server, integrator: &Integrator) -> Result<Vec<Person>> {
    let mut connection = Connection::open(server.address).await?;
    for other in 0..OTHERS.0 {
        let bundle = chart::bundle(1000 + other, OTHERS.1).to_string();
        connection.send(&integrator.import(server, &bundle).await?).await?;
    }
    let staff = async |role: &str| -> Result<Portal> {
        let portal = Portal::at(&server.base());
        portal.sign_in(&site.staff(role)?).await?;
        Ok(portal)
    };
    let (provider, desk) = (staff("provider").await?, staff("front_desk").await?);
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        let bundle = chart::bundle(number, RESULTS.0).to_string();
        let answer = connection.send(&integrator.import(server, &bundle).await?).await?;
        let (patient, results) = imported(&serde_json::from_slice(&answer.body)?)?;
        let released = &results[..RESULTS.1];
        release(&provider, patient, released).await?;
        let result = *released.last().context("no result was released")?;
        let practice = desk.practice().await?;
        let location = practice.locations.first().context("the practice has no location")?.id;
        let session = enrol(server, &desk, patient, &username(number), practice.terms.version).await?;
        let answer = connection.send(&sign_in(server, number, None)).await?;
        let cookie = answer.header("set-cookie").and_then(|value| value.split(';').next());
        let cookie = cookie.context("no cookie was set")?.to_owned();
        people.push(Person { patient, result, location, cookie, today: session.now.utc().date_naive() });
    }
    Ok(people)
}

/// The patient and the results that an import made.
fn imported(view: &ImportView) -> Result<(PatientId, Vec<ResultId>)> {
    let of = |kind: &str| -> Vec<Uuid> {
        view.entries.iter().filter(|entry| entry.resource_type == kind).filter_map(|entry| entry.id).collect()
    };
    let results: Vec<ResultId> = of("DiagnosticReport").into_iter().map(ResultId).collect();
    ensure!(results.len() == RESULTS.0 as usize, "{} results were made", results.len());
    Ok((PatientId(*of("Patient").first().context("no patient was made")?), results))
}

async fn release(provider: &Portal, patient: PatientId, results: &[ResultId]) -> Result<()> {
    let comment = Some("Nothing to worry about. We look again in half a year.".to_owned());
    for id in results {
        let seen = provider.result(patient, *id).await?;
        let release = Release { comment: comment.clone() };
        provider.release_result(patient, *id, seen.version, &release, Uuid::new_v4()).await?;
    }
    Ok(())
}

/// Makes a patient's account.
pub async fn enrol(
    server: &Server,
    desk: &Portal,
    patient: PatientId,
    username: &str,
    accepted_terms_version: i64,
) -> Result<SessionView> {
    let token = desk.issue_enrolment_token(patient).await?.token;
    let birth_date = chart::BIRTH_DATE.parse().map_err(anyhow::Error::msg)?;
    let identity = Identity { token, birth_date, family_name: chart::FAMILY_NAME.into() };
    let (username, password) = (username.into(), PASSWORD.into());
    let account = NewAccount { identity, username, password, email: None, accepted_terms_version };
    Ok(Portal::at(&server.base()).create_account(&account).await?)
}

/// How a patient signs in.
pub fn sign_in_of(number: u32) -> SignIn {
    SignIn { username: username(number), password: PASSWORD.into() }
}

/// The username of a patient.
pub fn username(number: u32) -> String {
    format!("runa.vesterholm.{number}")
}

/// A patient's sign-in; `cookie` is what the browser brings along from an earlier one, if there was any.
pub fn sign_in(server: &Server, number: u32, cookie: Option<&str>) -> Shot {
    let body = serde_json::json!({ "username": username(number), "password": PASSWORD }).to_string();
    let base = server.base();
    let mut headers = vec![("Origin", base.as_str()), ("Content-Type", "application/json")];
    headers.extend(cookie.map(|cookie| ("Cookie", cookie)));
    Shot::new("POST", "/api/v1/session", &headers, &body, 201)
}
