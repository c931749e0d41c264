// AUD-1, AUD-3: the privacy officer reads the audit trail; others learn which role it takes.

import { readFile } from "node:fs/promises";

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { admin, billing, nurse, privacy, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("the privacy officer sees what was done and what was refused", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const [officer, carer, clerk] = [await visitor(), await visitor(), await visitor()];
  const person = await enrolled(portal, await visitor(), page);
  const results = `/api/v1/patients/${person.patient.id}/results`;
  await signIn(carer, nurse);
  expect((await carer.request.get(results)).status()).toBe(200);
  await signIn(clerk, billing);
  expect((await clerk.request.get(results)).status()).toBe(403);

  await signIn(officer, privacy);
  await officer.getByRole("navigation", { name: "Staff" }).getByRole("link", { name: "Audit trail" }).click();
  await expect(officer.getByRole("heading", { level: 1, name: "Audit trail" })).toBeFocused();
  const chart = officer.getByRole("img", { name: /acts done and \d+ refused/ });
  await expect(chart).toBeVisible();
  await expect(officer.locator("#audit > tr").first()).toBeVisible();
  await expectAccessible(officer);
  await expectReflow(officer);

  // One patient's rows are found by the address that a row's link has.
  await officer.goto(`/staff/reports/audit?patient=${person.patient.id}&category=results`);
  const rows = officer.locator("#audit > tr");
  await expect(rows).toHaveCount(2);
  await expect(officer.getByText(`Only ${person.patient.given_name} ${person.patient.family_name}.`)).toBeVisible();
  const refused = rows.filter({ hasText: billing.name });
  await expect(refused).toContainText("Refused");
  await expect(rows.filter({ hasText: nurse.name })).toContainText("Done");
  await expect(chart).toHaveAccessibleName(/^1 acts done and 1 refused/);
  await officer.getByText("Show as a table").click();
  await expect(officer.getByRole("row").filter({ hasText: /11$/ }).first()).toBeVisible();
  await expectAccessible(officer);

  await officer.getByLabel("Outcome").selectOption("Refused");
  await officer.getByRole("button", { name: "Show", exact: true }).click();
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText(billing.name);
  const saved = officer.waitForEvent("download");
  await officer.getByRole("link", { name: "Download as a table" }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe("audit.csv");
  const lines = (await readFile(await file.path(), "utf8")).trim().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(`,${billing.name},billing,`);
  await officer.getByRole("link", { name: "Show all patients" }).click();
  await expect(officer.getByText("Only ")).toHaveCount(0);

  // The patient sees that the privacy officer read of the record.
  await page.goto("/account/access-log");
  await expect(page.locator("#access-log > li").filter({ hasText: privacy.name }).first()).toContainText("Who looked at the record");

  const chief = await visitor();
  await signIn(chief, admin);
  await chief.goto("/staff/reports/audit");
  await expect(chief.getByText("Privacy officer")).toBeVisible();
  await expect(chief.locator("#audit")).toHaveCount(0);
});
