//! The folder that stands for a mail server where none is set: one `.eml` file a mail, to be opened by any mail program.

use std::{
    fmt, fs,
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::PathBuf,
};

use super::message::Parcel;

/// A folder for mails, private to the portal's user: they hold reset links and temporary passwords.
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at `path`, which need not be there yet.
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    /// Makes the folder.
    pub fn make(&self) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.0)
    }

    /// Writes one mail. It appears under its name whole or not at all, and the second time under the same name.
    pub fn put(&self, parcel: &Parcel) -> io::Result<()> {
        self.make()?;
        let name = format!("{}-{}", parcel.created_at.utc().format("%Y%m%dT%H%M%S"), parcel.id);
        let fresh = self.0.join(format!(".{name}.{}", std::process::id()));
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
        file.write_all(&parcel.bytes)?;
        file.sync_all()?;
        fs::rename(&fresh, self.0.join(format!("{name}.eml")))?;
        fs::File::open(&self.0)?.sync_all()
    }
}

impl fmt::Display for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.display().fmt(f)
    }
}
