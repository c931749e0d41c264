use base64::{Engine, engine::general_purpose::STANDARD};

use super::patient;
use crate::{
    chart::{
        ChartKind, ChartObservation, ChartReport, Code, Concept, Decimal, Interpretation,
        ObservationCategory, ObservationComponent, ObservationValue, PartialTime, Party, Quantity,
        ReferenceRange, ReportCategory, systems,
    },
    fhir::{path::At, r4, reader::Reader},
};

pub(super) fn observation(
    r: &mut Reader<'_>,
    root: &At<'_>,
    mut raw: r4::Observation,
) -> Option<ChartObservation> {
    r.contains(std::mem::take(&mut raw.contained));
    let measured = measured(r, root, raw.take_value());
    let patient = patient(r, &root.field("subject"), raw.subject);
    let at = root.field("status");
    let status = r.code(&at, raw.status);
    let status = r.required(&at, status);
    let at = root.field("code");
    let code = r.concept(&at, raw.code);
    let code = r.required(&at, code);
    let (began, effective_end) = r.period(&root.field("effectivePeriod"), raw.effective_period);
    let instant = r.time(&root.field("effectiveInstant"), raw.effective_instant);
    let effective = r.time(&root.field("effectiveDateTime"), raw.effective_date_time).or(instant).or(began);
    let issued = r.time(&root.field("issued"), raw.issued);
    let mut components = Vec::new();
    for (i, mut component) in raw.component.into_iter().enumerate() {
        let at = root.item("component", i);
        let measured = self::measured(r, &at, component.take_value());
        let code = r.concept(&at.field("code"), component.code);
        if let Some(code) = r.required(&at.field("code"), code) {
            let Measured { value, absent_reason, interpretation, reference_range, .. } = measured;
            components.push(ObservationComponent {
                code,
                value,
                absent_reason,
                interpretation,
                reference_range,
            });
        }
    }
    let members = r.links(root, "hasMember", raw.has_member, ChartKind::Observation);
    let specimen = raw.specimen.and_then(|reference| specimen(r, &root.field("specimen"), reference).0);
    let method = r.concept(&root.field("method"), raw.method);
    let body_site = r.concept(&root.field("bodySite"), raw.body_site);
    let performers = r.parties(root, "performer", raw.performer);
    let encounter = r.link(&root.field("encounter"), raw.encounter, &[ChartKind::Encounter]);
    let notes = r.notes(root, raw.note);
    Some(ChartObservation {
        patient: patient?,
        category: observation_category(&raw.category, code.as_ref()),
        status: status?,
        code: code?,
        effective,
        effective_end,
        issued,
        value: measured.value,
        absent_reason: measured.absent_reason,
        components,
        members,
        interpretation: measured.interpretation,
        interpretation_text: measured.interpretation_text,
        reference_range: measured.reference_range,
        specimen,
        method,
        body_site,
        performers,
        encounter,
        notes,
    })
}

