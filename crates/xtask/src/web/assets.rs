//! Files of the finished app: named after their content, with compressed siblings.

use super::Mode;
use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The folder being written.
pub struct Dist {
    dir: PathBuf,
    mode: Mode,
    sizes: Vec<Size>,
}

/// A written file as the page names it.
pub struct Asset {
    /// Where the browser finds it, e.g. `/assets/app.0123456789ab.js`.
    pub url: String,
    /// Its subresource integrity value, e.g. `sha256-..`.
    pub integrity: String,
}

/// How large a file is, in bytes.
pub struct Size {
    /// Path below the folder.
    pub name: String,
    /// As it is.
    pub plain: usize,
    /// In brotli.
    pub brotli: usize,
    /// In gzip.
    pub gzip: usize,
}

impl Dist {
    /// Begins an empty folder.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn new(dir: &Path, mode: Mode) -> Result<Self> {
        fs::create_dir_all(dir.join("assets"))?;
        Ok(Self { dir: dir.to_path_buf(), mode, sizes: Vec::new() })
    }

    /// Adds a file below `/assets/`. Its name holds a hash of its content, so that browsers may keep it for ever.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn add_asset(&mut self, stem: &str, extension: &str, content: &[u8]) -> Result<Asset> {
        let hash = format!("{:x}", Sha256::digest(content));
        let name = format!("assets/{stem}.{}.{extension}", &hash[..12]);
        self.add_file(&name, content)?;
        let integrity = format!("sha256-{}", STANDARD.encode(Sha256::digest(content)));
        Ok(Asset { url: format!("/{name}"), integrity })
    }

    /// Adds a file under its own name.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn add_file(&mut self, name: &str, content: &[u8]) -> Result<()> {
        fs::write(self.dir.join(name), content)?;
        if self.mode == Mode::Dev {
            return Ok(());
        }
        let (brotli, gzip) = (brotli(content)?, gzip(content)?);
        fs::write(self.dir.join(format!("{name}.br")), &brotli)?;
        fs::write(self.dir.join(format!("{name}.gz")), &gzip)?;
        let (plain, brotli, gzip) = (content.len(), brotli.len(), gzip.len());
        self.sizes.push(Size { name: name.to_owned(), plain, brotli, gzip });
        Ok(())
    }

    /// Ends the folder and tells how large its files are.
    pub fn finish(self) -> Vec<Size> {
        self.sizes
    }
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    // Quality 11 and a window of 16 MiB, the most that browsers take.
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 11, 24);
    writer.write_all(content)?;
    Ok(writer.into_inner())
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(content)?;
    Ok(writer.finish()?)
}
