//! The accounts of staff: helping their owners back in, and switching accounts off.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    accounts::StaffAccount,
    ids::AccountId,
};

use super::locations_dialog::{Chosen, LocationsDialog, in_words};
use crate::{
    api::{ApiError, ask},
    session::Session,
    shared::{
        dialog::Confirm,
        done::Done,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        live::live,
        load::{Load, load, loaded},
        page::Page,
        practice::Practice,
    },
    staff::{
        letter::{Handout, Letter},
        parts::for_role,
    },
    text::{t, t_with, t_word},
};

/// What can be done at once, or after a question.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Act {
    Unlock,
    RemoveStep,
    Disable,
    Enable,
}

impl Act {
    fn label(self) -> &'static str {
        match self {
            Self::Unlock => t("help.unlock"),
            Self::RemoveStep => t("people.remove"),
            Self::Disable => t("people.disable"),
            Self::Enable => t("people.enable"),
        }
    }

    /// The question before it, where it takes something away.
    fn question(self, name: &str) -> Option<String> {
        match self {
            Self::RemoveStep => Some(t_with("help.remove_title", &[("name", name)])),
            Self::Disable => Some(t_with("people.disable_title", &[("name", name)])),
            Self::Unlock | Self::Enable => None,
        }
    }

    fn warning(self) -> &'static str {
        match self {
            Self::RemoveStep => t("people.remove_text"),
            _ => t("people.disable_text"),
        }
    }

    fn done(self, name: &str) -> String {
        let name = [("name", name)];
        match self {
            Self::Unlock => t_with("help.unlocked", &name),
            Self::RemoveStep => t_with("help.removed", &name),
            Self::Disable => t_with("people.disabled", &name),
            Self::Enable => t_with("people.enabled", &name),
        }
    }

    async fn carry_out(self, id: AccountId) -> Result<(), ApiError> {
        match self {
            Self::Unlock => ask(async |portal| portal.unlock_staff(id).await).await,
            Self::RemoveStep => ask(async |portal| portal.reset_staff_second_step(id).await).await,
            Self::Disable => ask(async |portal| portal.disable_staff(id).await).await,
            Self::Enable => ask(async |portal| portal.enable_staff(id).await).await,
        }
    }
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Shared {
    form: Form,
    people: Load<Vec<StaffAccount>>,
    letter: RwSignal<Option<Handout>>,
    said: RwSignal<String>,
    /// What waits for an answer to its question.
    asked: RwSignal<Option<(Act, AccountId, String)>>,
    open: RwSignal<bool>,
    /// Whose locations are chosen.
    locations: Chosen,
}

impl Shared {
    fn begin(self) {
        self.said.set(String::new());
        self.letter.set(None);
    }

    fn carry_out(self, act: Act, id: AccountId, name: String) {
        self.begin();
        self.form.send(act.carry_out(id), move |()| {
            self.said.set(act.done(&name));
            self.people.again();
        });
    }

    fn start(self, act: Act, id: AccountId, name: String) {
        if act.question(&name).is_none() {
            return self.carry_out(act, id, name);
        }
        self.asked.set(Some((act, id, name)));
        self.open.set(true);
    }
}

/// `/staff/settings/people`
#[component]
pub fn PeoplePage() -> AnyView {
    for_role(Action::View, Category::Staff, || {
        let shared = Shared {
            form: Form::new(),
            people: load(|| ask(async |portal| portal.staff_accounts().await)),
            letter: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            asked: RwSignal::new(None),
            open: RwSignal::new(false),
            locations: RwSignal::new(None),
        };
        let moved = Callback::new(move |name: String| {
            shared.begin();
            shared.said.set(t_with("people.works_at_done", &[("name", &name)]));
            shared.people.again();
        });
        let form = shared.form;
        let question = Signal::derive(move || {
            shared.asked.get().and_then(|(act, _, name)| act.question(&name)).unwrap_or_default()
        });
        let warning = Signal::derive(move || {
            shared.asked.get().map(|(act, ..)| act.warning().to_string()).unwrap_or_default()
        });
        let act = Callback::new(move |()| {
            if let Some((act, id, name)) = shared.asked.get_untracked() {
                shared.carry_out(act, id, name);
            }
        });
        view! {
            <Page title=t("staff.nav.people").to_string() section=t("shell.staff_portal")>
                <div class="no-print">
                    <ErrorSummary form />
                    <Done said=shared.said />
                    {loaded(
                        shared.people,
                        t("what.people"),
                        move |people| view! { <Table people shared /> }.into_any(),
                    )}
                </div>
                {live(move || shared.letter.get().map(|handout| view! { <Letter handout /> }))}
                <LocationsDialog chosen=shared.locations done=moved />
                <Confirm open=shared.open id="act-title" title=question text=warning yes=t("action.yes") act />
            </Page>
        }
        .into_any()
    })
}

