//! The OpenAPI contract, collected from the routes (API-1).

use std::{collections::BTreeSet, sync::LazyLock};

use actix_web::App as ActixApp;
use portal_domain::{
    appointments::Which,
    problem::{Code, Problem},
};
use utoipa::{
    OpenApi, PartialSchema, ToSchema,
    openapi::{
        ContentBuilder, RefOr, Required, Response, ResponseBuilder, Server,
        path::{HttpMethod, Operation, Parameter, ParameterBuilder, ParameterIn, PathItem},
        schema::{ArrayBuilder, KnownFormat, ObjectBuilder, Ref, Schema, SchemaFormat, Type},
        security::{ApiKey, ApiKeyValue, ClientCredentials, Flow, OAuth2, Scopes, SecurityScheme},
    },
};
use utoipa_actix_web::{AppExt, scope};

use crate::{features, http};

/// What the contract says of itself.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Patient Portal API",
        description = "One medical home on the web: for patients, staff and integrators. Health data has its patient in the path; \
                       anything outside the caller's reach is 404. How to read the rest: docs/api-design.md.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "practice", description = "Who the practice is"),
        (name = "session", description = "Sign-in and sign-out"),
        (name = "passkeys", description = "The own passkeys"),
        (name = "enrolment", description = "How a person with a chart gets an account"),
        (name = "patients", description = "The registry"),
        (name = "dependents", description = "Who looks after whom, and what they may do"),
        (name = "emergency", description = "Records that are opened in an emergency, and why"),
        (name = "restricted", description = "Records that are restricted to named staff"),
        (name = "sensitivity", description = "What is kept from whoever acts for a patient, and what they see"),
        (name = "results", description = "Laboratory results and their release"),
        (name = "appointments", description = "Requests, decisions, appointments"),
        (name = "mail", description = "What arrived and what was sent"),
        (name = "messages", description = "Patients and care teams write to each other"),
        (name = "care_teams", description = "Who answers what; templates and absences"),
        (name = "notices", description = "Important notices and who acknowledged them"),
        (name = "notifications", description = "E-mails about news, and what became of them"),
        (name = "education", description = "The library, and what was assigned to whom"),
        (name = "chart", description = "A patient's chart to read"),
        (name = "documents", description = "What staff attached to a chart"),
        (name = "medications", description = "The medication list"),
        (name = "proposals", description = "What patients ask the chart to become, and the answers"),
        (name = "amendments", description = "Requests to correct the record, and their answers"),
        (name = "restrictions", description = "Requests not to share or use something of the record, and their answers"),
        (name = "refills", description = "Requests for refills and renewals, and their answers"),
        (name = "health_records", description = "A patient's whole record, to take away"),
        (name = "transmissions", description = "Copies of a record that a patient sends to somebody"),
        (name = "outside_records", description = "What a patient brought from other clinics"),
        (name = "audit", description = "Who looked at which record and what was done"),
        (name = "billing", description = "What is owed: the ledger, statements, and what comes in from the billing system"),
        (name = "payment_methods", description = "Cards that the payment gateway keeps for a login"),
        (name = "payment_plans", description = "What is owed, paid in instalments"),
        (name = "payments", description = "Paying online, and what staff do with money"),
        (name = "integrations", description = "Access tokens and charts from other systems"),
    ),
    security(("session" = []), ("client" = []))
)]
struct About;

