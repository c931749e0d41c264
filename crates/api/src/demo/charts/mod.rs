//! The charts of the demo's patients, as FHIR bundles that come in like any other source's.
//!
//! Everybody is invented. Dates are counted back from the day of seeding, so that the demo never grows old.

mod adults;
mod builder;
mod children;
mod codes;
mod elders;

use super::practice::NPIS;
use crate::{
    app::App,
    error::{Error, Result},
    features::integrations::{self, Imported},
    platform::auth::Actor,
};
use chrono::NaiveDate;

/// The identity domain of the demo's charts.
const SOURCE: &str = "demo";

/// Imports the charts, as of today. They name the practice's providers, who must be there already.
pub async fn seed(app: &App) -> Result<()> {
    import(app, bundles(app.now().utc().date_naive())).await
}

/// Imports what the laboratory corrected after the charts were released.
pub async fn seed_corrections(app: &App) -> Result<()> {
    let [_, _, _, desert] = NPIS;
    import(app, vec![adults::thandiwe_corrected(app.now().utc().date_naive(), desert)]).await
}

async fn import(app: &App, bundles: Vec<String>) -> Result<()> {
    for bundle in bundles {
        let bytes = bundle.into_bytes();
        match integrations::import(app, &Actor::operator(), SOURCE.into(), bytes, None).await? {
            Imported::Kept(_) => {}
            Imported::Unreadable(error) => return Err(Error::internal(error)),
            Imported::Refused(mistakes) => return Err(Error::internal(format!("{mistakes:?}"))),
        }
    }
    Ok(())
}

/// One bundle a patient, as of `today`.
pub fn bundles(today: NaiveDate) -> Vec<String> {
    let [family_medicine, internal_medicine, pediatrics, desert] = NPIS;
    vec![
        children::amina(today, pediatrics),
        children::zoe(today, pediatrics),
        adults::mateo(today, family_medicine),
        adults::thandiwe(today, desert),
        elders::joerg(today, internal_medicine),
        elders::anh(today, internal_medicine),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use portal_domain::{
        chart::{ChartEntry, ChartKind, ObservationCategory, ObservationValue},
        fhir::{Reading, read_bundle},
        results::Flag,
    };

    use super::*;

    fn readings() -> Vec<Reading> {
        // A leap day: the hardest day to count years back from.
        let today = NaiveDate::from_ymd_opt(2028, 2, 29).unwrap();
        bundles(today).iter().map(|bundle| read_bundle(bundle.as_bytes()).unwrap()).collect()
    }

    fn records(readings: &[Reading]) -> impl Iterator<Item = &ChartEntry> {
        readings.iter().flat_map(|reading| &reading.entries).filter_map(|entry| entry.record())
    }

    #[test]
    fn every_demo_bundle_reads_with_no_invalid_entry() {
        for reading in readings() {
            assert!(reading.is_valid(), "{:?}", reading.entries);
            let names = |entry: &portal_domain::fhir::EntryReading| {
                entry.outside.iter().map(|o| o.link.kind).collect::<Vec<_>>()
            };
            let outside: BTreeSet<_> = reading.entries.iter().flat_map(names).collect();
            assert!(
                outside.iter().all(|kind| *kind == ChartKind::Practitioner),
                "only the practice's own providers are named"
            );
        }
    }

    #[test]
    fn the_demo_shows_every_kind_of_record_and_result() {
        let readings = readings();
        let kinds: BTreeSet<_> = records(&readings).map(ChartEntry::kind).collect();
        for kind in ChartKind::ALL.iter().filter(|kind| **kind != ChartKind::Practitioner) {
            assert!(kinds.contains(kind), "{kind}");
        }
        let mut flags = BTreeSet::new();
        let (mut a1c, mut texts, mut narratives) = (0, 0, 0);
        let mut digits = BTreeSet::new();
        for record in records(&readings) {
            match record {
                ChartEntry::Observation(seen) if seen.category == ObservationCategory::Laboratory => {
                    flags.insert(seen.flag());
                    if let Some(ObservationValue::Quantity(quantity)) = &seen.value {
                        digits.insert(quantity.decimal.literal());
                    }
                    a1c += usize::from(seen.code.is(portal_domain::chart::systems::LOINC, "4548-4"));
                    texts += usize::from(matches!(seen.value, Some(ObservationValue::Text(_))));
                }
                ChartEntry::Report(report) => narratives += usize::from(report.narrative.is_some()),
                _ => {}
            }
        }
        assert!(digits.contains("4.10"), "digits come in as the laboratory wrote them");
        assert!(a1c >= 6, "a trend of six dates");
        assert!(texts >= 8 && narratives >= 1);
        for flag in [Flag::Normal, Flag::Low, Flag::High, Flag::CriticalHigh, Flag::Abnormal] {
            assert!(flags.contains(&flag), "{flag}");
        }
    }

    #[test]
    fn nothing_in_the_demo_lies_in_the_future() {
        let today = NaiveDate::from_ymd_opt(2028, 2, 29).unwrap();
        for record in records(&readings()) {
            let at = match record {
                ChartEntry::Observation(seen) => seen.issued,
                ChartEntry::Report(report) => report.issued,
                other => other.item().and_then(|item| item.at),
            };
            assert!(at.is_none_or(|at| at.at.utc().date_naive() <= today), "{record:?}");
        }
    }
}
