//! One item: what its draft says, where it stands, its versions, and for whom it is.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::{Action, Category},
    education::{EducationState, EducationView},
    ids::EducationId,
    problem::{Code, Problem},
};

use super::{
    assign::AssignTo,
    editor::spell,
    list_page::StateTag,
    versions::{Content, Versions},
};
use crate::{
    api::{ApiError, ask},
    session::Session,
    shared::{
        dialog::Confirm,
        done::Done,
        form::{ErrorSummary, Form},
        load::{Load, load, loaded},
        page::{Back, Page},
        reading::Reading,
    },
    text::{t, t_word},
};

fn id_here() -> Memo<Option<EducationId>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| id.parse().ok()))
}

fn nothing() -> ApiError {
    ApiError::Problem(Box::new(Problem::new(Code::NotFound)))
}

/// The item that the address names, as its writers see it.
pub fn load_item() -> Load<EducationView> {
    let id = id_here();
    load(move || {
        let id = id.get();
        async move {
            let id = id.ok_or_else(nothing)?;
            ask(async |portal| portal.education_item(id).await).await
        }
    })
}

/// `/staff/education/:id`
#[component]
pub fn ItemPage() -> AnyView {
    if !Session::here().may(Action::Change, Category::Library) {
        return view! { <ReadOnly /> }.into_any();
    }
    let item = load_item();
    let (form, said) = (Form::new(), RwSignal::new(String::new()));
    let title = Signal::derive(move || {
        let title = |view: &EducationView| view.draft.texts.first().map(|text| text.title.clone());
        item.read(title).flatten().unwrap_or_else(|| t("staff.nav.education").into())
    });
    view! {
        <Page
            title
            section=t("shell.staff_portal")
            form=form
            back=Back { href: "/staff/education".into(), label: t("staff.nav.education") }
            reading=true
        >
            <ErrorSummary form />
            <Done said />
            {loaded(item, t("what.reading"), move |view| view! { <Opened view item form said /> }.into_any())}
        </Page>
    }
    .into_any()
}

/// For those who do not write the library: what patients read.
#[component]
fn ReadOnly() -> impl IntoView {
    let id = id_here();
    let item = load(move || {
        let id = id.get();
        async move {
            let id = id.ok_or_else(nothing)?;
            ask(async |portal| portal.read_education(id, &Default::default()).await).await
        }
    });
    let title = Signal::derive(move || {
        item.read(|item| item.summary.title.clone()).unwrap_or_else(|| t("staff.nav.education").into())
    });
    view! {
        <Page
            title
            section=t("shell.staff_portal")
            back=Back { href: "/staff/education".into(), label: t("staff.nav.education") }
            reading=true
        >
            {loaded(
                item,
                t("what.reading"),
                |view| {
                    let path = format!("/staff/education/{}", view.summary.id);
                    view! { <Reading view path /> }.into_any()
                },
            )}
        </Page>
    }
    .into_any()
}

#[component]
fn Opened(
    view: EducationView,
    item: Load<EducationView>,
    form: Form,
    said: RwSignal<String>,
) -> impl IntoView {
    let (id, version, state) = (view.id, view.version, view.state);
    let reload = move |error: ApiError| {
        if matches!(error.code(), Some(Code::StaleVersion | Code::WrongState)) {
            item.again();
        }
    };
    let publish = move |_| {
        form.send_or(
            async move { ask(async |portal| portal.publish_education(id, version).await).await },
            move |view| {
                item.put(view);
                said.set(t("library.published").into());
            },
            reload,
        );
    };
    let asking = RwSignal::new(false);
    let retire = Callback::new(move |()| {
        form.send_or(
            async move { ask(async |portal| portal.retire_education(id, version).await).await },
            move |view| {
                item.put(view);
                said.set(t("library.retired").into());
            },
            reload,
        );
    });
    let may_publish = state != EducationState::Published;
    let in_library = matches!(state, EducationState::Published | EducationState::Changed);
    let codes: Vec<String> = view.draft.codes.iter().map(spell).collect();
    let about = (!codes.is_empty()).then(|| {
        view! { <p class="app-quiet nhsuk-u-margin-top-4">{t("library.codes")} ": " {codes.join(", ")}</p> }
    });
    let assign = in_library.then(|| view! { <AssignTo id said /> });
    let busy = move || form.busy().then_some("true");
    view! {
        <p>
            <StateTag state /> " "
            <span class="app-quiet">{t_word("education_topic", view.draft.topic.as_str())}</span>
        </p>
        {(state == EducationState::Changed).then(|| view! { <p>{t("library.draft_newer")}</p> })}
        <div class="app-cluster no-print">
            {may_publish
                .then(|| {
                    view! {
                        <button type="button" class="nhsuk-button" aria-disabled=busy on:click=publish>
                            {t("library.publish")}
                        </button>
                    }
                })}
            <a class="nhsuk-button nhsuk-button--secondary" href=format!("/staff/education/{id}/edit")>
                {t("library.edit")}
            </a>
            {in_library
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="nhsuk-button nhsuk-button--secondary"
                            on:click=move |_| asking.set(true)
                        >
                            {t("library.retire")}
                        </button>
                    }
                })}
        </div>
        <Confirm
            open=asking
            id="retire"
            title=t("library.retire_title").to_string()
            text=t("library.retire_text").to_string()
            yes=t("library.retire")
            act=retire
        />
        {about}
        <Content id content=view.draft.clone() files=view.files.clone() />
        {assign}
        <Versions id versions=view.versions files=view.files />
    }
    .into_any()
}
