//! The demo practice's library: plain words about what the demo's patients have, take and are tested for.

use portal_domain::{
    access::Role,
    audience::CodedTerm,
    chart::systems,
    education::{EducationContent, EducationText, EducationTopic as Topic, NewEducationAssignment},
    ids::EducationId,
};

use super::{day::Enrolled, staff::Staff};
use crate::{
    app::App,
    error::Result,
    features::education,
    platform::{auth::Actor, etag::IfMatch, idempotency::Once},
};

/// Writes and publishes it, and has the first patient read about her test.
pub async fn seed(app: &App, staff: &Staff, patients: &[Enrolled]) -> Result<()> {
    let nurse = staff.actor(Role::Nurse);
    for content in [pressure(), cholesterol(), metformin(), before_blood_test(), flu_shot()] {
        publish(app, &nurse, content).await?;
    }
    let sugar = publish(app, &nurse, sugar()).await?;
    if let [thandiwe, ..] = patients {
        let new = NewEducationAssignment { education_id: sugar };
        education::assign(app, &nurse, thandiwe.patient, new, Once::without_key()).await?;
    }
    Ok(())
}

async fn publish(app: &App, by: &Actor, content: EducationContent) -> Result<EducationId> {
    let draft = education::create(app, by, content, Once::without_key()).await?;
    Ok(education::publish(app, by, draft.id, IfMatch::of(draft.version)).await?.id)
}

fn item(topic: Topic, codes: &[(&str, &str)], texts: Vec<EducationText>) -> EducationContent {
    let codes =
        codes.iter().map(|(system, code)| CodedTerm { system: (*system).into(), code: (*code).into() });
    EducationContent { topic, codes: codes.collect(), files: vec![], texts }
}

fn text(language: &str, title: &str, body: &str) -> EducationText {
    EducationText { language: language.into(), title: title.into(), body: body.into() }
}

fn sugar() -> EducationContent {
    item(
        Topic::Tests,
        &[(systems::LOINC, "4548-4"), (systems::SNOMED_CT, "44054006")],
        vec![
            text(
                "en",
                "Your A1c test: blood sugar over three months",
                "The A1c test shows how high your blood sugar was, on average, in the **last three months**. \
                 You don't need to fast for it.\n\n\
                 ## What the number means\n\n\
                 - **Below 5.7%** is usual for people without diabetes.\n\
                 - **5.7 to 6.4%** means that diabetes may be on its way.\n\
                 - **6.5% or more** is in the range of diabetes.\n\n\
                 Many adults with diabetes aim for less than 7%. Your own goal may differ: ask your care team.\n\n\
                 ## What you can do\n\n\
                 1. Take your medicine every day, also when you feel well.\n\
                 2. Walk for half an hour on most days.\n\
                 3. Fill half of your plate with vegetables.\n\n\
                 > Feeling shaky, sweaty or confused can mean that your sugar is too low. Drink some juice right away.",
            ),
            text(
                "es",
                "Su prueba A1c: el azúcar en sangre de tres meses",
                "La prueba A1c muestra cuánto azúcar tuvo en la sangre, en promedio, en los **últimos tres meses**. \
                 No hace falta ayunar.\n\n\
                 ## Qué significa el número\n\n\
                 - **Menos de 5,7 %** es lo habitual sin diabetes.\n\
                 - **De 5,7 a 6,4 %** la diabetes puede estar en camino.\n\
                 - **6,5 % o más** está en el rango de la diabetes.\n\n\
                 ## Qué puede hacer\n\n\
                 1. Tome su medicina todos los días.\n\
                 2. Camine media hora casi todos los días.\n\
                 3. Llene de verduras la mitad de su plato.",
            ),
        ],
    )
}

fn pressure() -> EducationContent {
    item(
        Topic::Conditions,
        &[(systems::SNOMED_CT, "59621000"), (systems::RXNORM, "314076")],
        vec![text(
            "en",
            "High blood pressure: measuring at home",
            "Most people with high blood pressure feel nothing. Measuring at home shows whether treatment works.\n\n\
             ## How to measure\n\n\
             1. Rest for five minutes. Don't talk.\n\
             2. Sit with your back supported and both feet on the floor.\n\
             3. Keep your arm at the height of your heart.\n\
             4. Measure twice, one minute apart, and write both down.\n\n\
             ## When to call\n\n\
             Call us the same day when the upper number stays at **180 or more**. \
             With chest pain or trouble speaking, call 911.",
        )],
    )
}

fn cholesterol() -> EducationContent {
    item(
        Topic::Tests,
        &[
            (systems::LOINC, "2093-3"),
            (systems::LOINC, "13457-7"),
            (systems::LOINC, "2085-9"),
            (systems::LOINC, "2571-8"),
            (systems::SNOMED_CT, "55822004"),
            (systems::RXNORM, "617310"),
        ],
        vec![text(
            "en",
            "Understanding your cholesterol test",
            "Cholesterol is a fat that your blood carries. The test looks at several kinds.\n\n\
             - **LDL** can build up in the arteries. Lower is better.\n\
             - **HDL** helps to carry cholesterol away. Higher is better.\n\
             - **Triglycerides** rise with sugar, alcohol and weight.\n\n\
             What is right for you depends on your age, blood pressure and other conditions. \
             Your care team looks at all of it together.",
        )],
    )
}

fn metformin() -> EducationContent {
    item(
        Topic::Medicines,
        &[(systems::RXNORM, "861007"), (systems::RXNORM, "860975")],
        vec![text(
            "en",
            "Taking metformin",
            "Metformin helps your body to use sugar better.\n\n\
             ## How to take it\n\n\
             - Take it **with a meal**. That is kinder to your stomach.\n\
             - If you forget a tablet, leave it out. Don't take two at once.\n\n\
             ## What you may notice\n\n\
             An upset stomach is common in the first weeks and mostly passes. Tell us when it stays.\n\n\
             Tell any clinic that you take metformin before a scan with contrast dye.",
        )],
    )
}

fn before_blood_test() -> EducationContent {
    item(
        Topic::Procedures,
        &[(systems::LOINC, "2345-7")],
        vec![text(
            "en",
            "Before a fasting blood test",
            "For some tests you come without breakfast.\n\n\
             - Don't eat for **8 hours** before. Overnight is easiest.\n\
             - Drink water as usual. It makes the vein easier to find.\n\
             - Ask us whether to take your morning medicine.\n\n\
             Bring something to eat for afterwards.",
        )],
    )
}

fn flu_shot() -> EducationContent {
    item(
        Topic::Wellness,
        &[(systems::CVX, "150")],
        vec![text(
            "en",
            "The flu shot: what to expect",
            "The flu changes every year, so the shot does too.\n\n\
             - A sore arm for a day or two is common.\n\
             - Some people feel tired or have a light fever. It passes within two days.\n\
             - The shot **can't give you the flu**.\n\n\
             Go to an emergency room when your face swells or breathing gets hard.",
        )],
    )
}
