//! The measurement: every subject in turns, several rounds, medians.

use anyhow::{Context, Result};
use argon2::{Algorithm, Argon2, Params, Version};
use portal_domain::accounts::{PASSWORD_HASH_KIB, PASSWORD_HASH_PASSES};
use std::{cell::Cell, collections::BTreeMap, fs, time::Duration};

use crate::{
    Options,
    cases::{self, CASES},
    chart::Model,
    charts::{self, Charts},
    flood::{self, Flood},
    hello::Hello,
    load::{Connection, Shot, Volley},
    machine, mailbox, page,
    people::{self, Integrator},
    portal::{Server, Site},
    process::{self, Group},
    trail,
};

/// How many requests are under way at a time. The figures that count are taken at the middle one.
pub const CONNECTIONS: [usize; 3] = [1, 16, 64];
/// The number of connections that the goals are judged at.
pub const JUDGED: usize = 16;
/// At most so many requests in one measurement.
const MOST_REQUESTS: u32 = 50_000;
/// How often a portal is started to see how long that takes.
const STARTS: usize = 7;
/// How many charts are taken in, and how many people sign in, each round.
const CHARTS: u32 = 6;
const SIGN_INS: u32 = 10;

/// The two databases.
pub const ENGINES: [&str; 2] = ["SQLite", "PostgreSQL"];

/// One measurement.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sample {
    /// Processor time for one request, in microseconds.
    pub cpu: f64,
    /// The same as a multiple of the bare handler's in the same round; for sign-in of one password hash.
    pub ratio: f64,
    /// Requests a second.
    pub rate: f64,
    /// Half of the requests took less, in microseconds.
    pub p50: f64,
    /// All but one of a hundred took less, in microseconds.
    pub p99: f64,
}

/// Everything that was measured. The keys are engine (empty for the bare handler), request and connections.
#[derive(Default)]
pub struct Figures {
    samples: BTreeMap<(&'static str, &'static str, usize), Vec<Sample>>,
    /// By engine: start in milliseconds, idle memory, most memory under requests, at the end, in MiB.
    pub footprints: BTreeMap<&'static str, Footprint>,
    /// By engine: ten times more sign-ins than can be hashed.
    pub floods: BTreeMap<&'static str, Flood>,
    /// By engine: small and large mailboxes and queues.
    pub mailboxes: BTreeMap<&'static str, Vec<mailbox::Growth>>,
    /// By engine: large and small charts.
    pub charts: BTreeMap<&'static str, Charts>,
    /// By engine: checking the audit trail.
    pub trails: BTreeMap<&'static str, trail::Checked>,
    /// What chart was taken in.
    pub chart: String,
    /// By engine, the middle time of a sign-in as a multiple of a hash's in the same round.
    hashes: BTreeMap<&'static str, Vec<f64>>,
    /// One password hash on one thread, in milliseconds.
    pub hash_ms: f64,
    /// Where.
    pub machine: String,
    /// How many rounds.
    pub rounds: u32,
}

/// What a portal takes besides processor time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Footprint {
    /// From the start of the process to the first good answer of `/readyz`, in milliseconds.
    pub start_ms: f64,
    /// Resident memory after the start, in MiB.
    pub idle_mib: f64,
    /// The most resident memory seen after a volley of requests, in MiB.
    pub load_mib: f64,
    /// The most after sign-ins and imports too, in MiB.
    pub most_mib: f64,
}

impl Figures {
    fn note(&mut self, engine: &'static str, case: &'static str, connections: usize, sample: Sample) {
        self.samples.entry((engine, case, connections)).or_default().push(sample);
    }

    /// The middle time of a sign-in as a multiple of one hash's; none when it was not measured.
    pub fn sign_in_hashes(&self, engine: &'static str) -> Option<f64> {
        self.hashes.get(engine).map(|rounds| median(rounds.clone()))
    }

