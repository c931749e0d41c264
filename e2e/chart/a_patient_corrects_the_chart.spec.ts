// MED-1, MED-3: what a patient tells stands apart until staff accept it; an allergy to what is taken can't wait.

import type { Page } from "@playwright/test";
import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { desk, nurse, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

/** Opens what the patient's page shows in the staff's queue. */
async function openInQueue(staff: Page, patient: string, page: Page): Promise<void> {
  const id = new URL(page.url()).pathname.split("/").at(-1);
  await staff.goto(`/staff/corrections/proposals/${patient}/${id}`);
  await expect(staff.getByRole("radio", { name: "Decline" })).toBeVisible();
}

test("a medication and an allergy are told, answered, and only then stand in the chart", async ({
  page,
  portal,
  visitor,
}) => {
  test.setTimeout(120_000);
  const ada = await enrolled(portal, await visitor(), page);
  const staff = await visitor();
  await page.goto("/chart");
  await page.getByRole("link", { name: "See your medications" }).click();
  await page.getByRole("link", { name: "Add a medication" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "What do you take?" })).toBeFocused();
  await expectAccessible(page);
  await expectReflow(page);

  // Nothing filled in: the message leads to the field.
  await page.getByRole("button", { name: "Send to your care team" }).click();
  await page.getByRole("alert").getByRole("link", { name: "Fill this in." }).click();
  await expect(page.getByLabel("Medication")).toBeFocused();
  await page.getByLabel("Medication").fill("Ibuprofen 200 mg");
  await page.getByLabel("How it is taken").fill("1 tablet when my knee hurts");
  await page.getByRole("button", { name: "Send to your care team" }).click();
  await expect(page.getByText("Sent. Your care team has it.")).toBeFocused();
  await expect(page.getByRole("main")).toContainText("Until then your chart stays as it is.");
  await expect(page.getByText(/^You told us on .*, waiting for your care team$/)).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);

  await signIn(staff, nurse);
  await openInQueue(staff, ada.patient.id, page);
  await page.getByRole("main").getByRole("link", { name: "Medications", exact: true }).click();
  await expect(page.locator("#told")).toContainText("Ibuprofen 200 mg");
  await expect(page.locator("#medications")).toHaveCount(0);
  await staff.getByRole("button", { name: /^Send the answer to Ada/ }).click();
  await expect(staff.getByRole("alert").first()).toContainText("Choose your answer.");
  await expectAccessible(staff);
  await expectReflow(staff);
  await staff.getByLabel("Accept it as it is").check();
  await staff.getByRole("button", { name: /^Send the answer to Ada/ }).click();
  await expect(staff.getByText(/^Ada .* gets the answer in the inbox\.$/)).toBeVisible();

  const card = page.locator("#medications > li").filter({ has: page.getByRole("heading", { name: "Ibuprofen 200 mg" }) });
  await page.reload();
  await expect(card).toContainText("1 tablet when my knee hurts");
  await expect(card.getByRole("link", { name: "I no longer take this" })).toBeVisible();
  await page.goto("/mail");
  await page.locator("#inbox").getByRole("link", { name: /what you told us: Ibuprofen/ }).click();
  await expect(page.getByText("Your care team agreed. Your chart says so now.")).toBeVisible();
  await expectAccessible(page);

  // An allergy to what is taken.
  await page.goto("/chart/allergies");
  await page.getByRole("link", { name: "Add an allergy" }).click();
  await page.getByLabel("Allergic to").fill("ibuprofen");
  await page.getByLabel("What happens").fill("Swollen lips");
  await page.getByLabel("Severe").check();
  await page.getByRole("button", { name: "Send to your care team" }).click();
  await expect(page.getByRole("heading", { name: /Call us before the next dose/ })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Ibuprofen 200 mg");
  await expectAccessible(page);
  await openInQueue(staff, ada.patient.id, page);
  await expect(staff.getByRole("heading", { name: /An active medication and an allergy match/ })).toBeVisible();
  await expect(staff.locator("#proposals").getByText("Urgent").first()).toBeVisible();
  await staff.getByLabel("Correct it and accept").check();
  await staff.getByLabel("Allergic to").fill("Ibuprofen");
  await staff.getByLabel("A clinician saw it happen").check();
  await expectAccessible(staff);
  await expectReflow(staff);
  await staff.getByRole("button", { name: /^Send the answer to Ada/ }).click();
  await expect(staff.getByText(/^Ada .* gets the answer in the inbox\.$/)).toBeVisible();
  await page.reload();
  await expect(page.getByText("Your care team corrected it. Your chart says that now.")).toBeVisible();
  await page.goto("/chart/allergies");
  await expect(page.locator("#entries")).toContainText("Ibuprofen");
  await expectAccessible(page);
  await expectReflow(page);
});

