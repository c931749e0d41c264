//! Two of the demo's older patients.

use chrono::NaiveDate;

use super::{
    builder::{Chart, Person, n},
    codes::*,
};

const FOLLOW_UP: (&str, &str) = ("390906007", "Follow-up visit");

/// Jörg, 62: high blood pressure, and a potassium so high that the laboratory called.
pub fn joerg(today: NaiveDate, provider: &'static str) -> String {
    let mut chart = Chart::of(
        &Person {
            key: "joerg",
            mrn: "IH-100096",
            given: &["Jörg"],
            family: "Weißmüller",
            gender: "male",
            age: 62,
            since_birthday: 301,
            language: ("de", "German"),
            phone: "+1 617 555 0185",
            email: None,
            address: ["66 Foundry Row", "Cambridge", "MA", "02141"],
            provider,
        },
        today,
    );
    let pressure = chart.problem(("59621000", "High blood pressure"), &chart.year(14), None);
    chart.problem(("235595009", "Acid reflux"), &chart.year(6), None);
    chart.no_known_allergies();
    for (days_ago, weight, systolic, diastolic) in [
        (1_460, "91.2", "158", "96"),
        (1_090, "90.0", "148", "92"),
        (720, "89.4", "142", "88"),
        (350, "88.1", "138", "86"),
        (2, "87.7", "144", "90"),
    ] {
        chart.visit(days_ago, FOLLOW_UP);
        chart.vitals(days_ago, &[(HEIGHT, "181.0"), (WEIGHT, weight), (HEART_RATE, "70"), (OXYGEN, "97")]);
        chart.blood_pressure(days_ago, systolic, diastolic);
    }
    chart.smoking(2, ("8517006", "Former smoker"));
    chart.insurance("Harbor Mutual", "Harbor Senior Plus", "HM-40077-1", 1_200);
    chart.relative(("FTH", "Father"), ("22298006", "Heart attack"), "at 58", true);
    chart.relative(("SIS", "Sister"), ("59621000", "High blood pressure"), "at 50", false);
    chart.instruction(
        "High potassium",
        "Stop lisinopril until we call you. No salt substitutes, fewer bananas, tomatoes and potatoes.",
        1,
    );
    chart.referral(
        "Charles River Kidney Center",
        "Nephrology",
        "Potassium of 6.6 and falling kidney filtration",
        1,
    );
    chart.medication(
        ("314076", "Lisinopril 10 mg tablet"),
        "active",
        "Take 1 tablet by mouth every morning",
        720,
        1,
    );
    chart.medication(
        ("197361", "Amlodipine 5 mg tablet"),
        "stopped",
        "Take 1 tablet by mouth once a day",
        1_460,
        0,
    );
    let omeprazole = ("", "Omeprazole 20 mg capsule");
    let prescription = chart.medication(
        omeprazole,
        "active",
        "Take 1 capsule by mouth before breakfast as needed for heartburn",
        350,
        4,
    );
    chart.filled(&prescription, omeprazole, &[348, 300, 255]);
    chart.vaccines(720, &[("187", "Zoster, recombinant")]);
    chart.vaccines(610, &[("187", "Zoster, recombinant")]);
    chart.vaccines(350, &[("150", "Influenza, quadrivalent, preservative free")]);
    chart.procedure(("73761001", "Colonoscopy"), 1_000);
    chart.plan(
        "Keep the blood pressure down",
        &pressure,
        "Blood pressure below 130/80",
        &["Measure the blood pressure at home twice a week", "Eat less salt", "Walk every day"],
        720,
    );
    for (days_ago, glucose, creatinine, potassium) in
        [(720, "96", "0.98", "4.4"), (350, "102", "1.04", "4.8")]
    {
        chart.laboratory(
            days_ago,
            METABOLIC,
            &[
                (GLUCOSE, n(glucose), if days_ago > 400 { "N" } else { "H" }),
                (CREATININE, n(creatinine), "N"),
                (SODIUM, n("140"), "N"),
                (POTASSIUM, n(potassium), "N"),
                (CALCIUM, n("9.2"), "N"),
            ],
            None,
        );
    }
    chart.laboratory(
        1,
        METABOLIC,
        &[
            (GLUCOSE, n("99"), "N"),
            (UREA, n("31"), "H"),
            (CREATININE, n("1.62"), "H"),
            (FILTRATION, n("47"), "L"),
            (SODIUM, n("137"), "N"),
            (POTASSIUM, n("6.6"), "HH"),
            (CHLORIDE, n("105"), "N"),
            (CARBON_DIOXIDE, n("21"), "L"),
            (CALCIUM, n("9.1"), "N"),
        ],
        Some("Critical potassium. Called to the practice by the laboratory. The specimen was not hemolyzed."),
    );
    chart.laboratory(
        350,
        BLOOD_COUNT,
        &[
            (WHITE_CELLS, n("6.7"), "N"),
            (HEMOGLOBIN, n("15.1"), "N"),
            (HEMATOCRIT, n("44.8"), "N"),
            (PLATELETS, n("241"), "N"),
        ],
        None,
    );
    chart.bundle()
}

