//! Two of the demo's patients who are not of age.

use chrono::NaiveDate;

use super::{
    builder::{Chart, Person, n},
    codes::*,
};

const CHECK_UP: (&str, &str) = ("410620009", "Well child visit");
const SICK_VISIT: (&str, &str) = ("185345009", "Visit for a symptom");

/// Amina, 4: a peanut allergy, her vaccines, ear infections that are over.
pub fn amina(today: NaiveDate, provider: &'static str) -> String {
    let mut chart = Chart::of(
        &Person {
            key: "amina",
            mrn: "IH-100421",
            given: &["Amina", "Ngozi"],
            family: "Yusuf-Okonkwo",
            gender: "female",
            age: 4,
            since_birthday: 96,
            language: ("en", "English"),
            phone: "+1 508 555 0141",
            email: None,
            address: ["31 Larkspur Lane", "Worcester", "MA", "01605"],
            provider,
        },
        today,
    );
    for (days_ago, height, weight) in
        [(1_190, "75.5", "9.6"), (826, "87.0", "12.4"), (461, "95.8", "14.5"), (96, "103.2", "16.9")]
    {
        chart.visit(days_ago, CHECK_UP);
        chart.vitals(
            days_ago,
            &[(HEIGHT, height), (WEIGHT, weight), (TEMPERATURE, "36.8"), (HEART_RATE, "104")],
        );
    }
    chart.vaccines(1_490, &[("08", "Hepatitis B, pediatric")]);
    for days_ago in [1_435, 1_374, 1_313] {
        chart.vaccines(
            days_ago,
            &[
                ("20", "DTaP"),
                ("10", "Polio, inactivated"),
                ("133", "Pneumococcal conjugate (PCV13)"),
                ("49", "Hib (PRP-OMP)"),
            ],
        );
    }
    chart.vaccines(1_190, &[("03", "Measles, mumps and rubella"), ("21", "Varicella")]);
    chart.vaccines(420, &[("150", "Influenza, quadrivalent, preservative free")]);
    let onset = chart.date(640);
    chart.problem(("65363002", "Otitis media"), &onset, Some(610));
    chart.problem(("91935009", "Allergy to peanut"), &chart.year(2), None);
    chart.allergy(("762952008", "Peanut"), "food", ("126485001", "Hives"), "moderate");
    chart.visit(640, SICK_VISIT);
    chart.medication(
        ("", "Amoxicillin 400 mg/5 mL oral suspension"),
        "completed",
        "Take 5 mL by mouth 2 times a day for 10 days",
        640,
        0,
    );
    let epinephrine = ("", "Epinephrine 0.15 mg auto-injector");
    let prescription = chart.medication(
        epinephrine,
        "active",
        "Inject into the outer thigh as needed for a severe allergic reaction, then call 911",
        460,
        2,
    );
    chart.filled(&prescription, epinephrine, &[458]);
    chart.laboratory(461, panel_of(LEAD, "Blood"), &[(LEAD, n("1.2"), "N")], None);
    chart.laboratory(
        96,
        BLOOD_COUNT,
        &[
            (WHITE_CELLS, n("7.9"), "N"),
            (HEMOGLOBIN, n("12.3"), "N"),
            (HEMATOCRIT, n("36.4"), "N"),
            (PLATELETS, n("312"), "N"),
        ],
        None,
    );
    chart.bundle()
}

/// Zoë, 16: asthma, and an iron deficiency that is being treated.
pub fn zoe(today: NaiveDate, provider: &'static str) -> String {
    let mut chart = Chart::of(
        &Person {
            key: "zoe",
            mrn: "IH-100388",
            given: &["Zoë"],
            family: "Lindqvist-Åkerström",
            gender: "female",
            age: 16,
            since_birthday: 211,
            language: ("sv", "Swedish"),
            phone: "+1 508 555 0152",
            email: Some("zoe.lindqvist@mail.example"),
            address: ["8 Cobbler Court, Apt 3", "Shrewsbury", "MA", "01545"],
            provider,
        },
        today,
    );
    for (days_ago, height, weight, systolic, diastolic) in [
        (1_120, "158.0", "46.1", "104", "62"),
        (740, "163.5", "51.7", "108", "66"),
        (372, "166.2", "54.8", "110", "68"),
        (33, "167.0", "55.6", "108", "64"),
    ] {
        chart.visit(days_ago, CHECK_UP);
        chart.vitals(days_ago, &[(HEIGHT, height), (WEIGHT, weight), (HEART_RATE, "72"), (OXYGEN, "98")]);
        chart.blood_pressure(days_ago, systolic, diastolic);
    }
    chart.smoking(33, ("266919005", "Never smoker"));
    chart.problem(("195967001", "Asthma"), &chart.year(9), None);
    let onset = chart.date(40);
    let anemia = chart.problem(("87522002", "Iron deficiency anemia"), &onset, None);
    chart.allergy(("256277009", "Grass pollen"), "environment", ("70076002", "Rhinitis"), "mild");
    chart.medication(
        ("745679", "Albuterol 90 mcg inhaler"),
        "active",
        "Inhale 2 puffs every 4 to 6 hours as needed for wheezing",
        372,
        3,
    );
    let ferrous = ("310325", "Ferrous sulfate 325 mg tablet");
    let prescription =
        chart.medication(ferrous, "active", "Take 1 tablet by mouth once a day with orange juice", 33, 2);
    chart.filled(&prescription, ferrous, &[33]);
    chart.vaccines(1_120, &[("115", "Tdap"), ("114", "Meningococcal (MCV4P)"), ("165", "HPV, 9-valent")]);
    chart.vaccines(740, &[("165", "HPV, 9-valent")]);
    chart.vaccines(372, &[("150", "Influenza, quadrivalent, preservative free")]);
    chart.plan(
        "Bring the iron back up",
        &anemia,
        "Hemoglobin above 12 g/dL in three months",
        &["Take iron once a day", "Eat foods rich in iron", "Repeat the blood count in three months"],
        33,
    );
    chart.laboratory(
        40,
        BLOOD_COUNT,
        &[
            (WHITE_CELLS, n("6.1"), "N"),
            (RED_CELLS, n("4.10"), "N"),
            (HEMOGLOBIN, n("10.4"), "L"),
            (HEMATOCRIT, n("32.1"), "L"),
            (CELL_VOLUME, n("74.3"), "L"),
            (PLATELETS, n("398"), "N"),
        ],
        Some("Small red cells and low hemoglobin. This fits a lack of iron."),
    );
    chart.laboratory(40, panel_of(FERRITIN, "Serum"), &[(FERRITIN, n("6"), "L")], None);
    chart.laboratory(
        4,
        BLOOD_COUNT,
        &[
            (WHITE_CELLS, n("5.8"), "N"),
            (RED_CELLS, n("4.32"), "N"),
            (HEMOGLOBIN, n("11.6"), "L"),
            (HEMATOCRIT, n("35.0"), "L"),
            (CELL_VOLUME, n("78.9"), "L"),
            (PLATELETS, n("356"), "N"),
        ],
        None,
    );
    chart.bundle()
}
