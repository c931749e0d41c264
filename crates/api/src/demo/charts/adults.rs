//! Two of the demo's patients in middle age.

use chrono::NaiveDate;

use super::{
    builder::{Chart, Person, n, w},
    codes::*,
};

const CHECK_UP: (&str, &str) = ("185349003", "Check-up");
const FOLLOW_UP: (&str, &str) = ("390906007", "Follow-up visit");

/// Mateo, 34: healthy, with a check-up and a urinalysis in words.
pub fn mateo(today: NaiveDate, provider: &'static str) -> String {
    let mut chart = Chart::of(
        &Person {
            key: "mateo",
            mrn: "IH-100277",
            given: &["Mateo"],
            family: "Núñez Ibáñez",
            gender: "male",
            age: 34,
            since_birthday: 18,
            language: ("es", "Spanish"),
            phone: "+1 617 555 0163",
            email: Some("mateo.nunez@mail.example"),
            address: ["205 Salem Street, Apt 2B", "Boston", "MA", "02113"],
            provider,
        },
        today,
    );
    for (days_ago, weight, body_mass, systolic, diastolic) in [
        (1_105, "79.8", "25.2", "118", "74"),
        (735, "81.5", "25.7", "122", "78"),
        (12, "80.9", "25.5", "120", "76"),
    ] {
        chart.visit(days_ago, CHECK_UP);
        chart.vitals(
            days_ago,
            &[(HEIGHT, "178.0"), (WEIGHT, weight), (BODY_MASS, body_mass), (HEART_RATE, "64")],
        );
        chart.blood_pressure(days_ago, systolic, diastolic);
    }
    chart.smoking(12, ("8517006", "Former smoker"));
    chart.no_known_allergies();
    let onset = chart.date(1_900);
    chart.problem(("65966004", "Fracture of forearm"), &onset, Some(1_800));
    chart.procedure(("274474001", "Bone immobilization with a cast"), 1_898);
    chart.vaccines(735, &[("115", "Tdap"), ("150", "Influenza, quadrivalent, preservative free")]);
    chart.medication(
        ("198440", "Acetaminophen 500 mg tablet"),
        "completed",
        "Take 1 tablet every 6 hours as needed for pain",
        1_898,
        0,
    );
    chart.laboratory(
        735,
        LIPIDS,
        &[
            (CHOLESTEROL, n("212"), "H"),
            (TRIGLYCERIDES, n("138"), "N"),
            (HDL, n("47"), "N"),
            (LDL, n("137"), "H"),
        ],
        None,
    );
    chart.laboratory(
        10,
        LIPIDS,
        &[
            (CHOLESTEROL, n("187"), "N"),
            (TRIGLYCERIDES, n("121"), "N"),
            (HDL, n("51"), "N"),
            (LDL, n("112"), "N"),
        ],
        Some("All four values are better than last time."),
    );
    chart.laboratory(
        10,
        URINALYSIS,
        &[
            (COLOR, w("Yellow"), "N"),
            (APPEARANCE, w("Clear"), "N"),
            (GRAVITY, n("1.018"), "N"),
            (ACIDITY, n("6.0"), "N"),
            (SUGAR, w("Negative"), "N"),
            (PROTEIN, w("Trace"), "A"),
            (KETONES, w("Negative"), "N"),
            (BLOOD, w("Negative"), "N"),
            (NITRITE, w("Negative"), "N"),
            (LEUKOCYTES, w("Negative"), "N"),
        ],
        None,
    );
    chart.bundle()
}

