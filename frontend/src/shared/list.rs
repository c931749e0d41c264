//! Lists that grow by "Show more". How many rows are shown stands in the address, so that going back finds them again.

use std::{future::Future, rc::Rc, sync::Arc};

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
    params::ParamsMap,
};
use portal_domain::page::{MAX_LIMIT, Page, PageQuery};
use wasm_bindgen::JsCast;

use super::{
    live::{follow, live},
    load::{Load, load_keeping, loaded_once},
};
use crate::{
    acting::{leave_for, within},
    api::ApiError,
    logic::paths::acting_in,
    text::t,
};

/// Rows that come at once.
pub const STEP: u32 = 20;

/// How many rows the address asks for.
pub fn rows_wanted() -> Memo<u32> {
    let query = use_query_map();
    Memo::new(move |_| {
        query
            .with(|query| query.get("show").and_then(|show| show.parse().ok()))
            .unwrap_or(STEP)
            .clamp(STEP, 1_000)
    })
}

/// Fetches pages until `wanted` rows are there or the list ends.
pub async fn fetch_rows<T, Asked>(wanted: u32, page: impl Fn(PageQuery) -> Asked) -> Result<Page<T>, ApiError>
where
    Asked: Future<Output = Result<Page<T>, ApiError>>,
{
    let mut rows = Page { items: Vec::new(), next: None };
    loop {
        let missing = wanted.saturating_sub(rows.items.len() as u32).min(MAX_LIMIT);
        let more = page(PageQuery { cursor: rows.next.take(), limit: Some(missing) }).await?;
        rows.items.extend(more.items);
        rows.next = more.next;
        if rows.next.is_none() || rows.items.len() >= wanted as usize {
            return Ok(rows);
        }
    }
}

