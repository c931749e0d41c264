//! The single-page app: files read once at start, sent compressed as they were built, hashed names kept for ever.

use std::{collections::HashMap, path::Path};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ContentEncoding},
};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};

use super::secret;
use crate::error::Result;

/// What a browser may do with our pages: only our own code, no frames, no plug-ins.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/// The files of the page.
#[derive(Default)]
pub struct Spa {
    files: HashMap<String, File>,
}

struct File {
    content_type: &'static str,
    etag: String,
    plain: Vec<u8>,
    brotli: Option<Vec<u8>>,
    gzip: Option<Vec<u8>>,
}

impl Spa {
    /// Reads the folder that the build wrote. A missing folder is no error: the API serves without a page.
    pub fn load(folder: &Path) -> Result<Self> {
        let mut spa = Self::default();
        if folder.is_dir() {
            spa.read(folder, "")?;
        }
        Ok(spa)
    }

    /// Whether there is a page at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    fn read(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = format!("{prefix}/{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                self.read(&entry.path(), &name)?;
            } else if let Some(content_type) = content_type(&name) {
                let beside =
                    |ending: &str| std::fs::read(format!("{}.{ending}", entry.path().display())).ok();
                let plain = std::fs::read(entry.path())?;
                let etag = format!("\"{}\"", STANDARD_NO_PAD.encode(&secret::hash(&plain)[..12]));
                let file = File { content_type, etag, plain, brotli: beside("br"), gzip: beside("gz") };
                self.files.insert(name, file);
            }
        }
        Ok(())
    }

    /// The file at this path; any other path is the page itself, which then shows what belongs there.
    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let path = request.path();
        let hashed = path.starts_with("/assets/");
        let Some(file) = self.files.get(path).or_else(|| self.files.get("/index.html").filter(|_| !hashed))
        else {
            return HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("Not found\n");
        };
        let mut answer = HttpResponse::Ok();
        answer
            .insert_header((header::CONTENT_TYPE, file.content_type))
            .insert_header((header::VARY, "Accept-Encoding"))
            .insert_header((
                header::CACHE_CONTROL,
                if hashed { "public, max-age=31536000, immutable" } else { "no-cache" },
            ));
        if !hashed {
            answer.insert_header((header::ETAG, file.etag.clone()));
            if super::etag::Held::of(request).has(&file.etag) {
                return HttpResponse::NotModified().insert_header((header::ETAG, file.etag.clone())).finish();
            }
        }
        let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        let accepts =
            |name: &str| accepted.is_some_and(|all| all.split(',').any(|one| one.trim().starts_with(name)));
        match (&file.brotli, &file.gzip) {
            (Some(brotli), _) if accepts("br") => {
                answer.insert_header(ContentEncoding::Brotli).body(brotli.clone())
            }
            (_, Some(gzip)) if accepts("gzip") => {
                answer.insert_header(ContentEncoding::Gzip).body(gzip.clone())
            }
            _ => answer.body(file.plain.clone()),
        }
    }
}

/// The type of a file by its ending; none for what is not served (compressed siblings, build notes).
fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "bin" => "application/octet-stream",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}
