//! One medication: how to take it, what is left of it, and what may be asked for.

use leptos::prelude::*;
use portal_domain::{
    messages::TopicKind,
    proposals::ProposalSubject,
    refills::{MedicationView, OpenRequest, RequestKind},
};

use super::{asking::Asking, partial};
use crate::{
    acting::link,
    features::chart::proposals::offers,
    logic::paths::compose_href,
    shared::{
        intl::{self, Style},
        practice::Practice,
    },
    text::{t, t_with, t_word, t_word_with},
};

/// A medication as a card.
pub fn card(view: MedicationView, asking: Asking) -> AnyView {
    let status = match view.is_current {
        true => "nhsuk-tag nhsuk-tag--green",
        false => "nhsuk-tag nhsuk-tag--grey",
    };
    let ask_href = link(&compose_href(TopicKind::Medication, view.id, &view.drug));
    view! {
        <li class="app-box">
            <div class="app-cluster nhsuk-u-margin-bottom-2">
                <h3 class="nhsuk-heading-s">
                    <bdi>{view.drug.clone()}</bdi>
                </h3>
                <strong class=status>{view.status_text.clone()}</strong>
            </div>
            {facts(&view)}
            {offer(&view, asking)}
            {view
                .is_current
                .then(|| offers(ProposalSubject::Medication, Some(view.id), view.drug.clone(), asking.told))}
            <p class="app-cluster nhsuk-u-margin-bottom-0 no-print">
                <a href=ask_href>{t("medications.ask_about")} <Of drug=view.drug.clone() /></a>
            </p>
        </li>
    }
    .into_any()
}

/// Names the drug to those who hear a link or a box by itself.
#[component]
fn Of(drug: String) -> impl IntoView {
    view! { <span class="nhsuk-u-visually-hidden">": " <bdi>{drug}</bdi></span> }.into_any()
}

fn facts(view: &MedicationView) -> AnyView {
    // Directions in words mostly tell the dose already.
    let dose = Some(view.dose.clone()).filter(|dose| !view.directions.contains(dose.as_str()));
    let until = view.valid_until.map(|until| match view.is_expired {
        true => t_with("medications.expired", &[("date", &intl::date(until))]),
        false => intl::date(until),
    });
    let left = view.refills_left.map(|left| left.to_string());
    let rows = [
        (t("medications.directions"), Some(view.directions.clone())),
        (t("medications.dose"), dose),
        (t("medications.prescriber"), view.prescriber.clone()),
        (t("medications.prescribed"), view.prescribed.map(partial)),
        (t("medications.last_filled"), view.last_filled.map(partial)),
        (t("medications.refills_left"), left.filter(|_| view.is_current)),
        (t("medications.valid_until"), until.filter(|_| view.is_current)),
    ];
    let row = |(label, value): (&'static str, Option<String>)| {
        let value = value.filter(|value| !value.trim().is_empty())?;
        Some(
            view! {
                <div class="app-pairs__row">
                    <dt>{label}</dt>
                    <dd class="app-lines">
                        <bdi>{value}</bdi>
                    </dd>
                </div>
            }
            .into_any(),
        )
    };
    let rows: Vec<_> = rows.into_iter().filter_map(row).collect();
    view! { <dl class="app-pairs">{rows}</dl> }.into_any()
}

/// What may be asked for: a box to tick, the request that waits, or why nothing can be asked for.
fn offer(view: &MedicationView, asking: Asking) -> AnyView {
    if let Some(open) = view.request {
        return waiting(open, view.drug.clone(), asking);
    }
    match (view.can_request, view.why_not) {
        (Some(kind), _) => tick(view, kind, asking),
        (None, Some(why)) => view! {
            <p class="app-quiet nhsuk-u-margin-top-3 nhsuk-u-margin-bottom-3 no-print">{t_word("refill_why_not", why.as_str())}</p>
        }
        .into_any(),
        (None, None) => ().into_any(),
    }
}

fn tick(view: &MedicationView, kind: RequestKind, asking: Asking) -> AnyView {
    let (id, drug) = (format!("ask-{}", view.id), view.drug.clone());
    let hint_id = format!("{id}-hint");
    // Only of what is taken now is it worth saying why a new prescription is needed.
    let hint = (kind == RequestKind::Renewal && view.is_current).then(|| {
        let text = match view.is_expired {
            true => t("medications.why_renewal_expired"),
            false => t("medications.why_renewal"),
        };
        view! { <div class="nhsuk-hint nhsuk-checkboxes__hint" id=hint_id.clone()>{text}</div> }
    });
    let medication = view.id;
    let described = hint.is_some().then_some(hint_id);
    view! {
        <div class="nhsuk-checkboxes nhsuk-u-margin-top-3 nhsuk-u-margin-bottom-3 no-print">
            <div class="nhsuk-checkboxes__item">
                <input
                    class="nhsuk-checkboxes__input"
                    id=id.clone()
                    type="checkbox"
                    aria-describedby=described
                    prop:checked=move || asking.has(medication)
                    on:change=move |event| asking.choose(medication, event_target_checked(&event))
                />
                <label class="nhsuk-label nhsuk-checkboxes__label" for=id>
                    {t_word("refill_ask", kind.as_str())}
                    <Of drug />
                </label>
                {hint}
            </div>
        </div>
    }
    .into_any()
}

fn waiting(open: OpenRequest, drug: String, asking: Asking) -> AnyView {
    let date = intl::format(open.requested_at, Style::Date, &Practice::here().zone());
    let said = t_word_with("refill_waits", open.kind.as_str(), &[("date", &date)]);
    let name = drug.clone();
    view! {
        <div class="nhsuk-u-margin-top-3 nhsuk-u-margin-bottom-3">
            <p class="nhsuk-u-margin-bottom-2">{said}</p>
            <p class="app-cluster no-print">
                <a href=link(&format!("/chart/medications/requests/{}", open.id))>
                    {t("medications.see_request")}
                    <Of drug />
                </a>
                <button
                    type="button"
                    class="app-link-button"
                    on:click=move |_| asking.take_back(open, &name)
                >
                    {t("medications.take_back")}
                    <Of drug=name.clone() />
                </button>
            </p>
        </div>
    }
    .into_any()
}