    /// The medians of one thing; none when it was not measured.
    pub fn median(&self, engine: &'static str, case: &'static str, connections: usize) -> Option<Sample> {
        let samples = self.samples.get(&(engine, case, connections))?;
        let of = |pick: fn(&Sample) -> f64| median(samples.iter().map(pick).collect());
        Some(Sample {
            cpu: of(|s| s.cpu),
            ratio: of(|s| s.ratio),
            rate: of(|s| s.rate),
            p50: of(|s| s.p50),
            p99: of(|s| s.p99),
        })
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// A portal on one engine with what is asked of it.
struct Subject {
    engine: &'static str,
    server: Server,
    shots: Vec<Vec<Shot>>,
    integrator: Integrator,
    site: Site,
    people: Vec<people::Person>,
}

/// Measures, prints the figures, and writes them into the page.
pub async fn run(options: &Options) -> Result<()> {
    let _ = fs::remove_dir_all(&options.folder);
    fs::create_dir_all(&options.folder)?;
    let model = Model::find(options.charts.as_deref())?;
    let mut figures = Figures { rounds: options.rounds, chart: model.words.clone(), ..Figures::default() };
    let hello = Hello::start()?;
    let mut subjects = Vec::new();
    for engine in ENGINES {
        println!("{engine}: a portal with charts, made through its own import and API");
        subjects.push(subject(engine, options, &mut figures).await?);
    }
    let number = Cell::new(0);
    let mut charts = 1;
    for round in 1..=options.rounds {
        println!("round {round} of {}", options.rounds);
        let meter = Meter { options, number: &number };
        let mut bare = BTreeMap::new();
        for connections in CONNECTIONS {
            let of_hello = Group { alone: hello.pid(), family: None };
            let sample = meter.volley(hello.address, &of_hello, &[cases::hello()], connections).await?;
            bare.insert(connections, sample.cpu);
            figures.note("", "hello", connections, sample);
        }
        let hash = password_hash_cpu(SIGN_INS)?;
        figures.hash_ms = hash / 1000.0;
        for subject in &subjects {
            let processes = subject.server.processes();
            for (case, shots) in CASES.iter().zip(&subject.shots).filter(|(case, _)| meter.wants(case.name)) {
                for connections in CONNECTIONS {
                    let address = subject.server.address;
                    let mut sample = meter.volley(address, &processes, shots, connections).await?;
                    sample.ratio = sample.cpu / bare.get(&connections).copied().unwrap_or(f64::NAN);
                    figures.note(subject.engine, case.name, connections, sample);
                    let print = figures.footprints.entry(subject.engine).or_default();
                    print.load_mib = print.load_mib.max(process::resident_mib(subject.server.pid())?);
                }
            }
            if meter.wants("sign-in") {
                let (mut sample, hashes) = sign_ins(subject).await?;
                sample.ratio = sample.cpu / hash;
                figures.hashes.entry(subject.engine).or_default().push(hashes);
                figures.note(subject.engine, "sign-in", 1, sample);
            }
            if meter.wants("ingest") {
                let sample = imports(subject, &model, &mut charts).await?;
                figures.note(subject.engine, "ingest", 1, sample);
            }
            let print = figures.footprints.entry(subject.engine).or_default();
            print.most_mib = print.most_mib.max(process::resident_mib(subject.server.pid())?);
        }
    }
    for subject in &subjects {
        if let Some(other) = subject
            .shots
            .first()
            .and_then(|shots| shots.first())
            .filter(|_| Meter { options, number: &number }.wants("flood"))
        {
            let server = &subject.server;
            let flood =
                flood::measure(server.address, &server.base(), figures.hash_ms, other, &number).await?;
            figures.floods.insert(subject.engine, flood);
        }
    }
    for subject in &subjects {
        if (Meter { options, number: &number }).wants("mailbox") {
            println!("{}: a mailbox of 20,000 and a queue of 50,000, written one by one", subject.engine);
            let grown = mailbox::measure(&subject.site, &subject.server, &subject.people).await?;
            figures.mailboxes.insert(subject.engine, grown);
        }
    }
    for subject in &subjects {
        if let Some(small) =
            subject.people.first().filter(|_| Meter { options, number: &number }.wants("charts"))
        {
            println!("{}: charts of up to 5,000 observations, written in each format", subject.engine);
            let measured =
                charts::measure(&subject.site, &subject.server, &subject.integrator, small).await?;
            figures.charts.insert(subject.engine, measured);
        }
    }
    for subject in &subjects {
        let meter = Meter { options, number: &number };
        if let Some(shots) = subject.shots.first().filter(|_| meter.wants("audit")) {
            println!("{}: the audit trail, checked", subject.engine);
            let checked = trail::measure(&subject.site, &subject.server, shots, &number).await?;
            figures.trails.insert(subject.engine, checked);
        }
    }
    figures.machine = machine::words();
    let text = page::figures(&figures);
    println!("\n{text}");
    match &options.page {
        Some(file) if options.only.is_empty() => page::write(file, &text),
        _ => Ok(()),
    }
}

async fn subject(engine: &'static str, options: &Options, figures: &mut Figures) -> Result<Subject> {
    let folder = options.folder.join(engine);
    let site = match engine {
        "SQLite" => Site::prepare(&options.portal, folder, None, None),
        _ => {
            Site::prepare(&options.portal, folder, Some(options.postgres.clone()), Some(options.postgres_pid))
        }
    }?;
    let integrator = Integrator::register(&site)?;
    let mut starts = Vec::new();
    for _ in 1..STARTS {
        starts.push(site.serve().await?.1.as_secs_f64() * 1e3);
    }
    let (server, took) = site.serve().await?;
    starts.push(took.as_secs_f64() * 1e3);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let print = figures.footprints.entry(engine).or_default();
    print.start_ms = median(starts);
    print.idle_mib = process::resident_mib(server.pid())?;
    let people = people::make(&site, &server, &integrator).await?;
    let shots = cases::shots(&server, &people).await?;
    Ok(Subject { engine, server, shots, integrator, site, people })
}

struct Meter<'a> {
    options: &'a Options,
    number: &'a Cell<u64>,
}

impl Meter<'_> {
    fn wants(&self, name: &str) -> bool {
        self.options.only.is_empty() || self.options.only.iter().any(|only| only == name)
    }

