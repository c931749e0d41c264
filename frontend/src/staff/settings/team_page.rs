//! Making, changing and retiring a care team.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::{Action, Category},
    accounts::StaffAccount,
    ids::{AccountId, TeamId},
    messages::{CareTeamView, TeamCategory, TeamEdit},
    problem::{Code, FieldError, Problem},
};

use super::teams_page::ROOT;
use crate::{
    api::{ApiError, ask},
    shared::{
        choice::{Checkbox, Choice, Select},
        done::Done,
        field::{Kind, TextField},
        form::{ErrorSummary, FieldMessage, Form, Submit, group_class},
        list::Address,
        live::live,
        load::{Load, load, loaded},
        page::{Back, Page},
        practice::Practice,
    },
    staff::parts::for_role,
    text::{t, t_word},
};

/// Everything that the form needs.
#[derive(Clone)]
struct Ready {
    /// The team that is changed; none for a new one.
    team: Option<CareTeamView>,
    /// All teams.
    all: Vec<CareTeamView>,
    /// Everybody who may be a member.
    staff: Vec<StaffAccount>,
}

async fn ready(id: Option<String>) -> Result<Ready, ApiError> {
    let all = ask(async |portal| portal.care_teams().await).await?;
    let staff = ask(async |portal| portal.staff_accounts().await).await?;
    let team = match id {
        None => None,
        Some(id) => {
            let found = all.iter().find(|one| one.team.id.to_string() == id).cloned();
            Some(found.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?)
        }
    };
    Ok(Ready { team, all, staff })
}

/// `/staff/settings/teams/new`, `/staff/settings/teams/:id`
#[component]
pub fn TeamPage() -> AnyView {
    for_role(Action::Change, Category::Settings, || {
        let params = use_params_map();
        let id = params.with_untracked(|params| params.get("id"));
        let (form, said) = (Form::new(), RwSignal::new(String::new()));
        let new = id.is_none();
        let data = load(move || ready(id.clone()));
        view! {
            <Page
                title=if new { t("teams.new") } else { t("teams.edit") }.to_string()
                section=t("shell.staff_portal")
                form=form
                back=Back { href: ROOT.into(), label: t("staff.nav.teams") }
                reading=true
            >
                <ErrorSummary form />
                <Done said />
                {loaded(data, t("what.team"), move |ready| view! { <TeamForm ready form said data /> }.into_any())}
            </Page>
        }
        .into_any()
    })
}

#[component]
fn TeamForm(ready: Ready, form: Form, said: RwSignal<String>, data: Load<Ready>) -> impl IntoView {
    let Ready { team, all, staff } = ready;
    let address = Address::here();
    let now = team.as_ref();
    let text = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
    let name = text(now.map(|view| view.team.name.clone()));
    let category = text(now.map(|view| view.team.category.to_string()));
    let location = text(now.and_then(|view| view.location_id).map(|id| id.to_string()));
    let hours = text(Some(now.map_or(24, |view| view.team.reply_hours).to_string()));
    let escalates = text(now.and_then(|view| view.escalates_to).map(|id| id.to_string()));
    let open = RwSignal::new(now.is_none_or(|view| view.team.is_open));
    let members = now.map(|view| view.members.iter().map(|member| member.id).collect()).unwrap_or_default();
    let members = RwSignal::new(members);
    let seen = now.map(|view| (view.team.id, view.version));
    let edit = move || {
        let mut errors = Vec::new();
        let category = category.get_untracked().parse::<TeamCategory>();
        if category.is_err() {
            errors.push(FieldError::new("category", "required", t("field_error.required")));
        }
        let reply_hours = hours.with_untracked(|hours| hours.trim().parse::<i64>());
        if reply_hours.is_err() {
            errors.push(FieldError::new("reply_hours", "not_a_number", t("field_error.not_a_number")));
        }
        let edit = TeamEdit {
            name: name.get_untracked(),
            category: category.unwrap_or(TeamCategory::PortalHelp),
            location_id: location.get_untracked().parse().ok(),
            reply_hours: reply_hours.unwrap_or(24),
            is_open: open.get_untracked(),
            members: members.get_untracked(),
            escalates_to: escalates.get_untracked().parse().ok(),
        };
        match edit.check() {
            Ok(edit) if errors.is_empty() => Ok(edit),
            Ok(_) => Err(errors),
            Err(problem) => Err(errors.into_iter().chain(problem.errors).collect()),
        }
    };
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        said.set(String::new());
        let edit = match edit() {
            Ok(edit) => edit,
            Err(errors) => return form.refuse(errors),
        };
        let key = form.key();
        form.send_or(
            async move {
                match seen {
                    Some((id, version)) => {
                        ask(async |portal| portal.change_care_team(id, version, &edit).await).await
                    }
                    None => ask(async |portal| portal.add_care_team(&edit, key).await).await,
                }
            },
            move |view| match seen {
                Some(_) => {
                    said.set(t("teams.saved").into());
                    data.again();
                }
                None => address.replace(&format!("{ROOT}/{}", view.team.id)),
            },
            // Somebody else was faster: their version is shown, the message says so.
            move |error| {
                if error.code() == Some(Code::StaleVersion) {
                    data.again();
                }
            },
        );
    };
    let first = |label| std::iter::once(Choice::new("", label));
    let categories = first(t("teams.choose")).chain(
        TeamCategory::ALL.iter().map(|one| Choice::new(one.as_str(), t_word("team_category", one.as_str()))),
    );
    let places = Practice::here().0.read(|practice| practice.locations.clone()).unwrap_or_default();
    let places = first(t("compose.whole_practice"))
        .chain(places.into_iter().map(|place| Choice::new(place.id.to_string(), place.name)));
    let own: Option<TeamId> = seen.map(|(id, _)| id);
    let others = first(t("teams.nobody_else")).chain(
        all.into_iter()
            .filter(|one| Some(one.team.id) != own)
            .map(|one| Choice::new(one.team.id.to_string(), one.team.name)),
    );
    let kind = Kind {
        width: "nhsuk-input--width-4",
        keyboard: "numeric",
        autocomplete: "off",
        ..Default::default()
    };
    view! {
        <form on:submit=save novalidate>
            <TextField form name="name" label=t("teams.name") hint=t("teams.name_hint") value=name />
            <Select form name="category" label=t("teams.category") choices=categories.collect() value=category />
            <Select form name="location_id" label=t("teams.location") choices=places.collect() value=location />
            <Members form staff category members />
            <TextField
                form
                name="reply_hours"
                label=t("teams.reply_hours")
                hint=t("teams.reply_hint")
                value=hours
                kind
            />
            <Select form name="escalates_to" label=t("teams.escalates") choices=others.collect() value=escalates />
            <Checkbox form name="is_open" label=t("teams.open") value=open />
            <p class="app-quiet">{t("teams.open_hint")}</p>
            <Submit form label=t("teams.save").to_string() />
        </form>
    }
    .into_any()
}

