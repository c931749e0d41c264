// PAY-1 to PAY-3: a patient sees what is owed, pays by card on the gateway's own page, and finds the receipt.

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled, press, tabTo, typeInto } from "../fixtures/accounts";
import { billed } from "../fixtures/bills";
import { expect, test } from "../fixtures/portal";

/** Types a test card on the gateway's page, by keyboard alone. */
async function giveCard(page: Page, number: string): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: "Pay by card" })).toBeVisible();
  await typeInto(page, page.getByLabel("Card number"), number);
  await typeInto(page, page.getByLabel("Expires (MM/YY)"), "12/49");
  await typeInto(page, page.getByLabel("Security code"), "123");
  await press(page, page.getByRole("button", { name: /^Pay / }));
}

/** The link saves a PDF. */
async function expectPaper(page: Page, name: string): Promise<void> {
  const saved = page.waitForEvent("download");
  await press(page, page.getByRole("link", { name }));
  const path = await (await saved).path();
  expect((await readFile(path)).subarray(0, 5).toString()).toBe("%PDF-");
}

test("a bill is paid by keyboard alone, after a declined card, and the receipt arrives", async ({
  page,
  portal,
  visitor,
}) => {
  test.setTimeout(180_000);
  const person = await enrolled(portal, await visitor(), page);
  await billed(portal, await visitor(), person.patient, [
    { kind: "charge", amount: 8500, description: "Office visit", statement: "S-1" },
    { kind: "insurance_pending", amount: 12000, description: "Laboratory" },
  ]);
  await page.goto("/home");
  await press(page, page.getByRole("link", { name: "See and pay your bills" }));
  await expect(page.getByRole("heading", { level: 1, name: "Bills and payments" })).toBeFocused();
  await expect(page.getByRole("region", { name: "What you owe" })).toContainText("$85.00");
  await expect(page.getByRole("region", { name: "Waiting for your insurance" })).toContainText("$120.00");
  await expectAccessible(page);
  await expectReflow(page);

  await press(page, page.getByRole("link", { name: "Pay now" }));
  await expect(page.getByRole("heading", { level: 1, name: "Pay your bill" })).toBeFocused();
  await tabTo(page, page.getByRole("radio", { name: "All of it: $85.00" }));
  await page.keyboard.press("ArrowDown");
  await typeInto(page, page.getByLabel("Amount", { exact: true }), "85.01");
  await press(page, page.getByRole("button", { name: "Go on to the card page" }));
  await expect(page.getByRole("alert")).toContainText("You can pay up to $85.00 now.");
  await expectAccessible(page);
  await expectReflow(page);
  await tabTo(page, page.getByRole("radio", { name: "Another amount" }));
  await page.keyboard.press("ArrowUp");
  await press(page, page.getByRole("button", { name: "Go on to the card page" }));

  await expect(page.getByRole("heading", { level: 1, name: "Pay by card" })).toBeVisible();
  expect(new URL(page.url()).origin, "the card page is its own origin").not.toBe(new URL(portal.url).origin);
  await expectReflow(page);
  await giveCard(page, "4000 0000 0000 0002");
  await expect(page.getByRole("heading", { level: 1, name: "Your payment did not go through" })).toBeVisible();
  await expect(page.getByText("Nothing was charged.")).toBeVisible();
  await expectAccessible(page);

  await press(page, page.getByRole("link", { name: "Try again" }));
  await press(page, page.getByRole("button", { name: "Go on to the card page" }));
  await giveCard(page, "4000 0000 0000 3220");
  await press(page, page.getByRole("button", { name: "Yes, this is me" }));
  await expect(page.getByRole("heading", { level: 1, name: "Payment received" })).toBeVisible();
  await expect(page.getByText("Visa ending in 3220")).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
  await expectPaper(page, "Save this receipt (PDF)");

  await page.goto("/mail");
  await page.locator("#inbox").getByRole("link", { name: "Receipt: payment of $85.00" }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Payment received" })).toBeVisible();
  await page.goto("/billing");
  await expect(page.getByRole("region", { name: "What you owe" })).toContainText("You owe nothing.");
  await page.locator("#statements").getByRole("link", { name: "Statement S-1" }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Statement S-1" })).toBeFocused();
  await expect(page.locator("#statement-lines")).toContainText("Office visit");
  await expectAccessible(page);
  await expectReflow(page);
  await expectPaper(page, "Save this statement (PDF)");

  await page.goto("/billing");
  await press(page, page.getByRole("link", { name: "Year summary for your taxes" }));
  await expect(page.getByRole("heading", { level: 1, name: /^Payments in \d{4}$/ })).toBeFocused();
  await expect(page.locator("#year-payments")).toContainText("Visa ending in 3220");
  await expectAccessible(page);
  await expectReflow(page);
  await expectPaper(page, "Save this summary (PDF)");
});

test("a bank that does not answer charges nothing, and one that answers late is shown as soon as it does", async ({
  page,
  portal,
  visitor,
}) => {
  const person = await enrolled(portal, await visitor(), page);
  await billed(portal, await visitor(), person.patient, [
    { kind: "charge", amount: 4000, description: "Office visit" },
  ]);
  await page.goto("/billing/pay/all");
  await page.getByRole("button", { name: "Go on to the card page" }).press("Enter");
  await giveCard(page, "4000 0000 0000 0119");
  await expect(page.getByRole("heading", { name: "The bank does not answer" })).toBeVisible();
  await page.getByRole("link", { name: "Go back" }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Your payment is not confirmed yet" })).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
  await page.getByRole("button", { name: "Cancel this payment" }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "This payment was cancelled" })).toBeVisible();

  await page.getByRole("link", { name: "Try again" }).press("Enter");
  await page.getByRole("button", { name: "Go on to the card page" }).press("Enter");
  await giveCard(page, "4000 0000 0000 0077");
  await expect(page).toHaveURL(/\/billing\/payments\//);
  // The bank takes a few seconds; then the gateway tells the portal, and the open page hears of it.
  await expect(page.getByRole("heading", { level: 1, name: "Payment received" })).toBeVisible({ timeout: 20_000 });
});
