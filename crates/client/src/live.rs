//! Hearing that something is new.

use portal_domain::live::{LiveEvent, LiveQuery};

use crate::http::{Error, Portal, Request, Result};

/// Where the stream is, for a browser's `EventSource`.
pub fn events_path() -> &'static str {
    "/api/v1/events"
}

impl Portal {
    /// Waits for so many events, the first of which is always `everything`.
    pub async fn events(&self, take: u32) -> Result<Vec<LiveEvent>> {
        let request = Request::get(events_path()).query(&LiveQuery { take: Some(take) })?;
        let stream = self.text(request).await?;
        let data = stream.lines().filter_map(|line| line.strip_prefix("data: "));
        data.map(|event| serde_json::from_str(event).map_err(|why| Error::Decode(why.to_string()))).collect()
    }
}
