//! Infinity Health: name, terms, three locations, four providers.

use portal_domain::ids::{LocationId, ProviderId};

use crate::{
    app::App,
    error::Result,
    features::practice::{self, LocationRow, NewPractice, ProviderRow},
    platform::{clock::new_id, db::AnyId},
};

const TERMS: &str = "Welcome to the patient portal of Infinity Health.\n\n\
    The portal is for your health matters that are not urgent. In an emergency call 911.\n\n\
    Your account is yours alone. Keep your password to yourself and sign out on shared devices.\n\n\
    We keep a record of who looks at your data. Ask any of our locations when something looks wrong.";

/// The providers' identifiers, in their order. They have a right check digit and a first digit that is never given out.
pub const NPIS: [&str; 4] = ["9999900019", "9999900027", "9999900035", "9999900043"];

/// What the rest of the demo builds on.
pub struct Seeded {
    /// The locations, in the practice's order.
    pub locations: Vec<LocationRow>,
    /// The providers, first the one who signs in as the demo's provider.
    pub providers: Vec<ProviderRow>,
}

/// Whether the portal has a practice.
pub async fn exists(app: &App) -> Result<bool> {
    app.db.read(practice::is_set_up).await
}

/// Sets the practice up.
pub async fn seed(app: &App) -> Result<Seeded> {
    let now = app.now();
    let practice = NewPractice {
        id: AnyId(new_id()),
        name: "Infinity Health".into(),
        phone: "+1 617 555 0100".into(),
        emergency_text: "In an emergency call 911. For urgent questions call your location.".into(),
        terms_version: 1,
        terms_text: TERMS.into(),
        enrolment_token_hours: 72,
        updated_at: now,
    };
    let locations = vec![
        location(
            0,
            "Infinity Health Harbor",
            "12 Quay Street",
            "Boston",
            "02110",
            "+1 617 555 0110",
            "America/New_York",
            "MA",
        ),
        location(
            1,
            "Infinity Health Hillside",
            "480 Orchard Road",
            "Worcester",
            "01605",
            "+1 508 555 0120",
            "America/New_York",
            "MA",
        ),
        location(
            2,
            "Infinity Health Desert Bloom",
            "9 Saguaro Avenue",
            "Phoenix",
            "85004",
            "+1 602 555 0130",
            "America/Phoenix",
            "AZ",
        ),
    ];
    let providers = vec![
        provider("Maria", "Lund", "Family medicine", &locations[0], NPIS[0]),
        provider("Samuel", "Okafor", "Internal medicine", &locations[0], NPIS[1]),
        provider("Priya", "Raman", "Pediatrics", &locations[1], NPIS[2]),
        provider("Elena", "Castillo", "Family medicine", &locations[2], NPIS[3]),
    ];
    let seeded = Seeded { locations: locations.clone(), providers: providers.clone() };
    app.db
        .write(move |conn| {
            practice::insert_practice(conn, &practice)?;
            locations.iter().try_for_each(|location| practice::insert_location(conn, location))?;
            providers.iter().try_for_each(|provider| practice::insert_provider(conn, provider))
        })
        .await?;
    Ok(seeded)
}

#[expect(clippy::too_many_arguments, reason = "a row of a table, read as one")]
fn location(
    position: i64,
    name: &str,
    line: &str,
    city: &str,
    postal_code: &str,
    phone: &str,
    time_zone: &str,
    state: &str,
) -> LocationRow {
    LocationRow {
        id: LocationId(new_id()),
        name: name.into(),
        line: line.into(),
        city: city.into(),
        state: state.into(),
        postal_code: postal_code.into(),
        phone: phone.into(),
        hours: "Monday to Friday, 8 am to 6 pm".into(),
        time_zone: time_zone.into(),
        cancel_cutoff_hours: None,
        position,
    }
}

fn provider(
    given_name: &str,
    family_name: &str,
    specialty: &str,
    at: &LocationRow,
    npi: &str,
) -> ProviderRow {
    ProviderRow {
        id: ProviderId(new_id()),
        given_name: given_name.into(),
        family_name: family_name.into(),
        prefix: "Dr.".into(),
        specialty: specialty.into(),
        npi: Some(npi.into()),
        location_id: Some(at.id),
    }
}
