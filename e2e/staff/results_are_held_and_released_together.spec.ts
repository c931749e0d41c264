// LAB-2: release rules, holds that staff alone see, and several results released together and taken back.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { type Patient, admin, provider, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";
import type { Server } from "../fixtures/server";

interface Value {
  name: string;
  /** LOINC. */
  code: string;
  number: number;
  /** The laboratory's flag. */
  flag: string;
}

/** Results of a patient, as a laboratory sends them. */
async function bundle(staff: Page, patient: Patient, values: Value[]): Promise<object> {
  const answer = await staff.request.get(`/api/v1/patients/${patient.id}`);
  const { mrn } = await answer.json();
  const born = patient.birth_date;
  const owner = {
    resourceType: "Patient",
    id: mrn,
    identifier: [
      {
        type: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v2-0203", code: "MR" }] },
        system: "urn:example:e2e",
        value: mrn,
      },
    ],
    name: [{ use: "official", family: patient.family_name, given: [patient.given_name] }],
    gender: "female",
    birthDate: born,
  };
  const observation = (value: Value) => ({
    resourceType: "Observation",
    id: `${mrn}-${value.code}`,
    status: "final",
    category: [{ coding: [{ code: "laboratory" }] }],
    code: { coding: [{ system: "http://loinc.org", code: value.code }], text: value.name },
    subject: { reference: `Patient/${mrn}` },
    // Of today: what is older when it comes in is history, which is no news.
    effectiveDateTime: new Date().toISOString(),
    valueQuantity: { value: value.number, unit: "mmol/L" },
    interpretation: [
      {
        coding: [
          { system: "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", code: value.flag },
        ],
      },
    ],
  });
  const entry = [owner, ...values.map(observation)].map((resource) => ({ resource }));
  return { resourceType: "Bundle", type: "collection", entry };
}

/** Lets them come in. */
async function results(portal: Server, staff: Page, patient: Patient, values: Value[]): Promise<void> {
  const file = join(portal.folder, `${patient.id}-results.json`);
  await writeFile(file, JSON.stringify(await bundle(staff, patient, values)));
  await portal.run("import", file);
}

/** The results that wait of this patient. */
const waiting = (doctor: Page, patient: Patient) =>
  doctor.locator("#releases").getByRole("listitem").filter({ hasText: patient.family_name });

/** Shows the whole queue: the patient's may stand far down. */
async function wholeQueue(doctor: Page): Promise<void> {
  await doctor.goto("/staff/queue/releases?show=200");
  await expect(doctor.locator("#releases")).toBeVisible();
}

