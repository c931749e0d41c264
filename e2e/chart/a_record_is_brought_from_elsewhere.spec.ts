// A patient brings a record of another clinic: it is shown as such, the care team can read it, and it goes when the patient
// removes it.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { nurse, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

const document = (family: string, allergy: string) =>
  Buffer.from(`<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>Summary of care</title>
    <effectiveTime value="20260301"/>
    <recordTarget><patientRole><patient><name><given>Ada</given><family>${family}</family></name>
    <birthTime value="19800203"/></patient></patientRole></recordTarget>
    <custodian><assignedCustodian><representedCustodianOrganization><name>Harbor Clinic</name></representedCustodianOrganization></assignedCustodian></custodian>
    <component><structuredBody><component><section><title>Allergies</title><text><table><thead><tr><th>Substance</th><th>Reaction</th></tr></thead>
    <tbody><tr><td>${allergy}</td><td>Hives</td></tr></tbody></table></text></section></component></structuredBody></component>
    </ClinicalDocument>`);

test("a record is brought, read by both sides, and removed", async ({ page, portal, visitor }) => {
  const person = await enrolled(portal, await visitor(), page);
  await page.goto("/chart");
  await page.getByRole("link", { name: "From elsewhere" }).click();
  await expect(page.getByText("You have not brought a record from another clinic yet.")).toBeVisible();
  const choose = page.getByLabel("Bring a record from another clinic");
  const bring = (name: string, buffer: Buffer) => choose.setInputFiles({ name, mimeType: "text/xml", buffer });
  await bring("a.xml", Buffer.from("<!DOCTYPE a><a/>"));
  await expect(page.getByRole("alert")).toContainText("This file has a DOCTYPE, which is unsafe.");
  await bring("a.xml", Buffer.from("hello"));
  await expect(page.getByRole("alert")).toContainText("We can't read this file.");
  await expectAccessible(page);
  await expectReflow(page);
  await bring("a.xml", document(person.patient.family_name, "Penicillin"));
  await expect(page.getByRole("heading", { level: 1, name: /Summary of care/ })).toBeVisible();
  await expect(page.getByText("Another clinic wrote this. It is not part of your chart with us.")).toBeVisible();
  await expect(page.getByText("Harbor Clinic")).toBeVisible();
  await expect(page.getByText("Penicillin")).toBeVisible();
  await expect(page.getByText("Is this the right person?")).toHaveCount(0);
  await expectAccessible(page);
  await expectReflow(page);
  const saving = page.waitForEvent("download");
  await page.getByRole("link", { name: "Save the file" }).click();
  expect((await saving).suggestedFilename()).toBe("outside-record.xml");
  await page.goto("/chart/sections/allergies");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText("Nothing is on record here.")).toBeVisible();
  await expect(page.getByText("Penicillin")).toHaveCount(0);

  await page.goto("/chart/elsewhere");
  await bring("b.xml", document("Somebody", "Nuts"));
  await expect(page.getByRole("heading", { name: "Is this the right person?" })).toBeVisible();
  await expectAccessible(page);

  const staff = await visitor();
  await signIn(staff, nurse);
  await staff.goto(`/staff/patients/${person.patient.id}`);
  await staff.getByRole("link", { name: "From elsewhere" }).click();
  const rows = staff.locator("#elsewhere").getByRole("listitem");
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: "Check the name" })).toHaveCount(1);
  await expectAccessible(staff);
  await expectReflow(staff);
  await rows.filter({ hasNotText: "Check the name" }).getByRole("link").click();
  await expect(staff.getByText("Penicillin")).toBeVisible();
  await expectAccessible(staff);
  await expectReflow(staff);

  await page.getByRole("button", { name: "Remove", exact: true }).click();
  const question = page.getByRole("dialog", { name: "Remove this record?" });
  await question.getByRole("button", { name: "Remove" }).click();
  await expect(page).toHaveURL(/\/chart\/elsewhere$/);
  await expect(page.locator("#elsewhere").getByRole("listitem")).toHaveCount(1);
});
