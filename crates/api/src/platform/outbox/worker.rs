//! What takes mails out of the outbox and hands them over.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use futures_util::future::join_all;
use portal_domain::time::Time;
use tokio::{
    sync::Notify,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::{
    Content, Outbox, PURPOSE, message,
    store::{self, Outcome, Taken},
    transport::Trouble,
};
use crate::{
    app::App,
    error::{Error, Result},
    platform::files::Files,
};

/// How many mails are handed over at once.
const TOGETHER: i64 = 4;
/// How often the outbox is looked into when nobody rings: for what another process wrote, and for what is tried again.
const EVERY: Duration = Duration::from_secs(10);
/// How long a mail on its way holds the end of the process. Later it goes on without it, and the mail is taken again
/// after its lease.
const FAREWELL: Duration = Duration::from_secs(2);

/// How long to wait after the first, second .. try that failed; the last one for all that follow.
const WAITS: [TimeDelta; 7] = [
    TimeDelta::seconds(30),
    TimeDelta::minutes(2),
    TimeDelta::minutes(10),
    TimeDelta::hours(1),
    TimeDelta::hours(4),
    TimeDelta::hours(12),
    TimeDelta::hours(24),
];
/// The longest wait when nothing can be handed over at all: once that is mended, mails should not take a day.
const LONGEST_AWAY: TimeDelta = TimeDelta::minutes(10);
/// How long a mail is tried at all (RFC 5321, 4.5.4.1: 4 to 5 days).
const GIVE_UP: TimeDelta = TimeDelta::days(4);

/// The worker of a serving portal.
pub struct Worker {
    stop: Arc<Notify>,
    task: JoinHandle<()>,
}

/// Begins to deliver, until it is stopped.
pub fn start(app: &App) -> Worker {
    let stop = Arc::new(Notify::new());
    let (app, stopped) = (app.clone(), stop.clone());
    let task = actix_web::rt::spawn(async move {
        loop {
            if let Err(why) = deliver_due(&app).await {
                tracing::warn!(%why, "the outbox can't be read; it is tried again soon");
            }
            tokio::select! {
                () = stopped.notified() => break,
                () = app.outbox.0.bell.notified() => {}
                () = sleep(EVERY) => {}
            }
        }
    });
    Worker { stop, task }
}

impl Worker {
    /// Ends, after what is on its way if that takes seconds only.
    pub async fn stop(self) {
        self.stop.notify_one();
        // Whatever is not done by then is done by the next process.
        let _ = timeout(FAREWELL, self.task).await;
    }
}

/// Hands over every mail that is due, and answers how many were taken by the mail server. An error is the database's;
/// what a mail server says is written into the rows.
pub async fn deliver_due(app: &App) -> Result<usize> {
    let mut sent = 0;
    while !app.is_stopping() {
        let now = app.now();
        if !app.db.read(move |conn| store::is_any_due(conn, now)).await? {
            break;
        }
        let taken = app.db.write(move |conn| store::take_due(conn, now, TOGETHER)).await?;
        if taken.is_empty() {
            break;
        }
        let outcomes = join_all(taken.iter().map(|mail| app.outbox.hand_over(&app.files, mail))).await;
        let is_away = outcomes.iter().any(|outcome| matches!(outcome, Err(Trouble::Away(_))));
        let now = app.now();
        let settled: Vec<(Taken, Outcome)> =
            taken.into_iter().zip(outcomes).map(|(mail, outcome)| judge(mail, outcome, now)).collect();
        sent += settled.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Sent)).count();
        settle(app, settled, now).await?;
        if is_away {
            // The others would fare no better.
            break;
        }
    }
    app.outbox.0.transport.rest().await;
    Ok(sent)
}

impl Outbox {
    async fn hand_over(&self, files: &Files, mail: &Taken) -> Result<(), Trouble> {
        let inside = &self.0;
        let sealed = mail.sealed.as_deref().unwrap_or_default();
        // Sealed with another secret: the right one may come back.
        let opened = inside.sealer.open(PURPOSE, sealed).map_err(|why| Trouble::Later(why.to_string()))?;
        let unfit = |why: &dyn std::fmt::Display| Trouble::Never(why.to_string());
        let content: Content =
            serde_json::from_slice(&opened).map_err(|_| unfit(&"its content is no mail"))?;
        let enclosed = match &content.enclosure {
            None => None,
            Some(enclosure) => match files.get(enclosure.file).await {
                Ok(bytes) => Some(bytes),
                Err(Error::Problem(_)) => return Err(unfit(&"the file that goes along is gone")),
                Err(why) => return Err(Trouble::Later(why.to_string())),
            },
        };
        let (id, written) = (mail.id, mail.created_at);
        let parcel = message::parcel(&inside.sender, id, written, &mail.to_address, content, enclosed)
            .map_err(|why| unfit(&why))?;
        inside.transport.hand_over(&parcel).await
    }
}

/// What becomes of a mail after this try.
fn judge(mail: Taken, outcome: Result<(), Trouble>, now: Time) -> (Taken, Outcome) {
    let (id, kind) = (mail.id, mail.kind);
    let Err(trouble) = outcome else {
        tracing::info!(%id, %kind, "a mail was sent");
        return (mail, Outcome::Sent);
    };
    let reason = trouble.reason();
    let outcome = match trouble {
        Trouble::Never(_) => Outcome::Failed(reason),
        _ if now.since(mail.created_at) >= GIVE_UP => Outcome::Failed(format!("given up: {reason}")),
        Trouble::Later(_) => Outcome::Again(now.plus(wait(mail.attempts)), reason),
        Trouble::Away(_) => {
            tracing::warn!(reason, "no mail can be sent");
            Outcome::Again(now.plus(wait(mail.attempts).min(LONGEST_AWAY)), reason)
        }
    };
    if let Outcome::Failed(_) = outcome {
        // Not the reason: a mail server may have put the address into it.
        tracing::warn!(%id, %kind, "a mail was given up; its row says why");
    }
    (mail, outcome)
}

fn wait(attempts: i64) -> TimeDelta {
    let nth = usize::try_from(attempts - 1).unwrap_or(0).min(WAITS.len() - 1);
    WAITS[nth]
}

/// Writes down what became of the mails. It tries again while the database is away: what was handed over and is not
/// written down would be handed over a second time.
async fn settle(app: &App, settled: Vec<(Taken, Outcome)>, now: Time) -> Result<()> {
    let settled = Arc::new(settled);
    let mut tries = 0;
    loop {
        let rows = settled.clone();
        let done = app
            .db
            .write(move |conn| {
                rows.iter().try_for_each(|(mail, outcome)| store::settle(conn, mail, outcome, now))
            })
            .await;
        match done {
            Err(why) if tries < 60 => {
                tracing::warn!(%why, "what became of mails can't be written down yet");
                tries += 1;
                sleep(Duration::from_secs(1)).await;
            }
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_day_and_stay_there() {
        assert_eq!(wait(1), TimeDelta::seconds(30));
        assert_eq!(wait(2), TimeDelta::minutes(2));
        assert_eq!(wait(7), TimeDelta::hours(24));
        assert_eq!(wait(1_000), TimeDelta::hours(24));
        assert!(WAITS.is_sorted());
    }
}
