//! Settings: a TOML file, then the environment. The only reader of either.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

use portal_domain::billing::Currency;

use crate::{
    error::{Error, Result},
    platform::{
        files::{FilesSettings, ScannerSettings, StoreSettings},
        gateway::{GatewaySettings, stripe::StripeSettings},
        limits::Rate,
        outbox::{MailSettings, SmtpSettings, Tls},
        secret,
    },
};

/// One setting, as `portal check` explains it.
pub struct Explained {
    /// The environment's name; in the file the same in lower case without `PORTAL_`.
    pub name: &'static str,
    /// What it means and its default.
    pub meaning: &'static str,
}

/// Every setting there is.
pub const SETTINGS: &[Explained] = &[
    Explained {
        name: "PORTAL_DATABASE_URL",
        meaning: "sqlite:PATH or postgres://USER@HOST/NAME; by default portal.db in the data folder",
    },
    Explained { name: "PORTAL_DATABASE_CONNECTIONS", meaning: "pool size on PostgreSQL; 16 by default" },
    Explained { name: "PORTAL_ADDRESS", meaning: "where the server listens; 127.0.0.1:8080 by default" },
    Explained {
        name: "PORTAL_PUBLIC_URL",
        meaning: "how browsers reach the portal, such as https://portal.example.org; http:// and the address by default, \
                  localhost on a loopback address. Passkeys need a name here, not an IP address. \
                  With https:// cookies are Secure",
    },
    Explained {
        name: "PORTAL_DATA_DIR",
        meaning: "folder for the database and the secret; ./portal-data by default",
    },
    Explained { name: "PORTAL_WEB_DIR", meaning: "folder of the built page; target/web/dist by default" },
    Explained {
        name: "PORTAL_SECRET",
        meaning: "at least 32 characters; seals what is secret in the database. By default made once and kept in the file \
                  `secret` of the data folder; several servers need the same one",
    },
    Explained {
        name: "PORTAL_LOG",
        meaning: "what is logged, such as info or portal_api=debug; info by default",
    },
    Explained { name: "PORTAL_LOG_FORMAT", meaning: "text or json; text by default" },
    Explained {
        name: "PORTAL_TRUSTED_PROXY",
        meaning: "address of the reverse proxy whose X-Forwarded-For is believed; nobody's by default",
    },
    Explained {
        name: "PORTAL_RATE_PER_SECOND",
        meaning: "requests a second that an account, a client or (not signed in) an address may make in the long run; \
                  20 by default, 0 switches the limit off",
    },
    Explained {
        name: "PORTAL_RATE_BURST",
        meaning: "how many of them at once after a pause; 100 by default",
    },
    Explained {
        name: "PORTAL_SIGN_IN_RATE_PER_SECOND",
        meaning: "the same for sign-in, enrolment and access tokens, by address; 2 by default, 0 switches it off",
    },
    Explained {
        name: "PORTAL_SIGN_IN_RATE_BURST",
        meaning: "how many of them at once after a pause; 30 by default",
    },
    Explained {
        name: "PORTAL_BODY_SECONDS",
        meaning: "how long the body of a request may take to arrive, in seconds; 30 by default",
    },
    Explained {
        name: "PORTAL_EVENTS_SECONDS",
        meaning: "how often an open stream of events sends a sign of life and looks whether its session still stands, 1 to \
                  55 seconds; 20 by default. Shorter than a proxy's patience with a silent connection",
    },
    Explained {
        name: "PORTAL_SMTP_HOST",
        meaning: "the mail server; without it every e-mail becomes a file in the folder `mail` of the data folder",
    },
    Explained { name: "PORTAL_SMTP_PORT", meaning: "its port; 587 by default, 465 with tls, 25 without TLS" },
    Explained {
        name: "PORTAL_SMTP_TLS",
        meaning: "starttls (required, the default), tls (from the first byte), none (only to this machine), or insecure \
                  (none to any server: others may read reset links on the way)",
    },
    Explained { name: "PORTAL_SMTP_USERNAME", meaning: "the account at the mail server; none by default" },
    Explained { name: "PORTAL_SMTP_PASSWORD", meaning: "its password" },
    Explained {
        name: "PORTAL_SMTP_CA_FILE",
        meaning: "PEM file with the authority of the mail server's certificate, instead of the public ones",
    },
    Explained {
        name: "PORTAL_SMTP_SECONDS",
        meaning: "how long the mail server may take for one step, 1 to 60 seconds; 20 by default",
    },
    Explained {
        name: "PORTAL_MAIL_FROM",
        meaning: "the sender's address, such as portal@example.org; needed with PORTAL_SMTP_HOST. Its name is the practice's",
    },
    Explained { name: "PORTAL_MAIL_REPLY_TO", meaning: "where answers go; to the sender by default" },
    Explained {
        name: "PORTAL_FILES_URL",
        meaning: "where attached files are kept: file:FOLDER or s3://BUCKET/PREFIX; the folder `files` of the data folder by \
                  default. They are sealed with the secret",
    },
    Explained {
        name: "PORTAL_FILES_ENDPOINT",
        meaning: "the address of an S3-compatible service, such as https://s3.example.org; that of AWS by default",
    },
    Explained { name: "PORTAL_FILES_REGION", meaning: "the region of the bucket; us-east-1 by default" },
    Explained { name: "PORTAL_FILES_KEY_ID", meaning: "the id of the access key to the bucket" },
    Explained { name: "PORTAL_FILES_KEY", meaning: "the access key to the bucket" },
    Explained {
        name: "PORTAL_CLAMD_ADDRESS",
        meaning: "HOST:PORT or unix:PATH of a clamd that scans attached files; while it does not answer, no file is taken. \
                  Not scanned by default",
    },
    Explained {
        name: "PORTAL_AUDIT_HEAD",
        meaning: "file that knows where the audit trail ends, so that one that was cut off is found out; audit-head.json in \
                  the data folder by default. Better on another disk than the database",
    },
    Explained {
        name: "PORTAL_CURRENCY",
        meaning: "the currency of balances and payments (ISO 4217): USD, EUR, GBP, CAD, CHF or JPY; USD by default. Choose it \
                  before the first charge",
    },
    Explained {
        name: "PORTAL_GATEWAY",
        meaning: "who takes payments online: stripe, sandbox (moves no money, for trying out, only while nobody but this \
                  machine reaches the portal) or none; sandbox by default on a loopback address, else none",
    },
    Explained {
        name: "PORTAL_STRIPE_KEY",
        meaning: "the secret or restricted key of the practice's Stripe account. Leave it set after a change of gateway, until \
                  nothing that Stripe took is under way or may be refunded",
    },
    Explained {
        name: "PORTAL_STRIPE_WEBHOOK_SECRET",
        meaning: "what Stripe signs its messages to /gateway/stripe/events with; needed with PORTAL_STRIPE_KEY",
    },
    Explained {
        name: "PORTAL_STRIPE_URL",
        meaning: "the address of Stripe's API; https://api.stripe.com by default",
    },
    Explained {
        name: "PORTAL_STRIPE_SECONDS",
        meaning: "how long Stripe may take for one answer, 1 to 60 seconds; 10 by default",
    },
    Explained {
        name: "PORTAL_SANDBOX_ADDRESS",
        meaning: "where the sandbox's card page listens, an origin of its own; the next port by default, or any free one",
    },
    Explained {
        name: "PORTAL_CONFIG",
        meaning: "the settings file; portal.toml in the working folder by default",
    },
];

