//! Small types for what is compiled once for each closure otherwise: a page is mostly closures, and each one that the
//! framework sees by its own type costs a patient's phone two kilobytes.

use std::{future::Future, pin::Pin, sync::Arc};

use leptos::{prelude::*, reactive::computed::ScopedFuture};
use leptos_router::ChooseView;

/// A part of a page that follows the signals it reads.
pub fn live<V: IntoView + 'static>(part: impl Fn() -> V + Send + 'static) -> AnyView {
    let part: Box<dyn Fn() -> AnyView + Send> = Box::new(move || part().into_any());
    part.into_any()
}

/// Does something now and again whenever a signal that it reads changes; `first` is true the first time.
pub fn follow(act: impl Fn(bool) + 'static) {
    let act: Box<dyn Fn(bool)> = Box::new(act);
    Effect::new(move |before: Option<()>| act(before.is_none()));
}

/// A future of one type, whatever is done in it.
pub type Work<T> = Pin<Box<dyn Future<Output = T>>>;

/// Lets something go on by itself.
pub fn go_on(work: impl Future<Output = ()> + 'static) {
    let work: Work<()> = Box::pin(work);
    leptos::task::spawn_local(work);
}

/// A page that is there from the start, as routes take it: all of one type.
pub fn page(page: fn() -> AnyView) -> fn() -> AnyView {
    page
}

/// A page of a section, which is downloaded when its first page is opened.
pub fn lazy<Opening>(open: impl Fn() -> Opening + Send + Sync + 'static) -> Lazily
where
    Opening: Future<Output = AnyView> + 'static,
{
    Lazily { open: Arc::new(move || Box::pin(open())) }
}

/// A part of a page whose code is downloaded first. Until then there is nothing; the shell round it stands.
pub fn later(open: impl Future<Output = AnyView> + 'static) -> AnyView {
    let view = RwSignal::new_local(None::<AnyView>);
    // What opens belongs to this place: its contexts, and its end.
    let open: Work<AnyView> = Box::pin(ScopedFuture::new(open));
    go_on(async move {
        let opened = open.await;
        view.try_set(Some(opened));
    });
    live(move || {
        view.track();
        view.try_update_untracked(Option::take).flatten()
    })
}

/// A page of a section, as routes take it: all of one type.
#[derive(Clone)]
pub struct Lazily {
    open: Arc<dyn Fn() -> Work<AnyView> + Send + Sync>,
}

impl ChooseView for Lazily {
    async fn choose(self) -> AnyView {
        (self.open)().await
    }

    async fn preload(&self) {}
}