test("a held result waits with its reason, which the patient never sees", async ({ page, portal, visitor }) => {
  test.setTimeout(150_000);
  const ada = await enrolled(portal, await visitor(), page);
  const doctor = await visitor();
  await signIn(doctor, provider);
  await results(portal, doctor, ada.patient, [{ name: "Sodium", code: "2951-2", number: 140, flag: "N" }]);
  await wholeQueue(doctor);
  await waiting(doctor, ada.patient).getByRole("link", { name: "Sodium" }).click();
  // What comes in by the command line is planned within half a minute.
  await expect(async () => {
    await doctor.reload();
    await expect(doctor.getByText(/A provider should release it by/)).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await doctor.getByText("Hold it back", { exact: true }).click();
  await doctor.getByRole("radio", { name: "Something else" }).check();
  await doctor.getByRole("button", { name: "Hold this result" }).click();
  await expect(doctor.getByRole("alert")).toContainText("Fill this in.");
  await doctor.getByLabel("More about it").fill("She is away until Friday.");
  await doctor.getByLabel("For how long?").selectOption("One week");
  await expectAccessible(doctor);
  await expectReflow(doctor);
  await doctor.getByRole("button", { name: "Hold this result" }).click();
  await expect(doctor.getByText("The result is held back.")).toBeVisible();
  await expect(doctor.getByText("She is away until Friday.")).toBeVisible();
  await expect(doctor.getByRole("button", { name: /^Release to/ })).toHaveCount(0);
  await expect(waiting(doctor, ada.patient)).toContainText("Held until");
  await expectAccessible(doctor);

  await doctor.getByLabel("Show", { exact: true }).selectOption("Held back");
  await expect(doctor).toHaveURL(/part=held/);
  await expect(waiting(doctor, ada.patient)).toBeVisible();
  await page.goto("/chart/results");
  await expect(page.getByText("Results appear here once your provider has released them.")).toBeVisible();

  await doctor.getByRole("button", { name: "Lift the hold" }).click();
  await expect(doctor.getByText("The hold is lifted.")).toBeVisible();
  await doctor.getByRole("button", { name: /^Release to/ }).click();
  await expect(doctor.getByText(/^Released to/)).toBeVisible();
  await page.goto("/chart/results");
  await page.getByRole("link", { name: "Sodium" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sodium" })).toBeVisible();
  await expect(page.getByText("She is away until Friday.")).toHaveCount(0);
});

test("several results are released with one comment, what is critical is opened first, and all is undone", async ({
  page,
  portal,
  visitor,
}) => {
  const ada = await enrolled(portal, await visitor(), page);
  const doctor = await visitor();
  await signIn(doctor, provider);
  await results(portal, doctor, ada.patient, [
    { name: "Sodium", code: "2951-2", number: 140, flag: "N" },
    { name: "Chloride", code: "2075-0", number: 101, flag: "N" },
    { name: "Potassium", code: "2823-3", number: 7.1, flag: "HH" },
  ]);
  await wholeQueue(doctor);
  const name = `${ada.patient.given_name} ${ada.patient.family_name}`;
  for (const what of ["Sodium", "Chloride", "Potassium"]) {
    await doctor.getByRole("checkbox", { name: `Choose ${name}: ${what}` }).check();
  }
  await expect(doctor.getByText("3 chosen")).toBeVisible();
  await doctor.getByRole("button", { name: "Release them" }).click();
  const dialog = doctor.getByRole("dialog", { name: "Release 3 results?" });
  await expect(dialog.getByRole("listitem")).toHaveCount(3);
  await dialog.getByLabel("One comment to all these patients").fill("All as discussed.");
  await expectAccessible(doctor);
  await dialog.getByRole("button", { name: "Yes, release them" }).click();
  await expect(doctor.getByText("2 results are released.")).toBeVisible();
  await expect(doctor.getByRole("alert")).toContainText(`${name}: Potassium`);
  await expect(doctor.getByRole("alert")).toContainText("Open it before you release it");
  await expect(waiting(doctor, ada.patient)).toHaveCount(1);
  await expectAccessible(doctor);
  await expectReflow(doctor);

  await page.goto("/chart/results");
  await expect(page.locator("#results").getByRole("link")).toHaveCount(2);
  await page.getByRole("link", { name: "Chloride" }).click();
  await expect(page.getByText("All as discussed.")).toBeVisible();

  await doctor.getByRole("button", { name: "Undo this release" }).click();
  await expect(doctor.getByText("Taken back. 1 had been opened already.")).toBeVisible();
  await expect(waiting(doctor, ada.patient)).toHaveCount(3);
  await page.goto("/chart/results");
  await expect(page.getByText("Results appear here once your provider has released them.")).toBeVisible();

  // Once it is opened it goes along.
  await waiting(doctor, ada.patient).getByRole("link", { name: "Potassium" }).click();
  await expect(doctor.getByRole("heading", { name: "Potassium", exact: true }).first()).toBeVisible();
  await doctor.getByRole("checkbox", { name: `Choose ${name}: Potassium` }).check();
  await doctor.getByRole("button", { name: "Release them" }).click();
  await doctor.getByRole("button", { name: "Yes, release them" }).click();
  await expect(doctor.getByText("1 result is released.")).toBeVisible();
});

test("an administrator lets a group of tests out by itself, and the patient is told so", async ({
  page,
  portal,
  visitor,
}) => {
  const ada = await enrolled(portal, await visitor(), page);
  const head = await visitor();
  await signIn(head, admin);
  await head.goto("/staff/settings/releases");
  await expect(head.getByText("Sensitive", { exact: true })).toBeVisible();
  await head.getByRole("link", { name: "Add a group of tests" }).click();
  const group = `Magnesium ${ada.patient.family_name}`;
  await head.getByLabel("Name of the group").fill(group);
  await head.getByLabel("LOINC codes").fill("19123-8");
  await head.getByRole("button", { name: "Save the rule" }).click();
  await expect(head.getByRole("alert")).toContainText("This is no LOINC code.");
  await head.getByLabel("LOINC codes").fill("19123-9");
  await head.getByRole("checkbox", { name: /^Sensitive/ }).check();
  await head.getByRole("radio", { name: "By itself, at once" }).check();
  await head.getByRole("button", { name: "Save the rule" }).click();
  await expect(head.getByRole("alert")).toContainText("A sensitive group is released by a provider.");
  await expectAccessible(head);
  await expectReflow(head);
  await head.getByRole("checkbox", { name: /^Sensitive/ }).uncheck();
  await head.getByRole("button", { name: "Save the rule" }).click();
  await expect(head.getByRole("link", { name: group })).toBeVisible();
  await expectAccessible(head);

  const sent = await bundle(head, ada.patient, [{ name: "Magnesium", code: "19123-9", number: 0.8, flag: "N" }]);
  const imported = await head.request.post("/api/v1/fhir/bundles", {
    headers: { origin: portal.url, "content-type": "application/fhir+json" },
    data: JSON.stringify(sent),
  });
  expect(imported.ok(), await imported.text()).toBe(true);
  // The server comes to it by itself.
  const results = () => page.request.get(`/api/v1/patients/${ada.patient.id}/results`);
  await expect.poll(async () => (await (await results()).json()).items.length).toBe(1);
  await page.goto("/mail");
  await page.locator("#inbox").getByRole("link", { name: "Magnesium" }).click();
  await expect(page.getByText("Your provider may not have looked at it yet.")).toBeVisible();
  await expectAccessible(page);

  await head.getByRole("link", { name: group }).click();
  await head.getByRole("button", { name: "Remove this group" }).click();
  await expect(head.getByRole("heading", { level: 1, name: "Release rules" })).toBeVisible();
  await expect(head.getByRole("link", { name: group })).toHaveCount(0);
});
