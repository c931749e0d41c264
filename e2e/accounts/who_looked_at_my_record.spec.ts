// AUD-1: a patient sees who was at the record, narrows it, takes it along and asks the practice about a look.

import { readFile } from "node:fs/promises";

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { billing, desk, nurse, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("a patient sees who looked at the record and asks about it", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const person = await enrolled(portal, await visitor(), page);
  const [carer, clerk] = [await visitor(), await visitor()];
  await signIn(carer, nurse);
  const results = `/api/v1/patients/${person.patient.id}/results`;
  expect((await carer.request.get(results)).status()).toBe(200);
  await signIn(clerk, billing);
  expect((await clerk.request.get(results)).status(), "this role may not").toBe(403);

  await page.goto("/account");
  await page.getByRole("link", { name: "Who looked at my record" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Who looked at my record" })).toBeFocused();
  const looks = page.locator("#access-log > li");
  const look = looks.filter({ hasText: nurse.name });
  await expect(look).toHaveCount(1);
  await expect(look).toContainText("Nurse");
  await expect(look).toContainText("Looked at: Test results");
  await expect(looks.filter({ hasText: desk.name }).first(), "who handed out the token").toBeVisible();
  await expect(looks.filter({ hasText: billing.name }), "what was refused was no look").toHaveCount(0);
  await expect(looks.filter({ hasText: /^You/ })).toHaveCount(0);
  await expectAccessible(page);
  await expectReflow(page);

  const filter = page.getByRole("group").filter({ hasText: "Choose days, a person or copies" });
  await filter.getByText("Choose days, a person or copies").click();
  await page.getByLabel("Person", { exact: true }).selectOption({ label: `${nurse.name} (1 time)` });
  await expectAccessible(page);
  await expectReflow(page);
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(looks).toHaveCount(1);
  await expect(page).toHaveURL(/by=[0-9a-f-]{36}/);
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download as a table" }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe("access-log.csv");
  const lines = (await readFile(await file.path(), "utf8")).trim().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(new RegExp(`,${nurse.name},nurse,Looked at,Test results,,$`));

  // The copy that was just taken is an access of its own.
  await page.goto("/account/access-log?own=true&copies=true");
  await expect(looks).toHaveCount(1);
  await expect(looks).toContainText("You");
  await expect(looks).toContainText("Took a copy of: Who looked at the record");
  await expect(looks).toContainText("Left the portal");
  await page.goto("/account/access-log?from=2001-01-01&to=2001-12-31");
  await expect(page.getByText("Nobody looked at your record in this period.")).toBeVisible();

  await page.goto("/account/access-log");
  await look.getByRole("link", { name: /^Ask the practice about / }).click();
  await expect(page.getByRole("heading", { level: 1, name: "New message" })).toBeVisible();
  await expect(page.getByLabel("Subject")).toHaveValue(new RegExp(`^About: ${nurse.name} in my record on `));
  await expect(page.getByRole("radio", { name: /health record/i })).toBeChecked();
});
