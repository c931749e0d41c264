//! Passkeys in the browser (WebAuthn level 3): the one file that speaks to `navigator.credentials`.

use js_sys::{Array, Function, JSON, Object, Promise, Reflect, Uint8Array};
use leptos::prelude::window;
use portal_domain::accounts::{CeremonyOptions, PasskeyAnswer, PasskeyPurpose, PasskeyRequest, SessionView};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::{
    api::{ApiError, ask},
    logic::base64url,
    text::t,
};

/// Why no passkey came.
#[derive(Clone, Debug, PartialEq)]
pub enum Refused {
    /// The person stopped it, or let the time run out.
    Stopped,
    /// This device holds a passkey of this account already.
    Known,
    /// This browser can't do it here.
    Unable,
    /// The portal said no.
    Portal(ApiError),
}

impl Refused {
    /// What to tell the person, where the portal has not said it.
    pub fn sentence(&self) -> Option<&'static str> {
        match self {
            Self::Stopped => Some(t("passkey.stopped")),
            Self::Known => Some(t("passkey.known")),
            Self::Unable => Some(t("passkey.unable")),
            Self::Portal(_) => None,
        }
    }
}

impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        Self::Portal(error)
    }
}

/// `PublicKeyCredential`, where the browser has it.
fn class() -> Option<JsValue> {
    Reflect::get(&window(), &"PublicKeyCredential".into()).ok().filter(JsValue::is_function)
}

/// Whether this browser knows passkeys.
pub fn available() -> bool {
    class().is_some()
}

/// A function of an object, where it has one of that name.
fn method(of: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}

fn get(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Bytes in the place of their text, for browsers that don't read the JSON form by themselves.
fn decode_at(of: &JsValue, name: &str) {
    if let Some(bytes) = get(of, name).as_string().and_then(|text| base64url::decode(&text)) {
        // Only a frozen object refuses, and this one was just made.
        let _ = Reflect::set(of, &name.into(), &Uint8Array::from(bytes.as_slice()).buffer());
    }
}

fn decode_by_hand(options: &JsValue) {
    decode_at(options, "challenge");
    let user = get(options, "user");
    if user.is_object() {
        decode_at(&user, "id");
    }
    for list in ["excludeCredentials", "allowCredentials"] {
        let list = get(options, list);
        if Array::is_array(&list) {
            for known in Array::from(&list).iter() {
                decode_at(&known, "id");
            }
        }
    }
}

fn encode_by_hand(credential: &JsValue) -> JsValue {
    let text = |of: &JsValue, name: &str| {
        let bytes = get(of, name);
        let bytes = bytes.is_object().then(|| Uint8Array::new(&bytes).to_vec());
        bytes.map_or(JsValue::UNDEFINED, |bytes| base64url::encode(&bytes).into())
    };
    let object = |pairs: Vec<(&str, JsValue)>| {
        let object = Object::new();
        for (name, value) in pairs {
            let _ = Reflect::set(&object, &name.into(), &value);
        }
        JsValue::from(object)
    };
    let response = get(credential, "response");
    let names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    let mut answer: Vec<(&str, JsValue)> = names.map(|name| (name, text(&response, name))).to_vec();
    if let Some(transports) = method(&response, "getTransports").and_then(|ask| ask.call0(&response).ok()) {
        answer.push(("transports", transports));
    }
    object(vec![
        ("id", get(credential, "id")),
        ("rawId", text(credential, "rawId")),
        ("type", get(credential, "type")),
        ("response", object(answer)),
        ("clientExtensionResults", Object::new().into()),
    ])
}

/// One ceremony: `create` or `get` with these options.
async fn ceremony(act: &str, parse: &str, options: &Value) -> Result<Value, Refused> {
    let class = class().ok_or(Refused::Unable)?;
    let options = JSON::parse(&options.to_string()).map_err(|_| Refused::Unable)?;
    let options = match method(&class, parse) {
        Some(parse) => parse.call1(&class, &options).map_err(|_| Refused::Unable)?,
        None => {
            decode_by_hand(&options);
            options
        }
    };
    let request = Object::new();
    let _ = Reflect::set(&request, &"publicKey".into(), &options);
    let credentials = get(&window().navigator(), "credentials");
    let asked = method(&credentials, act).ok_or(Refused::Unable)?.call1(&credentials, &request);
    let promise: Promise = asked.map_err(|error| why(&error))?.dyn_into().map_err(|_| Refused::Unable)?;
    let credential = JsFuture::from(promise).await.map_err(|error| why(&error))?;
    let answer = method(&credential, "toJSON").and_then(|to_json| to_json.call0(&credential).ok());
    let answer = JSON::stringify(&answer.unwrap_or_else(|| encode_by_hand(&credential)));
    let answer = answer.ok().and_then(|answer| answer.as_string()).unwrap_or_default();
    serde_json::from_str(&answer).map_err(|_| Refused::Unable)
}

/// What a refusal of the browser means, by the names of WebAuthn.
fn why(error: &JsValue) -> Refused {
    match get(error, "name").as_string().as_deref() {
        Some("NotAllowedError" | "AbortError") => Refused::Stopped,
        Some("InvalidStateError") => Refused::Known,
        _ => Refused::Unable,
    }
}

/// Makes a passkey on this device or one beside it.
pub async fn create(options: &CeremonyOptions) -> Result<Value, Refused> {
    ceremony("create", "parseCreationOptionsFromJSON", &options.public_key).await
}

/// Signs in, does the second step or gives proof with a passkey.
pub async fn use_passkey(purpose: PasskeyPurpose) -> Result<SessionView, Refused> {
    let request = PasskeyRequest { purpose };
    let options = ask(async |portal| portal.passkey_options(&request).await).await?;
    let credential = ceremony("get", "parseRequestOptionsFromJSON", &options.public_key).await?;
    let answer = PasskeyAnswer { ceremony_id: options.ceremony_id, credential };
    Ok(ask(async |portal| portal.answer_with_passkey(&answer).await).await?)
}
