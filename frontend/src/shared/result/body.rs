//! The whole of a result below its heading.

use leptos::prelude::*;
use portal_domain::{
    ids::ObservationId,
    results::{Flag, ObservationView, ReportStatus, ResultView, TriedDrug, Value},
};

use super::{
    FlagWords,
    range_bar::RangeBar,
    trend::{History, Trend},
};
use crate::{
    acting::link,
    logic::wording::{plain_name, sentence, value_text},
    shared::{
        intl::{self, Style},
        live::live,
        practice::{Phone, Practice},
        summary::{Fact, summary},
    },
    text::{t, t_count, t_with, t_word},
};

/// Values up to which each history stands open.
const FEW: usize = 3;

/// A result: what it says in words, each value with its bar and history, then the details.
#[component]
pub fn ResultBody(
    /// The result.
    result: ResultView,
    /// Whether other results may be opened from here.
    #[prop(default = true)]
    links: bool,
    /// The comment that a provider is typing, shown as the patient will read it.
    #[prop(default = None)]
    draft: Option<RwSignal<String>>,
    /// The value at which the page opens, with its history unfolded.
    #[prop(default = None)]
    focus: Option<ObservationId>,
) -> impl IntoView {
    let practice = Practice::here();
    // Clinical times are told in the practice's zone, so that a traveller reads the same date as the letter says.
    let zone = practice.zone();
    let collected_at = result.summary.collected_at;
    let open = result.observations.len() <= FEW;
    let critical =
        result.observations.iter().any(|observation| observation.flag.as_str().starts_with("critical"));
    let urgent = critical.then(|| {
        view! {
            <div class="nhsuk-card nhsuk-card--warning">
                <div class="nhsuk-card__content">
                    <h2 class="nhsuk-card__heading">{t("result.critical")}</h2>
                    <p class="nhsuk-card__description">
                        {t("result.critical_text")} " "
                        {live(move || practice.phone().map(|phone| view! { <Phone number=phone /> }))}
                    </p>
                </div>
            </div>
        }
    });
    let told = result.provider_comment.clone();
    let comment = told.map(|comment| comment_box(comment, result.released_by.clone()));
    let draft = draft.map(|draft| {
        live(move || {
            let typed = draft.with(|text| text.trim().to_owned());
            (!typed.is_empty()).then(|| comment_box(typed, None))
        })
    });
    // A report in words alone is the result; beside values they explain it.
    let wordy = if result.observations.is_empty() { t("result.report") } else { t("result.conclusion") };
    let conclusion = result.conclusion.clone().map(|conclusion| {
        view! {
            <h2 class="nhsuk-heading-s">{wordy}</h2>
            <p class="app-lines">{conclusion}</p>
        }
    });
    let details = details(&result, &zone);
    // By a rule of the practice, and nobody has to have read it.
    let by_rule = (result.summary.released_at.is_some() && result.released_by.is_none())
        .then(|| view! { <p class="app-quiet">{t("result.by_rule")}</p> });
    let all = result.observations.clone();
    let of = |id: ObservationId| {
        let members = all.iter().filter(move |one| one.part_of == Some(id));
        members.cloned().collect::<Vec<_>>()
    };
    let value = |observation: ObservationView| {
        let members = of(observation.id);
        // Drugs stand in the table of their germ.
        let germ = observation.part_of.and_then(|of| all.iter().find(|one| one.id == of));
        if observation.susceptibility.is_some() && germ.is_some_and(|germ| germ.value.is_some()) {
            return ().into_any();
        }
        // What only names a panel is a heading over its values.
        if observation.value.is_none() && !members.is_empty() {
            let name = plain_name(&observation.name);
            return view! { <h2 class="nhsuk-heading-m nhsuk-u-margin-bottom-2">{name}</h2> }.into_any();
        }
        let drugs = drugs_of(&observation, members);
        let at = focus == Some(observation.id);
        view! {
            <Observation observation collected_at zone=zone.clone() open={open || at} at links drugs />
        }
        .into_any()
    };
    let values = all.iter().cloned().map(value).collect_view();
    view! {
        {corrections(&result, links)} {urgent} {comment} {by_rule} {draft} {overview(&result.observations)} {conclusion}
        <div class="app-stack">{values}</div>
        <h2 class="nhsuk-heading-m nhsuk-u-margin-top-5">{t("result.details")}</h2>
        {details}
    }
    .into_any()
}

