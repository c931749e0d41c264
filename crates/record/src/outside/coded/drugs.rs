//! Medications and vaccinations.

use portal_domain::chart::{
    ChartEntry, ChartImmunization, ChartMedication, Concept, Decimal, Dosage, ImmunizationStatus,
    MedicationIntent, MedicationStatus, PeriodUnit,
};

use super::{
    Told, related, template,
    values::{author, bounds, nobody, party, quantity, written},
};
use crate::outside::{MAX_LINE, MAX_TEXT, tree::Element, within};

impl Told<'_> {
    pub(super) fn medication(&self, taken: &Element) -> Option<ChartEntry> {
        // That nothing, or not this, is taken.
        if taken.attribute("negationInd") == Some("true") {
            return None;
        }
        let material = taken.at(&["consumable", "manufacturedProduct", "manufacturedMaterial"])?;
        let drug = self.concept(material.at(&["code"])?).or_else(|| {
            let name = within(&material.at(&["name"])?.text(), MAX_LINE);
            (!name.is_empty()).then_some(Concept { coding: None, text: name })
        })?;
        let status = match taken.at(&["statusCode"]).and_then(|status| status.attribute("code")) {
            Some("completed") => MedicationStatus::Completed,
            Some("aborted" | "cancelled" | "nullified") => MedicationStatus::Stopped,
            Some("suspended" | "held") => MedicationStatus::OnHold,
            _ => MedicationStatus::Active,
        };
        let is_taken_while = |time: &&Element| time.attribute("type").is_none_or(|kind| kind == "IVL_TS");
        let reasons = taken.all("entryRelationship").filter(|one| one.attribute("typeCode") == Some("RSON"));
        let reasons = reasons.flat_map(|relation| relation.all("observation"));
        let record = ChartMedication {
            patient: nobody(),
            status,
            intent: MedicationIntent::Plan,
            drug,
            dosage: self.dosage(taken).into_iter().collect(),
            authored: taken
                .all("effectiveTime")
                .find(is_taken_while)
                .and_then(|time| bounds(time).0)
                .or_else(|| written(taken)),
            requester: taken.all("author").find_map(author),
            encounter: None,
            reasons: reasons.filter_map(|one| self.concept(one.at(&["value"])?)).collect(),
            reason_conditions: Vec::new(),
            refills_allowed: None,
            dispense_quantity: None,
            supply_days: None,
            valid_until: None,
            notes: Vec::new(),
        };
        Some(record.into())
    }

    /// How it is taken, in words and numbers.
    fn dosage(&self, taken: &Element) -> Option<Dosage> {
        let sig = related(taken, "substanceAdministration").find(|one| template(one, "147"));
        let text = sig.and_then(|sig| sig.at(&["text"])).map(|text| within(&self.words(text), MAX_TEXT));
        let told = taken.at(&["doseQuantity"]);
        let (dose, dose_high) = match told.map(|told| (told.at(&["low"]), told.at(&["high"]))) {
            Some((Some(low), Some(high))) => (quantity(low), quantity(high)),
            _ => (told.and_then(quantity), None),
        };
        let period = taken.all("effectiveTime").find(|time| time.attribute("type") == Some("PIVL_TS"));
        let period = period.and_then(|time| time.at(&["period"])).and_then(|period| {
            let unit = match period.attribute("unit")? {
                "s" => PeriodUnit::Second,
                "min" => PeriodUnit::Minute,
                "h" => PeriodUnit::Hour,
                "d" => PeriodUnit::Day,
                "wk" => PeriodUnit::Week,
                "mo" => PeriodUnit::Month,
                "a" => PeriodUnit::Year,
                _ => return None,
            };
            Some((Decimal::parse(period.attribute("value")?)?, unit))
        });
        let needed = taken.at(&["precondition", "criterion"]);
        let (period, period_unit) = period.unzip();
        let dosage = Dosage {
            text: text.filter(|text| !text.is_empty()),
            dose,
            dose_high,
            frequency: period.is_some().then_some(1),
            period,
            period_unit,
            route: taken.at(&["routeCode"]).and_then(|route| self.concept(route)),
            as_needed: needed.is_some(),
            as_needed_for: needed.and_then(|needed| self.concept(needed.at(&["value"])?)),
            ..Dosage::default()
        };
        (dosage != Dosage::default()).then_some(dosage)
    }

    pub(super) fn immunization(&self, given: &Element) -> Option<ChartEntry> {
        let product = given.at(&["consumable", "manufacturedProduct"])?;
        let vaccine = self.concept(product.at(&["manufacturedMaterial", "code"])?)?;
        let refused = given.attribute("negationInd") == Some("true");
        let words = |path: &[&str]| {
            let text = product.at(path).map(|one| within(&one.text(), MAX_LINE));
            text.filter(|text| !text.is_empty())
        };
        let why = related(given, "observation").find(|one| template(one, "53"));
        let performers = given.all("performer").filter_map(|performer| {
            let name = performer.at(&["assignedEntity", "assignedPerson", "name"])?.text();
            party(&name)
        });
        let time = given.at(&["effectiveTime"]).map(bounds).unwrap_or_default();
        let record = ChartImmunization {
            patient: nobody(),
            status: if refused { ImmunizationStatus::NotDone } else { ImmunizationStatus::Completed },
            status_reason: why.and_then(|why| self.concept(why.at(&["code"])?)),
            vaccine,
            occurred: time.0.or(time.1),
            occurred_text: None,
            primary_source: None,
            manufacturer: words(&["manufacturerOrganization", "name"]),
            lot_number: words(&["manufacturedMaterial", "lotNumberText"]),
            site: given.at(&["approachSiteCode"]).and_then(|site| self.concept(site)),
            route: given.at(&["routeCode"]).and_then(|route| self.concept(route)),
            dose: given.at(&["doseQuantity"]).and_then(quantity),
            performers: performers.collect(),
            encounter: None,
            notes: Vec::new(),
        };
        Some(record.into())
    }
}