test("no known allergies is told, declined and read with the keyboard alone", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const ada = await enrolled(portal, await visitor(), page);
  const staff = await visitor();
  /** Walks on with Tab until the focus is on it. */
  const tabTo = async (where: Page, name: RegExp) => {
    const focused = () =>
      where.evaluate(() => {
        const element = document.activeElement as HTMLElement | null;
        const label = element instanceof HTMLInputElement || element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement ? (element.labels?.[0]?.innerText ?? "") : "";
        return `${label}${element?.innerText ?? ""}`.trim();
      });
    for (let step = 0; step < 80; step++) {
      if (name.test(await focused())) return;
      await where.keyboard.press("Tab");
    }
    throw new Error(`Tab never reaches ${name}`);
  };
  await page.goto("/chart/allergies");
  await expect(page.getByRole("link", { name: "I have no allergies" })).toBeVisible();
  await tabTo(page, /^I have no allergies$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "You have no allergies?" })).toBeFocused();
  await tabTo(page, /^Send to your care team$/);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Sent. Your care team has it.")).toBeFocused();

  await signIn(staff, nurse);
  await staff.goto("/staff/corrections/proposals");
  const row = staff.locator("#proposals").getByRole("link", { name: ada.patient.family_name });
  await expect(row).toBeVisible();
  for (let step = 0; step < 40; step++) {
    await staff.keyboard.press("j");
    if (await row.evaluate((link) => link === document.activeElement)) break;
  }
  await expect(row).toBeFocused();
  await staff.keyboard.press("Enter");
  await expect(staff.locator("#item-title")).toBeFocused();
  await tabTo(staff, /^Accept it as it is$/);
  await staff.keyboard.press("ArrowDown");
  await expect(staff.getByRole("radio", { name: "Decline" })).toBeChecked();
  await tabTo(staff, /^Reason/);
  await staff.keyboard.type("We want");
  await tabTo(staff, /^A word to the patient/);
  await staff.keyboard.type("We talk about it at your next visit.");
  await tabTo(staff, /^Send the answer to Ada/);
  await staff.keyboard.press("Enter");
  await expect(row).toHaveCount(0);

  await page.reload();
  await expect(page.getByText("Your care team did not change your chart.")).toBeVisible();
  await expect(page.getByText("We talk about it at your next visit.")).toBeVisible();
  await page.goto("/chart/allergies");
  await expect(page.getByText("Nothing is on record here.")).toBeVisible();
  await expect(page.locator("#told")).toContainText("Declined");
});

test("what is told can be taken back, and front desk answers an address", async ({ page, portal, visitor }) => {
  const ada = await enrolled(portal, await visitor(), page);
  await page.goto("/chart/contact");
  await page.getByRole("link", { name: /^Something is different/ }).click();
  await page.getByLabel("City").fill("Salem");
  await page.getByLabel("Mobile phone").fill("555 0100");
  await expectAccessible(page);
  await expectReflow(page);
  await page.getByRole("button", { name: "Send to your care team" }).click();
  await expect(page.getByText("Sent. Your care team has it.")).toBeFocused();
  await page.getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByRole("main").getByText("You took it back.")).toBeFocused();
  await page.getByRole("main").getByRole("link", { name: "Address and phone numbers" }).click();
  await expect(page.getByRole("link", { name: /^Something is different/ })).toBeVisible();
  await expect(page.locator("#told")).toContainText("Taken back");
  await page.goto("/chart/propose/social_history.add");
  await page.getByLabel("What it is about").fill("Work");
  await page.getByLabel("How it is").fill("Night shifts");
  await expectAccessible(page);
  await expectReflow(page);
  await page.getByRole("button", { name: "Send to your care team" }).click();
  await expect(page.getByText("Sent. Your care team has it.")).toBeFocused();
  const clinical = new URL(page.url()).pathname.split("/").at(-1);
  await page.goto("/chart/contact");
  await page.getByRole("link", { name: /^Something is different/ }).click();
  await page.getByLabel("City").fill("Salem");
  await page.getByRole("button", { name: "Send to your care team" }).click();
  await expect(page.getByText("Sent. Your care team has it.")).toBeFocused();
  const clerk = await visitor();
  await signIn(clerk, desk);
  await openInQueue(clerk, ada.patient.id, page);
  await expect(clerk.getByText("Add something about daily life")).toHaveCount(0);
  await expectAccessible(clerk);
  await expectReflow(clerk);
  await clerk.getByLabel("Accept it as it is").check();
  await clerk.getByRole("button", { name: /^Send the answer to Ada/ }).click();
  await expect(clerk.getByText(/^Ada .* gets the answer in the inbox\.$/)).toBeVisible();
  const hidden = await clerk.request.get(`/api/v1/patients/${ada.patient.id}/proposals/${clinical}`);
  expect(hidden.status()).toBe(403);
  await page.goto("/chart/contact");
  await expect(page.locator("#entries")).toContainText("Salem");
  for (const part of ["insurance", "family-history", "social-history"]) {
    await page.goto(`/chart/${part}`);
    await expect(page.getByText("Nothing is on record here.")).toBeVisible();
    await expectAccessible(page);
  }
});
