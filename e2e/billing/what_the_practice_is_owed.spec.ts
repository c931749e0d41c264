// PAY-4: billing staff and administrators see what the practice is owed, drawn, as tables and to save; others are told whom
// to ask.

import { readFile } from "node:fs/promises";
import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled, press } from "../fixtures/accounts";
import { billed } from "../fixtures/bills";
import { admin, desk, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("what is owed is told by age and by month, and saved as a table", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const person = await enrolled(portal, await visitor(), page);
  const staff = await visitor();
  await billed(portal, staff, person.patient, [{ kind: "charge", amount: 8500, description: "Office visit" }]);
  await staff.goto("/staff/billing");
  await press(staff, staff.getByRole("link", { name: "What we are owed" }));
  await expect(staff.getByRole("heading", { level: 1, name: "What we are owed" })).toBeFocused();
  await expect(staff.locator("#aging tr")).toHaveCount(4);
  await expect(staff.locator("#months tr")).toHaveCount(12);
  await expect(staff.getByRole("img", { name: /^Open amounts by age in days\. 0–30: \$/ })).toBeVisible();
  await expect(staff.getByRole("img", { name: /^Charged to patients, from / })).toBeVisible();
  await expectAccessible(staff);
  await expectReflow(staff);
  const saved = staff.waitForEvent("download");
  await press(staff, staff.getByRole("link", { name: "Download as a table" }));
  const table = await readFile(await (await saved).path(), "utf8");
  expect(table).toMatch(/^day,of,sum,amount,currency\r\n/);
  expect(table).toMatch(/,all,owed,\d+\.\d\d,USD\r\n/);

  const boss = await visitor();
  await signIn(boss, admin);
  await boss.goto("/staff");
  await press(boss, boss.getByRole("navigation").getByRole("link", { name: "What we are owed" }));
  await expect(boss.locator("#months tr")).toHaveCount(12);
  const clerk = await visitor();
  await signIn(clerk, desk);
  await clerk.goto("/staff/billing/reports/receivables");
  await expect(clerk.getByText(/^You need one of these roles:/)).toBeVisible();
  await expect(clerk.locator("#months")).toHaveCount(0);
});
