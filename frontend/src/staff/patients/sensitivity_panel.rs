//! What is kept from those who act for the patient, and what each of them sees (PRX-4).

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    ids::PatientId,
    sensitivity::{NamedProxy, PreviewPart, ProxyPreview, SensitiveItem, SensitivityChange, SensitivityView},
};

use crate::{
    api::ask,
    session::Session,
    shared::{
        done::Done,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        list::Empty,
        live::live,
        load::{Load, load, loaded},
        practice::Practice,
    },
    text::{t, t_count, t_with, t_word},
};

/// The things of the chart with what is kept back, and a look through the eyes of each proxy.
#[component]
pub fn SensitivityPanel(
    /// Whose.
    patient: PatientId,
) -> impl IntoView {
    let (form, said) = (Form::new(), RwSignal::new(String::new()));
    let view: Load<SensitivityView> =
        load(move || async move { ask(async |portal| portal.sensitive_items(patient).await).await });
    let seen = RwSignal::new(None::<ProxyPreview>);
    let may = Session::here().may(Action::Change, Category::Sensitivity);
    let change = move |item: SensitiveItem| {
        said.set(String::new());
        let (name, is_sensitive) = (title_of(&item), item.kept_since.is_none());
        let change = SensitivityChange { kind: item.kind, subject_id: item.subject_id, is_sensitive };
        let sent = ask(async move |portal| portal.change_sensitivity(patient, &change).await);
        form.send(sent, move |after| {
            let line = if is_sensitive {
                t_with("sensitive.kept", &[("name", &name)])
            } else {
                t_with("sensitive.shown", &[("name", &name)])
            };
            said.set(line);
            // What somebody sees is another now.
            seen.set(None);
            view.put(after);
        });
    };
    let look = move |proxy: NamedProxy| {
        let sent = ask(async move |portal| portal.proxy_preview(patient, proxy.id).await);
        form.send(sent, move |preview| seen.set(Some(preview)));
    };
    let show = move |view: SensitivityView| {
        let eyes = (!view.proxies.is_empty()).then(|| {
            let button = |proxy: NamedProxy| {
                let label = t_with("sensitive.see_as", &[("name", &proxy.name)]);
                view! {
                    <button
                        type="button"
                        class="nhsuk-button nhsuk-button--secondary nhsuk-button--small"
                        on:click=move |_| look(proxy.clone())
                    >
                        {label}
                    </button>
                }
                .into_any()
            };
            view! { <div class="app-cluster">{view.proxies.into_iter().map(button).collect_view()}</div> }
        });
        let row = move |item: SensitiveItem| row(item, may, change);
        let items = match view.items.is_empty() {
            true => view! { <Empty text=t("sensitive.none") /> }.into_any(),
            false => {
                view! { <ul class="app-rows" id="sensitive">{view.items.into_iter().map(row).collect_view()}</ul> }.into_any()
            }
        };
        view! {
            {eyes}
            {live(move || seen.get().map(preview))}
            <details class="nhsuk-details">
                <summary class="nhsuk-details__summary">
                    <span class="nhsuk-details__summary-text">{t("sensitive.things")}</span>
                </summary>
                <div class="nhsuk-details__text">{items}</div>
            </details>
        }
        .into_any()
    };
    view! {
        <section class="no-print nhsuk-u-margin-top-6" aria-labelledby="sensitive-title">
            <h2 class="nhsuk-heading-m" id="sensitive-title">{t("sensitive.title")}</h2>
            <p>{t("sensitive.intro")}</p>
            <ErrorSummary form />
            <Done said />
            {loaded(view, t("what.sensitive"), show)}
        </section>
    }
    .into_any()
}

fn title_of(item: &SensitiveItem) -> String {
    item.title.clone().unwrap_or_else(|| t_word("sensitive_kind", item.kind.as_str()).into())
}

fn row(item: SensitiveItem, may: bool, change: impl Fn(SensitiveItem) + Copy + Send + 'static) -> AnyView {
    let zone = Practice::here().zone();
    let title = title_of(&item);
    let mut facts = vec![t_word("sensitive_kind", item.kind.as_str()).to_owned()];
    facts.extend(item.at.map(|at| intl::format(at, Style::ShortDate, &zone)));
    facts.extend(item.kept_by.clone());
    let tag = item
        .kept_since
        .map(|_| view! { <strong class="nhsuk-tag nhsuk-tag--purple">{t("sensitive.tag")}</strong> });
    let (label, whose) = match item.kept_since {
        None => (t("sensitive.keep"), t_with("sensitive.keep_what", &[("name", &title)])),
        Some(_) => (t("sensitive.show"), t_with("sensitive.show_what", &[("name", &title)])),
    };
    let button = may.then(|| {
        view! {
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary nhsuk-button--small app-row__button"
                aria-label=whose
                on:click=move |_| change(item.clone())
            >
                {label}
            </button>
        }
    });
    view! {
        <li class="app-row">
            <span class="app-row__text">
                <bdi>{title}</bdi>
                " "
                {tag}
            </span>
            <p class="app-row__meta">{facts.join(" · ")}</p>
            <div class="app-row__side">{button}</div>
        </li>
    }
    .into_any()
}

/// What somebody sees, part by part.
fn preview(preview: ProxyPreview) -> AnyView {
    let title = t_with("sensitive.sees", &[("name", &preview.proxy.name)]);
    let part = |part: PreviewPart| {
        let count = part.items.as_ref().map(|items| t_count("sensitive.items", items.len() as i64));
        let mut line = vec![t_word("share_depth", part.depth.as_str()).to_owned()];
        line.extend(count);
        let items = part.items.filter(|items| !items.is_empty()).map(|items| {
            let item = |title: String| view! { <li><bdi>{title}</bdi></li> };
            view! { <ul class="nhsuk-list nhsuk-list--bullet">{items.into_iter().map(item).collect_view()}</ul> }
        });
        view! {
            <div class="nhsuk-summary-list__row">
                <dt class="nhsuk-summary-list__key">{t_word("share", part.category.as_str())}</dt>
                <dd class="nhsuk-summary-list__value">{line.join(", ")} {items}</dd>
            </div>
        }
        .into_any()
    };
    let nothing = preview.why_not.map(|why| view! { <p>{t_word("no_access", why.as_str())}</p> });
    let label = title.clone();
    view! {
        <div class="nhsuk-inset-text" role="region" aria-label=label>
            <h3 class="nhsuk-heading-s">{title}</h3>
            {nothing}
            <dl class="nhsuk-summary-list">{preview.parts.into_iter().map(part).collect_view()}</dl>
        </div>
    }
    .into_any()
}
