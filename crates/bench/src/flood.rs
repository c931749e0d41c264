//! Ten times more sign-ins than the server can hash, and how everybody else fares meanwhile (P-5).

use anyhow::{Result, ensure};
use futures_util::future::{join, try_join_all};
use std::{
    cell::Cell,
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::load::{Connection, Shot};

/// So many times the capacity is asked for.
const TIMES: f64 = 10.0;
/// Over so many connections.
const CONNECTIONS: u32 = 200;
/// How long the flood lasts.
const LASTS: Duration = Duration::from_secs(4);
/// Pause between two requests of somebody else.
const PAUSE: Duration = Duration::from_millis(4);

/// What a flood showed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flood {
    /// Sign-ins that were sent a second, as a multiple of what all cores could hash.
    pub offered: f64,
    /// The share of them that was refused with 429 or 503.
    pub refused: f64,
    /// The longest that one of a hundred refused or served sign-ins took, in milliseconds.
    pub answer_ms: f64,
    /// p99 of somebody else's requests before the flood, in milliseconds.
    pub quiet_ms: f64,
    /// The same during the flood.
    pub flooded_ms: f64,
}

/// Sends the flood. `hash_ms` is one password hash on one thread, `other` is what somebody else asks for.
pub async fn measure(
    address: SocketAddr,
    base: &str,
    hash_ms: f64,
    other: &Shot,
    number: &Cell<u64>,
) -> Result<Flood> {
    let cores = std::thread::available_parallelism()?.get() as f64;
    let capacity = cores * 1000.0 / hash_ms;
    let each = Duration::from_secs_f64(f64::from(CONNECTIONS) / (TIMES * capacity));
    let quiet = others(address, other, number, LASTS / 4).await?;
    let begun = Instant::now();
    let (answers, flooded) =
        join(sign_ins(address, base, each, number), others(address, other, number, LASTS)).await;
    let lasted = begun.elapsed().as_secs_f64();
    let (answers, flooded) = (answers?, flooded?);
    let refused = answers.iter().filter(|(status, _)| matches!(status, 429 | 503)).count();
    for (status, _) in &answers {
        ensure!(matches!(status, 401 | 429 | 503), "a sign-in was answered by {status}");
    }
    Ok(Flood {
        offered: answers.len() as f64 / lasted / capacity,
        refused: refused as f64 / answers.len() as f64,
        answer_ms: p99(answers.into_iter().map(|(_, took)| took).collect()),
        quiet_ms: p99(quiet),
        flooded_ms: p99(flooded),
    })
}

/// Sign-ins of people who don't exist, each of them another and from another network, as a proxy tells: no throttle of
/// one caller stands in their way, nothing but the password's hash.
async fn sign_ins(
    address: SocketAddr,
    base: &str,
    each: Duration,
    number: &Cell<u64>,
) -> Result<Vec<(u16, Duration)>> {
    let connections = (0..CONNECTIONS).map(|_| async move {
        let mut connection = Connection::open(address).await?;
        let mut beat = interval(each);
        beat.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let (begun, mut answers) = (Instant::now(), Vec::new());
        while begun.elapsed() < LASTS {
            beat.tick().await;
            let mut shot = stranger(base, number.get());
            answers.push(connection.try_out(&mut shot, number).await?);
        }
        anyhow::Ok(answers)
    });
    Ok(try_join_all(connections).await?.concat())
}

/// One try of somebody who never came before.
fn stranger(base: &str, number: u64) -> Shot {
    let network = format!("2001:{:x}:{:x}::1", number & 0xffff, number >> 16 & 0xffff);
    let headers =
        [("Origin", base), ("Content-Type", "application/json"), ("X-Forwarded-For", network.as_str())];
    let body = format!(r#"{{"username":"nobody-{number}","password":"Wrong-Horse-7"}}"#);
    Shot::new("POST", "/api/v1/session", &headers, &body, 401)
}

async fn others(
    address: SocketAddr,
    shot: &Shot,
    number: &Cell<u64>,
    time: Duration,
) -> Result<Vec<Duration>> {
    let (mut connection, mut shot) = (Connection::open(address).await?, shot.clone());
    let (begun, mut took) = (Instant::now(), Vec::new());
    while begun.elapsed() < time {
        let (status, lasted) = connection.try_out(&mut shot, number).await?;
        ensure!(status == shot.status, "{status} instead of {}", shot.status);
        took.push(lasted);
        sleep(PAUSE).await;
    }
    Ok(took)
}

fn p99(mut took: Vec<Duration>) -> f64 {
    took.sort_unstable();
    let at = (took.len().saturating_sub(1) as f64 * 0.99).round() as usize;
    took.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
}
