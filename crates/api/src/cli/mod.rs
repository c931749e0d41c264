//! The command line: what an operator does with the server's own rights.

mod audit;
mod check;
mod people;
mod progress;
mod serve;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use portal_domain::{
    access::{Role, Scope},
    record::RecordFormat,
};

use crate::{
    app::App,
    config::Settings,
    contract,
    error::{Error, Result},
    features::{health_record, integrations},
    platform::{clock::Clock, db},
};

/// A patient portal: one medical home on the web.
#[derive(Parser)]
#[command(name = "portal", version)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Serve the page and the API
    Serve,
    /// Bring the database's schema up to date
    Migrate,
    /// Fill an empty portal
    Seed {
        /// With the demo practice: locations, staff, invented patients
        #[arg(long, required = true)]
        demo: bool,
    },
    /// Import FHIR bundles, all of a bundle or nothing; prints one JSON line per file
    Import {
        /// The identity domain of what the files hold: the same (source, type, id) is the same record
        #[arg(long, default_value = "default")]
        source: String,
        /// FHIR R4 bundles as JSON
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Write a patient's health record to a new file, as the patient would download it, or everybody's
    Export {
        /// Medical record number or id
        #[arg(long, requires = "out", required_unless_present = "all")]
        patient: Option<String>,
        /// Instead of one patient: everybody's, a file each in this folder; what is there already is kept
        #[arg(long, value_name = "DIR", conflicts_with_all = ["patient", "out"])]
        all: Option<PathBuf>,
        /// How it is written: pdf, ccda (C-CDA R2.1), fhir (FHIR R4 in JSON) or text
        #[arg(long)]
        format: RecordFormat,
        /// The file, which must not be there yet
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Print the API's contract (OpenAPI)
    Openapi,
    /// Explain every setting and check those in force
    Check,
    /// Check the audit trail
    #[command(subcommand)]
    Audit(Audit),
    /// Manage administrators
    #[command(subcommand)]
    Admin(Admin),
    /// Manage staff accounts
    #[command(subcommand)]
    Staff(Staff),
    /// Manage integrators
    #[command(subcommand)]
    Client(Client),
}

#[derive(Subcommand)]
enum Audit {
    /// Check every row of the audit trail and name what was changed, deleted, swapped, inserted or cut off; ends with 1 then
    Verify,
}

#[derive(Subcommand)]
enum Admin {
    /// Make an administrator's account, with a password that is printed once
    Create {
        /// 6 to 50 characters
        #[arg(long)]
        username: String,
        /// What to call the person
        #[arg(long, default_value = "Administrator")]
        name: String,
    },
}

#[derive(Subcommand)]
enum Staff {
    /// Make a member of staff's account, with a password that is printed once
    Create {
        /// 6 to 50 characters
        #[arg(long)]
        username: String,
        /// What to call the person
        #[arg(long)]
        name: String,
        /// One or more of front_desk, nurse, provider, billing, records, admin, privacy_officer
        #[arg(long = "role", required = true)]
        roles: Vec<Role>,
    },
}

#[derive(Subcommand)]
enum Client {
    /// Register an integrator, with a secret that is printed once
    Create {
        /// What staff call it
        #[arg(long)]
        name: String,
        /// What it may do: charts:write
        #[arg(long = "scope", required = true)]
        scopes: Vec<Scope>,
        /// The identity domain of what it imports: the same (source, type, id) is the same record
        #[arg(long, default_value = "default")]
        source: String,
    },
}

/// Parses the command line, does it, and says in plain words what went wrong.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let runtime = actix_web::rt::System::new();
    match runtime.block_on(act(cli.verb)) {
        Ok(code) => code,
        Err(why) => {
            eprintln!("portal: {}", in_words(&why));
            ExitCode::FAILURE
        }
    }
}

async fn act(verb: Verb) -> Result<ExitCode> {
    if let Verb::Openapi = verb {
        print!("{}", contract::json());
        return Ok(ExitCode::SUCCESS);
    }
    if let Verb::Check = verb {
        return Ok(check::run().await);
    }
    let settings = Settings::load()?;
    if let Verb::Migrate = verb {
        let ran = db::migrate(&settings.database_url)?;
        println!("{} ran{}", ran.len(), if ran.is_empty() { ": the schema is up to date" } else { "" });
        return Ok(ExitCode::SUCCESS);
    }
    if let Verb::Serve = verb {
        serve::log_to_stderr(&settings);
    }
    let pending = db::pending(&settings.database_url)?;
    if !pending.is_empty() {
        return Err(Error::internal("the database's schema is not up to date: run `portal migrate` first"));
    }
    let app = App::open(settings, Clock::System).await?;
    match verb {
        Verb::Serve => serve::run(&app).await?,
        Verb::Seed { .. } => people::seed_demo(&app).await?,
        Verb::Import { source, files } => {
            let all_kept =
                integrations::import_files(&app, &source, &files, &mut std::io::stdout().lock()).await?;
            if !all_kept {
                return Ok(ExitCode::FAILURE);
            }
        }
        Verb::Export { patient, all, format, out } => {
            return export(&app, patient.zip(out), all, format).await;
        }
        Verb::Audit(Audit::Verify) => return audit::verify(&app).await,
        Verb::Admin(Admin::Create { username, name }) => {
            people::create_staff(&app, username, name, vec![Role::Admin]).await?;
        }
        Verb::Staff(Staff::Create { username, name, roles }) => {
            people::create_staff(&app, username, name, roles).await?;
        }
        Verb::Client(Client::Create { name, scopes, source }) => {
            people::create_client(&app, name, &scopes, source).await?;
        }
        Verb::Migrate | Verb::Openapi | Verb::Check => {}
    }
    Ok(ExitCode::SUCCESS)
}

async fn export(
    app: &App,
    one: Option<(String, PathBuf)>,
    all: Option<PathBuf>,
    format: RecordFormat,
) -> Result<ExitCode> {
    if let Some((patient, out)) = one {
        health_record::export_file(app, &patient, format, &out).await?;
        println!("{}", out.display());
    }
    let Some(folder) = all else { return Ok(ExitCode::SUCCESS) };
    let mut told = progress::Told::new();
    let done = health_record::export_all(app, format, &folder, |state| told.tell(state)).await?;
    println!("{} written, {} there already, {} failed", done.written, done.kept, done.failed);
    Ok(if done.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// An error for the operator: unlike the API's callers, the operator is told the cause.
fn in_words(why: &Error) -> String {
    match why {
        Error::Internal(cause) => cause.clone(),
        Error::Problem(problem) => {
            let mut text = problem.title.clone();
            for error in &problem.errors {
                text += &format!("\n  {}: {}", error.field, error.message);
            }
            text
        }
        other => other.to_string(),
    }
}