/// Who works in the queue: only staff whose role fits what the team is asked (ADM-2).
#[component]
fn Members(
    form: Form,
    staff: Vec<StaffAccount>,
    category: RwSignal<String>,
    members: RwSignal<Vec<AccountId>>,
) -> impl IntoView {
    let staff = StoredValue::new(staff);
    let fitting = Memo::new(move |_| {
        let Ok(category) = category.get().parse::<TeamCategory>() else { return Vec::new() };
        let fits = |one: &&StaffAccount| {
            !one.disabled && one.roles.iter().any(|role| category.roles().contains(role))
        };
        staff.with_value(|staff| staff.iter().filter(fits).map(|one| one.id).collect::<Vec<_>>())
    });
    // Whoever does not fit another category goes.
    crate::shared::live::follow(move |_| {
        let fitting = fitting.get();
        if !fitting.is_empty() && untrack(|| members.with(|now| now.iter().any(|one| !fitting.contains(one))))
        {
            members.update(|now| now.retain(|one| fitting.contains(one)));
        }
    });
    let person = move |id: AccountId| {
        let (name, roles) = staff.with_value(|staff| {
            let one = staff.iter().find(|one| one.id == id);
            let roles = one.map(|one| one.roles.iter().map(|role| t_word("role", role.as_str())).collect());
            let roles: Vec<&str> = roles.unwrap_or_default();
            (one.map(|one| one.display_name.clone()).unwrap_or_default(), roles.join(", "))
        });
        let own_id = format!("member-{id}");
        let change = move |event: leptos::ev::Event| {
            let on = event_target_checked(&event);
            members.update(|now| {
                now.retain(|one| *one != id);
                if on {
                    now.push(id);
                }
            });
        };
        view! {
            <div class="nhsuk-checkboxes__item">
                <input
                    class="nhsuk-checkboxes__input"
                    id=own_id.clone()
                    type="checkbox"
                    prop:checked=move || members.with(|now| now.contains(&id))
                    on:change=change
                />
                <label class="nhsuk-label nhsuk-checkboxes__label" for=own_id>
                    <bdi>{name}</bdi>
                    " "
                    <span class="app-quiet">{roles}</span>
                </label>
            </div>
        }
        .into_any()
    };
    view! {
        <div class=group_class(form, "members")>
            <fieldset class="nhsuk-fieldset" id="members" tabindex="-1">
                <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">{t("teams.members")}</legend>
                <FieldMessage form name="members" />
                {live(move || {
                    let fitting = fitting.get();
                    if fitting.is_empty() {
                        return view! { <p class="app-quiet">{t("teams.no_member")}</p> }.into_any();
                    }
                    view! {
                        <div class="nhsuk-checkboxes">{fitting.into_iter().map(person).collect_view()}</div>
                    }
                        .into_any()
                })}
            </fieldset>
        </div>
    }
    .into_any()
}