    async fn volley(
        &self,
        address: std::net::SocketAddr,
        processes: &Group,
        shots: &[Shot],
        connections: usize,
    ) -> Result<Sample> {
        let volley = Volley::prepare(address, shots, connections, self.number).await?;
        let before = processes.cpu()?;
        let time = Duration::from_millis(self.options.milliseconds);
        let outcome = volley.fire(time, MOST_REQUESTS, self.number).await?;
        let cpu = processes.cpu()?.saturating_sub(before);
        Ok(Sample {
            cpu: micros(cpu) / f64::from(outcome.requests),
            ratio: 1.0,
            rate: f64::from(outcome.requests) / outcome.lasted.as_secs_f64(),
            p50: micros(outcome.quantile(0.5)),
            p99: micros(outcome.quantile(0.99)),
        })
    }
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Processor time of one of these requests, sent one after the other.
async fn one_by_one(subject: &Subject, shots: &[Shot]) -> Result<Sample> {
    let mut connection = Connection::open(subject.server.address).await?;
    let processes = subject.server.processes();
    let (before, begun) = (processes.cpu()?, std::time::Instant::now());
    let mut each = Vec::new();
    for shot in shots {
        let sent = std::time::Instant::now();
        connection.send(shot).await?;
        each.push(micros(sent.elapsed()));
    }
    let lasted = begun.elapsed().as_secs_f64();
    let cpu = micros(processes.cpu()?.saturating_sub(before)) / shots.len() as f64;
    Ok(Sample { cpu, ratio: f64::NAN, rate: shots.len() as f64 / lasted, p50: median(each), p99: f64::NAN })
}

/// People who sign in one after the other from browsers that they signed in from before, as most do, each after one hash
/// on this thread: so both see the machine alike, whatever else runs on it. Answers also the middle time of a sign-in as a multiple of the middle time of those hashes.
async fn sign_ins(subject: &Subject) -> Result<(Sample, f64)> {
    let mut connection = Connection::open(subject.server.address).await?;
    let processes = subject.server.processes();
    let mut shots = Vec::new();
    for number in 0..SIGN_INS {
        let first = connection.send(&people::sign_in(&subject.server, number, None)).await?;
        let device = first.cookies().find(|cookie| cookie.contains("device"));
        let device = device.context("a sign-in that marks no browser")?;
        shots.push(people::sign_in(&subject.server, number, Some(device)));
    }
    let (before, mut hashes, mut each) = (processes.cpu()?, Vec::new(), Vec::new());
    for shot in shots {
        let begun = std::time::Instant::now();
        password_hash()?;
        let hashed = std::time::Instant::now();
        connection.send(&shot).await?;
        each.push(micros(hashed.elapsed()));
        hashes.push(micros(hashed.duration_since(begun)));
    }
    let cpu = micros(processes.cpu()?.saturating_sub(before)) / f64::from(SIGN_INS);
    let rate = 1e6 * each.len() as f64 / each.iter().sum::<f64>();
    let p50 = median(each);
    Ok((Sample { cpu, ratio: f64::NAN, rate, p50, p99: f64::NAN }, p50 / median(hashes)))
}

async fn imports(subject: &Subject, model: &Model, number: &mut u32) -> Result<Sample> {
    let mut shots = Vec::new();
    for _ in 0..CHARTS {
        *number += 1;
        shots.push(subject.integrator.import(&subject.server, &model.of_somebody_else(*number)).await?);
    }
    one_by_one(subject, &shots).await
}

/// One password hash as the portal computes it, in microseconds of this thread's time.
fn password_hash_cpu(times: u32) -> Result<f64> {
    let before = process::thread_cpu()?;
    for _ in 0..times {
        password_hash()?;
    }
    Ok(micros(process::thread_cpu()?.saturating_sub(before)) / f64::from(times))
}

/// Hashes one password as the portal does.
fn password_hash() -> Result<()> {
    let params = Params::new(PASSWORD_HASH_KIB, PASSWORD_HASH_PASSES, 1, None)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into(people::PASSWORD.as_bytes(), b"a salt of no use", &mut [0; 32])?;
    Ok(())
}