pub(super) fn report(
    r: &mut Reader<'_>,
    root: &At<'_>,
    mut raw: r4::DiagnosticReport,
) -> Option<ChartReport> {
    r.contains(std::mem::take(&mut raw.contained));
    let patient = patient(r, &root.field("subject"), raw.subject);
    let at = root.field("status");
    let status = r.code(&at, raw.status);
    let status = r.required(&at, status);
    let at = root.field("code");
    let code = r.concept(&at, raw.code);
    let code = r.required(&at, code);
    let (began, effective_end) = r.period(&root.field("effectivePeriod"), raw.effective_period);
    let effective = r.time(&root.field("effectiveDateTime"), raw.effective_date_time).or(began);
    let issued = r.time(&root.field("issued"), raw.issued);
    let performers = r.parties(root, "performer", raw.performer);
    let interpreters = r.parties(root, "resultsInterpreter", raw.results_interpreter);
    let ordered_by = ordered_by(r, root, raw.based_on);
    let mut results = Vec::new();
    for (i, reference) in raw.result.into_iter().enumerate() {
        // A result that can't be found would leave the report incomplete: a mistake, not a gap.
        results.extend(r.link(&root.item("result", i), Some(reference), &[ChartKind::Observation]));
    }
    let (mut specimens, mut collected) = (Vec::new(), None);
    for (i, reference) in raw.specimen.into_iter().enumerate() {
        let (words, taken) = specimen(r, &root.item("specimen", i), reference);
        specimens.extend(words.filter(|words| !specimens.contains(words)));
        collected = collected.or(taken);
    }
    let conclusion = r.text(&root.field("conclusion"), raw.conclusion);
    let conclusion_codes = r.concepts(root, "conclusionCode", raw.conclusion_code);
    let (narrative, files_left_out) = presented(r, root, raw.presented_form);
    let encounter = r.link(&root.field("encounter"), raw.encounter, &[ChartKind::Encounter]);
    Some(ChartReport {
        patient: patient?,
        category: report_category(&raw.category),
        status: status?,
        code: code?,
        effective,
        effective_end,
        issued,
        performers,
        interpreters,
        ordered_by,
        results,
        specimen: (!specimens.is_empty()).then(|| specimens.join(", ")),
        collected,
        conclusion,
        conclusion_codes,
        narrative,
        files_left_out,
        encounter,
    })
}

/// A value with what explains it.
struct Measured {
    value: Option<ObservationValue>,
    absent_reason: Option<Concept>,
    interpretation: Option<Interpretation>,
    interpretation_text: Option<String>,
    reference_range: Option<ReferenceRange>,
}

fn measured(r: &mut Reader<'_>, at: &At<'_>, mut raw: r4::Value) -> Measured {
    let (interpretation, interpretation_text) =
        interpretation(r, at, std::mem::take(&mut raw.interpretation));
    let reference_range = reference_range(r, at, std::mem::take(&mut raw.reference_range));
    let absent_reason = r.concept(&at.field("dataAbsentReason"), raw.data_absent_reason.take());
    Measured { value: value(r, at, raw), absent_reason, interpretation, interpretation_text, reference_range }
}

/// `value[x]`: at most one of its shapes may be there.
fn value(r: &mut Reader<'_>, at: &At<'_>, raw: r4::Value) -> Option<ObservationValue> {
    let given = [
        raw.value_quantity.is_some(),
        raw.value_codeable_concept.is_some(),
        raw.value_string.is_some(),
        raw.value_boolean.is_some(),
        raw.value_integer.is_some(),
        raw.value_range.is_some(),
        raw.value_ratio.is_some(),
        raw.value_time.is_some(),
        raw.value_date_time.is_some(),
        raw.value_period.is_some(),
        raw.value_sampled_data.is_some(),
    ];
    if given.into_iter().filter(|given| *given).count() > 1 {
        r.wrong(&at.field("value"), "is given in two shapes; send one");
        return None;
    }
    if raw.value_period.is_some() || raw.value_sampled_data.is_some() {
        return Some(ObservationValue::NotShown);
    }
    if let Some(ratio) = raw.value_ratio {
        return self::ratio(r, &at.field("valueRatio"), ratio);
    }
    if let Some(range) = raw.value_range {
        let (low, high) = bounds(r, &at.field("valueRange"), range.low, range.high);
        return (low.is_some() || high.is_some()).then_some(ObservationValue::Range { low, high });
    }
    if let Some(whole) = raw.value_integer {
        let decimal = Decimal::parse(&whole.to_string())?;
        return Some(ObservationValue::Quantity(Quantity {
            decimal,
            comparator: None,
            unit: None,
            ucum: None,
        }));
    }
    let quantity = r.quantity(&at.field("valueQuantity"), raw.value_quantity).map(ObservationValue::Quantity);
    quantity
        .or_else(|| {
            r.concept(&at.field("valueCodeableConcept"), raw.value_codeable_concept)
                .map(ObservationValue::Concept)
        })
        .or_else(|| r.text(&at.field("valueString"), raw.value_string).map(ObservationValue::Text))
        .or_else(|| r.line(&at.field("valueTime"), raw.value_time).map(ObservationValue::Text))
        .or_else(|| r.time(&at.field("valueDateTime"), raw.value_date_time).map(ObservationValue::Time))
        .or(raw.value_boolean.map(ObservationValue::Boolean))
}