/// What the provider tells the patient, and who says so.
fn comment_box(comment: String, by: Option<String>) -> AnyView {
    view! {
        <div class="nhsuk-inset-text">
            <h2 class="nhsuk-heading-s">{t("result.comment")}</h2>
            <p class="app-lines">
                <bdi>{comment}</bdi>
            </p>
            {by.map(|name| {
                view! {
                    <p class="app-quiet nhsuk-u-margin-bottom-0">
                        <bdi>{name}</bdi>
                    </p>
                }
            })}
        </div>
    }
    .into_any()
}

/// What this result corrects, and what corrects it.
fn corrections(result: &ResultView, links: bool) -> Option<AnyView> {
    let line = |text: &'static str, id: Option<portal_domain::ids::ResultId>| {
        id.map(|id| {
            let link = links.then(|| {
                view! {
                    " "
                    <a href=link(&format!("/chart/results/{id}"))>{t("result.open_other")}</a>
                }
            });
            view! {
                <p class="nhsuk-u-margin-bottom-1">
                    <strong>{text}</strong>
                    {link}
                </p>
            }
        })
    };
    let preliminary = matches!(result.summary.status, ReportStatus::Preliminary | ReportStatus::Partial);
    let preliminary =
        preliminary.then(|| view! { <p class="nhsuk-u-margin-bottom-1">{t("result.preliminary")}</p> });
    let withdrawn = matches!(result.summary.status, ReportStatus::EnteredInError);
    let withdrawn =
        withdrawn.then(|| view! { <p class="nhsuk-u-margin-bottom-1">{t("result.withdrawn")}</p> });
    let any = preliminary.is_some()
        || withdrawn.is_some()
        || result.replaced_by.is_some()
        || result.replaces.is_some();
    any.then(|| {
        view! {
            <div class="nhsuk-inset-text">
                {line(t("result.replaced_by"), result.replaced_by)} {line(t("result.replaces"), result.replaces)}
                {preliminary} {withdrawn}
            </div>
        }
        .into_any()
    })
}

/// One sentence over a panel of values.
fn overview(observations: &[ObservationView]) -> Option<AnyView> {
    let outside = observations.iter().filter(|observation| observation.flag.is_out_of_range()).count() as i64;
    let judged = observations.iter().filter(|observation| observation.flag != Flag::None).count();
    // Where the laboratory gave no usual range nothing may be said.
    let text = match (observations.len(), outside) {
        (0 | 1, _) => return None,
        (_, outside) if outside > 0 => t_count("result.outside", outside),
        (all, _) if judged == all => t("result.all_usual").to_string(),
        _ if judged > 0 => t("result.known_usual").to_string(),
        _ => t("result.no_range").to_string(),
    };
    Some(view! { <p class="nhsuk-lede-text">{text}</p> }.into_any())
}

/// One value: the sentence, the value, the bar, the remark, the history.
#[component]
fn Observation(
    observation: ObservationView,
    collected_at: portal_domain::time::Time,
    zone: String,
    open: bool,
    at: bool,
    links: bool,
    drugs: Vec<TriedDrug>,
) -> impl IntoView {
    let id = observation.id.to_string();
    if at {
        let id = id.clone();
        request_animation_frame(move || {
            if let Some(section) = document().get_element_by_id(&id) {
                section.scroll_into_view();
            }
        });
    }
    let value = observation.value.clone().map(|value| match value {
        Value::Quantity { text, unit, .. } => view! {
            <p class="app-value">
                {text} " " <span class="app-value__unit">{unit}</span>
            </p>
        }
        .into_any(),
        // Words stand in the sentence already; a long text is shown as it was written.
        Value::Text { text } if text.chars().count() > 60 => {
            view! { <p class="app-lines">{text}</p> }.into_any()
        }
        Value::Text { text } => view! { <p class="app-value app-value--words">{text}</p> }.into_any(),
    });
    let plain_value = observation.value.as_ref().map(value_text).unwrap_or_default();
    let note = observation.note.clone().map(|note| {
        view! { <p class="app-quiet app-lines">{t_with("result.note", &[("note", &note)])}</p> }
    });
    let plain = plain_name(&observation.name);
    let full_name = (plain != observation.name).then(|| {
        view! { <p class="app-quiet">{t_with("result.full_name", &[("name", &observation.name)])}</p> }
    });
    let words = match &observation.value {
        Some(Value::Text { text }) if text.chars().count() > 60 => String::new(),
        _ => sentence(&observation),
    };
    view! {
        <section class="app-box app-observation" id=id>
            <h2 class="nhsuk-heading-s nhsuk-u-margin-bottom-2">{plain}</h2>
            <p>{words}</p>
            <div class="app-cluster app-observation__value">{value} <FlagWords flag=observation.flag /></div>
            <RangeBar observation=observation.clone() />
            {(!drugs.is_empty()).then(|| view! { <Drugs germ=plain_value drugs /> })}
            {note}
            {full_name}
            {(!observation.earlier.is_empty())
                .then(|| {
                    let history = History::of_result(&observation, collected_at);
                    view! { <Trend history zone open links /> }
                })}
        </section>
    }
    .into_any()
}

