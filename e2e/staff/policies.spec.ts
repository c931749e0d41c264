// SEC-3, ENR-1: the practice's policies, changed by an administrator who has seen the present ones.

import { expectAccessible } from "../fixtures/a11y";
import { admin, billing, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";
import { traffic } from "../fixtures/traffic";

test("an administrator shortens the idle time, and the next session has it", async ({ page, visitor }) => {
  await signIn(page, admin);
  await page.goto("/staff/settings/policies");
  const minutes = page.getByLabel("Minutes until idle staff are signed out");
  const before = await minutes.inputValue();
  await minutes.fill("99");
  await page.getByRole("button", { name: "Save policies" }).click();
  await expect(page.getByRole("link", { name: "Enter 2 to 60 minutes." })).toBeVisible();
  await expectAccessible(page);
  await minutes.fill("some");
  await page.getByRole("button", { name: "Save policies" }).click();
  await expect(page.getByRole("link", { name: "Enter a whole number." })).toBeVisible();
  await minutes.fill("4");
  await page.getByRole("button", { name: "Save policies" }).click();
  await expect(page.getByText("The policies were saved.")).toBeVisible();

  const other = await visitor();
  await other.clock.install();
  const calm = traffic(other);
  await signIn(other, billing);
  await calm();
  await other.clock.fastForward("01:30");
  const warning = other.getByRole("alertdialog", { name: "Are you still there?" });
  await expect(warning).toBeHidden();
  await other.clock.fastForward("00:40");
  await expect(warning).toBeVisible();

  await minutes.fill(before);
  await page.getByRole("button", { name: "Save policies" }).click();
  await expect(page.getByText("The policies were saved.")).toBeVisible();
});

test("who comes second is told and sees what the first one set", async ({ page, visitor }) => {
  await signIn(page, admin);
  const other = await visitor();
  await signIn(other, admin);
  for (const tab of [page, other]) await tab.goto("/staff/settings/policies");
  const hours = (tab: typeof page) => tab.getByLabel("Hours that an enrolment token works");
  await hours(page).fill("48");
  await page.getByRole("button", { name: "Save policies" }).click();
  await expect(page.getByText("The policies were saved.")).toBeVisible();
  await hours(other).fill("24");
  await other.getByRole("button", { name: "Save policies" }).click();
  await expect(other.getByRole("alert")).toContainText("Somebody changed this meanwhile.");
  await expect(hours(other)).toHaveValue("48");
});
