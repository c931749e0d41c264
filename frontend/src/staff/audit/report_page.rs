//! The report: filters, acts by day, and the rows, the newest first.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    audit::{AccessCount, AuditEntryView, AuditQuery, AuditSummary, Outcome},
    time::iso_date,
};

use super::days::Days;
use crate::{
    api::{ask, audit_table_path},
    shared::{
        access::{person, role},
        choice::{Choice, Select},
        form::Form,
        intl::{self, Style},
        list::{Address, Empty, Rows, listing, load_rows},
        live::{follow, live},
        load::{Load, load_keeping, loaded},
        page::Page,
        practice::Practice,
    },
    staff::parts::{self, for_role},
    text::{t, t_count, t_with, t_word},
};

/// What the address may narrow by.
const FILTERS: [&str; 8] = ["from", "to", "by", "patient", "action", "category", "outcome", "emergency"];

fn wanted(address: Address) -> AuditQuery {
    AuditQuery {
        from: iso_date::read(&address.get("from")),
        to: iso_date::read(&address.get("to")),
        by: address.get("by").parse().ok(),
        patient: address.get("patient").parse().ok(),
        action: address.get("action").parse().ok(),
        category: address.get("category").parse().ok(),
        outcome: address.get("outcome").parse().ok(),
        emergency: (address.get("emergency") == "true").then_some(true),
        cursor: None,
        limit: None,
    }
}

/// The filters of the address, with one changed, as an address.
fn narrowed(address: Address, name: &str, value: &str) -> String {
    let given = FILTERS.iter().map(|filter| {
        let value = if *filter == name { value.to_owned() } else { untrack(|| address.get(filter)) };
        (filter, value)
    });
    let parts: Vec<String> =
        given.filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name}={value}")).collect();
    parts.join("&")
}