/// The contract as pretty JSON with a line break at its end: the file `openapi/portal.json`.
pub fn json() -> String {
    let mut text = document().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// The contract.
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, mut document) = ActixApp::new()
        .into_utoipa_app()
        .openapi(About::openapi())
        .service(scope("/api/v1").configure(http::slices))
        .configure(features::integrations::root_routes)
        .split_for_parts();
    document.servers = Some(vec![Server::new("/")]);
    let components = document.components.get_or_insert_default();
    components.schemas.insert(Problem::name().into(), Problem::schema());
    // Named by parameters, which the routes' macros do not follow.
    components.schemas.insert(Which::name().into(), Which::schema());
    let mut nested = Vec::new();
    Problem::schemas(&mut nested);
    components.schemas.extend(nested);
    for (name, schema) in &mut components.schemas {
        if let (Some(item), RefOr::T(Schema::Object(page))) = (name.strip_prefix("Page_"), schema) {
            // A page repeats its item's description; one name for one thing is enough.
            let items = ArrayBuilder::new().items(Ref::from_schema_name(item)).build();
            page.properties.insert("items".into(), RefOr::T(Schema::Array(items)));
        }
    }
    components.add_security_scheme(
        "session",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            "__Host-portal_session",
            "Set by signing in. Writes also need a same-origin Origin or Sec-Fetch-Site.",
        ))),
    );
    let flow = Flow::ClientCredentials(ClientCredentials::new(
        "/oauth/token",
        Scopes::from_iter([
            ("charts:write", "Load FHIR bundles into the chart"),
            ("billing:write", "Post charges and what insurers decided"),
        ]),
    ));
    components.add_security_scheme("client", SecurityScheme::OAuth2(OAuth2::new([flow])));
    for (path, item) in &mut document.paths.paths {
        let operations = [
            (HttpMethod::Get, &mut item.get),
            (HttpMethod::Post, &mut item.post),
            (HttpMethod::Put, &mut item.put),
            (HttpMethod::Delete, &mut item.delete),
            (HttpMethod::Patch, &mut item.patch),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                complete(path, &method, operation);
            }
        }
    }
    document
}

/// The methods that the address of an operation takes, parted by commas; empty when it is no operation's.
pub fn methods_at(path: &str) -> String {
    static KNOWN: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
        let methods = |item: &PathItem| {
            let all =
                [("GET", &item.get), ("POST", &item.post), ("PUT", &item.put), ("DELETE", &item.delete)];
            let known: Vec<&str> =
                all.iter().filter(|(_, one)| one.is_some()).map(|(name, _)| *name).collect();
            known.join(", ")
        };
        document().paths.paths.iter().map(|(path, item)| (path.clone(), methods(item))).collect()
    });
    let fits = |template: &str| {
        template.split('/').count() == path.split('/').count()
            && template
                .split('/')
                .zip(path.split('/'))
                .all(|(known, asked)| known == asked || (known.starts_with('{') && !asked.is_empty()))
    };
    KNOWN.iter().find(|(template, _)| fits(template)).map(|(_, methods)| methods.clone()).unwrap_or_default()
}

/// Operations that name the version that was seen (`If-Match`).
const NAMES_A_VERSION: &[&str] = &[
    "amendments_answer",
    "appointments_approve",
    "appointments_clinic_cancel",
    "appointments_deny",
    "appointments_propose",
    "care_teams_change",
    "care_teams_change_template",
    "dependents_approve",
    "dependents_change",
    "dependents_change_policy",
    "dependents_deny",
    "documents_release",
    "documents_withdraw",
    "education_publish",
    "education_retire",
    "education_save",
    "messages_assign",
    "messages_close",
    "messages_reopen",
    "messages_reroute",
    "messages_save_draft",
    "messages_send",
    "notices_change",
    "notices_withdraw",
    "outside_records_accept",
    "outside_records_dismiss",
    "outside_records_undo",
    "practice_change_policies",
    "proposals_answer",
    "refills_answer",
    "restricted_restrict",
    "restrictions_answer",
    "results_change_release_policies",
    "results_hold",
    "results_lift",
    "results_recall",
    "results_release",
];

/// Operations that take an `Idempotency-Key`. The others may be repeated as they are, or show a credential once.
const TAKES_A_KEY: &[&str] = &[
    "amendments_answer",
    "amendments_request",
    "amendments_withdraw",
    "appointments_accept",
    "appointments_approve",
    "appointments_cancel",
    "appointments_clinic_cancel",
    "appointments_decline",
    "appointments_deny",
    "appointments_propose",
    "appointments_recall",
    "appointments_request",
    "billing_ask_write_off",
    "billing_decide_write_off",
    "billing_take_payment",
    "billing_void",
    "care_teams_add",
    "care_teams_add_template",
    "dependents_approve",
    "dependents_deny",
    "dependents_request",
    "documents_create",
    "documents_release",
    "documents_withdraw",
    "education_assign",
    "education_create",
    "emergency_begin",
    "health_records_request",
    "integrations_import",
    "messages_begin_draft",
    "messages_note",
    "messages_recall",
    "messages_send",
    "messages_send_to_cohort",
    "notices_publish",
    "outside_records_accept",
    "outside_records_dismiss",
    "outside_records_undo",
    "payment_methods_add",
    "payment_plans_change_card",
    "payment_plans_create",
    "payment_plans_end",
    "payment_plans_pay_next",
    "payment_plans_stop",
    "payments_pay",
    "payments_refund",
    "proposals_answer",
    "proposals_propose",
    "proposals_withdraw",
    "refills_answer",
    "refills_request",
    "refills_withdraw",
    "restrictions_answer",
    "restrictions_request",
    "restrictions_withdraw",
    "results_hold",
    "results_lift",
    "results_recall",
    "results_release",
    "transmissions_send",
    "results_release_all",
];