#[component]
fn Table(people: Vec<StaffAccount>, shared: Shared) -> impl IntoView {
    let row = move |person| view! { <Person person shared /> };
    view! {
        <div class="staff-scroll staff-dense" role="region" tabindex="0" aria-label=t("staff.nav.people")>
            <table class="staff-table">
                <thead>
                    <tr>
                        <th scope="col">{t("account.name")}</th>
                        <th scope="col">{t("account.username")}</th>
                        <th scope="col">{t("people.roles")}</th>
                        <th scope="col">{t("people.works_at")}</th>
                        <th scope="col">{t("people.state")}</th>
                        <th scope="col">{t("people.acts")}</th>
                    </tr>
                </thead>
                <tbody id="people">{people.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Person(person: StaffAccount, shared: Shared) -> impl IntoView {
    let session = Session::here();
    let form = shared.form;
    let zone = Practice::here().zone();
    let id = person.id;
    let name = person.display_name.clone();
    let roles: Vec<&str> = person.roles.iter().map(|role| t_word("role", role.as_str())).collect();
    let locked = person.state.locked_until;
    let states: Vec<String> = [
        person.disabled.then(|| t("people.is_disabled").to_string()),
        locked.map(|until| t_with("help.locked", &[("date", &intl::format(until, Style::Short, &zone))])),
        Some(if person.state.second_step { t("people.step_on") } else { t("people.step_off") }.to_string()),
    ]
    .into_iter()
    .flatten()
    .collect();
    // Nobody locks themselves out.
    let own = session.read(|view| view.account_id == id).unwrap_or(false);
    let acts: Vec<Act> = [
        (Act::Unlock, locked.is_some()),
        (Act::RemoveStep, person.state.second_step && !own),
        (Act::Enable, person.disabled),
        (Act::Disable, !person.disabled && !own),
    ]
    .into_iter()
    .filter_map(|(act, possible)| possible.then_some(act))
    .collect();
    let (owner, whole) = (name.clone(), person.clone());
    let issue = move |_| {
        let owner = owner.clone();
        shared.begin();
        form.send(ask(async move |portal| portal.issue_staff_reset(id).await), move |issued| {
            shared.letter.set(Some(Handout::reset(owner, issued)));
            shared.people.again();
        });
    };
    let busy = move || form.busy().then_some("true");
    let whose = |label: &str| t_with("people.for", &[("act", label), ("name", &person.display_name)]);
    let button = |act: Act| {
        let name = name.clone();
        view! {
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary"
                aria-label=whose(act.label())
                aria-disabled=busy
                on:click=move |_| shared.start(act, id, name.clone())
            >
                {act.label()}
            </button>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row">
                <bdi>{person.display_name.clone()}</bdi>
            </th>
            <td>
                <bdi>{person.username.clone()}</bdi>
            </td>
            <td>{roles.join(", ")}</td>
            <td>
                <bdi>{in_words(&person.locations)}</bdi>
            </td>
            <td>{states.join(" ")}</td>
            <td>
                <div class="app-cluster">
                    {(!person.disabled)
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    class="nhsuk-button nhsuk-button--secondary"
                                    aria-label=whose(t("help.issue"))
                                    aria-disabled=busy
                                    on:click=issue
                                >
                                    {t("help.issue")}
                                </button>
                            }
                        })} {acts.into_iter().map(button).collect_view()}
                    <button
                        type="button"
                        class="nhsuk-button nhsuk-button--secondary"
                        aria-label=whose(t("people.works_at_change"))
                        on:click=move |_| shared.locations.set(Some(whole.clone()))
                    >
                        {t("people.works_at_change")}
                    </button>
                </div>
            </td>
        </tr>
    }
    .into_any()
}