/// The shortest secret, in bytes.
const MIN_SECRET: usize = 32;

/// The settings in force.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `PORTAL_DATABASE_URL`.
    pub database_url: String,
    /// `PORTAL_DATABASE_CONNECTIONS`.
    pub database_connections: u32,
    /// `PORTAL_ADDRESS`.
    pub address: SocketAddr,
    /// `PORTAL_PUBLIC_URL`, without a slash at its end.
    pub public_url: String,
    /// `PORTAL_DATA_DIR`.
    pub data_dir: PathBuf,
    /// `PORTAL_AUDIT_HEAD`.
    pub audit_head: PathBuf,
    /// `PORTAL_WEB_DIR`.
    pub web_dir: PathBuf,
    /// `PORTAL_SECRET`.
    pub secret: String,
    /// `PORTAL_LOG`.
    pub log: String,
    /// `PORTAL_LOG_FORMAT` is `json`.
    pub log_json: bool,
    /// `PORTAL_TRUSTED_PROXY`.
    pub trusted_proxy: Option<std::net::IpAddr>,
    /// `PORTAL_RATE_PER_SECOND`, `PORTAL_RATE_BURST`.
    pub rate: Rate,
    /// `PORTAL_SIGN_IN_RATE_PER_SECOND`, `PORTAL_SIGN_IN_RATE_BURST`.
    pub sign_in_rate: Rate,
    /// `PORTAL_BODY_SECONDS`.
    pub body_deadline: Duration,
    /// `PORTAL_EVENTS_SECONDS`.
    pub events_beat: Duration,
    /// `PORTAL_SMTP_*`, `PORTAL_MAIL_*`.
    pub mail: MailSettings,
    /// `PORTAL_FILES_*`, `PORTAL_CLAMD_ADDRESS`.
    pub files: FilesSettings,
    /// `PORTAL_CURRENCY`.
    pub currency: Currency,
    /// `PORTAL_GATEWAY`, `PORTAL_SANDBOX_ADDRESS`.
    pub gateway: GatewaySettings,
    /// `PORTAL_STRIPE_*`: set also where Stripe took payments before.
    pub stripe: Option<StripeSettings>,
}

