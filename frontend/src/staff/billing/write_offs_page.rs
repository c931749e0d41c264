//! Write-offs that wait for a second person.

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    billing::{WriteOffDecision, WriteOffView},
    page::Page as Items,
};

use crate::{
    api::ask,
    shared::{
        done::Done,
        form::{ErrorSummary, Form},
        intl::{self, Style},
        list::{Empty, Rows, listing, load_rows},
        load::Load,
        page::Page,
        practice::Practice,
    },
    staff::parts::for_role,
    text::{t, t_with, t_word},
};

#[derive(Clone, Copy)]
struct Queue {
    list: Load<Items<WriteOffView>>,
    form: Form,
    said: RwSignal<String>,
}

/// `/staff/billing/queue/write-offs`
#[component]
pub fn WriteOffsPage() -> AnyView {
    for_role(Action::Decide, Category::Billing, || view! { <Open /> }.into_any())
}

#[component]
fn Open() -> impl IntoView {
    let (form, said) = (Form::new(), RwSignal::new(String::new()));
    let list = load_rows(|| |page| async move { ask(async |portal| portal.write_offs(&page).await).await });
    provide_context(Queue { list, form, said });
    view! {
        <Page title=t("staff.nav.write_offs").to_string() section=t("shell.staff_portal") form=form>
            <ErrorSummary form />
            <Done said />
            <p class="app-quiet">{t("staff_billing.second_person")}</p>
            {listing(
                list,
                t("what.queue"),
                || view! { <Empty text=t("staff_billing.no_write_offs") /> }.into_any(),
                move || view! { <Rows load=list id="write-offs" row=row /> }.into_any(),
            )}
        </Page>
    }
    .into_any()
}

fn row(one: WriteOffView) -> AnyView {
    let queue = expect_context::<Queue>();
    let at = intl::format(one.asked_at, Style::Short, &Practice::here().zone());
    let name = one.patient.full_name();
    let (patient, id) = (one.patient.id, one.id);
    let button = move |approve: bool, text: &'static str, name: &str| {
        let decide = move |_| {
            let key = queue.form.key();
            let decision = WriteOffDecision { approve };
            queue.said.set(String::new());
            queue.form.send_or(
                async move {
                    ask(async |portal| portal.decide_write_off(patient, id, decision, key).await).await
                },
                move |view| {
                    queue.said.set(t_word("write_off_done", view.state.as_str()).into());
                    queue.list.again();
                },
                move |_| queue.list.again(),
            );
        };
        view! {
            <button
                type="button"
                class="nhsuk-button nhsuk-button--secondary nhsuk-button--small app-row__button"
                aria-label=format!("{text}: {name}")
                on:click=decide
            >
                {text}
            </button>
        }
        .into_any()
    };
    let side = match one.can_decide {
        true => view! {
            {button(true, t("staff_billing.approve"), &name)}
            " "
            {button(false, t("staff_billing.decline"), &name)}
        }
        .into_any(),
        false => view! { <span class="app-quiet">{t("staff_billing.yours")}</span> }.into_any(),
    };
    let asked = t_with("staff_billing.asked_by", &[("name", &one.asked_by), ("date", &at)]);
    view! {
        <li class="app-row app-row--wide">
            <strong class="app-row__text">
                <bdi>{name}</bdi>
                " "
                <bdi>{one.amount.shown()}</bdi>
            </strong>
            <p class="app-row__meta">
                <bdi>{asked}</bdi>
            </p>
            <p class="app-row__text">
                <bdi>{one.reason}</bdi>
            </p>
            <div class="app-row__side">{side}</div>
        </li>
    }
    .into_any()
}
