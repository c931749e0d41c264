// APT-1, APT-3, APT-5: front desk books; the patient gets the calendar file, and cancels by phone only.

import { readFile } from "node:fs/promises";
import { desk, joerg, signIn, thandiwe } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("an approved request arrives, goes into the calendar and is cancelled by phone", async ({ page, visitor }) => {
  const staff = await visitor();
  await signIn(staff, desk);
  await staff.goto("/staff/queue/appointments");
  const waiting = staff.locator("#requests").getByRole("listitem").filter({ hasText: "Thandiwe" });
  await waiting.getByRole("link").first().click();
  await expect(staff.getByRole("heading", { name: /^Request / })).toBeFocused();

  // The hour that the clocks skip in Boston.
  await staff.getByLabel("Date", { exact: true }).fill("2027-03-14");
  await staff.getByLabel("Time at the location").fill("02:30");
  await staff.getByRole("button", { name: /^Book for/ }).click();
  await expect(staff.getByRole("alert")).toContainText("This time does not exist: the clocks go forward.");
  await staff.getByLabel("Date", { exact: true }).fill("2027-03-15");
  await staff.getByLabel("Time at the location").fill("09:30");
  const words = "Monday, March 15, 2027 at 9:30 AM EDT";
  await expect(staff.getByText(`The patient reads: ${words}`)).toBeVisible();
  await staff.getByLabel("A word to the patient").fill("Please come ten minutes early.");
  const sent = staff.waitForRequest((request) => request.url().endsWith("/approve"));
  await staff.getByRole("button", { name: /^Book for/ }).click();
  expect((await sent).postDataJSON().starts_at).toBe("2027-03-15T13:30:00Z");
  await expect(staff.getByText("gets the answer in the inbox.")).toBeVisible();

  // The patient reads the location's clock, wherever the phone is.
  await signIn(page, thandiwe);
  await page.goto("/mail");
  await page.locator("#inbox").getByRole("link", { name: /^Appointment booked/ }).first().press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Appointment" })).toBeVisible();
  await expect(page.getByText(words)).toBeVisible();
  await expect(page.getByText("Please come ten minutes early.")).toBeVisible();
  await expect(page.getByRole("button", { name: /Cancel|Recall/ })).toHaveCount(0);
  await expect(page.getByText("To cancel or change it, call this location:")).toBeVisible();
  await expect(page.getByRole("link", { name: "+1 617 555 0110" }).first()).toHaveAttribute("href", "tel:+16175550110");

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Add to calendar" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/\.ics$/);
  const calendar = await readFile(await file.path(), "utf8");
  expect(calendar).toContain("BEGIN:VCALENDAR");
  expect(calendar).toContain("DTSTART;TZID=America/New_York:20270315T093000");
});

test("the filters of the queue stand in the address and outlive a reload", async ({ page }) => {
  await signIn(page, desk);
  await page.goto("/staff/queue/appointments");
  await page.getByLabel("State").selectOption("Booked");
  await expect(page).toHaveURL(/state=confirmed/);
  await expect(page.locator("#requests")).toContainText(joerg.name);
  await page.reload();
  await expect(page.getByLabel("State")).toHaveValue("confirmed");
  await expect(page.locator("#requests")).toContainText(joerg.name);
});
