// ADM-6: a record of another location opens for a reason, with a banner, and both the privacy officer and the patient see it.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { phoenix, privacy, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("a nurse of another location gives a reason, and whose record it is sees it", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const [nurse, officer] = [await visitor(), await visitor()];
  const person = await enrolled(portal, await visitor(), page);
  const name = `${person.patient.given_name} ${person.patient.family_name}`;
  const { locations } = await (await page.request.get("/api/v1/practice")).json();
  const asked = await page.request.post(`/api/v1/patients/${person.patient.id}/appointments`, {
    headers: { origin: portal.url },
    data: { location_id: locations[0].id, reason: "check_up", preferred: [], note: "" },
  });
  expect(asked.status(), await asked.text()).toBe(201);

  await signIn(nurse, phoenix);
  await nurse.goto(`/staff/patients/${person.patient.id}`);
  await expect(nurse.getByRole("heading", { level: 1, name: "Give a reason to open this record" })).toBeVisible();
  await expectAccessible(nurse);
  await expectReflow(nurse);
  await nurse.getByRole("button", { name: "Open the record" }).click();
  await expect(nurse.getByRole("alert").first()).toContainText("Choose a reason.");
  await nurse.getByLabel("The patient is treated here now").check();
  await nurse.getByLabel("What happened?").fill("She fainted in our waiting room.");
  await nurse.getByRole("button", { name: "Open the record" }).click();
  const banner = nurse.getByRole("region", { name: "Emergency access" });
  await expect(banner).toContainText(name);
  await expect(nurse.getByRole("heading", { level: 1, name })).toBeVisible();
  await expectAccessible(nurse);
  await expectReflow(nurse);

  await signIn(officer, privacy);
  await officer.goto("/staff/reports/emergencies");
  const row = officer.locator("#emergencies > li").filter({ hasText: name });
  await expect(row).toContainText("She fainted in our waiting room.");
  await expectAccessible(officer);
  await expectReflow(officer);
  await row.getByRole("link").click();
  await expect(officer.locator("#audit > tr").filter({ hasText: phoenix.name }).first()).toContainText("Emergency");

  await page.goto("/account/access-log");
  const look = page.locator("#access-log > li").filter({ hasText: phoenix.name }).first();
  await expect(look).toContainText("In an emergency");
  await expectAccessible(page);

  await banner.getByRole("button", { name: "End emergency access" }).click();
  await expect(nurse.getByRole("heading", { level: 1, name: "Give a reason to open this record" })).toBeVisible();
});
