//! What a member of care teams keeps in order: the teams' ready texts, and who looks after the work while one is away.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    messages::{MAX_BODY, TeamChoice, TemplateText, TemplateView},
    problem::Code,
};

use super::{away::Away, write_page::own_teams};
use crate::{
    api::ask,
    shared::{
        choice::{Choice, Select},
        dialog::Confirm,
        done::Done,
        field::{TextArea, TextField},
        form::{ErrorSummary, Form, Submit, focus},
        list::Empty,
        live::live,
        load::{Load, load, loaded},
        page::Page,
    },
    staff::parts::for_role,
    text::{t, t_with},
};

/// What the parts of the texts share.
#[derive(Clone, Copy)]
struct Desk {
    texts: Load<Vec<TemplateView>>,
    said: RwSignal<String>,
    /// What is changed; none while a new one is written.
    edited: RwSignal<Option<TemplateView>>,
    /// What is to be removed.
    leaving: RwSignal<Option<TemplateView>>,
    asking: RwSignal<bool>,
}

/// `/staff/my-teams`
#[component]
pub fn TextsPage() -> AnyView {
    for_role(Action::Act, Category::Messages, || {
        let teams = load(own_teams);
        let said = RwSignal::new(String::new());
        view! {
            <Page title=t("staff.nav.my_teams").to_string() section=t("shell.staff_portal") reading=true>
                <Done said />
                {loaded(
                    teams,
                    t("what.teams"),
                    move |teams| {
                        if teams.is_empty() {
                            return view! { <p>{t("staff_compose.no_team")}</p> }.into_any();
                        }
                        view! {
                            <Texts teams said />
                            <Away said />
                        }
                            .into_any()
                    },
                )}
            </Page>
        }
        .into_any()
    })
}

#[component]
fn Texts(teams: Vec<TeamChoice>, said: RwSignal<String>) -> impl IntoView {
    let form = Form::new();
    let desk = Desk {
        texts: load(|| ask(async |portal| portal.templates().await)),
        said,
        edited: RwSignal::new(None),
        leaving: RwSignal::new(None),
        asking: RwSignal::new(false),
    };
    let names = StoredValue::new(teams.clone());
    let remove = Callback::new(move |()| {
        let Some(one) = desk.leaving.get_untracked() else { return };
        let id = one.id;
        form.send(async move { ask(async |portal| portal.remove_template(id).await).await }, move |()| {
            if desk.edited.with_untracked(|edited| edited.as_ref().is_some_and(|edited| edited.id == id)) {
                desk.edited.set(None);
            }
            said.set(t_with("texts.removed", &[("title", &one.template.title)]));
            desk.texts.again();
        });
    });
    let title = Signal::derive(move || {
        let title = desk.leaving.with(|one| one.as_ref().map(|one| one.template.title.clone()));
        t_with("texts.remove_title", &[("title", &title.unwrap_or_default())])
    });
    view! {
        <h2 class="nhsuk-heading-m">{t("texts.title")}</h2>
        <p>{t("texts.what")}</p>
        {loaded(
            desk.texts,
            t("what.texts"),
            move |texts| {
                if texts.is_empty() {
                    return view! { <Empty text=t("texts.none") /> }.into_any();
                }
                let row = |one: TemplateView| row(desk, one, names);
                view! { <ul class="app-rows" id="texts">{texts.into_iter().map(row).collect_view()}</ul> }.into_any()
            },
        )}
        {live(move || {
            let edited = desk.edited.get();
            let teams = teams.clone();
            view! { <Write teams edited desk form /> }
        })}
        <Confirm open=desk.asking id="remove-title" title text=t("texts.remove_text").to_string() yes=t("texts.remove") act=remove />
    }
    .into_any()
}