impl Settings {
    /// Reads the file and the environment; makes the data folder and the secret where they are missing.
    pub fn load() -> Result<Self> {
        let environment: BTreeMap<String, String> = std::env::vars().collect();
        let named = environment.get("PORTAL_CONFIG");
        let path = named.map_or("portal.toml", String::as_str);
        let file = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(why) if named.is_some() => {
                return Err(Error::internal(format!("{path} can't be read: {why}")));
            }
            Err(_) => String::new(),
        };
        Self::read(&file, &environment)
    }

    /// Settings from a file's text and an environment.
    pub fn read(file: &str, environment: &BTreeMap<String, String>) -> Result<Self> {
        let file: toml::Table =
            file.parse().map_err(|why| Error::internal(format!("the settings file is not TOML: {why}")))?;
        for name in file.keys() {
            if !SETTINGS.iter().any(|known| key(known.name) == *name) {
                return Err(Error::internal(format!("the settings file names {name}, which is no setting")));
            }
        }
        for name in
            environment.keys().filter(|name| name.starts_with("PORTAL_") && !name.starts_with("PORTAL_E2E_"))
        {
            if !SETTINGS.iter().any(|known| known.name == *name) {
                return Err(Error::internal(format!(
                    "{name} is set, which is no setting: see `portal check`"
                )));
            }
        }
        let get = |name: &str| match environment.get(name) {
            Some(value) => Some(value.clone()),
            None => {
                file.get(&key(name)).map(|value| value.as_str().map_or_else(|| value.to_string(), Into::into))
            }
        };
        let or = |name: &str, default: &str| get(name).unwrap_or_else(|| default.into());

        let number = |name: &str, default: &str| -> Result<u32> {
            or(name, default).parse().map_err(|why| wrong(name, &why))
        };

        let data_dir = PathBuf::from(or("PORTAL_DATA_DIR", "portal-data"));
        let address: SocketAddr =
            or("PORTAL_ADDRESS", "127.0.0.1:8080").parse().map_err(|why| wrong("PORTAL_ADDRESS", &why))?;
        let public_url = get("PORTAL_PUBLIC_URL").unwrap_or_else(|| unproxied(address));
        if !public_url.starts_with("https://") && !public_url.starts_with("http://") {
            return Err(wrong("PORTAL_PUBLIC_URL", &"it must begin with https:// or http://"));
        }
        let secret = match get("PORTAL_SECRET") {
            Some(secret) if secret.len() < MIN_SECRET => {
                return Err(wrong("PORTAL_SECRET", &"it needs at least 32 characters"));
            }
            Some(secret) => secret,
            None => kept_secret(&data_dir)?,
        };
        let read = Self {
            database_url: get("PORTAL_DATABASE_URL")
                .unwrap_or_else(|| format!("sqlite:{}", data_dir.join("portal.db").display())),
            database_connections: number("PORTAL_DATABASE_CONNECTIONS", "16")?,
            address,
            public_url: public_url.trim_end_matches('/').into(),
            web_dir: or("PORTAL_WEB_DIR", "target/web/dist").into(),
            secret,
            log: or("PORTAL_LOG", "info"),
            log_json: or("PORTAL_LOG_FORMAT", "text") == "json",
            trusted_proxy: get("PORTAL_TRUSTED_PROXY")
                .map(|proxy| proxy.parse().map_err(|why| wrong("PORTAL_TRUSTED_PROXY", &why)))
                .transpose()?,
            rate: Rate {
                per_second: number("PORTAL_RATE_PER_SECOND", "20")?,
                burst: number("PORTAL_RATE_BURST", "100")?,
            },
            sign_in_rate: Rate {
                per_second: number("PORTAL_SIGN_IN_RATE_PER_SECOND", "2")?,
                burst: number("PORTAL_SIGN_IN_RATE_BURST", "30")?,
            },
            body_deadline: Duration::from_secs(number("PORTAL_BODY_SECONDS", "30")?.into()),
            events_beat: match number("PORTAL_EVENTS_SECONDS", "20")? {
                seconds @ 1..=55 => Duration::from_secs(seconds.into()),
                _ => return Err(wrong("PORTAL_EVENTS_SECONDS", &"it must be 1 to 55")),
            },
            mail: mail(&get)?,
            files: files(&get, &data_dir)?,
            audit_head: get("PORTAL_AUDIT_HEAD")
                .map_or_else(|| data_dir.join("audit-head.json"), PathBuf::from),
            data_dir,
            currency: or("PORTAL_CURRENCY", "USD").parse().map_err(|why| wrong("PORTAL_CURRENCY", &why))?,
            gateway: GatewaySettings::None,
            stripe: stripe(&get)?,
        };
        let gateway = gateway(&get, read.is_local(), read.stripe.is_some())?;
        Ok(Self { gateway, ..read })
    }

    /// Whether browsers reach the portal over TLS.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Whether only this machine's own browsers reach the portal: it listens on a loopback address and calls itself
    /// by a loopback name, so that no proxy lends it to others.
    pub fn is_local(&self) -> bool {
        let host = self.public_url.split("://").last().unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
        let named = ["localhost", "[::1]"].contains(&host) || host.starts_with("127.");
        named && self.address.ip().is_loopback()
    }
}

