//! The life of one stream.

use std::time::Duration;

use futures_util::{Stream, stream};
use portal_domain::{
    access::{Action, Who},
    ids::PatientId,
    live::LiveEvent,
};
use tokio::time::{Instant, sleep_until};

use crate::{
    app::App,
    error::{Error, Result},
    platform::{
        access,
        auth::{self, Actor},
        live::Hearing,
    },
};

/// How soon a page comes back after it lost the stream.
const HELLO: &str = "retry: 2000\n";

struct Open {
    app: App,
    hearing: Hearing,
    /// How many events are still to come; none while nobody counts.
    left: Option<u32>,
    said_hello: bool,
    beat: Instant,
}

/// Events for this actor: first that everything may be new, then what is announced. It ends when the session does, when
/// its rights change, and when the server is about to stop.
pub async fn events(
    app: &App,
    actor: &Actor,
    take: Option<u32>,
) -> Result<impl Stream<Item = String> + use<>> {
    if app.is_stopping() {
        return Err(Error::Unavailable);
    }
    app.read(actor, |work| work.own_account(Action::View)).await?;
    let watched = watched(app, actor).await?;
    let hearing = app.live.hear(actor, watched)?;
    let beat = Instant::now() + app.settings.events_beat;
    let open = Open { app: app.clone(), hearing, left: take, said_hello: false, beat };
    Ok(stream::unfold(open, |mut open| async {
        let text = open.next().await?;
        Some((text, open))
    }))
}

/// The patients whose news somebody hears who acts for them; looked at again at each beat, so that a grant that ended is
/// heard no more, and before each of their news, since what an act keeps back must not ring by that act.
async fn watched(app: &App, actor: &Actor) -> Result<Vec<PatientId>> {
    let (Some(Who::Patient(_)), Ok(account)) = (actor.who(), actor.account_id()) else {
        return Ok(Vec::new());
    };
    let now = app.now();
    app.db.read(move |conn| access::watched(conn, account, now)).await
}

impl Open {
    async fn next(&mut self) -> Option<String> {
        if self.left == Some(0) {
            return None;
        }
        if !self.said_hello {
            self.said_hello = true;
            return Some(format!("{HELLO}{}", self.tell(LiveEvent::EVERYTHING)?));
        }
        tokio::select! {
            heard = self.hearing.next() => match heard? {
                (event, None) => self.tell(event),
                (event, Some(patient)) => {
                    // When it can't be known, the page comes back and asks.
                    let watched = watched(&self.app, self.hearing.actor()).await.ok()?;
                    self.hearing.watch(watched);
                    if self.hearing.watches(patient) { self.tell(event) } else { Some(":\n\n".into()) }
                }
            },
            () = sleep_until(self.beat) => {
                self.beat += self.app.settings.events_beat.max(Duration::from_millis(1));
                // When it can't be known, the page comes back and asks.
                let stands = auth::still_stands(&self.app, self.hearing.actor()).await.unwrap_or(false);
                match watched(&self.app, self.hearing.actor()).await {
                    Ok(watched) if stands => self.hearing.watch(watched),
                    _ => return None,
                }
                Some(":\n\n".into())
            }
        }
    }

    fn tell(&mut self, event: LiveEvent) -> Option<String> {
        self.left = self.left.map(|left| left - 1);
        Some(format!("data: {}\n\n", serde_json::to_string(&event).ok()?))
    }
}
