//! The sandbox's card page, on an origin of its own: what is typed there never reaches the portal's pages or its API, and
//! no number is kept or logged here either.

use std::{net::TcpListener, time::Duration};

use actix_web::{
    App as ActixApp, HttpResponse, HttpServer,
    dev::ServerHandle,
    get,
    http::{StatusCode, header},
    post,
    web::{self, Data},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::Datelike;
use serde::Deserialize;
use uuid::Uuid;

use super::{CARDS, Card, LATE, Sandbox, books};
use crate::{
    error::{Error, Result},
    platform::secret,
};

const STYLE: &str = "\
:root{color-scheme:light dark;font-family:system-ui,sans-serif;line-height:1.5}\
body{margin:0;padding:1rem;background:#f4f5f7;color:#1d2129}\
main{max-width:28rem;margin:1rem auto;padding:1.25rem;background:#fff;border:1px solid #b8bfca;border-radius:.5rem}\
h1{font-size:1.375rem;margin:0 0 .25rem}.sum{font-size:1.75rem;font-weight:700;margin:.25rem 0 1rem}\
.note{padding:.5rem .75rem;border-left:.25rem solid #8a5a00;background:#fff6e0;color:#3d2900}\
label{display:block;font-weight:600;margin-top:.75rem}\
input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:2px solid #4c5666;border-radius:.25rem;\
background:#fff;color:#1d2129}\
.two{display:grid;grid-template-columns:1fr 1fr;gap:1rem}\
button{font:inherit;font-weight:600;min-height:2.75rem;padding:.5rem 1rem;margin:1rem .5rem 0 0;border:2px solid #0b5c3f;\
border-radius:.25rem;background:#0b5c3f;color:#fff;cursor:pointer}\
button.plain{background:#fff;color:#0b5c3f}a{color:#0b4f8a}\
:focus-visible{outline:3px solid #b25c00;outline-offset:2px}\
.error{padding:.5rem .75rem;border:2px solid #a3201d;border-radius:.25rem;color:#a3201d;font-weight:600}\
ul{padding-left:1.25rem}code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}\
@media(prefers-color-scheme:dark){body{background:#14171c;color:#e6e9ee}main{background:#1d2129;border-color:#4c5666}\
input{background:#14171c;color:#e6e9ee;border-color:#aab3c0}.note{background:#3a2c0c;color:#ffe9b8}\
button.plain{background:#1d2129;color:#7fe0b4;border-color:#7fe0b4}a{color:#8ec5ff}.error{color:#ff9c98;border-color:#ff9c98}}";

/// The card page's server.
pub struct Listening {
    /// Stops it.
    pub handle: ServerHandle,
    server: actix_web::dev::Server,
}

impl Listening {
    /// Serves until it is stopped.
    pub async fn serve(self) -> std::io::Result<()> {
        self.server.await
    }
}

/// Serves the card page on this socket; from then on the sandbox knows where it is.
pub fn listen(sandbox: &Sandbox, socket: TcpListener) -> Result<Listening> {
    let address = socket.local_addr()?;
    let host = if address.ip().is_loopback() { "localhost".into() } else { address.ip().to_string() };
    let base = format!("http://{host}:{}", address.port());
    sandbox.0.base.set(base).map_err(|_| Error::internal("the sandbox listens already"))?;
    let shared = sandbox.clone();
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(Data::new(shared.clone()))
            .app_data(web::FormConfig::default().limit(4096))
            .service(show)
            .service(submit)
            .service(confirm)
    })
    .workers(1)
    .shutdown_timeout(1)
    .client_request_timeout(Duration::from_secs(5))
    .disable_signals()
    .listen(socket)?
    .run();
    Ok(Listening { handle: server.handle(), server })
}

/// What is typed of a card.
#[derive(Deserialize)]
struct Typed {
    number: String,
    expiry: String,
    code: String,
}

#[derive(Deserialize)]
struct Confirmed {
    answer: String,
}

#[get("/pay/{checkout}")]
async fn show(sandbox: Data<Sandbox>, id: web::Path<Uuid>) -> Result<HttpResponse> {
    let row = books::open(&sandbox, *id).await?;
    Ok(match row.state.as_str() {
        books::OPEN => card_page(&sandbox, &row, *id, ""),
        books::ASKING => bank_page(&sandbox, &row, *id),
        _ => back_to(&row.return_to),
    })
}

#[post("/pay/{checkout}")]
async fn submit(
    sandbox: Data<Sandbox>,
    id: web::Path<Uuid>,
    typed: web::Form<Typed>,
) -> Result<HttpResponse> {
    let row = books::open(&sandbox, *id).await?;
    if row.state != books::OPEN {
        return Ok(back_to(&row.return_to));
    }
    let (card, expires) = match read(&typed, &sandbox) {
        Ok(read) => read,
        Err(wrong) => return Ok(card_page(&sandbox, &row, *id, wrong)),
    };
    let changed = books::submit(&sandbox, *id, card, expires).await?;
    Ok(match card {
        Card::Unreachable => unreachable_page(&sandbox, &row),
        Card::Asks => bank_page(&sandbox, &row, *id),
        Card::Pays | Card::Declined | Card::Expired | Card::Late | Card::DeclinedLater => {
            if changed {
                sandbox.tell(*id, if card == Card::Late { LATE } else { Duration::ZERO });
            }
            back_to(&row.return_to)
        }
    })
}

#[post("/pay/{checkout}/bank")]
async fn confirm(
    sandbox: Data<Sandbox>,
    id: web::Path<Uuid>,
    given: web::Form<Confirmed>,
) -> Result<HttpResponse> {
    let row = books::open(&sandbox, *id).await?;
    if books::confirm(&sandbox, *id, given.answer == "yes").await? {
        sandbox.tell(*id, Duration::ZERO);
    }
    Ok(back_to(&row.return_to))
}

