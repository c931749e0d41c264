//! What every page has: a title, one heading that takes focus after navigation, and its place in the scroll.

use std::{cell::RefCell, collections::HashMap};

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

use super::{
    form::Form,
    live::{follow, live},
    practice::Practice,
};
use crate::text::t;

thread_local! {
    /// Where each address was scrolled to, in this page's life only.
    static SCROLLED: RefCell<HashMap<String, f64>> = RefCell::new(HashMap::new());
    /// The address that the browser's back or forward just led to.
    static CAME_BACK: RefCell<Option<String>> = const { RefCell::new(None) };
    /// Whether a page stood before this one: the first page after loading leaves focus to the browser.
    static SEEN_A_PAGE: RefCell<bool> = const { RefCell::new(false) };
}

fn address() -> String {
    window().location().href().unwrap_or_default()
}

/// Remembers scroll positions and the way back. Once, above the router.
pub fn watch_navigation() {
    if let Ok(history) = window().history() {
        // The browser's own restoring runs before the data is there.
        let _ = history.set_scroll_restoration(web_sys::ScrollRestoration::Manual);
    }
    window_event_listener(ev::scroll, |_| {
        let down = window().scroll_y().unwrap_or(0.0);
        SCROLLED.with_borrow_mut(|scrolled| scrolled.insert(address(), down));
    });
    window_event_listener(ev::popstate, |_| CAME_BACK.set(Some(address())));
}

/// Has the browser save a file of this portal; the page stays.
pub fn save_file(href: &str) {
    let Ok(link) = document().create_element("a") else { return };
    for (name, value) in [("href", href), ("download", "")] {
        // Refused only for names that are no names.
        let _ = link.set_attribute(name, value);
    }
    if let Ok(link) = link.dyn_into::<web_sys::HtmlElement>() {
        link.click();
    }
}

/// Prints the page with everything that is folded laid open.
pub fn print() {
    if let Ok(folded) = document().query_selector_all("main details:not([open])") {
        for index in 0..folded.length() {
            let element = folded.item(index).and_then(|element| element.dyn_into::<web_sys::Element>().ok());
            let _ = element.map(|element| element.set_attribute("open", ""));
        }
    }
    // Blocked only inside frames that forbid it.
    let _ = window().print();
}

/// Scrolls to `down` as soon as the page is long enough, for two seconds at most.
fn scroll_when_ready(down: f64, frames: u32) {
    request_animation_frame(move || {
        window().scroll_to_with_x_and_y(0.0, down);
        let there = window().scroll_y().unwrap_or(0.0) >= down - 1.0;
        if !there && frames > 0 {
            scroll_when_ready(down, frames - 1);
        }
    });
}

/// The way back to the page before.
#[derive(Clone)]
pub struct Back {
    /// Where to.
    pub href: String,
    /// What stands there.
    pub label: &'static str,
}

/// A page: its title, its heading and what it holds.
#[component]
pub fn Page(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// A small line above the heading.
    #[prop(optional, into)]
    caption: Option<String>,
    /// The section, for the window's title.
    #[prop(optional)]
    section: Option<&'static str>,
    /// The page's form: the window's title says when something is wrong with it.
    #[prop(optional)]
    form: Option<Form>,
    /// The way back.
    #[prop(optional, into)]
    back: Option<Back>,
    /// A narrow column, for reading and for forms.
    #[prop(optional)]
    reading: bool,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    let practice = Practice::here();
    let heading = NodeRef::<html::H1>::new();
    follow(move |_| {
        let error = form.filter(|form| form.wrong()).map(|_| t("form.error"));
        let parts =
            [error.map(Into::into), Some(title.get()), section.map(Into::into), Some(practice.name())];
        let title: Vec<String> = parts.into_iter().flatten().collect();
        document().set_title(&title.join(" - ").replacen(": - ", ": ", 1));
    });
    let down = CAME_BACK
        .take()
        .filter(|back| *back == address())
        .and_then(|back| SCROLLED.with_borrow(|scrolled| scrolled.get(&back).copied()));
    let moved_here = SEEN_A_PAGE.replace(true);
    follow(move |_| {
        if !moved_here {
            return;
        }
        request_animation_frame(move || {
            if let Some(heading) = heading.try_get_untracked().flatten() {
                let options = web_sys::FocusOptions::new();
                options.set_prevent_scroll(true);
                let _ = heading.focus_with_options(&options);
            }
            match down {
                Some(down) => scroll_when_ready(down, 120),
                None => window().scroll_to_with_x_and_y(0.0, 0.0),
            }
        });
    });
    let caption = caption.map(|caption| view! { <span class="nhsuk-caption-l">{caption}</span> });
    let back = back.map(|back| {
        view! {
            <a class="nhsuk-back-link no-print" href=back.href>
                {back.label}
            </a>
        }
    });
    view! {
        <div class=if reading { "app-width app-reading-page" } else { "app-width" }>
            {back}
            <h1 class="nhsuk-heading-l" tabindex="-1" node_ref=heading>
                {caption} {live(move || title.get())}
            </h1>
            {children()}
        </div>
    }
    .into_any()
}
