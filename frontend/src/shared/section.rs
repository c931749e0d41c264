//! Sections of the download: the code of a page comes when its first page is opened.
//!
//! A section is one function that answers with a page, marked `#[wasm_split(name, wasm_split_path = leptos::wasm_split,
//! fallible)]`; the build cuts everything that only it reaches into files of its own. What can go wrong: the device is
//! offline (the page says so and tries again when asked), or the portal was replaced by a newer one since this page was
//! loaded, and the file is gone (the page is loaded anew, once).

use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use leptos::{prelude::*, reactive::computed::ScopedFuture, wasm_split::SplitLoaderError};
use leptos_router::ChooseView;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::{
    live::{Work, go_on, live},
    load::Waiting,
    page::Page,
    problem_view::ProblemView,
};
use crate::{api::ApiError, text::t};

/// What opening a section comes to: the page, or word that its code could not be downloaded.
pub type Opened = Result<AnyView, SplitLoaderError>;

type Open = Arc<dyn Fn() -> Work<Opened> + Send + Sync>;

/// A page of a section, as routes take it: all of one type.
#[derive(Clone)]
pub struct Lazily(Open);

/// A page of a section, for a route.
pub fn lazy<Opening>(open: impl Fn() -> Opening + Send + Sync + 'static) -> Lazily
where
    Opening: Future<Output = Opened> + 'static,
{
    Lazily(boxed(open))
}

impl ChooseView for Lazily {
    async fn choose(self) -> AnyView {
        shown(self.0, false)
    }

    async fn preload(&self) {}
}

/// A frame that belongs to a section. It brings its own `main`, so whatever stands in its place has one, too.
pub fn lazy_frame<Opening>(open: impl Fn() -> Opening + Send + Sync + 'static) -> AnyView
where
    Opening: Future<Output = Opened> + 'static,
{
    shown(boxed(open), true)
}

fn boxed<Opening>(open: impl Fn() -> Opening + Send + Sync + 'static) -> Open
where
    Opening: Future<Output = Opened> + 'static,
{
    // What opens belongs to the place where it stands: its contexts, and its end.
    Arc::new(move || Box::pin(ScopedFuture::new(open())))
}

/// What work comes to when it needs no waiting: none when it does. For code that is known to be there.
pub fn at_once<T>(work: impl Future<Output = T>) -> Option<T> {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => Some(done),
        Poll::Pending => None,
    }
}

/// How far the download is.
enum Stage {
    Downloading,
    Failed,
    /// The page, until it is put in its place.
    There(Option<AnyView>),
}

/// The page at once when its code is there already; else what stands in its place meanwhile.
fn shown(open: Open, frame: bool) -> AnyView {
    let mut opening = open();
    let stage = RwSignal::new_local(Stage::Downloading);
    match opening.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(page)) => return page,
        Poll::Ready(Err(_)) => stage.set(Stage::Failed),
        Poll::Pending => finish(opening, stage),
    }
    // A page that a second try opens belongs where the first would have stood.
    let owner = Owner::current().unwrap_or_default();
    let retry = Callback::new(move |()| {
        stage.set(Stage::Downloading);
        finish(owner.with(|| open()), stage);
    });
    // A download that hangs is shared by everybody who waits for it; only a new page has a new one.
    let anew = Callback::new(|()| {
        let _ = window().location().reload();
    });
    let meanwhile = move |what: AnyView| match frame {
        true => view! { <main class="app-main" id="main" tabindex="-1">{what}</main> }.into_any(),
        false => what,
    };
    live(move || {
        stage.track();
        stage
            .try_update_untracked(|stage| match stage {
                Stage::Downloading => {
                    let waiting = view! { <Waiting what=t("what.page") retry=anew /> };
                    Some(meanwhile(view! { <div class="app-width">{waiting}</div> }.into_any()))
                }
                Stage::Failed => Some(meanwhile(failed(retry))),
                Stage::There(page) => page.take(),
            })
            .flatten()
    })
}

fn finish(opening: Work<Opened>, stage: RwSignal<Stage, LocalStorage>) {
    go_on(async move {
        let next = match opening.await {
            Ok(page) => Stage::There(Some(page)),
            Err(_) if was_replaced().await && reload_once() => return,
            Err(_) => Stage::Failed,
        };
        stage.try_set(next);
    });
}

fn failed(retry: Callback<()>) -> AnyView {
    view! {
        <Page title=t("error.title").to_string()>
            <ProblemView error=ApiError::Network what=t("what.page") retry />
        </Page>
    }
    .into_any()
}

/// The script that this page runs, by its hashed address: another build has another.
fn script() -> Option<String> {
    document().query_selector("script[data-app]").ok().flatten()?.get_attribute("data-app")
}

/// Whether the portal now serves another build than the one that runs here.
async fn was_replaced() -> bool {
    let Some(script) = script() else { return false };
    let now = async {
        let answer = JsFuture::from(window().fetch_with_str("/")).await.ok()?;
        let answer: web_sys::Response = answer.dyn_into().ok()?;
        JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
    };
    // Without an answer the device is offline; an answer that names no script is not the portal's.
    now.await.is_some_and(|page| page.contains("data-app=") && !page.contains(&script))
}

/// Loads the page anew, unless that was done for this build before: servers may disagree while they are replaced.
fn reload_once() -> bool {
    const KEY: &str = "portal-reloaded-from";
    let Some(script) = script() else { return false };
    let Some(storage) = window().session_storage().ok().flatten() else { return false };
    if storage.get_item(KEY).ok().flatten() == Some(script.clone()) || storage.set_item(KEY, &script).is_err()
    {
        return false;
    }
    window().location().reload().is_ok()
}
