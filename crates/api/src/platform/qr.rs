//! QR codes as SVG, for letters and for authenticator apps.

use fast_qr::{
    QRBuilder,
    convert::{Builder, svg::SvgBuilder},
};

use crate::error::{Error, Result};

/// The text as a QR code.
pub fn svg(text: &str) -> Result<String> {
    let code = QRBuilder::new(text).build().map_err(|why| Error::internal(format!("{why:?}")))?;
    Ok(SvgBuilder::default().margin(2).to_str(&code))
}
