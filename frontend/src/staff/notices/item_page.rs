//! One notice: its words, where it stands, who acknowledged it, and taking it back.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use portal_domain::{
    access::{Action, Category},
    ids::NoticeId,
    notices::{NoticeView, Phase},
    problem::{Code, Problem},
};

use super::{
    list_page::{PhaseTag, tally, window},
    recipients::Recipients,
};
use crate::{
    api::{ApiError, ask},
    shared::{
        dialog::Confirm,
        done::Done,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        load::{Load, load, loaded},
        notice::{NoticeWords, SeverityTag, language_name},
        page::{Back, Page},
        practice::Practice,
    },
    staff::{audience::in_words, parts::for_role},
    text::{t, t_with},
};

/// The notice that the address names.
pub fn load_notice() -> Load<NoticeView> {
    let params = use_params_map();
    let id =
        Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| id.parse::<NoticeId>().ok()));
    load(move || {
        let id = id.get();
        async move {
            let id = id.ok_or_else(|| ApiError::Problem(Box::new(Problem::new(Code::NotFound))))?;
            ask(async |portal| portal.notice(id).await).await
        }
    })
}

/// `/staff/notices/:id`
#[component]
pub fn ItemPage() -> AnyView {
    for_role(Action::View, Category::Notices, || {
        let notice = load_notice();
        let (form, said) = (Form::new(), RwSignal::new(String::new()));
        let title = Signal::derive(move || {
            let title = |view: &NoticeView| view.content.texts.first().map(|text| text.title.clone());
            notice.read(title).flatten().unwrap_or_else(|| t("notice.title").into())
        });
        view! {
            <Page
                title
                section=t("shell.staff_portal")
                form=form
                back=Back { href: "/staff/notices".into(), label: t("staff.nav.notices") }
                reading=true
            >
                <ErrorSummary form />
                <Done said />
                {loaded(
                    notice,
                    t("what.notice"),
                    move |view| view! { <Opened view notice form said /> }.into_any(),
                )}
            </Page>
        }
        .into_any()
    })
}

#[component]
fn Opened(view: NoticeView, notice: Load<NoticeView>, form: Form, said: RwSignal<String>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let (id, version) = (view.id, view.version);
    let withdraw = Callback::new(move |()| {
        form.send_or(
            async move { ask(async |portal| portal.withdraw_notice(id, version).await).await },
            move |view| {
                notice.put(view);
                said.set(t("notices_staff.withdrawn").into());
            },
            move |error| {
                if error.code() == Some(Code::StaleVersion) {
                    notice.again();
                }
            },
        );
    });
    let open = matches!(view.phase, Phase::Scheduled | Phase::Running);
    let at = intl::format(view.published_at, Style::Short, &Practice::here().zone());
    let by = t_with("notices_staff.published", &[("name", &view.published_by), ("date", &at)]);
    let (window, tally, audience) = (window(&view), tally(&view), in_words(&view.content.audience));
    let texts: Vec<_> = view
        .content
        .texts
        .into_iter()
        .map(|text| {
            let language = language_name(&text.language);
            view! {
                <section class="nhsuk-inset-text">
                    <h2 class="nhsuk-heading-s">
                        {language} ": " <bdi lang=text.language.clone()>{text.title.clone()}</bdi>
                    </h2>
                    <NoticeWords text />
                </section>
            }
            .into_any()
        })
        .collect();
    view! {
        <p>
            <SeverityTag severity=view.content.severity />
            " "
            <PhaseTag phase=view.phase />
        </p>
        <p>{window} ". " {audience} ". " {tally}</p>
        <p class="app-quiet">{by}</p>
        {texts}
        {open
            .then(|| {
                view! {
                    <p class="no-print">
                        <a class="nhsuk-button nhsuk-button--secondary" href=format!("/staff/notices/{id}/edit")>
                            {t("notices_staff.edit")}
                        </a>
                        " "
                        <button
                            type="button"
                            class="nhsuk-button nhsuk-button--warning"
                            on:click=move |_| asking.set(true)
                        >
                            {t("notices_staff.withdraw")}
                        </button>
                    </p>
                    <Confirm
                        open=asking
                        id="withdraw"
                        title=t("notices_staff.withdraw_title").to_string()
                        text=t("notices_staff.withdraw_text").to_string()
                        yes=t("notices_staff.withdraw")
                        act=withdraw
                    />
                }
                    .into_any()
            })}
        {view.content.must_acknowledge.then(|| view! { <Recipients id /> })}
    }
    .into_any()
}
