//! One group of tests and its rule, or the rule for everything else (LAB-2).

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::{Action, Category},
    chart::ReportCategory,
    problem::{Code, FieldError, Problem},
    results::{GroupRule, ReleasePolicies, ReleasePoliciesView, ReleaseRule, TestGroup},
};

use super::releases_page::ROOT;
use crate::{
    api::{ApiError, ask},
    shared::{
        choice::{Checkbox, Checkboxes, Choice, Radios},
        field::{Kind, TextArea, TextField},
        form::{ErrorSummary, Form, Submit},
        list::Address,
        live::live,
        load::{Load, load, loaded},
        page::{Back, Page},
    },
    staff::parts::for_role,
    text::{t, t_word},
};

/// Most characters of a list of codes.
const MAX_CODES_TEXT: usize = 4_000;

/// Which rule is edited.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    /// That of everything that no group names.
    Default,
    /// A group that is there.
    Group(usize),
    /// A new one.
    New,
}

impl Which {
    fn read(word: &str) -> Option<Self> {
        match word {
            "default" => Some(Self::Default),
            "new" => Some(Self::New),
            at => at.parse().ok().map(Self::Group),
        }
    }
}

/// `/staff/settings/releases/{default,new,0..}`
#[component]
pub fn RulePage() -> AnyView {
    for_role(Action::Change, Category::Settings, || {
        let params = use_params_map();
        let which = params.with_untracked(|params| params.get("rule")).and_then(|word| Which::read(&word));
        let form = Form::new();
        let title = match which {
            Some(Which::Default) => t("rules.default"),
            Some(Which::New) => t("rules.add"),
            _ => t("rules.edit"),
        };
        let policies = load(move || async move {
            let missing = || ApiError::Problem(Box::new(Problem::new(Code::NotFound)));
            let which = which.ok_or_else(missing)?;
            let view = ask(async |portal| portal.release_policies().await).await?;
            match which {
                Which::Group(at) if at >= view.policies.groups.len() => Err(missing()),
                _ => Ok((which, view)),
            }
        });
        view! {
            <Page
                title=title.to_string()
                section=t("shell.staff_portal")
                form=form
                back=Back { href: ROOT.into(), label: t("staff.nav.release_rules") }
                reading=true
            >
                <ErrorSummary form />
                {loaded(
                    policies,
                    t("what.policies"),
                    move |(which, view)| view! { <RuleForm which view form policies /> }.into_any(),
                )}
            </Page>
        }
        .into_any()
    })
}

