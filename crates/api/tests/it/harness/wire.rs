//! Requests and answers as they go over the wire, for what the typed client can't say.

use portal_api::{features::integrations, platform::auth::Actor};
use portal_domain::{
    access::Scope,
    accounts::SignIn,
    problem::{Code, Problem},
};
use reqwest::{Client, Method, RequestBuilder, header::HeaderMap};
use uuid::Uuid;

use super::{
    people::{PASSWORD, Person},
    portal::TestPortal,
};

/// An answer before anybody understands it.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// A header's value; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// A cookie that the answer sets, as a request carries it: `name=value`.
    pub fn set_cookie(&self, name: &str) -> Option<String> {
        let set = self.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        let pair = set.filter_map(|cookie| cookie.split(';').next());
        pair.into_iter().find(|pair| pair.starts_with(&format!("{name}="))).map(str::to_owned)
    }

    pub fn request_id(&self) -> Uuid {
        self.header("x-request-id").parse().expect("every answer has a request id")
    }

    /// The problem that this answer is: RFC 9457, of a known code, with the request's id.
    #[track_caller]
    pub fn problem(&self) -> Problem {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let problem: Problem =
            serde_json::from_str(&self.body).unwrap_or_else(|why| panic!("{why}: {self:?}"));
        assert_eq!((problem.status, problem.code.status()), (self.status, self.status), "{self:?}");
        assert_eq!(problem.request_id, Some(self.request_id()), "{self:?}");
        assert_eq!(self.header("cache-control"), "no-store", "{self:?}");
        problem
    }

    #[track_caller]
    pub fn code(&self) -> Code {
        self.problem().code
    }

    /// The body with the request's id, the one thing that differs between equal refusals, taken out.
    pub fn but_for_its_id(&self) -> String {
        self.body.replace(self.header("x-request-id"), "")
    }
}

/// Who sends a request.
#[derive(Clone, Debug)]
pub enum Credentials {
    Nobody,
    Cookie(String),
    Bearer(String),
}

impl TestPortal {
    /// A request as the portal's own pages send it.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.foreign_request(method, path).header("Origin", &self.base)
    }

    /// A request as a program or another site sends it.
    pub fn foreign_request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.wire.request(method, format!("{}{path}", self.base))
    }

    /// Sends it and reads all of the answer.
    pub async fn send(&self, who: &Credentials, request: RequestBuilder) -> Answer {
        let request = match who {
            Credentials::Nobody => request,
            Credentials::Cookie(cookie) => request.header("Cookie", cookie),
            Credentials::Bearer(token) => request.bearer_auth(token),
        };
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Answer { status, headers, body: answer.text().await.unwrap() }
    }

    /// A further session of this person, as a cookie.
    pub async fn cookie(&self, person: &Person) -> Credentials {
        let sign_in = SignIn { username: person.session.username.clone(), password: PASSWORD.into() };
        let request = self.request("POST", "/api/v1/session").json(&sign_in);
        let answer = self.send(&Credentials::Nobody, request).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        Credentials::Cookie(answer.set_cookie("portal_session").expect("a session's cookie"))
    }

    /// A client with these scopes: its id and secret.
    pub async fn client(&self, scopes: &[Scope]) -> (String, String) {
        let name = "Harbor Laboratory".into();
        let source = "harbor".into();
        let client =
            integrations::create_client(&self.app, &Actor::operator(), name, scopes, source).await.unwrap();
        (client.id.to_string(), client.secret)
    }

    /// A new client's access token for these scopes.
    pub async fn token(&self, scopes: &[Scope]) -> Credentials {
        let (id, secret) = self.client(scopes).await;
        Credentials::Bearer(self.visitor().access_token(&id, &secret, "").await.unwrap().access_token)
    }
}

/// A client without a memory for cookies.
pub fn wire() -> Client {
    Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}
