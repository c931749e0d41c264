//! The contract's operations, as tests walk over them.

use portal_api::contract;
use serde_json::{Value, json};

/// One operation of the contract.
pub struct Operation {
    pub id: String,
    /// `GET`, `POST`, `DELETE`.
    pub method: String,
    /// With `{patient}` and its like.
    pub path: String,
    /// Whether it needs no sign-in.
    pub is_open: bool,
    /// The names of what stands in query and headers.
    pub parameters: Vec<String>,
    /// The media type of its body.
    pub body: Option<String>,
}

impl Operation {
    /// Whether the path names something inside a patient's chart. A section, a part or a year is there in every
    /// chart.
    pub fn names_a_thing(&self) -> bool {
        let path = self.path.replace("{section}", "").replace("{about}", "").replace("{year}", "");
        path.contains("{patient}") && path.matches('{').count() > 1
    }
}

/// Every operation of the contract.
pub fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(contract::document()).unwrap();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let name = |one: &Value| one["name"].as_str().unwrap().to_owned();
            let body = operation["requestBody"]["content"].as_object();
            all.push(Operation {
                id: operation["operationId"].as_str().unwrap().into(),
                method: method.to_uppercase(),
                path: path.clone(),
                is_open: operation["security"].as_array().is_some_and(|all| all.contains(&json!({}))),
                parameters: parameters.map(name).collect(),
                body: body.and_then(|content| content.keys().next().cloned()),
            });
        }
    }
    all
}
