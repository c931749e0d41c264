//! `portal check`: what each setting means, and whether those in force can be used.

use std::process::ExitCode;

use crate::{
    config::{SETTINGS, Settings},
    platform::{db, files::Files, gateway::GatewaySettings, outbox::Outbox, secret::Sealer, spa::Spa},
};

/// Explains, then checks one thing after the other.
pub async fn run() -> ExitCode {
    println!(
        "Settings come from the file portal.toml (names in lower case without PORTAL_), then the environment.\n"
    );
    for setting in SETTINGS {
        println!("  {}\n      {}", setting.name, setting.meaning);
    }
    println!();
    let settings = match Settings::load() {
        Ok(settings) => settings,
        Err(why) => return failed(&super::in_words(&why)),
    };
    println!("address     {}", settings.address);
    println!("public URL  {}", settings.public_url);
    let engine = db::Engine::of(&settings.database_url);
    let kind = match &engine {
        Ok(db::Engine::Postgres) => "PostgreSQL",
        Ok(db::Engine::Sqlite) => "SQLite (embedded)",
        Err(why) => return failed(&super::in_words(why)),
    };
    match db::pending(&settings.database_url) {
        Ok(pending) if pending.is_empty() => println!("database    {kind}, schema up to date"),
        Ok(pending) => println!("database    {kind}, {} migrations to run: `portal migrate`", pending.len()),
        Err(why) => return failed(&format!("the database can't be opened: {}", super::in_words(&why))),
    }
    match Spa::load(&settings.web_dir) {
        Ok(spa) if spa.is_empty() => {
            println!("page        not built in {}: `cargo xtask web build`", settings.web_dir.display());
        }
        Ok(_) => println!("page        {}", settings.web_dir.display()),
        Err(why) => return failed(&super::in_words(&why)),
    }
    match mail(&settings).await {
        Ok(way) => println!("mail        {way}"),
        Err(why) => return failed(&why),
    }
    match files(&settings).await {
        Ok(place) => println!("files       {place}"),
        Err(why) => return failed(&why),
    }
    match (settings.gateway, &settings.stripe) {
        (GatewaySettings::Stripe, Some(stripe)) => println!("payments    {stripe}"),
        (GatewaySettings::Sandbox(_), _) => println!("payments    the sandbox, which moves no money"),
        _ => println!("payments    none online"),
    }
    if !settings.is_secure() && !settings.is_local() {
        return failed("PORTAL_PUBLIC_URL must be https:// when others than this machine reach the portal");
    }
    println!("\nAll right.");
    ExitCode::SUCCESS
}

/// Where mail goes, after everything but a mail was tried; or what is wrong.
async fn mail(settings: &Settings) -> Result<String, String> {
    let Settings { mail, public_url, data_dir, secret, .. } = settings;
    let outbox = Sealer::new(secret)
        .and_then(|sealer| Outbox::open(mail, public_url, data_dir, sealer))
        .map_err(|why| super::in_words(&why))?;
    outbox.try_out().await.map_err(|why| format!("no e-mail can be sent to {outbox}: {why}"))?;
    Ok(format!("{outbox}, from {}", mail.from))
}

/// Where attached files go, after one was kept, read and forgotten; or what is wrong.
async fn files(settings: &Settings) -> Result<String, String> {
    let files = Sealer::new(&settings.secret)
        .and_then(|sealer| Files::open(&settings.files, sealer))
        .map_err(|why| super::in_words(&why))?;
    files.try_out().await.map_err(|why| format!("no file can be kept in {files}: {why}"))?;
    Ok(files.to_string())
}

fn failed(why: &str) -> ExitCode {
    eprintln!("portal: {why}");
    ExitCode::FAILURE
}