fn row(desk: Desk, one: TemplateView, teams: StoredValue<Vec<TeamChoice>>) -> AnyView {
    let id = one.template.team_id;
    let team =
        teams.with_value(|teams| teams.iter().find(|team| team.id == id).map(|team| team.name.clone()));
    let label = |act: &str| t_with("people.for", &[("act", act), ("name", &one.template.title)]);
    let (edit, remove) = (label(t("texts.edit")), label(t("texts.remove")));
    let (mine, leaving) = (one.clone(), one.clone());
    let change = move |_| {
        desk.edited.set(Some(mine.clone()));
        request_animation_frame(|| focus("title"));
    };
    let ask_first = move |_| {
        desk.leaving.set(Some(leaving.clone()));
        desk.asking.set(true);
    };
    view! {
        <li class="app-row">
            <strong>
                <bdi>{one.template.title.clone()}</bdi>
            </strong>
            <p class="app-row__meta">
                <bdi>{team.unwrap_or_default()}</bdi>
            </p>
            <p class="app-row__text app-message__text" dir="auto">{one.template.text.clone()}</p>
            <p class="app-cluster staff-dense nhsuk-u-margin-top-2">
                <button type="button" class="nhsuk-button nhsuk-button--secondary" aria-label=edit on:click=change>
                    {t("texts.edit")}
                </button>
                <button type="button" class="nhsuk-button nhsuk-button--secondary" aria-label=remove on:click=ask_first>
                    {t("texts.remove")}
                </button>
            </p>
        </li>
    }
    .into_any()
}

#[component]
fn Write(teams: Vec<TeamChoice>, edited: Option<TemplateView>, desk: Desk, form: Form) -> impl IntoView {
    let first = teams.first().map(|team| team.id.to_string()).unwrap_or_default();
    let now = edited.as_ref().map(|one| one.template.clone());
    let team = RwSignal::new(now.as_ref().map_or(first, |now| now.team_id.to_string()));
    let title = RwSignal::new(now.as_ref().map(|now| now.title.clone()).unwrap_or_default());
    let text = RwSignal::new(now.map(|now| now.text).unwrap_or_default());
    let changes = edited.is_some();
    let choices: Vec<Choice> =
        teams.into_iter().map(|team| Choice::new(team.id.to_string(), team.name)).collect();
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(team_id) = team.get_untracked().parse() else { return };
        let written = TemplateText { team_id, title: title.get_untracked(), text: text.get_untracked() };
        let written = match written.check() {
            Ok(written) => written,
            Err(problem) => return form.refuse(problem.errors),
        };
        let (seen, key) = (edited.clone(), form.key());
        form.send_or(
            async move {
                match seen {
                    Some(seen) => ask(async |portal| portal.change_template(&seen, &written).await).await,
                    None => ask(async |portal| portal.add_template(&written, key).await).await,
                }
            },
            move |one| {
                title.set(String::new());
                text.set(String::new());
                desk.edited.set(None);
                desk.said.set(t_with("texts.saved", &[("title", &one.template.title)]));
                desk.texts.again();
            },
            // What was typed stays; the list shows what the colleague wrote.
            move |error| {
                if error.code() == Some(Code::StaleVersion) {
                    desk.texts.again();
                }
            },
        );
    };
    let heading = if changes { t("texts.change") } else { t("texts.new") };
    view! {
        <h3 class="nhsuk-heading-s nhsuk-u-margin-top-4">{heading}</h3>
        <ErrorSummary form />
        <form on:submit=save novalidate>
            <Select form name="team_id" label=t("texts.team") choices value=team />
            <TextField form name="title" label=t("texts.name") value=title />
            <TextArea form name="text" label=t("texts.text") value=text max=MAX_BODY rows=5 />
            <div class="app-cluster">
                <Submit form label=t("texts.save").to_string() />
                {changes
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="nhsuk-button nhsuk-button--secondary"
                                on:click=move |_| desk.edited.set(None)
                            >
                                {t("texts.cancel")}
                            </button>
                        }
                    })}
            </div>
        </form>
    }
    .into_any()
}
