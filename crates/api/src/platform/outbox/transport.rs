//! Where mails are handed over: to a mail server, or into a folder that stands for one.

use std::{fmt, path::Path};

use lettre::Address;

use super::{folder::Folder, message::Parcel, settings::MailSettings, smtp::Smtp};
use crate::error::Result;

/// A way out.
pub enum Transport {
    /// A mail server.
    Smtp(Box<Smtp>),
    /// A folder of `.eml` files.
    Folder(Folder),
}

/// Why a mail was not taken. The text is for staff and for the log: it holds nothing of what the mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing can be handed over just now, whichever mail it is: no connection, a wrong password.
    Away(String),
    /// This mail can't be handed over just now.
    Later(String),
    /// This mail will never be taken.
    Never(String),
}

/// The longest reason kept, in characters.
const MAX_REASON: usize = 300;

impl Trouble {
    /// The reason in one line.
    pub fn reason(&self) -> String {
        let (Self::Away(text) | Self::Later(text) | Self::Never(text)) = self;
        let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        line.trim().chars().take(MAX_REASON).collect()
    }
}

impl Transport {
    /// What the settings name; `data_dir` is where the folder stands.
    pub fn open(settings: &MailSettings, public_url: &str, data_dir: &Path) -> Result<Self> {
        Ok(match &settings.smtp {
            Some(smtp) => Self::Smtp(Box::new(Smtp::open(smtp, public_url)?)),
            None => Self::Folder(Folder::at(std::path::absolute(data_dir.join("mail"))?)),
        })
    }

    /// Hands one mail over.
    pub async fn hand_over(&self, parcel: &Parcel) -> Result<(), Trouble> {
        match self {
            Self::Smtp(smtp) => smtp.hand_over(parcel).await,
            Self::Folder(folder) => {
                folder.put(parcel).map_err(|why| Trouble::Away(format!("{folder}: {why}")))
            }
        }
    }

    /// Says good-bye after a round.
    pub async fn rest(&self) {
        if let Self::Smtp(smtp) = self {
            smtp.hang_up().await;
        }
    }

    /// Tries everything but a mail.
    pub async fn try_out(&self, from: &Address) -> Result<(), Trouble> {
        match self {
            Self::Smtp(smtp) => smtp.try_out(from).await,
            Self::Folder(folder) => folder.make().map_err(|why| Trouble::Away(format!("{folder}: {why}"))),
        }
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Smtp(smtp) => smtp.fmt(f),
            Self::Folder(folder) => write!(f, "{folder} as .eml files"),
        }
    }
}