/// The drugs that were tried on a germ: values of their own, or parts of it.
fn drugs_of(germ: &ObservationView, members: Vec<ObservationView>) -> Vec<TriedDrug> {
    let member = |member: ObservationView| {
        let susceptibility = member.susceptibility?;
        Some(TriedDrug { name: member.name, value: member.value, susceptibility })
    };
    germ.drugs.iter().cloned().chain(members.into_iter().filter_map(member)).collect()
}

/// Which drugs work on a germ, in words; the laboratory's number stands beside.
#[component]
fn Drugs(germ: String, drugs: Vec<TriedDrug>) -> impl IntoView {
    let row = |drug: TriedDrug| {
        let value = drug.value.as_ref().map(value_text);
        view! {
            <tr class="nhsuk-table__row">
                <th class="nhsuk-table__header" scope="row">
                    {plain_name(&drug.name)}
                </th>
                <td class="nhsuk-table__cell">{t_word("susceptibility", drug.susceptibility.as_str())}</td>
                <td class="nhsuk-table__cell app-num">{value}</td>
            </tr>
        }
        .into_any()
    };
    view! {
        <div class="nhsuk-table-container">
            <table class="nhsuk-table app-table">
                <caption class="nhsuk-table__caption nhsuk-table__caption--s">
                    {t_with("result.drugs", &[("germ", &germ)])}
                </caption>
                <thead class="nhsuk-table__head">
                    <tr>
                        <th class="nhsuk-table__header" scope="col">
                            {t("result.drug")}
                        </th>
                        <th class="nhsuk-table__header" scope="col">
                            {t("result.drug_works")}
                        </th>
                        <th class="nhsuk-table__header" scope="col">
                            {t("result.drug_value")}
                        </th>
                    </tr>
                </thead>
                <tbody class="nhsuk-table__body">{drugs.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn details(result: &ResultView, zone: &str) -> AnyView {
    let time = |at| intl::format(at, Style::Full, zone);
    let laboratory = result.laboratory.clone().map(|laboratory| {
        let phone = (!laboratory.phone.is_empty()).then(|| view! { <Phone number=laboratory.phone /> });
        view! {
            <bdi>{laboratory.name}</bdi>
            <address class="app-address">
                {laboratory.address.into_iter().map(|line| view! { <span>{line}</span> }).collect_view()}
            </address>
            {phone}
        }
        .into_any()
    });
    let mut facts = vec![
        Fact::maybe(t("result.specimen"), result.specimen.clone()),
        Fact::text(t("result.collected"), time(result.summary.collected_at)),
        Fact::text(t("result.reported"), time(result.summary.reported_at)),
        Fact::maybe(t("result.released"), result.summary.released_at.map(time)),
        Fact::text(t("result.status"), t_word("report_status", result.summary.status.as_str())),
        Fact::maybe(t("result.ordered_by"), result.ordering_provider.clone()),
    ];
    if let Some(laboratory) = laboratory {
        facts.push(Fact::view(t("result.laboratory"), laboratory));
    }
    summary(facts)
}