/// The card, and its last month.
fn read(typed: &Typed, sandbox: &Sandbox) -> Result<(Card, (i64, i64)), &'static str> {
    let digits: String = typed.number.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let card = CARDS.iter().find(|(number, ..)| *number == digits).map(|(_, card, _)| *card);
    let card = card.ok_or("This is a test page: use one of the test cards below, never a real one.")?;
    let expiry = typed.expiry.replace(' ', "");
    let (month, year) = expiry.split_once('/').ok_or("Type the expiry date as MM/YY.")?;
    let month: u32 = month.parse().map_err(|_| "Type the expiry date as MM/YY.")?;
    let year: i32 = year.parse().map_err(|_| "Type the expiry date as MM/YY.")?;
    let today = sandbox.0.clock.now().utc();
    let is_past = (2000 + year % 100, month) < (today.year(), today.month());
    if !(1..=12).contains(&month) || year < 0 || is_past {
        return Err("The expiry date must be a month to come.");
    }
    let is_code = (3..=4).contains(&typed.code.len()) && typed.code.bytes().all(|byte| byte.is_ascii_digit());
    let expires = (i64::from(month), i64::from(2000 + year % 100));
    if is_code { Ok((card, expires)) } else { Err("Type the three digits on the back of the card.") }
}

fn back_to(portal: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, portal))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .finish()
}

fn card_page(sandbox: &Sandbox, row: &books::Row, id: Uuid, wrong: &str) -> HttpResponse {
    let cards: String = CARDS
        .iter()
        .map(|(number, _, does)| {
            let number = [&number[..4], &number[4..8], &number[8..12], &number[12..]].join(" ");
            format!("<li><code>{number}</code> {does}</li>")
        })
        .collect();
    let error = match wrong {
        "" => String::new(),
        wrong => format!("<p class=\"error\" role=\"alert\" id=\"wrong\">{wrong}</p>"),
    };
    let about = if wrong.is_empty() { "" } else { " aria-describedby=\"wrong\"" };
    let sum = escaped(&row.amount().shown());
    let (title, sum, act, leave) = match row.is_adding() {
        true => ("Keep a card", String::new(), "Keep this card".into(), "Go back without a card"),
        false => {
            let act = format!("Pay {sum}");
            ("Pay by card", format!("<p class=\"sum\">{sum}</p>"), act, "Go back without paying")
        }
    };
    let kept = match row.keep_for.is_some() && !row.is_adding() {
        true => "<p>This card is kept for next time.</p>",
        false => "",
    };
    let body = format!(
        "<h1>{title}</h1>{sum}\
         <p class=\"note\">Sandbox: no money moves. Use a test card, never a real one.</p>{error}\
         <form method=\"post\" action=\"/pay/{id}\" autocomplete=\"off\">\
         <label for=\"number\">Card number</label>\
         <input id=\"number\" name=\"number\" inputmode=\"numeric\" maxlength=\"23\" required{about}>\
         <div class=\"two\"><div><label for=\"expiry\">Expires (MM/YY)</label>\
         <input id=\"expiry\" name=\"expiry\" maxlength=\"7\" required></div>\
         <div><label for=\"code\">Security code</label>\
         <input id=\"code\" name=\"code\" inputmode=\"numeric\" maxlength=\"4\" required></div></div>\
         {kept}<button type=\"submit\">{act}</button></form>\
         <p><a href=\"{back}\">{leave}</a></p>\
         <h2>Test cards</h2><p>Any month to come, any three digits.</p><ul>{cards}</ul>",
        back = escaped(&row.return_to),
    );
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(sandbox, status, title, &body)
}

fn bank_page(sandbox: &Sandbox, row: &books::Row, id: Uuid) -> HttpResponse {
    let body = format!(
        "<h1>Is this you?</h1><p>Your bank asks whether {asked}.</p>\
         <form method=\"post\" action=\"/pay/{id}/bank\">\
         <button type=\"submit\" name=\"answer\" value=\"yes\">Yes, this is me</button>\
         <button type=\"submit\" name=\"answer\" value=\"no\" class=\"plain\">No, stop this payment</button></form>",
        asked = match row.is_adding() {
            true => "this card may be kept".into(),
            false => format!("you are paying <strong>{}</strong>", escaped(&row.amount().shown())),
        },
    );
    page(sandbox, StatusCode::OK, "Confirm with your bank", &body)
}

fn unreachable_page(sandbox: &Sandbox, row: &books::Row) -> HttpResponse {
    let body = format!(
        "<h1>The bank does not answer</h1><p>Nothing was charged.</p><p><a href=\"{}\">Go back</a></p>",
        escaped(&row.return_to),
    );
    page(sandbox, StatusCode::OK, "The bank does not answer", &body)
}

fn page(sandbox: &Sandbox, status: StatusCode, title: &str, body: &str) -> HttpResponse {
    let style = STANDARD.encode(secret::hash(STYLE.as_bytes()));
    // A form may lead back to the portal: browsers hold redirects to the rule, too.
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; img-src data:; form-action 'self' {}; frame-ancestors 'none'; base-uri 'none'",
        sandbox.0.portal
    );
    HttpResponse::build(status)
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/html; charset=utf-8")
        .body(format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <link rel=\"icon\" href=\"data:,\"><title>{title} - Sandbox gateway</title><style>{STYLE}</style></head>\
             <body><main>{body}</main></body></html>"
        ))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