/// What every operation of a kind can answer and takes, said once here instead of at each of them.
fn complete(path: &str, method: &HttpMethod, operation: &mut Operation) {
    // Slices name their operations as they read inside the slice; outside, the slice's name goes before.
    if let (Some(id), Some(tag)) = (&operation.operation_id, operation.tags.iter().flatten().next()) {
        operation.operation_id = Some(format!("{tag}_{id}"));
    }
    for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        let known =
            operation.parameters.iter().flatten().any(|one| matches!(one, RefOr::T(one) if one.name == name));
        if !known {
            operation.parameters.get_or_insert_default().push(of_path(name).into());
        }
    }
    let summary = operation.summary.clone().unwrap_or_default();
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            response.description = summary.clone();
        }
    }
    let is_open =
        operation.security.as_ref().is_some_and(|all| all.iter().any(|one| *one == Default::default()));
    let writes = *method != HttpMethod::Get;
    let reads_body = operation.request_body.is_some();
    let id = operation.operation_id.clone().unwrap_or_default();
    let decides = NAMES_A_VERSION.contains(&id.as_str());
    let mut codes: BTreeSet<u16> = BTreeSet::from([405, 429, 503]);
    if !is_open || path.contains("/session") || path.ends_with("/token") {
        codes.extend([401]);
    }
    if !is_open {
        codes.extend([403, 404]);
    }
    if writes {
        codes.extend([403, 409]);
    }
    if path.ends_with("/calendar.ics") {
        codes.insert(409);
    }
    if reads_body {
        codes.extend([400, 408, 413, 415, 422]);
    }
    if operation.parameters.as_ref().is_some_and(|all| !all.is_empty()) {
        codes.extend([404, 422]);
    }
    if decides {
        codes.extend([412, 422, 428]);
        operation.parameters.get_or_insert_default().push(
            ParameterBuilder::new()
                .name("If-Match")
                .parameter_in(ParameterIn::Header)
                .required(Required::True)
                .description(Some("The ETag of the version that was seen"))
                .schema(Some(ObjectBuilder::new().schema_type(Type::String).pattern(Some("^\"[0-9]+\"$"))))
                .build()
                .into(),
        );
    }
    if TAKES_A_KEY.contains(&id.as_str()) {
        codes.insert(422);
        let key = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(64));
        operation.parameters.get_or_insert_default().push(
            ParameterBuilder::new()
                .name("Idempotency-Key")
                .parameter_in(ParameterIn::Header)
                .required(Required::False)
                .description(Some("A repeat with the same key gets the first answer"))
                .schema(Some(key))
                .build()
                .into(),
        );
    }
    for status in codes {
        operation.responses.responses.entry(status.to_string()).or_insert_with(|| RefOr::T(refusal(status)));
    }
}

fn of_path(name: &str) -> Parameter {
    let id = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
        .build();
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .schema(Some(id))
        .build()
}

fn refusal(status: u16) -> Response {
    let codes = Code::ALL.iter().filter(|code| code.status() == status);
    let described: Vec<String> = codes.map(|code| format!("`{}`: {}", code.as_str(), code.title())).collect();
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
    let mut response =
        ResponseBuilder::new().description(described.join(" ")).content("application/problem+json", content);
    if matches!(status, 429 | 503) {
        let seconds = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::Custom("seconds".into())));
        response = response
            .header("Retry-After", utoipa::openapi::HeaderBuilder::new().schema(Some(seconds)).build());
    }
    response.build()
}
