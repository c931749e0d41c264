//! What the server tells by itself: that something is new, so that an open page fetches it (server-sent events).
//!
//! One stream for the whole page, open while somebody is signed in and the page is looked at. A stream that is lost comes
//! back by itself and is no trouble to anybody: each begins with "everything may be new". What this does not know: what a
//! page shows.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use portal_domain::live::{LiveEvent, LiveKind};
use wasm_bindgen::{JsCast, prelude::Closure};

use crate::{
    api::events_path,
    session::{Session, Side},
    shared::live::follow,
};

/// How long after the page went out of sight its stream is closed: browsers allow few connections to one server.
const OUT_OF_SIGHT: Duration = Duration::from_secs(60);
/// How long to wait before asking for a stream that the server refused.
const REFUSED: Duration = Duration::from_secs(30);

type OnMessage = Closure<dyn Fn(web_sys::MessageEvent)>;
type OnError = Closure<dyn Fn()>;

/// An open stream with what listens to it.
struct Stream {
    source: web_sys::EventSource,
    _on_message: OnMessage,
    _on_error: OnError,
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.set_onmessage(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}

/// The news, by context.
#[derive(Clone, Copy)]
pub struct News {
    inbox: RwSignal<u32>,
    queue: RwSignal<u32>,
    stream: StoredValue<Option<Stream>, LocalStorage>,
    /// What closes the stream of a page out of sight, or opens one that was refused.
    later: StoredValue<Option<TimeoutHandle>, LocalStorage>,
}

impl News {
    /// Listens while somebody is signed in. Once, above the router.
    pub fn start(session: Session) -> Self {
        let news = Self {
            inbox: RwSignal::new(0),
            queue: RwSignal::new(0),
            stream: StoredValue::new_local(None),
            later: StoredValue::new_local(None),
        };
        follow(move |_| {
            let wanted = matches!(session.side(), Side::Patient | Side::Staff) && session.duty().is_none();
            news.close();
            if wanted {
                news.open();
            }
        });
        window_event_listener_untyped("visibilitychange", move |_| {
            let signed_in = session.read(|_| ()).is_some();
            if document().visibility_state() == web_sys::VisibilityState::Hidden {
                news.wait(OUT_OF_SIGHT, move || news.close());
            } else if signed_in {
                news.wait_no_more();
                if !news.is_open() {
                    news.close();
                    news.open();
                }
            }
        });
        news
    }

    /// The news that [`News::start`] made.
    pub fn here() -> Self {
        expect_context()
    }

    /// Does something whenever this part of the page is out of date.
    pub fn on(self, kind: LiveKind, act: impl Fn() + 'static) {
        let signal = self.signal(kind);
        let act: Box<dyn Fn()> = Box::new(act);
        follow(move |first| {
            signal.track();
            if !first {
                act();
            }
        });
    }

    fn signal(self, kind: LiveKind) -> RwSignal<u32> {
        if kind == LiveKind::Queue { self.queue } else { self.inbox }
    }

    fn open(self) {
        let Ok(source) = web_sys::EventSource::new(events_path()) else { return };
        let on_message = OnMessage::new(move |event: web_sys::MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            // A newer server may tell of what this page does not know.
            let kind =
                serde_json::from_str::<LiveEvent>(&text).map_or(LiveKind::Everything, |event| event.kind);
            for (known, signal) in [(LiveKind::Inbox, self.inbox), (LiveKind::Queue, self.queue)] {
                if kind == known || kind == LiveKind::Everything {
                    signal.update(|times| *times += 1);
                }
            }
        });
        let on_error = OnError::new(move || {
            // Otherwise the browser is already trying again.
            if !self.is_open() {
                self.wait(REFUSED, move || {
                    self.close();
                    self.open();
                });
            }
        });
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        self.stream.set_value(Some(Stream { source, _on_message: on_message, _on_error: on_error }));
    }

    /// Whether there is a stream, or the browser is about to have one.
    fn is_open(self) -> bool {
        let open = |stream: &Stream| stream.source.ready_state() != web_sys::EventSource::CLOSED;
        self.stream.with_value(|stream| stream.as_ref().is_some_and(open))
    }

    fn close(self) {
        self.wait_no_more();
        self.stream.set_value(None);
    }

    fn wait(self, time: Duration, then: impl Fn() + 'static) {
        self.wait_no_more();
        self.later.set_value(set_timeout_with_handle(then, time).ok());
    }

    fn wait_no_more(self) {
        if let Some(timer) = self.later.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}
