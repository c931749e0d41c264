//! A file on its way to a browser: saved, never shown.

use actix_web::{
    HttpResponse,
    http::header::{self, HeaderValue},
};
use portal_domain::files::FileKind;

use crate::error::{Error, Result};

/// An answer that browsers save under `name` (RFC 6266). What every answer of the API carries keeps it from being looked
/// at as anything else: `nosniff`, `no-store`, and a policy that allows nothing.
pub fn attachment(name: &str, kind: FileKind, bytes: Vec<u8>) -> Result<HttpResponse> {
    saved(name, kind.media_type(), bytes)
}

/// The same for what the portal itself wrote.
pub fn saved(name: &str, media_type: &str, bytes: Vec<u8>) -> Result<HttpResponse> {
    let disposition = HeaderValue::from_str(&disposition(name)).map_err(Error::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .content_type(media_type)
        .body(bytes))
}

/// `filename` for old readers in ASCII, `filename*` (RFC 8187) for all others.
fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || " .-_()".contains(c) { c } else { '_' })
        .collect();
    let coded: String = name
        .bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}")
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_can_not_leave_its_quotes() {
        for (name, header) in [
            ("report.pdf", "attachment; filename=\"report.pdf\"; filename*=UTF-8''report.pdf"),
            (
                "a\"; b=\r\n.txt",
                "attachment; filename=\"a__ b___.txt\"; filename*=UTF-8''a%22%3B%20b%3D%0D%0A.txt",
            ),
            ("Größe.txt", "attachment; filename=\"Gr__e.txt\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.txt"),
        ] {
            assert_eq!(disposition(name), header);
        }
    }
}