fn ratio(r: &mut Reader<'_>, at: &At<'_>, ratio: r4::Ratio) -> Option<ObservationValue> {
    let numerator = r.quantity(&at.field("numerator"), ratio.numerator);
    let denominator = r.quantity(&at.field("denominator"), ratio.denominator);
    Some(ObservationValue::Ratio {
        numerator: r.required(&at.field("numerator"), numerator)?,
        denominator: r.required(&at.field("denominator"), denominator)?,
    })
}

fn bounds(
    r: &mut Reader<'_>,
    at: &At<'_>,
    low: Option<r4::Quantity>,
    high: Option<r4::Quantity>,
) -> (Option<Quantity>, Option<Quantity>) {
    (r.quantity(&at.field("low"), low), r.quantity(&at.field("high"), high))
}

/// The range of what is normal (not of what is therapeutic). Of several those for some people only (by sex or age)
/// are left out: who they are for is not read, and a man's range says nothing of a woman. One that stands alone was
/// chosen by the laboratory for this patient.
fn reference_range(r: &mut Reader<'_>, at: &At<'_>, all: Vec<r4::ReferenceRange>) -> Option<ReferenceRange> {
    let is_normal = |range: &r4::ReferenceRange| {
        range
            .kind
            .as_ref()
            .is_none_or(|kind| kind.coding.iter().any(|coding| coding.code.as_deref() == Some("normal")))
    };
    let alone = all.len() == 1;
    let for_all = |range: &r4::ReferenceRange| alone || (range.applies_to.is_empty() && range.age.is_none());
    let fits = |(_, range): &(usize, r4::ReferenceRange)| is_normal(range) && for_all(range);
    let (i, raw) = all.into_iter().enumerate().find(fits)?;
    let at = at.item("referenceRange", i);
    let (low, high) = bounds(r, &at, raw.low, raw.high);
    let text = r.line(&at.field("text"), raw.text);
    (low.is_some() || high.is_some() || text.is_some()).then_some(ReferenceRange { low, high, text })
}

/// The weightiest flag that is known (of equal ones the most urgent), and words where the sender used some.
fn interpretation(
    r: &mut Reader<'_>,
    at: &At<'_>,
    all: Vec<r4::CodeableConcept>,
) -> (Option<Interpretation>, Option<String>) {
    let (mut flag, mut words) = (None::<Interpretation>, None);
    for (i, concept) in all.into_iter().enumerate() {
        let known = concept
            .coding
            .iter()
            .filter_map(|coding| coding.code.as_deref())
            .filter_map(Interpretation::read);
        for read in known {
            let weight = |one: Interpretation| (one.flag(), one.urgency());
            if flag.is_none_or(|so_far| weight(read) > weight(so_far)) {
                flag = Some(read);
            }
        }
        let read = r.concept(&at.item("interpretation", i), Some(concept));
        words = words.or(read.map(|concept| concept.text));
    }
    (flag, words)
}

/// What was examined and when it was taken, from the `Specimen` or else the words beside the reference.
fn specimen(
    r: &mut Reader<'_>,
    at: &At<'_>,
    reference: r4::Reference,
) -> (Option<String>, Option<PartialTime>) {
    let named: r4::Specimen = r.helper(at, &reference, "Specimen").unwrap_or_default();
    let kind = r.concept(&at.field("type"), named.kind).map(|kind| kind.text);
    let words = kind.or_else(|| r.line(&at.field("display"), reference.display));
    let collection = named.collection.unwrap_or_default();
    let place = at.field("collection");
    let (began, _) = r.period(&place.field("collectedPeriod"), collection.collected_period);
    (words, r.time(&place.field("collectedDateTime"), collection.collected_date_time).or(began))
}