/// Thandiwe, 45, with the longest name of the practice: diabetes, watched by hemoglobin A1c on six dates.
pub fn thandiwe(today: NaiveDate, provider: &'static str) -> String {
    let mut chart = Chart::of(
        &Person {
            key: "thandiwe",
            mrn: "IH-100194",
            given: &["Thandiwe", "Alexandrina", "Marguerite"],
            family: "Bartholomew-Featherstonehaugh van der Merwe",
            gender: "female",
            age: 45,
            since_birthday: 150,
            language: ("en", "English"),
            phone: "+1 602 555 0174",
            email: Some("thandiwe.bartholomew@mail.example"),
            address: ["1740 West Palo Verde Boulevard, Building C, Unit 1208", "Phoenix", "AZ", "85004"],
            provider,
        },
        today,
    );
    let diabetes = chart.problem(("44054006", "Type 2 diabetes"), &chart.year(4), None);
    chart.problem(("55822004", "High cholesterol"), &chart.year(4), None);
    chart.problem(("59621000", "High blood pressure"), &chart.year(3), None);
    chart.allergy(("764146007", "Penicillin"), "medication", ("271807003", "Rash"), "mild");
    chart.allergy(("111088007", "Latex"), "environment", ("126485001", "Hives"), "moderate");
    let visits = [
        (1_480, "94.1", "34.1", "146", "92", "9.1", "H"),
        (1_200, "92.0", "33.4", "140", "88", "8.2", "H"),
        (905, "90.2", "32.7", "136", "86", "7.6", "H"),
        (610, "88.7", "32.2", "132", "84", "7.2", "H"),
        (310, "86.9", "31.5", "130", "82", "6.8", "H"),
        (21, "85.3", "31.0", "126", "80", "6.4", "H"),
    ];
    for (days_ago, weight, body_mass, systolic, diastolic, a1c, flag) in visits {
        chart.visit(days_ago, FOLLOW_UP);
        chart.vitals(
            days_ago,
            &[(HEIGHT, "166.0"), (WEIGHT, weight), (BODY_MASS, body_mass), (HEART_RATE, "78")],
        );
        chart.blood_pressure(days_ago, systolic, diastolic);
        chart.laboratory(days_ago, panel_of(A1C, "Blood"), &[(A1C, n(a1c), flag)], None);
    }
    chart.smoking(21, ("266919005", "Never smoker"));
    chart.insurance("Desert Cooperative", "Cooperative Silver", "DC-7712-45", 900);
    chart.relative(("MTH", "Mother"), ("44054006", "Diabetes mellitus type 2"), "at 44", false);
    for (days_ago, total, triglycerides, hdl, ldl) in
        [(905, "243", "212", "38", "163"), (310, "196", "168", "42", "120")]
    {
        let flag = |is_high: bool| if is_high { "H" } else { "N" };
        chart.laboratory(
            days_ago,
            LIPIDS,
            &[
                (CHOLESTEROL, n(total), flag(days_ago > 400)),
                (TRIGLYCERIDES, n(triglycerides), "H"),
                (HDL, n(hdl), if days_ago > 400 { "L" } else { "N" }),
                (LDL, n(ldl), flag(days_ago > 400)),
            ],
            None,
        );
    }
    chart.laboratory(
        21,
        METABOLIC,
        &[
            (GLUCOSE, n("128"), "H"),
            (UREA, n("14"), "N"),
            (CREATININE, n("0.80"), "N"),
            (FILTRATION, n("92"), "N"),
            (SODIUM, n("139"), "N"),
            (POTASSIUM, n("4.3"), "N"),
            (CHLORIDE, n("103"), "N"),
            (CARBON_DIOXIDE, n("25"), "N"),
            (CALCIUM, n("9.4"), "N"),
        ],
        None,
    );
    chart.culture(
        150,
        URINE_CULTURE,
        ("112283007", "Escherichia coli"),
        &[
            ("18955-5", "Nitrofurantoin", "16", "S"),
            ("18906-8", "Ciprofloxacin", "0.25", "S"),
            ("18864-9", "Ampicillin", "32", "R"),
            ("18998-5", "Trimethoprim and sulfamethoxazole", "320", "R"),
        ],
        "More than 100,000 colonies per mL of Escherichia coli.",
    );
    chart.narrative(
        200,
        CHEST_XRAY,
        "RAD",
        "The lungs are clear. The heart is of normal size.\n\n\
         No fluid around the lungs. The bones that can be seen are sound.",
        "Nothing out of the ordinary.",
    );
    chart.single("ferritin", 260, &(FERRITIN, n("9"), "L"), "final");
    let metformin = ("861007", "Metformin 500 mg tablet");
    let prescription =
        chart.medication(metformin, "active", "Take 1 tablet by mouth 2 times a day with meals", 310, 5);
    chart.filled(&prescription, metformin, &[310, 280, 250]);
    let atorvastatin = ("617310", "Atorvastatin 20 mg tablet");
    let prescription =
        chart.medication(atorvastatin, "active", "Take 1 tablet by mouth every evening", 310, 3);
    chart.filled(&prescription, atorvastatin, &[310, 280, 250, 220]);
    let lisinopril = ("314076", "Lisinopril 10 mg tablet");
    let prescription = chart.medication(lisinopril, "active", "Take 1 tablet by mouth every morning", 610, 3);
    chart.filled(&prescription, lisinopril, &[610, 580]);
    chart.vaccines(905, &[("150", "Influenza, quadrivalent, preservative free")]);
    chart.vaccines(
        310,
        &[("216", "Pneumococcal conjugate (PCV20)"), ("150", "Influenza, quadrivalent, preservative free")],
    );
    chart.procedure(("134395001", "Diabetic retinopathy screening"), 290);
    chart.plan(
        "Living well with diabetes",
        &diabetes,
        "Hemoglobin A1c below 7%",
        &[
            "Walk 30 minutes on five days a week",
            "Measure blood sugar before breakfast",
            "Have the eyes examined every year",
            "Look at the feet every evening",
        ],
        610,
    );
    chart.bundle()
}

/// What the laboratory corrected of Thandiwe's chart after it was released: a specimen had been swapped.
pub fn thandiwe_corrected(today: NaiveDate, provider: &'static str) -> String {
    let mut chart = Chart::more_of("thandiwe", today, provider);
    chart.single("ferritin", 260, &(FERRITIN, n("64"), "N"), "corrected");
    chart.bundle()
}