/// Ánh, 81: kidneys, knees, and a urine culture in words.
pub fn anh(today: NaiveDate, provider: &'static str) -> String {
    let mut chart = Chart::of(
        &Person {
            key: "anh",
            mrn: "IH-100013",
            given: &["Hồng", "Ánh"],
            family: "Nguyễn",
            gender: "female",
            age: 81,
            since_birthday: 47,
            language: ("vi", "Vietnamese"),
            phone: "+1 617 555 0196",
            email: None,
            address: ["4 Mulberry Terrace", "Quincy", "MA", "02169"],
            provider,
        },
        today,
    );
    chart.problem(("239873007", "Osteoarthritis of the knee"), &chart.year(17), None);
    let kidneys = chart.problem(("433144002", "Chronic kidney disease, stage 3"), &chart.year(5), None);
    chart.problem(("64859006", "Osteoporosis"), &chart.year(11), None);
    let onset = chart.date(9);
    chart.problem(("68566005", "Urinary tract infection"), &onset, None);
    chart.allergy(("387406002", "Sulfonamide"), "medication", ("39579001", "Anaphylaxis"), "severe");
    for (days_ago, weight, systolic, diastolic) in [
        (1_400, "52.3", "134", "76"),
        (1_030, "51.6", "138", "78"),
        (660, "50.9", "136", "74"),
        (295, "50.1", "132", "72"),
        (9, "49.8", "128", "70"),
    ] {
        chart.visit(days_ago, FOLLOW_UP);
        chart.vitals(days_ago, &[(HEIGHT, "151.0"), (WEIGHT, weight), (HEART_RATE, "76"), (OXYGEN, "96")]);
        chart.blood_pressure(days_ago, systolic, diastolic);
    }
    chart.vitals(9, &[(TEMPERATURE, "37.9")]);
    chart.smoking(295, ("266919005", "Never smoker"));
    chart.insurance("Bay State Health", "Bay State Medicare Advantage", "BSH-81-0013", 2_900);
    chart.living_will("No artificial breathing, no feeding tube", "Linh Nguyễn, daughter", 640);
    chart.daily_life("Walking", "With a cane; needs help on stairs", 9);
    chart.daily_life("Bathing and dressing", "Alone", 9);
    chart.instruction(
        "Urinary tract infection",
        "Drink two liters a day. Call us if a fever comes or the pain gets worse.",
        7,
    );
    chart.medication(
        ("198440", "Acetaminophen 500 mg tablet"),
        "active",
        "Take 1 tablet every 8 hours as needed for knee pain",
        660,
        6,
    );
    chart.medication(
        ("", "Calcium 600 mg with vitamin D tablet"),
        "active",
        "Take 1 tablet by mouth 2 times a day",
        1_030,
        11,
    );
    chart.medication(
        ("", "Nitrofurantoin 100 mg capsule"),
        "active",
        "Take 1 capsule by mouth 2 times a day with food for 5 days",
        7,
        0,
    );
    chart.vaccines(1_030, &[("216", "Pneumococcal conjugate (PCV20)")]);
    chart.vaccines(
        295,
        &[("197", "Influenza, high-dose, quadrivalent"), ("113", "Td, adult, preservative free")],
    );
    chart.procedure(("609588000", "Total knee replacement"), 2_600);
    chart.plan(
        "Protect the kidneys",
        &kidneys,
        "Kidney filtration (eGFR) stays above 40",
        &["Avoid ibuprofen and similar drugs", "Drink enough water", "Check the kidneys twice a year"],
        1_030,
    );
    for (days_ago, creatinine, filtration) in
        [(1_030, "1.18", "46"), (660, "1.22", "44"), (295, "1.25", "43")]
    {
        chart.laboratory(
            days_ago,
            METABOLIC,
            &[
                (UREA, n("24"), "H"),
                (CREATININE, n(creatinine), if days_ago > 1_000 { "N" } else { "H" }),
                (FILTRATION, n(filtration), "L"),
                (SODIUM, n("138"), "N"),
                (POTASSIUM, n("4.9"), "N"),
            ],
            None,
        );
    }
    chart.laboratory(660, panel_of(THYROID, "Serum"), &[(THYROID, n("2.31"), "N")], None);
    chart.narrative(
        7,
        URINE_CULTURE,
        "MB",
        "Culture, urine, midstream\n\n\
         Growth: more than 100,000 colonies per mL of Escherichia coli.\n\n\
         Susceptibility\n\
         Nitrofurantoin: susceptible\n\
         Ciprofloxacin: susceptible\n\
         Ampicillin: resistant\n\
         Trimethoprim-sulfamethoxazole: resistant",
        "Urinary tract infection with Escherichia coli. Nitrofurantoin is expected to work.",
    );
    chart.bundle()
}
