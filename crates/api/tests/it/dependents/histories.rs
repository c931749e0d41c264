//! A thousand random histories of grants, revocations, releases, things kept back and days that pass, and after each step a
//! question: no answer differs from that of a model that fits on a page (PRX-2 to PRX-4, LAB-1).

use std::collections::BTreeSet;

use chrono::{Datelike, Days, TimeDelta};
use diesel::prelude::*;
use portal_api::platform::{
    access::{keep_back, show},
    clock::new_id,
    db::{
        AnyId, Conn, Json,
        schema::{documents, inbox_items, proxy_grants, results},
    },
};
use portal_client::Error;
use portal_domain::{
    access::{Basis, Category, Depth, Level, SHAREABLE, Share},
    dependents::{GrantSource, Relationship},
    documents::DocumentKind,
    ids::{AccountId, DocumentId, InboxItemId, PatientId, ProxyGrantId, ResultId},
    mail::ItemKind,
    problem::Code,
    results::ResultsQuery,
    sensitivity::SensitiveKind,
    time::{Date, Time},
};
use uuid::Uuid;

use crate::harness::{on_both, people::Person, portal::begin};

const HISTORIES: usize = 1_000;
const STEPS: usize = 6;
/// Where the dice begin; a failure names it.
const SEED: u64 = 20_261_130;

/// SplitMix64: the same histories on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    fn coin(&mut self) -> bool {
        self.roll(2) == 0
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len() as u64) as usize]
    }
}

#[derive(Clone, Debug)]
struct Given {
    id: ProxyGrantId,
    basis: Basis,
    level: Level,
    shares: Vec<Share>,
    starts_on: Date,
    ends_on: Option<Date>,
}

/// What is true of one chart: the model.
#[derive(Clone, Debug)]
struct Chart {
    patient: PatientId,
    born: Date,
    results: [ResultId; 2],
    document: DocumentId,
    given: Option<Given>,
    released: [bool; 2],
    is_document_released: bool,
    kept: BTreeSet<Uuid>,
}

/// The practice lets others see these of who is twelve or older, and nothing of who is eighteen.
const FROM_TWELVE: [Category; 4] =
    [Category::Demographics, Category::Appointments, Category::Education, Category::Notices];

impl Chart {
    fn sees(&self, category: Category, today: Date) -> bool {
        let Some(given) = &self.given else { return false };
        let is_open = given.starts_on <= today && given.ends_on.is_none_or(|last| today <= last);
        let is_given =
            given.level != Level::Limited || given.shares.iter().any(|one| one.category == category);
        let birthday = (today.month(), today.day()) >= (self.born.month(), self.born.day());
        let age = today.year() - self.born.year() - i32::from(!birthday);
        let fits = match given.basis {
            Basis::Adult => true,
            Basis::Minor => age < 12 || (age < 18 && FROM_TWELVE.contains(&category)),
        };
        is_open && is_given && fits
    }

    /// Sees anything at all, and so the mailbox.
    fn sees_some(&self, today: Date) -> bool {
        SHAREABLE.iter().any(|category| self.sees(*category, today))
    }

    fn seen_results(&self) -> BTreeSet<Uuid> {
        let each = self.results.iter().zip(self.released);
        let seen = each.filter(|(id, released)| *released && !self.kept.contains(&id.0));
        seen.map(|(id, _)| id.0).collect()
    }

    fn seen_documents(&self) -> BTreeSet<Uuid> {
        let seen = self.is_document_released && !self.kept.contains(&self.document.0);
        seen.then_some(self.document.0).into_iter().collect()
    }