/// `/staff/reports/audit?from=&to=&by=&patient=&action=&category=&outcome=&emergency=`
#[component]
pub fn ReportPage() -> AnyView {
    for_role(Action::View, Category::Audit, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let address = Address::here();
    let query = Memo::new(move |_| wanted(address));
    let rows = load_rows(move || {
        let query = query.get();
        move |page| {
            let query = AuditQuery { cursor: page.cursor, limit: page.limit, ..query.clone() };
            async move { ask(async |portal| portal.audit_entries(&query).await).await }
        }
    });
    let summary: Load<AuditSummary> = load_keeping(move || {
        let query = query.get();
        async move { ask(async |portal| portal.audit_summary(&query).await).await }
    });
    let people = Memo::new(move |_| summary.read(|summary| summary.people.clone()).unwrap_or_default());
    let table = move || {
        // Follows the filters.
        query.track();
        format!("{}?{}", audit_table_path(), narrowed(address, "", ""))
    };
    let only = move || {
        let patient = query.with(|query| query.patient)?;
        let name = rows.read(|page| {
            let shown = page.items.iter().filter_map(|row| row.patient.as_ref());
            shown.filter(|shown| shown.id == patient).map(|shown| shown.full_name()).next()
        });
        let name = name.flatten().unwrap_or_else(|| t("audit.one_patient").into());
        let all = format!("?{}", narrowed(address, "patient", ""));
        Some(view! {
            <p>
                {t_with("audit.only", &[("name", &name)])} " "
                <a href=all>{t("audit.all_patients")}</a>
            </p>
        })
    };
    view! {
        <Page title=t("audit.title").to_string() section=t("shell.staff_portal")>
            <p class="app-quiet">{t("audit.intro")}</p>
            <p class="no-print">
                <a href="/staff/reports/emergencies">{t("emergency.list")}</a>
                " "
                <a href="/staff/reports/restricted">{t("restricted.title")}</a>
            </p>
            <Filters people />
            {live(only)}
            {loaded(summary, t("what.audit"), |summary: AuditSummary| view! { <Days days=summary.days /> }.into_any())}
            <p class="no-print">
                <a href=table download="">
                    {t("audit.download")}
                </a>
            </p>
            {listing(
                rows,
                t("what.audit"),
                move || view! { <Empty text=t("audit.none") /> }.into_any(),
                move || view! { <Rows load=rows id="audit" row=row within=within /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

#[component]
fn Filters(people: Memo<Vec<AccessCount>>) -> impl IntoView {
    let (address, form) = (Address::here(), Form::new());
    let field = |name: &str| RwSignal::new(untrack(|| address.get(name)));
    let (from, to, by) = (field("from"), field("to"), field("by"));
    let (action, category, outcome) = (field("action"), field("category"), field("outcome"));
    let emergency = field("emergency");
    // A name in a row narrows, too.
    let fields = [
        ("from", from),
        ("to", to),
        ("by", by),
        ("action", action),
        ("category", category),
        ("outcome", outcome),
        ("emergency", emergency),
    ];
    follow(move |_| {
        for (name, field) in fields {
            let value = address.get(name);
            if field.get_untracked() != value {
                field.set(value);
            }
        }
    });
    let any = || Choice::new("", t("audit.any"));
    // The names follow what was found; the form round them stays, and so does focus.
    let who = live(move || {
        let named = people.get().into_iter().filter_map(|one| {
            let label = format!("{} ({})", person(&one.by, None), t_count("audit.times", one.count));
            Some(Choice::new(one.by.id?.to_string(), label))
        });
        let mut choices: Vec<Choice> = std::iter::once(any()).chain(named).collect();
        // Whoever was chosen stays to be seen, when nothing is found too.
        let chosen = by.get_untracked();
        if !choices.iter().any(|choice| choice.value == chosen) {
            choices.push(Choice::new(chosen, t("audit.chosen")));
        }
        view! { <Select form name="by" label=t("audit.who") choices value=by /> }
    });
    let words = |family: &'static str, all: Vec<&'static str>| -> Vec<Choice> {
        let each = all.into_iter().map(|word| Choice::new(word, t_word(family, word)));
        std::iter::once(any()).chain(each).collect()
    };
    let actions = words("audit_action", Action::ALL.iter().map(|word| word.as_str()).collect());
    let categories = words("audit_category", Category::ALL.iter().map(|word| word.as_str()).collect());
    let outcomes = words("audit_outcome", Outcome::ALL.iter().map(|word| word.as_str()).collect());
    let emergencies = vec![any(), Choice::new("true", t("audit.emergency_only"))];
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        address.set(&[
            ("from", &from.get_untracked()),
            ("to", &to.get_untracked()),
            ("by", &by.get_untracked()),
            ("action", &action.get_untracked()),
            ("category", &category.get_untracked()),
            ("outcome", &outcome.get_untracked()),
            ("emergency", &emergency.get_untracked()),
            ("show", ""),
        ]);
    };
    view! {
        <form class="staff-toolbar staff-dense no-print" role="search" aria-label=t("audit.filter") on:submit=submit>
            {day("from", t("audit.from"), from)}
            {day("to", t("audit.to"), to)}
            {who}
            <Select form name="action" label=t("audit.action") choices=actions value=action />
            <Select form name="category" label=t("audit.category") choices=categories value=category />
            <Select form name="outcome" label=t("audit.outcome") choices=outcomes value=outcome />
            <Select form name="emergency" label=t("audit.emergency") choices=emergencies value=emergency />
            <button type="submit" class="nhsuk-button nhsuk-button--secondary">
                {t("audit.apply")}
            </button>
        </form>
    }
    .into_any()
}

fn day(name: &'static str, label: &'static str, value: RwSignal<String>) -> AnyView {
    view! {
        <div class="nhsuk-form-group">
            <label class="nhsuk-label" for=name>
                {label}
            </label>
            <input
                class="nhsuk-input"
                id=name
                name=name
                type="date"
                prop:value=move || value.get()
                on:change=move |event| value.set(event_target_value(&event))
            />
        </div>
    }
    .into_any()
}

fn row(row: AuditEntryView) -> AnyView {
    let (zone, address) = (Practice::here().zone(), Address::here());
    let at = intl::format(row.at, Style::Short, &zone);
    let (name, role) = (person(&row.by, None), role(&row.by));
    let who = match row.by.id {
        Some(id) => {
            let href = format!("?{}", narrowed(address, "by", &id.to_string()));
            view! {
                <a href=href>
                    <bdi>{name}</bdi>
                </a>
            }
            .into_any()
        }
        None => name.into_any(),
    };
    let patient = row.patient.map(|patient| {
        let href = format!("?{}", narrowed(address, "patient", &patient.id.to_string()));
        view! {
            <a href=href>
                <bdi>{patient.full_name()}</bdi>
            </a>
        }
    });
    let emergency = row
        .emergency
        .then(|| view! { <strong class="nhsuk-tag nhsuk-tag--orange">{t("audit.emergency")}</strong> });
    let outcome = match row.outcome {
        Outcome::Done => t_word("audit_outcome", "done").into_any(),
        Outcome::Refused => {
            view! { <strong class="nhsuk-tag nhsuk-tag--red">{t_word("audit_outcome", "refused")}</strong> }
                .into_any()
        }
    };
    view! {
        <tr>
            <th scope="row" class="staff-table__when">{at}</th>
            <td>{who} {(!role.is_empty()).then(|| format!(", {role}"))}</td>
            <td>{patient}</td>
            <td>{t_word("audit_action", row.action.as_str())}</td>
            <td>{t_word("audit_category", row.category.as_str())} " " {emergency}</td>
            <td>{outcome}</td>
        </tr>
    }
    .into_any()
}

fn within(id: &'static str, rows: Vec<AnyView>) -> AnyView {
    let heads = [
        t("audit.when"),
        t("audit.who"),
        t("audit.patient"),
        t("audit.action"),
        t("audit.category"),
        t("audit.outcome"),
    ];
    parts::table(t("audit.title"), &heads, id, rows)
}