#[component]
fn RuleForm(
    which: Which,
    view: ReleasePoliciesView,
    form: Form,
    policies: Load<(Which, ReleasePoliciesView)>,
) -> impl IntoView {
    let address = Address::here();
    let ReleasePoliciesView { version, policies: now } = view;
    let group = match which {
        Which::Group(at) => now.groups.get(at).cloned(),
        _ => None,
    };
    let release = match (which, &group) {
        (Which::Default, _) => now.default.clone(),
        (_, Some(group)) => group.release.clone(),
        _ => GroupRule::default(),
    };
    let name = RwSignal::new(group.as_ref().map(|group| group.name.clone()).unwrap_or_default());
    let codes = RwSignal::new(group.as_ref().map(|group| group.codes.join("\n")).unwrap_or_default());
    let services = group.as_ref().map(|group| &group.categories[..]).unwrap_or_default();
    let services = RwSignal::new(services.iter().map(ToString::to_string).collect::<Vec<_>>());
    let sensitive = RwSignal::new(group.as_ref().is_some_and(|group| group.sensitive));
    let critical = RwSignal::new(now.critical_waits);
    let rule = RwSignal::new(release.rule.to_string());
    let hours = RwSignal::new(release.hours.unwrap_or(24).to_string());
    let deadline = RwSignal::new(release.deadline_hours.to_string());
    let kept = StoredValue::new(now);
    let send = move |changed: Result<ReleasePolicies, Vec<FieldError>>| {
        let changed = match changed {
            Ok(changed) => changed,
            Err(errors) => return form.refuse(errors),
        };
        form.send_or(
            async move { ask(async |portal| portal.change_release_policies(version, &changed).await).await },
            move |_| address.replace(ROOT),
            // Somebody else was faster: their version is shown, the message says so.
            move |error| {
                if error.code() == Some(Code::StaleVersion) {
                    policies.again();
                }
            },
        );
    };
    let changed = move || {
        let mut errors = Vec::new();
        let mut number = |field: &str, text: RwSignal<String>| {
            text.with_untracked(|text| text.trim().parse::<i64>()).unwrap_or_else(|_| {
                errors.push(FieldError::new(field, "not_a_number", t("field_error.not_a_number")));
                1
            })
        };
        let rule = rule.get_untracked().parse().unwrap_or(ReleaseRule::Manual);
        let after = (rule == ReleaseRule::After).then(|| number("hours", hours));
        let release = GroupRule { rule, hours: after, deadline_hours: number("deadline_hours", deadline) };
        let mut all = kept.get_value();
        let group = || TestGroup {
            name: name.get_untracked(),
            codes: codes.with_untracked(|codes| codes_of(codes)),
            categories: services
                .with_untracked(|all| all.iter().filter_map(|one| one.parse().ok()).collect()),
            sensitive: sensitive.get_untracked(),
            release: release.clone(),
        };
        match which {
            Which::Default => {
                all.default = release;
                all.critical_waits = critical.get_untracked();
            }
            Which::New => all.groups.push(group()),
            Which::Group(at) => all.groups[at] = group(),
        }
        match all.clean() {
            Ok(all) if errors.is_empty() => Ok(all),
            Ok(_) => Err(errors),
            Err(found) => Err(errors.into_iter().chain(found.into_iter().map(at_this_form)).collect()),
        }
    };
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        send(changed());
    };
    let remove = move |_| {
        if let Which::Group(at) = which {
            let mut all = kept.get_value();
            all.groups.remove(at);
            send(Ok(all));
        }
    };
    let rules = ReleaseRule::ALL
        .iter()
        .map(|rule| {
            Choice::new(rule.as_str(), t_word("release_rule", rule.as_str()))
                .hint(t_word("release_rule_hint", rule.as_str()))
        })
        .collect::<Vec<_>>();
    let all_services = ReportCategory::ALL
        .iter()
        .map(|one| Choice::new(one.as_str(), t_word("report_category", one.as_str())))
        .collect::<Vec<_>>();
    let kind = Kind {
        width: "nhsuk-input--width-4",
        keyboard: "numeric",
        autocomplete: "off",
        ..Default::default()
    };
    let tests = (which != Which::Default).then(|| {
        view! {
            <TextField form name="name" label=t("rules.name") hint=t("rules.name_hint") value=name />
            <TextArea form name="codes" label=t("rules.loinc") hint=t("rules.loinc_hint") value=codes max=MAX_CODES_TEXT />
            <Checkboxes form name="categories" legend=t("rules.services") choices=all_services value=services />
            <Checkbox form name="sensitive" label=t("rules.sensitive") value=sensitive />
            <p class="app-quiet">{t("rules.sensitive_text")}</p>
        }
    });
    let wait = move || {
        (rule.get() == ReleaseRule::After.as_str())
            .then(|| view! { <TextField form name="hours" label=t("rules.hours") hint=t("rules.hours_hint") value=hours kind /> })
    };
    let others = (which == Which::Default).then(|| {
        view! {
            <Checkbox form name="critical_waits" label=t("rules.critical") value=critical />
            <p class="app-quiet">{t("rules.critical_text")}</p>
        }
    });
    let gone = matches!(which, Which::Group(_)).then(|| {
        view! {
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary"
                disabled=move || form.busy()
                on:click=remove
            >
                {t("rules.remove")}
            </button>
        }
    });
    view! {
        <form on:submit=save novalidate>
            {tests} <Radios form name="rule" legend=t("rules.rule") choices=rules value=rule /> {live(wait)}
            <TextField
                form
                name="deadline_hours"
                label=t("rules.deadline")
                hint=t("rules.deadline_hint")
                value=deadline
                kind
            />
            {others} <div class="app-cluster"><Submit form label=t("rules.save").to_string() /> {gone}</div>
        </form>
    }
    .into_any()
}

/// The codes of a text, parted by anything that is no part of a code.
fn codes_of(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// A mistake that was found in the whole of the policies, at the field of this form.
fn at_this_form(error: FieldError) -> FieldError {
    let field = error.field.rsplit_once("].").map_or(&*error.field, |(_, field)| field);
    let field = field.trim_start_matches("default.").trim_start_matches("release.");
    // A single code is at fault in the list of them.
    let field = if error.field.contains("].codes[") { "codes" } else { field };
    FieldError { field: field.to_owned(), ..error }
}