    /// What happens next, in the model and in the database.
    fn step(
        &mut self,
        dice: &mut Dice,
        conn: &mut Conn,
        proxy: AccountId,
        today: Date,
        now: Time,
    ) -> QueryResult<()> {
        match dice.roll(8) {
            0 | 1 if self.given.is_none() => self.give(dice, conn, proxy, today, now),
            2 => match self.given.take() {
                Some(given) => diesel::update(proxy_grants::table.filter(proxy_grants::id.eq(given.id)))
                    .set((proxy_grants::revoked_at.eq(now), proxy_grants::revoked_by.eq(proxy)))
                    .execute(conn)
                    .map(drop),
                None => Ok(()),
            },
            3 => {
                let place = dice.roll(2) as usize;
                self.release(conn, place, !self.released[place], now)
            }
            4 => {
                self.is_document_released = !self.is_document_released;
                let at = self.is_document_released.then_some(now);
                let one = documents::table.filter(documents::id.eq(self.document));
                diesel::update(one).set(documents::released_at.eq(at)).execute(conn).map(drop)
            }
            5 | 6 => {
                let (kind, id) = match dice.roll(3) {
                    0 => (SensitiveKind::Document, self.document.0),
                    place => (SensitiveKind::Result, self.results[place as usize - 1].0),
                };
                if self.kept.remove(&id) {
                    show(conn, self.patient, id).unwrap();
                } else {
                    self.kept.insert(id);
                    keep_back(conn, self.patient, kind, id, None, now).unwrap();
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn give(
        &mut self,
        dice: &mut Dice,
        conn: &mut Conn,
        proxy: AccountId,
        today: Date,
        now: Time,
    ) -> QueryResult<()> {
        let level = dice.one(Level::ALL);
        let mut shares = Vec::new();
        for category in SHAREABLE.iter().filter(|_| level == Level::Limited) {
            if dice.coin() || shares.is_empty() {
                shares.push(Share { category: *category, depth: dice.one(Depth::ALL) });
            }
        }
        let given = Given {
            id: ProxyGrantId(new_id()),
            basis: dice.one(Basis::ALL),
            level,
            shares,
            starts_on: today - Days::new(1) + Days::new(dice.roll(3)),
            ends_on: dice.coin().then(|| today + Days::new(dice.roll(3))),
        };
        diesel::insert_into(proxy_grants::table)
            .values((
                proxy_grants::patient_id.eq(self.patient),
                proxy_grants::id.eq(given.id),
                proxy_grants::account_id.eq(proxy),
                proxy_grants::relationship.eq(Relationship::Parent),
                proxy_grants::basis.eq(given.basis),
                proxy_grants::source.eq(GrantSource::Request),
                proxy_grants::level.eq(given.level),
                proxy_grants::shares.eq(Json::of(&given.shares).unwrap()),
                proxy_grants::starts_on.eq(given.starts_on),
                proxy_grants::ends_on.eq(given.ends_on),
                proxy_grants::granted_at.eq(now),
                proxy_grants::approved_by.eq(proxy),
                proxy_grants::version.eq(1_i64),
            ))
            .execute(conn)?;
        self.given = Some(given);
        Ok(())
    }

    fn release(&mut self, conn: &mut Conn, place: usize, released: bool, now: Time) -> QueryResult<()> {
        self.released[place] = released;
        let id = self.results[place];
        let one = results::table.filter(results::id.eq(id));
        diesel::update(one).set(results::released_at.eq(released.then_some(now))).execute(conn)?;
        if released {
            self.arrives(conn, ItemKind::ResultReleased, id.0, now)
        } else {
            let news = inbox_items::table.filter(inbox_items::subject_id.eq(AnyId(id.0)));
            diesel::delete(news).execute(conn).map(drop)
        }
    }

    fn arrives(&self, conn: &mut Conn, kind: ItemKind, subject: Uuid, now: Time) -> QueryResult<()> {
        diesel::insert_into(inbox_items::table)
            .values((
                inbox_items::patient_id.eq(self.patient),
                inbox_items::at.eq(now),
                inbox_items::id.eq(InboxItemId(new_id())),
                inbox_items::kind.eq(kind),
                inbox_items::subject_id.eq(AnyId(subject)),
                inbox_items::title.eq("Hemoglobin A1c"),
            ))
            .execute(conn)
            .map(drop)
    }

    fn attach_document(&self, conn: &mut Conn, by: AccountId, now: Time) -> QueryResult<()> {
        diesel::insert_into(documents::table)
            .values((
                documents::patient_id.eq(self.patient),
                documents::created_at.eq(now),
                documents::id.eq(self.document),
                documents::created_by.eq(by),
                documents::title.eq("Letter"),
                documents::kind.eq(DocumentKind::Letter),
                documents::on_date.eq(now.utc().date_naive()),
                documents::text.eq("Walk daily."),
                documents::version.eq(1_i64),
            ))
            .execute(conn)
            .map(drop)
    }

    /// Asks the portal something, and says what it answers and what the model does: ids, or nothing for 404.
    async fn ask(&self, dice: &mut Dice, bruno: &Person, today: Date) -> (&'static str, Answer, Answer) {
        let (portal, patient) = (&bruno.portal, self.patient);
        let if_seen = |category, ids: BTreeSet<Uuid>| self.sees(category, today).then_some(ids);
        match dice.roll(7) {
            0 => {
                let said = said(portal.results(patient, &Default::default()).await, |page| {
                    page.items.iter().map(|one| one.id.0).collect()
                });
                ("results", said, if_seen(Category::Results, self.seen_results()))
            }
            1 => {
                let id = dice.one(&self.results);
                let said = said(portal.result(patient, id).await, |one| [one.summary.id.0].into());
                let seen = self.seen_results().contains(&id.0).then(|| [id.0].into());
                ("a result", said, seen.and_then(|ids| if_seen(Category::Results, ids)))
            }
            2 => {
                let query = ResultsQuery { q: Some("hemo".into()), ..Default::default() };
                let said = said(portal.find_results(patient, &query).await, |page| {
                    page.items.iter().map(|one| one.id.0).collect()
                });
                ("a search", said, if_seen(Category::Results, self.seen_results()))
            }
            3 => {
                let said = said(portal.tests(patient, &Default::default()).await, |page| {
                    // The newest of two values taken at once is either's.
                    let count: i64 = page.items.iter().map(|test| test.count).sum();
                    (0..count as u128).map(Uuid::from_u128).collect()
                });
                let count = self.seen_results().len() as u128;
                ("tests", said, if_seen(Category::Results, (0..count).map(Uuid::from_u128).collect()))
            }
            4 => {
                let said = said(portal.documents(patient, &Default::default()).await, |page| {
                    page.items.iter().map(|one| one.id.0).collect()
                });
                ("documents", said, if_seen(Category::Documents, self.seen_documents()))
            }
            5 => {
                let said = said(portal.document(patient, self.document).await, |one| [one.id.0].into());
                let seen = self.seen_documents();
                let seen = (!seen.is_empty()).then_some(seen);
                ("a document", said, seen.and_then(|ids| if_seen(Category::Documents, ids)))
            }
            _ => {
                let inbox = portal.inbox(patient, &Default::default()).await;
                if let Ok(inbox) = &inbox {
                    assert_eq!(inbox.unread, inbox.items.len() as i64, "nobody read anything");
                }
                let said = said(inbox, |inbox| inbox.items.iter().map(|one| one.subject_id).collect());
                let news = match self.sees(Category::Results, today) {
                    true => self.seen_results(),
                    false => BTreeSet::new(),
                };
                ("the inbox", said, self.sees_some(today).then_some(news))
            }
        }
    }
}

type Answer = Option<BTreeSet<Uuid>>;

fn said<T>(answer: Result<T, Error>, ids: impl FnOnce(&T) -> BTreeSet<Uuid>) -> Answer {
    match answer {
        Ok(answer) => Some(ids(&answer)),
        Err(Error::Problem(problem)) if problem.code == Code::NotFound => None,
        Err(error) => panic!("{error}"),
    }
}

on_both! {
    async fn no_answer_differs_from_the_models_in_a_thousand_histories(portal) {
        let mut dice = Dice(SEED);
        let first = begin().utc().date_naive();
        // Of all ages, and birthdays that fall into the days that pass.
        let born: Vec<Date> = (0..HISTORIES)
            .map(|_| {
                let years = dice.one(&[3, 11, 12, 17, 18, 40]);
                let day = first.with_year(first.year() - years).unwrap();
                day - Days::new(2) + Days::new(dice.roll(6))
            })
            .collect();
        let written: Vec<String> = born.iter().map(ToString::to_string).collect();
        let charts = portal.charts_with_results(&written, begin().plus(TimeDelta::days(-3))).await;
        let mut charts: Vec<Chart> = charts
            .into_iter()
            .zip(born)
            .map(|((patient, results), born)| Chart {
                patient,
                born,
                results,
                document: DocumentId(new_id()),
                given: None,
                released: [false; 2],
                is_document_released: false,
                kept: BTreeSet::new(),
            })
            .collect();
        let bruno = portal.patient("Bruno").await;
        let (proxy, username) = (bruno.session.account_id, bruno.session.username);
        let (some, now) = (charts.clone(), portal.app.now());
        let attach = move |conn: &mut Conn| -> Result<(), portal_api::error::Error> {
            for chart in &some {
                chart.attach_document(conn, proxy, now)?;
            }
            Ok(())
        };
        portal.app.db.write(attach).await.unwrap();
        for step in 0..STEPS {
            let bruno = portal.sign_in(&username).await;
            let now = portal.app.now();
            // At the practice it is ten in the morning.
            let today = now.utc().date_naive();
            let (before, seed) = (charts, dice.roll(u64::MAX));
            charts = portal
                .app
                .db
                .write(move |conn| {
                    // It may run again.
                    let (mut charts, mut dice) = (before.clone(), Dice(seed));
                    for chart in &mut charts {
                        chart.step(&mut dice, conn, proxy, today, now)?;
                    }
                    Ok(charts)
                })
                .await
                .unwrap();
            for (number, chart) in charts.iter().enumerate() {
                let (what, said, meant) = chart.ask(&mut dice, &bruno, today).await;
                assert_eq!(said, meant, "seed {SEED}, history {number}, step {step}, {what}: {chart:?}");
            }
            portal.clock.advance(TimeDelta::days(1));
        }
    }
}
