//! Small types for what is compiled once for each closure otherwise: a page is mostly closures, and each one that the
//! framework sees by its own type costs a patient's phone two kilobytes.

use std::{future::Future, pin::Pin};

use leptos::prelude::*;

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