/// Where browsers reach the portal when nothing stands before it: this machine by its name, since a passkey is bound to
/// a name and never to an IP address (WebAuthn level 3, "RP ID").
fn unproxied(address: SocketAddr) -> String {
    if address.ip().is_loopback() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

fn wrong(name: &str, why: &dyn std::fmt::Display) -> Error {
    Error::internal(format!("{name} can't be used: {why}"))
}

/// How mail leaves the portal.
fn mail(get: &impl Fn(&str) -> Option<String>) -> Result<MailSettings> {
    let Some(host) = get("PORTAL_SMTP_HOST") else {
        let from = get("PORTAL_MAIL_FROM").unwrap_or_else(|| "portal@localhost".into());
        return Ok(MailSettings { smtp: None, from, reply_to: get("PORTAL_MAIL_REPLY_TO") });
    };
    let tls: Tls = get("PORTAL_SMTP_TLS")
        .map_or(Ok(Tls::StartTls), |tls| tls.parse())
        .map_err(|why| wrong("PORTAL_SMTP_TLS", &why))?;
    let is_here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if tls == Tls::None && !is_here {
        return Err(wrong(
            "PORTAL_SMTP_TLS",
            &"none is for a mail server on this machine; say insecure if you mean it",
        ));
    }
    let credentials = match (get("PORTAL_SMTP_USERNAME"), get("PORTAL_SMTP_PASSWORD")) {
        (Some(username), Some(password)) => Some((username, password)),
        (None, None) => None,
        _ => return Err(wrong("PORTAL_SMTP_USERNAME", &"it and PORTAL_SMTP_PASSWORD go together")),
    };
    let port =
        get("PORTAL_SMTP_PORT").map(|port| port.parse().map_err(|why| wrong("PORTAL_SMTP_PORT", &why)));
    let seconds: u64 = get("PORTAL_SMTP_SECONDS")
        .map_or(Ok(20), |seconds| seconds.parse())
        .map_err(|why| wrong("PORTAL_SMTP_SECONDS", &why))?;
    if !(1..=60).contains(&seconds) {
        return Err(wrong("PORTAL_SMTP_SECONDS", &"it must be 1 to 60"));
    }
    let from =
        get("PORTAL_MAIL_FROM").ok_or_else(|| wrong("PORTAL_SMTP_HOST", &"set PORTAL_MAIL_FROM too"))?;
    let smtp = SmtpSettings {
        port: port.transpose()?.unwrap_or(tls.usual_port()),
        host,
        tls,
        credentials,
        ca_file: get("PORTAL_SMTP_CA_FILE").map(PathBuf::from),
        patience: Duration::from_secs(seconds),
    };
    Ok(MailSettings { smtp: Some(smtp), from, reply_to: get("PORTAL_MAIL_REPLY_TO") })
}

/// How long the virus scanner may take for one file.
const SCANNER_PATIENCE: Duration = Duration::from_secs(30);

/// Where attached files are kept, and what scans them.
fn files(get: &impl Fn(&str) -> Option<String>, data_dir: &std::path::Path) -> Result<FilesSettings> {
    let url = get("PORTAL_FILES_URL");
    let needed = |name: &str| get(name).ok_or_else(|| wrong("PORTAL_FILES_URL", &format!("set {name} too")));
    let store = match url.as_deref().map(|url| url.split_once(':')) {
        None => StoreSettings::Folder(data_dir.join("files")),
        Some(Some(("file", folder))) if !folder.is_empty() => StoreSettings::Folder(folder.into()),
        Some(Some(("s3", rest))) if rest.len() > 2 && rest.starts_with("//") => {
            let (bucket, prefix) = rest[2..].split_once('/').unwrap_or((&rest[2..], ""));
            StoreSettings::S3 {
                bucket: bucket.into(),
                prefix: prefix.into(),
                endpoint: get("PORTAL_FILES_ENDPOINT"),
                region: get("PORTAL_FILES_REGION").unwrap_or_else(|| "us-east-1".into()),
                key_id: needed("PORTAL_FILES_KEY_ID")?,
                key: needed("PORTAL_FILES_KEY")?,
            }
        }
        Some(_) => return Err(wrong("PORTAL_FILES_URL", &"it must be file:FOLDER or s3://BUCKET/PREFIX")),
    };
    let scanner = match get("PORTAL_CLAMD_ADDRESS") {
        None => None,
        Some(address) => {
            let address = address.parse().map_err(|why| wrong("PORTAL_CLAMD_ADDRESS", &why))?;
            Some(ScannerSettings { address, patience: SCANNER_PATIENCE })
        }
    };
    Ok(FilesSettings { store, scanner })
}

/// Who takes payments. Test cards must never pay a real bill, so the sandbox stays on this machine.
fn gateway(
    get: &impl Fn(&str) -> Option<String>,
    is_local: bool,
    has_stripe: bool,
) -> Result<GatewaySettings> {
    let by_default = if is_local { "sandbox" } else { "none" };
    let address = get("PORTAL_SANDBOX_ADDRESS")
        .map(|address| address.parse().map_err(|why| wrong("PORTAL_SANDBOX_ADDRESS", &why)))
        .transpose()?;
    match get("PORTAL_GATEWAY").as_deref().unwrap_or(by_default) {
        "none" => Ok(GatewaySettings::None),
        "stripe" if has_stripe => Ok(GatewaySettings::Stripe),
        "stripe" => {
            Err(wrong("PORTAL_GATEWAY", &"set PORTAL_STRIPE_KEY and PORTAL_STRIPE_WEBHOOK_SECRET too"))
        }
        "sandbox" if is_local => Ok(GatewaySettings::Sandbox(address)),
        "sandbox" => Err(wrong("PORTAL_GATEWAY", &"the sandbox's test cards would pay real bills")),
        _ => Err(wrong("PORTAL_GATEWAY", &"it must be stripe, sandbox or none")),
    }
}

/// How Stripe is reached. The key goes to Stripe or to this machine, never over the network in plain text.
fn stripe(get: &impl Fn(&str) -> Option<String>) -> Result<Option<StripeSettings>> {
    let (key, webhook_secret) = match (get("PORTAL_STRIPE_KEY"), get("PORTAL_STRIPE_WEBHOOK_SECRET")) {
        (None, None) => return Ok(None),
        (Some(key), Some(secret)) => (key, secret),
        _ => return Err(wrong("PORTAL_STRIPE_KEY", &"it and PORTAL_STRIPE_WEBHOOK_SECRET go together")),
    };
    if !key.starts_with("sk_") && !key.starts_with("rk_") {
        return Err(wrong("PORTAL_STRIPE_KEY", &"it must begin with sk_ or rk_"));
    }
    if !webhook_secret.starts_with("whsec_") {
        return Err(wrong("PORTAL_STRIPE_WEBHOOK_SECRET", &"it must begin with whsec_"));
    }
    let base = get("PORTAL_STRIPE_URL").unwrap_or_else(|| "https://api.stripe.com".into());
    let url = url::Url::parse(&base).map_err(|why| wrong("PORTAL_STRIPE_URL", &why))?;
    let is_here = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    if url.scheme() != "https" && !(url.scheme() == "http" && is_here) {
        return Err(wrong("PORTAL_STRIPE_URL", &"it must be https://, except on this machine"));
    }
    let seconds: u64 = get("PORTAL_STRIPE_SECONDS")
        .map_or(Ok(10), |seconds| seconds.parse())
        .map_err(|why| wrong("PORTAL_STRIPE_SECONDS", &why))?;
    if !(1..=60).contains(&seconds) {
        return Err(wrong("PORTAL_STRIPE_SECONDS", &"it must be 1 to 60"));
    }
    let base = base.trim_end_matches('/').into();
    Ok(Some(StripeSettings { key, webhook_secret, base, patience: Duration::from_secs(seconds) }))
}

fn key(name: &str) -> String {
    name.trim_start_matches("PORTAL_").to_lowercase()
}

/// The secret of the data folder, made on the first start and readable by the owner only. It appears under its name
/// whole or not at all, and of two servers that start together one's secret stands.
fn kept_secret(data_dir: &std::path::Path) -> Result<String> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    std::fs::create_dir_all(data_dir)?;
    let path = data_dir.join("secret");
    if !path.exists() {
        let fresh = data_dir.join(format!("secret.{}", std::process::id()));
        let secret: String = secret::random::<32>()?.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut file =
            std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
        file.write_all(secret.as_bytes())?;
        file.sync_all()?;
        // A link, unlike a rename, never replaces what another server has put there meanwhile.
        let linked = std::fs::hard_link(&fresh, &path);
        std::fs::remove_file(&fresh)?;
        if let Err(why) = linked.or_else(|why| if path.exists() { Ok(()) } else { Err(why) }) {
            return Err(why.into());
        }
    }
    let secret = std::fs::read_to_string(&path)?;
    if secret.trim().len() < MIN_SECRET {
        return Err(Error::internal(format!("{} holds no secret: restore it from a backup", path.display())));
    }
    Ok(secret.trim().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, environment: &[(&str, &str)]) -> Result<Settings> {
        let mut all: BTreeMap<String, String> =
            [("PORTAL_SECRET".into(), "a secret of thirty-two characters!".into())].into();
        all.extend(environment.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        Settings::read(file, &all)
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let file = "address = \"127.0.0.1:1\"\ndatabase_connections = 4";
        let settings = read(file, &[("PORTAL_ADDRESS", "127.0.0.1:2")]).unwrap();
        assert_eq!(settings.address.port(), 2);
        assert_eq!(settings.database_connections, 4);
        assert_eq!(settings.public_url, "http://localhost:2");
    }

    #[test]
    fn mail_in_plain_text_stays_on_this_machine_unless_insecure_is_said() {
        let smtp = |more: &[(&str, &str)]| {
            let all = [[("PORTAL_MAIL_FROM", "portal@example.org")].as_slice(), more].concat();
            read("", &all).map(|settings| settings.mail.smtp.unwrap())
        };
        let by_default = smtp(&[("PORTAL_SMTP_HOST", "mail.example.org")]).unwrap();
        assert_eq!((by_default.tls, by_default.port), (Tls::StartTls, 587));
        let plain = ("PORTAL_SMTP_TLS", "none");
        assert!(smtp(&[("PORTAL_SMTP_HOST", "127.0.0.1"), plain]).is_ok());
        let refused = smtp(&[("PORTAL_SMTP_HOST", "mail.example.org"), plain]).unwrap_err();
        assert!(refused.to_string().contains("PORTAL_SMTP_TLS"));
        assert!(smtp(&[("PORTAL_SMTP_HOST", "mail.example.org"), ("PORTAL_SMTP_TLS", "insecure")]).is_ok());
    }

    #[test]
    fn half_of_a_mail_server_is_refused_by_name() {
        let host = ("PORTAL_SMTP_HOST", "mail.example.org");
        let from = ("PORTAL_MAIL_FROM", "portal@example.org");
        for (settings, named) in [
            (vec![host], "PORTAL_MAIL_FROM"),
            (vec![host, from, ("PORTAL_SMTP_USERNAME", "portal")], "PORTAL_SMTP_PASSWORD"),
            (vec![host, from, ("PORTAL_SMTP_TLS", "ssl")], "PORTAL_SMTP_TLS"),
            (vec![host, from, ("PORTAL_SMTP_PORT", "x")], "PORTAL_SMTP_PORT"),
            (vec![host, from, ("PORTAL_SMTP_SECONDS", "0")], "PORTAL_SMTP_SECONDS"),
        ] {
            assert!(read("", &settings).unwrap_err().to_string().contains(named), "{settings:?}");
        }
        assert!(read("", &[]).unwrap().mail.smtp.is_none());
    }

    #[test]
    fn the_mail_servers_password_is_not_shown() {
        let settings = read(
            "",
            &[
                ("PORTAL_SMTP_HOST", "mail.example.org"),
                ("PORTAL_MAIL_FROM", "portal@example.org"),
                ("PORTAL_SMTP_USERNAME", "portal"),
                ("PORTAL_SMTP_PASSWORD", "hush-hush"),
            ],
        );
        assert!(!format!("{:?}", settings.unwrap().mail).contains("hush"));
    }

    #[test]
    fn a_store_of_files_that_is_half_named_is_refused_by_name() {
        let s3 = ("PORTAL_FILES_URL", "s3://bucket/portal");
        for (settings, named) in [
            (vec![s3], "PORTAL_FILES_KEY_ID"),
            (vec![s3, ("PORTAL_FILES_KEY_ID", "id")], "PORTAL_FILES_KEY"),
            (vec![("PORTAL_FILES_URL", "ftp://elsewhere")], "PORTAL_FILES_URL"),
            (vec![("PORTAL_FILES_URL", "s3://")], "PORTAL_FILES_URL"),
            (vec![("PORTAL_FILES_URL", "file:")], "PORTAL_FILES_URL"),
            (vec![("PORTAL_CLAMD_ADDRESS", "scanner")], "PORTAL_CLAMD_ADDRESS"),
        ] {
            assert!(read("", &settings).unwrap_err().to_string().contains(named), "{settings:?}");
        }
        let whole = [s3, ("PORTAL_FILES_KEY_ID", "id"), ("PORTAL_FILES_KEY", "hush-hush")];
        let files = read("", &whole).unwrap().files;
        assert_eq!(files.store.to_string(), "s3://bucket/portal at AWS");
        assert!(!format!("{files:?}").contains("hush"));
    }

    #[test]
    fn test_cards_pay_nothing_where_others_reach_the_portal() {
        let public = ("PORTAL_PUBLIC_URL", "https://portal.example.org");
        assert_eq!(read("", &[]).unwrap().gateway, GatewaySettings::Sandbox(None));
        assert_eq!(read("", &[public]).unwrap().gateway, GatewaySettings::None);
        let refused = read("", &[public, ("PORTAL_GATEWAY", "sandbox")]).unwrap_err();
        assert!(refused.to_string().contains("PORTAL_GATEWAY"));
        assert!(read("", &[("PORTAL_CURRENCY", "dollars")]).is_err());
    }

    #[test]
    fn stripe_needs_both_keys_and_never_hears_them_in_plain_text() {
        let key = ("PORTAL_STRIPE_KEY", "sk_live_hush");
        let whole = [key, ("PORTAL_STRIPE_WEBHOOK_SECRET", "whsec_hush")];
        for (settings, named) in [
            (vec![("PORTAL_GATEWAY", "stripe")], "PORTAL_STRIPE_KEY"),
            (vec![key], "PORTAL_STRIPE_WEBHOOK_SECRET"),
            (vec![("PORTAL_STRIPE_KEY", "pk_live_x"), whole[1]], "PORTAL_STRIPE_KEY"),
            (vec![key, ("PORTAL_STRIPE_WEBHOOK_SECRET", "hush")], "PORTAL_STRIPE_WEBHOOK_SECRET"),
            (
                vec![whole[0], whole[1], ("PORTAL_STRIPE_URL", "http://stripe.example.org")],
                "PORTAL_STRIPE_URL",
            ),
            (
                vec![whole[0], whole[1], ("PORTAL_STRIPE_URL", "http://127.0.0.1.example.org")],
                "PORTAL_STRIPE_URL",
            ),
            (vec![whole[0], whole[1], ("PORTAL_STRIPE_SECONDS", "0")], "PORTAL_STRIPE_SECONDS"),
        ] {
            assert!(read("", &settings).unwrap_err().to_string().contains(named), "{settings:?}");
        }
        let public = ("PORTAL_PUBLIC_URL", "https://portal.example.org");
        let settings = read("", &[public, whole[0], whole[1], ("PORTAL_GATEWAY", "stripe")]).unwrap();
        assert_eq!(settings.gateway, GatewaySettings::Stripe);
        assert_eq!(settings.stripe.as_ref().unwrap().base, "https://api.stripe.com");
        assert!(!format!("{settings:?}").contains("hush"));
        // Asked about what it took, though it takes nothing new.
        let before = read("", &[public, whole[0], whole[1]]).unwrap();
        assert!(before.gateway == GatewaySettings::None && before.stripe.is_some());
        assert!(read("", &[whole[0], whole[1], ("PORTAL_STRIPE_URL", "http://localhost:8420/")]).is_ok());
    }

    #[test]
    fn a_misspelt_setting_is_refused_by_name() {
        assert!(read("adress = \"x\"", &[]).unwrap_err().to_string().contains("adress"));
        assert!(read("", &[("PORTAL_ADRESS", "x")]).unwrap_err().to_string().contains("PORTAL_ADRESS"));
        assert!(read("", &[("PORTAL_SECRET", "short")]).unwrap_err().to_string().contains("32"));
    }
}
