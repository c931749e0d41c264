//! Finding a patient by name, number or date of birth. What is looked for stands in the address.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use portal_domain::patients::{PatientQuery, PatientSummary};

use crate::{
    api::ask,
    shared::{
        field::{Kind, TextField},
        form::Form,
        intl,
        list::{Address, Empty, Rows, listing, load_rows},
        live::follow,
        page::Page,
    },
    staff::parts::{self, step_links},
    text::{t, t_word},
};

/// How long typing must rest before it is looked for.
const REST: Duration = Duration::from_millis(250);

/// `/staff/patients?q=&born=`
#[component]
pub fn SearchPage() -> AnyView {
    let address = Address::here();
    let form = Form::new();
    let q = RwSignal::new(untrack(|| address.get("q")));
    let born = RwSignal::new(untrack(|| address.get("born")));
    let timer = StoredValue::new(None::<TimeoutHandle>);
    follow(move |first| {
        let (q, born) = (q.get(), born.get());
        if first {
            return;
        }
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        let look = move || address.set(&[("q", q.trim()), ("born", &born), ("show", "")]);
        timer.set_value(set_timeout_with_handle(look, REST).ok());
    });
    on_cleanup(move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    });
    let wanted = Memo::new(move |_| (address.get("q"), address.get("born")));
    let patients = load_rows(move || {
        let (q, born) = wanted.get();
        let (q, birth_date) = (Some(q).filter(|q| !q.is_empty()), born.parse().ok());
        move |page| {
            let query = PatientQuery { q: q.clone(), birth_date, cursor: page.cursor, limit: page.limit };
            async move { ask(async |portal| portal.patients(&query).await).await }
        }
    });
    let arrows = |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "ArrowDown" => {
            event.prevent_default();
            step_links("patients", true);
        }
        "ArrowUp" => {
            event.prevent_default();
            step_links("patients", false);
        }
        _ => {}
    };
    view! {
        <Page title=t("staff.nav.patients").to_string() section=t("shell.staff_portal")>
            <div on:keydown=arrows>
                <form class="staff-toolbar staff-dense" role="search" on:submit=|event| event.prevent_default()>
                    <TextField
                        form
                        name="q"
                        label=t("search.q")
                        value=q
                        kind=Kind {
                            verbatim: true,
                            input: "search",
                            autocomplete: "off",
                            width: "staff-search",
                            ..Default::default()
                        }
                    />
                    <TextField form name="born" label=t("search.born") value=born kind=Kind { input: "date", ..Default::default() } />
                </form>
                <p class="app-quiet">{t("search.hint")}</p>
                {listing(
                    patients,
                    t("what.patients"),
                    move || view! { <Empty text=t("search.none") /> }.into_any(),
                    move || view! { <Rows load=patients id="patients" row=row within=table /> }.into_any(),
                )}
            </div>
        </Page>
    }
    .into_any()
}

fn row(patient: PatientSummary) -> AnyView {
    view! {
        <tr>
            <th scope="row">
                <a class="staff-cell-link" href=format!("/staff/patients/{}", patient.id)>
                    <bdi>{format!("{}, {}", patient.family_name, patient.given_name)}</bdi>
                </a>
            </th>
            <td>{intl::date(patient.birth_date)}</td>
            <td>{patient.mrn}</td>
            <td>{t_word("gender", patient.gender.as_str())}</td>
        </tr>
    }
    .into_any()
}

fn table(id: &'static str, rows: Vec<AnyView>) -> AnyView {
    let heads = [t("account.name"), t("account.born"), t("search.mrn"), t("search.gender")];
    parts::table(t("staff.nav.patients"), &heads, id, rows)
}