/// A list that follows the address's row count and the signals that `pages` reads when it is asked how to get a page.
pub fn load_rows<T, Get, Asked>(pages: impl Fn() -> Get + 'static) -> Load<Page<T>>
where
    T: Clone + Send + Sync + 'static,
    Get: Fn(PageQuery) -> Asked + 'static,
    Asked: Future<Output = Result<Page<T>, ApiError>> + 'static,
{
    let wanted = rows_wanted();
    load_keeping(move || fetch_rows(wanted.get(), pages()))
}

/// Goes to an address.
type Go = Rc<dyn Fn(&str, NavigateOptions)>;

/// What goes to an address, by context. It belongs to the whole app: a part of a page may be built anew, because
/// something is new, before an answer sends the person on from there.
#[derive(Clone, Copy)]
pub struct Way(StoredValue<Option<Go>, LocalStorage>);

impl Way {
    /// Once, above the router.
    pub fn start() -> Self {
        Self(StoredValue::new_local(None))
    }

    /// The way that [`Way::start`] made, with the router that this is called below.
    fn here() -> Self {
        let way: Self = expect_context();
        if way.0.with_value(Option::is_none) {
            way.0.set_value(Some(Rc::new(use_navigate())));
        }
        way
    }

    fn go(self, to: &str, options: NavigateOptions) {
        if let Some(go) = self.0.get_value() {
            go(to, options);
        }
    }
}

/// The address of the page, to change its query in place: filters and row counts live there.
#[derive(Clone, Copy)]
pub struct Address {
    way: Way,
    path: Memo<String>,
    query: Memo<ParamsMap>,
}

impl Address {
    /// The address of the page that is being built.
    pub fn here() -> Self {
        Self { way: Way::here(), path: use_location().pathname, query: use_query_map() }
    }

    /// A parameter; empty when absent.
    pub fn get(self, name: &str) -> String {
        self.query.with(|query| query.get(name)).unwrap_or_default()
    }

    /// The whole query with its `?`; empty without parameters.
    pub fn query(self) -> String {
        self.query.with(ParamsMap::to_query_string)
    }

    /// Sets parameters; empty values are left out. The history gains no entry.
    pub fn set(self, changes: &[(&'static str, &str)]) {
        let mut query = self.query.get_untracked();
        for (name, value) in changes {
            query.remove(name);
            if !value.is_empty() {
                query.insert(*name, (*value).to_string());
            }
        }
        let to = format!("{}{}", self.path.get_untracked(), query.to_query_string());
        // The path is whole already.
        let options = NavigateOptions { replace: true, scroll: false, resolve: false, ..Default::default() };
        self.way.go(&to, options);
    }

    /// Goes to another page of this portal.
    pub fn go(self, to: &str) {
        self.navigate(to, NavigateOptions::default());
    }

    /// Goes to another page in place of this one.
    pub fn replace(self, to: &str) {
        self.navigate(to, NavigateOptions { replace: true, ..Default::default() });
    }

    /// The router puts before every path for whom this page acts; an address that says it for somebody else loads anew.
    fn navigate(self, to: &str, options: NavigateOptions) {
        let inside = within(to);
        if acting_in(&inside).is_some() {
            return leave_for(to);
        }
        self.way.go(&inside, options);
    }
}

/// A whole list: while it loads, when it failed, when it is empty, and its rows.
pub fn listing<T: Clone + Send + Sync + 'static>(
    load: Load<Page<T>>,
    what: &'static str,
    empty: impl Fn() -> AnyView + Send + Sync + 'static,
    rows: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let (empty, rows): (Part, Part) = (Arc::new(empty), Arc::new(rows));
    let none = Memo::new(move |_| load.read(|page| page.items.is_empty()).unwrap_or(false));
    loaded_once(load, what, move || {
        let (empty, rows) = (empty.clone(), rows.clone());
        live(move || if none.get() { empty() } else { rows() })
    })
}

type Part = Arc<dyn Fn() -> AnyView + Send + Sync>;

/// The rows of a list and "Show more" beneath. Focus goes to the first new row.
#[component]
pub fn Rows<T: Clone + Send + Sync + 'static>(
    /// What came.
    load: Load<Page<T>>,
    /// An id for the list.
    id: &'static str,
    /// One row: a `<li>` or `<tr>` that holds a link.
    row: fn(T) -> AnyView,
    /// The rows within their list or table.
    #[prop(default = list_of)]
    within: fn(&'static str, Vec<AnyView>) -> AnyView,
) -> impl IntoView {
    let wanted = rows_wanted();
    let new_from = StoredValue::new(None::<usize>);
    let more = Memo::new(move |_| load.read(|page| page.next.is_some()).unwrap_or(false));
    follow(move |_| {
        let count = load.read(|page| page.items.len()).unwrap_or(0);
        if let Some(first) = new_from.get_value().filter(|first| count > *first) {
            new_from.set_value(None);
            request_animation_frame(move || {
                let links =
                    format!("#{id} > :nth-child({}) a, #{id} > :nth-child({}) button", first + 1, first + 1);
                if let Ok(Some(link)) = document().query_selector(&links)
                    && let Ok(link) = link.dyn_into::<web_sys::HtmlElement>()
                {
                    let _ = link.focus();
                }
            });
        }
    });
    let rows = move || {
        let rows =
            load.read(|page| page.items.iter().cloned().map(row).collect::<Vec<_>>()).unwrap_or_default();
        within(id, rows)
    };
    let address = Address::here();
    let show_more = Callback::new(move |()| {
        new_from.set_value(load.read(|page| page.items.len()));
        address.set(&[("show", &(wanted.get_untracked() + STEP).to_string())]);
    });
    view! {
        <div class=move || if load.loading() { "app-stale" } else { "" } aria-busy=move || load.loading().then_some("true")>
            {rows}
        </div>
        {live(move || {
            more.get()
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="nhsuk-button nhsuk-button--secondary nhsuk-u-margin-top-4 no-print"
                            on:click=move |_| show_more.run(())
                        >
                            {t("action.show_more")}
                        </button>
                    }
                })
        })}
    }
    .into_any()
}

/// The rows of a list that is no table.
pub fn list_of(id: &'static str, rows: Vec<AnyView>) -> AnyView {
    view! {
        <ul class="app-rows" id=id>
            {rows}
        </ul>
    }
    .into_any()
}

/// Nothing here: a sentence and the next step.
#[component]
pub fn Empty(
    /// What it means that nothing is here.
    text: &'static str,
    /// The next step.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="app-empty">
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}
