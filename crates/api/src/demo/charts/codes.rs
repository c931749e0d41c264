//! The tests, measurements and vaccines that the demo uses, with their codes and usual ranges.

/// A laboratory test: LOINC code, name, unit (UCUM) and usual range for adults.
#[derive(Clone, Copy)]
pub struct Test {
    pub code: &'static str,
    pub name: &'static str,
    /// UCUM; empty for findings in words.
    pub unit: &'static str,
    /// The lower end of what is usual.
    pub low: Option<&'static str>,
    /// The upper end.
    pub high: Option<&'static str>,
}

/// A group of tests that are ordered together.
#[derive(Clone, Copy)]
pub struct Panel {
    pub code: &'static str,
    pub name: &'static str,
    pub specimen: &'static str,
}

const fn panel(code: &'static str, name: &'static str, specimen: &'static str) -> Panel {
    Panel { code, name, specimen }
}

const fn between(
    code: &'static str,
    name: &'static str,
    unit: &'static str,
    low: &'static str,
    high: &'static str,
) -> Test {
    Test { code, name, unit, low: Some(low), high: Some(high) }
}

const fn up_to(code: &'static str, name: &'static str, unit: &'static str, high: &'static str) -> Test {
    Test { code, name, unit, low: None, high: Some(high) }
}

const fn at_least(code: &'static str, name: &'static str, unit: &'static str, low: &'static str) -> Test {
    Test { code, name, unit, low: Some(low), high: None }
}

const fn in_words(code: &'static str, name: &'static str) -> Test {
    Test { code, name, unit: "", low: None, high: None }
}

pub const LIPIDS: Panel = panel("24331-1", "Lipid panel", "Blood");
pub const CHOLESTEROL: Test = up_to("2093-3", "Total cholesterol", "mg/dL", "200");
pub const TRIGLYCERIDES: Test = up_to("2571-8", "Triglycerides", "mg/dL", "150");
pub const HDL: Test = at_least("2085-9", "HDL cholesterol", "mg/dL", "40");
pub const LDL: Test = up_to("13457-7", "LDL cholesterol (calculated)", "mg/dL", "130");

pub const BLOOD_COUNT: Panel = panel("58410-2", "Complete blood count", "Blood");
pub const WHITE_CELLS: Test = between("6690-2", "White blood cells", "10*3/uL", "4.0", "11.0");
pub const RED_CELLS: Test = between("789-8", "Red blood cells", "10*6/uL", "4.10", "5.60");
pub const HEMOGLOBIN: Test = between("718-7", "Hemoglobin", "g/dL", "12.0", "16.0");
pub const HEMATOCRIT: Test = between("4544-3", "Hematocrit", "%", "36.0", "46.0");
pub const CELL_VOLUME: Test = between("787-2", "Mean cell volume", "fL", "80.0", "100.0");
pub const PLATELETS: Test = between("777-3", "Platelets", "10*3/uL", "150", "400");

pub const METABOLIC: Panel = panel("24321-2", "Basic metabolic panel", "Serum");
pub const GLUCOSE: Test = between("2345-7", "Glucose", "mg/dL", "70", "99");
pub const UREA: Test = between("3094-0", "Urea nitrogen", "mg/dL", "7", "20");
pub const CREATININE: Test = between("2160-0", "Creatinine", "mg/dL", "0.60", "1.20");
pub const SODIUM: Test = between("2951-2", "Sodium", "mmol/L", "135", "145");
pub const POTASSIUM: Test = between("2823-3", "Potassium", "mmol/L", "3.5", "5.1");
pub const CHLORIDE: Test = between("2075-0", "Chloride", "mmol/L", "98", "107");
pub const CARBON_DIOXIDE: Test = between("2028-9", "Carbon dioxide", "mmol/L", "22", "29");
pub const CALCIUM: Test = between("17861-6", "Calcium", "mg/dL", "8.6", "10.3");
pub const FILTRATION: Test =
    at_least("98979-8", "Estimated kidney filtration (eGFR)", "mL/min/{1.73_m2}", "60");

pub const A1C: Test = between("4548-4", "Hemoglobin A1c", "%", "4.0", "5.6");
pub const FERRITIN: Test = between("2276-4", "Ferritin", "ng/mL", "15", "150");
pub const LEAD: Test = up_to("5671-3", "Lead", "ug/dL", "3.5");
pub const THYROID: Test = between("3016-3", "Thyroid stimulating hormone (TSH)", "m[IU]/L", "0.40", "4.50");

pub const URINALYSIS: Panel = panel("24356-8", "Urinalysis, complete", "Urine");
pub const COLOR: Test = in_words("5778-6", "Color");
pub const APPEARANCE: Test = in_words("5767-9", "Appearance");
pub const GRAVITY: Test = between("5811-5", "Specific gravity", "{ratio}", "1.005", "1.030");
pub const ACIDITY: Test = between("5803-2", "pH", "[pH]", "5.0", "8.0");
pub const SUGAR: Test = in_words("25428-4", "Glucose");
pub const PROTEIN: Test = in_words("20454-5", "Protein");
pub const KETONES: Test = in_words("2514-8", "Ketones");
pub const BLOOD: Test = in_words("5794-3", "Blood");
pub const NITRITE: Test = in_words("5802-4", "Nitrite");
pub const LEUKOCYTES: Test = in_words("5799-2", "Leukocyte esterase");

pub const URINE_CULTURE: Panel = panel("630-4", "Urine culture", "Urine, midstream");

pub const CHEST_XRAY: Panel = panel("36643-5", "X-ray of the chest, two views", "");

/// A measurement taken at a visit: LOINC code, name, unit (UCUM).
pub type Measurement = (&'static str, &'static str, &'static str);
pub const HEIGHT: Measurement = ("8302-2", "Body height", "cm");
pub const WEIGHT: Measurement = ("29463-7", "Body weight", "kg");
pub const BODY_MASS: Measurement = ("39156-5", "Body mass index", "kg/m2");
pub const HEART_RATE: Measurement = ("8867-4", "Heart rate", "/min");
pub const TEMPERATURE: Measurement = ("8310-5", "Body temperature", "Cel");
pub const OXYGEN: Measurement = ("2708-6", "Oxygen saturation", "%");

/// A report of one test, named after it.
pub const fn panel_of(test: Test, specimen: &'static str) -> Panel {
    panel(test.code, test.name, specimen)
}
