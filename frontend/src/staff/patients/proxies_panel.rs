//! Who looks after the patient, and whom the patient looks after, for staff who change or end it (PRX-2).

use leptos::prelude::*;
use portal_domain::{
    access::{Action, Category},
    dependents::{DependentView, ProxyView},
    ids::{PatientId, ProxyGrantId},
};

use crate::{
    api::ask,
    session::Session,
    shared::{
        dialog::Confirm,
        done::Done,
        form::{ErrorSummary, Form},
        intl,
        list::Empty,
        load::{load, loaded},
    },
    text::{t, t_with, t_word},
};

/// Both lists.
#[component]
pub fn ProxiesPanel(
    /// Whose.
    patient: PatientId,
) -> impl IntoView {
    let (form, said) = (Form::new(), RwSignal::new(String::new()));
    let asked = RwSignal::new(None::<(ProxyGrantId, String)>);
    let open = RwSignal::new(false);
    let family = load(move || async move {
        let proxies = ask(async |portal| portal.proxies(patient).await).await?;
        let dependents = ask(async |portal| portal.dependents(patient).await).await?;
        Ok((proxies.proxies, dependents))
    });
    let may = Session::here().may(Action::Change, Category::Proxies);
    let act = Callback::new(move |()| {
        let Some((id, name)) = asked.get_untracked() else { return };
        said.set(String::new());
        form.send(ask(async move |portal| portal.revoke_proxy(patient, id).await), move |_| {
            said.set(t_with("proxies.revoked", &[("name", &name)]));
            family.again();
        });
    });
    let proxy = move |one: ProxyView| {
        let (id, name) = (one.id, one.name.clone());
        let button = may.then(|| {
            let label = t_with("proxies.revoke_label", &[("name", &name)]);
            view! {
                <button
                    type="button"
                    class="nhsuk-button nhsuk-button--secondary nhsuk-button--small app-row__button"
                    aria-label=label
                    on:click=move |_| {
                        asked.set(Some((id, name.clone())));
                        open.set(true);
                    }
                >
                    {t("proxies.revoke")}
                </button>
            }
        });
        let mut facts = vec![
            t_word("relationship", one.relationship.as_str()).to_owned(),
            t_word("level", one.level.as_str()).to_owned(),
        ];
        facts.extend(one.ends_on.map(|last| t_with("proxies.until", &[("date", &intl::date(last))])));
        facts.extend(one.why_not.map(|why| t_word("no_access", why.as_str()).to_owned()));
        view! {
            <li class="app-row">
                <strong>
                    <bdi>{one.name}</bdi>
                </strong>
                <p class="app-row__meta">{facts.join(" · ")}</p>
                <div class="app-row__side">{button}</div>
            </li>
        }
        .into_any()
    };
    let dependent = |one: DependentView| {
        let relation = t_word("relationship_to", one.relationship.as_str());
        view! {
            <li class="app-row">
                <a class="app-row__link" href=format!("/staff/patients/{}", one.patient.id)>
                    <bdi>{one.patient.full_name()}</bdi>
                </a>
                <p class="app-row__meta">{relation} " · " {t_word("level", one.level.as_str())}</p>
            </li>
        }
        .into_any()
    };
    let show = move |(proxies, dependents): (Vec<ProxyView>, Vec<DependentView>)| {
        let list = match proxies.is_empty() {
            true => view! { <Empty text=t("proxies.none") /> }.into_any(),
            false => {
                view! { <ul class="app-rows">{proxies.into_iter().map(proxy).collect_view()}</ul> }.into_any()
            }
        };
        let others = (!dependents.is_empty()).then(|| {
            view! {
                <h3 class="nhsuk-heading-s nhsuk-u-margin-top-4">{t("proxies.dependents")}</h3>
                <ul class="app-rows">{dependents.into_iter().map(dependent).collect_view()}</ul>
            }
        });
        view! {
            {list}
            {others}
        }
        .into_any()
    };
    view! {
        <section class="no-print nhsuk-u-margin-top-6" aria-labelledby="proxies-title">
            <h2 class="nhsuk-heading-m" id="proxies-title">{t("proxies.title")}</h2>
            <ErrorSummary form />
            <Done said />
            {loaded(family, t("what.family"), show)}
            <Confirm
                open
                id="revoke-title"
                title=Signal::derive(move || {
                    let name = asked.get().map(|(_, name)| name).unwrap_or_default();
                    t_with("proxies.revoke_title", &[("name", &name)])
                })
                text=Signal::derive(|| t("proxies.revoke_text").to_string())
                yes=t("proxies.revoke")
                act
            />
        </section>
    }
    .into_any()
}