/// Who ordered it: the requester of the first `ServiceRequest` that is in the bundle.
fn ordered_by(r: &mut Reader<'_>, root: &At<'_>, based_on: Vec<r4::Reference>) -> Option<Party> {
    based_on.into_iter().enumerate().find_map(|(i, reference)| {
        let at = root.item("basedOn", i);
        let order: r4::ServiceRequest = r.helper(&at, &reference, "ServiceRequest")?;
        r.party(&at.field("requester"), order.requester)
    })
}

/// The report in words, from files of plain text; other files are counted.
fn presented(r: &mut Reader<'_>, root: &At<'_>, files: Vec<r4::Attachment>) -> (Option<String>, u32) {
    let (mut texts, mut left_out) = (Vec::new(), 0);
    for (i, file) in files.into_iter().enumerate() {
        let at = root.item("presentedForm", i);
        let is_plain = file.content_type.as_deref().is_some_and(|kind| kind.starts_with("text/plain"));
        match file.data.filter(|_| is_plain) {
            None => left_out += 1,
            Some(data) => match STANDARD.decode(data).ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
                Some(text) => texts.extend(r.text(&at.field("data"), Some(text))),
                None => r.wrong(&at.field("data"), "is not base64 of UTF-8 text"),
            },
        }
    }
    ((!texts.is_empty()).then(|| texts.join("\n\n")), left_out)
}

/// The category; of several the one that waits for release, so that a finding is never shown early.
/// Whether somebody smokes is social history, even where a sender files it as a survey.
fn observation_category(all: &[r4::CodeableConcept], code: Option<&Concept>) -> ObservationCategory {
    let read = |code: &str| {
        if code == "LAB" { Some(ObservationCategory::Laboratory) } else { Code::from_code(code) }
    };
    let mut known = codes(all).filter_map(read).collect::<Vec<ObservationCategory>>();
    // A questionnaire about daily life is sent as a survey too; what it is about says more.
    let rank = |category: &ObservationCategory| {
        (!category.waits_for_release(), *category != ObservationCategory::FunctionalStatus)
    };
    known.sort_by_key(rank);
    let category = known.first().copied().unwrap_or(ObservationCategory::Other);
    let is_smoking = code.is_some_and(|code| code.is(systems::LOINC, "72166-2"));
    if is_smoking && !category.waits_for_release() { ObservationCategory::SocialHistory } else { category }
}

fn report_category(all: &[r4::CodeableConcept]) -> ReportCategory {
    let read = |code: &str| match code {
        "LAB" | "CH" | "HM" | "MB" | "MCB" | "MYC" | "VR" | "PAR" | "SR" | "IMM" | "TX" | "BLB" | "GE"
        | "CG" | "laboratory" => Some(ReportCategory::Laboratory),
        "SP" | "CP" | "PAT" | "LP7839-6" => Some(ReportCategory::Pathology),
        "RAD" | "RX" | "CT" | "NMR" | "CUS" | "RUS" | "VUS" | "OUS" | "NMS" | "XRC" | "LP29684-5" => {
            Some(ReportCategory::Imaging)
        }
        "EC" | "CTH" | "LP29708-2" => Some(ReportCategory::Cardiology),
        _ => None,
    };
    codes(all).find_map(read).unwrap_or(ReportCategory::Other)
}

fn codes(all: &[r4::CodeableConcept]) -> impl Iterator<Item = &str> {
    all.iter().flat_map(|concept| &concept.coding).filter_map(|coding| coding.code.as_deref())
}
