// A patient brings a record of another clinic: it is shown as such, the care team can read it and take single entries of it
// into the chart, and it goes when the patient removes it.

import type { Page } from "@playwright/test";
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
    <component><structuredBody><component><section><code code="48765-2"/><title>Allergies</title><text><table><thead><tr><th>Substance</th><th>Reaction</th></tr></thead>
    <tbody><tr><td>${allergy}</td><td>Hives</td></tr></tbody></table></text>
    <entry><act><statusCode code="active"/><entryRelationship><observation><templateId root="2.16.840.1.113883.10.20.22.4.7"/>
    <value code="419199007"/><participant><participantRole><playingEntity><code displayName="${allergy}"/></playingEntity></participantRole></participant>
    </observation></entryRelationship></act></entry></section></component></structuredBody></component>
    </ClinicalDocument>`);

test("a record is brought, read by both sides, taken over in part, and removed", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
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
  await expect(page.getByText("It is in the chart only where the care team took it over.")).toBeVisible();
  await expect(page.getByText("Harbor Clinic")).toBeVisible();
  await expect(page.getByText("Hives")).toBeVisible();
  // What the record says of it stands beside, with the reaction.
  const entry = (where: Page) =>
    where.getByRole("listitem").filter({ hasText: "Penicillin", hasNotText: "Hives" });
  await expect(entry(page).getByText("Not decided")).toBeVisible();
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
  await expect(staff.getByText("Hives")).toBeVisible();
  await expectAccessible(staff);
  await expectReflow(staff);

  // Left out for a reason, undone, taken over.
  await staff.getByRole("button", { name: "Leave out: Penicillin" }).click();
  await staff.getByRole("button", { name: "Leave out", exact: true }).click();
  await expect(staff.getByRole("alert")).toContainText("Give the patient a reason.");
  await expectAccessible(staff);
  await staff.getByLabel("Reason").selectOption({ label: "We could not confirm it." });
  await staff.getByRole("button", { name: "Leave out", exact: true }).click();
  await expect(staff.getByText("Penicillin stays out of the chart.")).toBeFocused();
  await expect(entry(staff)).toContainText("We could not confirm it.");
  await staff.getByRole("button", { name: "Undo" }).click();
  await staff.getByRole("button", { name: "Take into the chart: Penicillin" }).click();
  await expect(staff.getByText("Penicillin is in the chart now.")).toBeFocused();
  await expect(entry(staff).getByText("In the chart", { exact: true })).toBeVisible();
  await expectAccessible(staff);
  await expectReflow(staff);
  await page.goto("/chart/allergies");
  await expect(page.locator("#entries")).toContainText("Penicillin");
  await page.goto("/chart/elsewhere");
  await expect(page.locator("#taken")).toContainText("Penicillin");
  await expect(page.locator("#taken")).toContainText("Tomás Rivera");
  await expectAccessible(page);
  await expectReflow(page);
  await page.locator("#elsewhere").getByRole("listitem").filter({ hasNotText: "Check the name" }).getByRole("link").click();
  await expect(entry(page).getByText("In the chart", { exact: true })).toBeVisible();

  await page.getByRole("button", { name: "Remove", exact: true }).click();
  const question = page.getByRole("dialog", { name: "Remove this record?" });
  await question.getByRole("button", { name: "Remove" }).click();
  await expect(page).toHaveURL(/\/chart\/elsewhere$/);
  await expect(page.locator("#elsewhere").getByRole("listitem")).toHaveCount(1);
  await expect(page.locator("#taken")).toContainText("The record itself was removed.");
});
