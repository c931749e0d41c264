//! The rules of a new password, each with a cross that turns into a check mark as one types (SEC-1).

use leptos::prelude::*;
use portal_domain::accounts::password_rules;

use super::live::live;
use crate::text::{t, t_count, t_word};

/// Each rule with a cross or a check mark, by the server's own function (SEC-1).
#[component]
pub fn PasswordRules(
    /// The username, which may not stand in the password.
    username: RwSignal<String>,
    /// What is typed.
    password: RwSignal<String>,
) -> impl IntoView {
    let rules = Memo::new(move |_| {
        username.with(|username| password.with(|password| password_rules(password, username)))
    });
    let typed = move || !password.with(String::is_empty);
    let item = move |index: usize| {
        let kept = move || rules.with(|rules| rules[index].1);
        let label = t_word("password_rule", rules.with_untracked(|rules| rules[index].0.as_str()));
        let class = move || match (kept(), typed()) {
            (true, _) => "app-check app-check--met",
            (false, true) => "app-check app-check--failed",
            (false, false) => "app-check",
        };
        view! {
            <li class=class>
                <span>
                    {label}
                    <span class="nhsuk-u-visually-hidden">
                        ": " {live(move || if kept() { t("password.met") } else { t("password.not_yet") })}
                    </span>
                </span>
            </li>
        }
        .into_any()
    };
    let left = Memo::new(move |_| rules.with(|rules| rules.iter().filter(|(_, kept)| !kept).count()));
    let spoken = move || match left.get() {
        _ if !typed() => String::new(),
        0 => t("password.all_met").into(),
        left => t_count("password.left", left as i64),
    };
    view! {
        <div id="password-rules">
            <p class="nhsuk-u-margin-bottom-1">{t("password.rules")}</p>
            <ul class="app-checks">
                {(0..rules.with_untracked(|rules| rules.len())).map(item).collect_view()}
            </ul>
        </div>
        <p class="nhsuk-u-visually-hidden" role="status">
            {spoken}
        </p>
    }
    .into_any()
}
