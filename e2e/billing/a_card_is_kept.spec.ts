// PAY-1 to PAY-3: a patient keeps a card while paying, pays the next bill with it without leaving the portal, and agrees to
// a payment plan; by keyboard alone and on a narrow phone.

import type { Page } from "@playwright/test";
import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled, press, tabTo, typeInto } from "../fixtures/accounts";
import { billed } from "../fixtures/bills";
import { expect, test } from "../fixtures/portal";

/** Types a test card on the gateway's page. */
async function giveCard(page: Page, heading: string, number: string, button: RegExp): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
  await typeInto(page, page.getByLabel("Card number"), number);
  await typeInto(page, page.getByLabel("Expires (MM/YY)"), "12/49");
  await typeInto(page, page.getByLabel("Security code"), "123");
  await press(page, page.getByRole("button", { name: button }));
}

test("a card is kept while paying, pays again, and pays a plan that is agreed to and ended", async ({
  page,
  portal,
  visitor,
}) => {
  test.setTimeout(180_000);
  const person = await enrolled(portal, await visitor(), page);
  const staff = await visitor();
  await billed(portal, staff, person.patient, [
    { kind: "charge", amount: 18500, description: "Office visit", statement: "S-1" },
  ]);
  await page.goto("/billing/pay/all");
  await expect(page.getByRole("heading", { level: 1, name: "Pay your bill" })).toBeVisible();
  await tabTo(page, page.getByRole("radio", { name: "All of it: $185.00" }));
  await page.keyboard.press("ArrowDown");
  await typeInto(page, page.getByLabel("Amount", { exact: true }), "25");
  await tabTo(page, page.getByRole("checkbox", { name: "Keep this card for next time" }));
  await page.keyboard.press("Space");
  await expectAccessible(page);
  await expectReflow(page);
  await press(page, page.getByRole("button", { name: "Go on to the card page" }));
  await expect(page.getByText("This card is kept for next time.")).toBeVisible();
  await giveCard(page, "Pay by card", "4242 4242 4242 4242", /^Pay /);
  await expect(page.getByRole("heading", { level: 1, name: "Payment received" })).toBeVisible();

  await page.goto("/billing/pay/all");
  await tabTo(page, page.getByRole("radio", { name: "All of it: $160.00" }));
  await page.keyboard.press("ArrowDown");
  await typeInto(page, page.getByLabel("Amount", { exact: true }), "60");
  await tabTo(page, page.getByRole("radio", { name: "Visa ending in 4242" }));
  await expectAccessible(page);
  await expectReflow(page);
  await press(page, page.getByRole("button", { name: "Pay now" }));
  await expect(page.getByRole("heading", { level: 1, name: "Payment received" })).toBeVisible();
  await expect(page.getByText("Visa ending in 4242")).toBeVisible();

  await page.goto("/billing");
  await expect(page.locator("#cards")).toContainText("good until 12/2049");
  await expectAccessible(page);
  await expectReflow(page);
  await press(page, page.getByRole("link", { name: "Pay in monthly payments" }));
  await expect(page.getByRole("heading", { level: 1, name: "Pay in monthly payments" })).toBeFocused();
  await tabTo(page, page.getByLabel("How many payments?"));
  await page.keyboard.press("ArrowDown");
  await expect(page.locator("#schedule tbody tr")).toHaveText([/\$33\.33$/, /\$33\.33$/, /\$33\.34$/]);
  await press(page, page.getByRole("button", { name: "Begin this plan" }));
  await expect(page.getByRole("alert")).toContainText("Read the plan, then tick that you agree.");
  await expectAccessible(page);
  await expectReflow(page);
  await tabTo(page, page.getByRole("checkbox", { name: "I read this plan and agree to it" }));
  await page.keyboard.press("Space");
  await press(page, page.getByRole("button", { name: "Begin this plan" }));
  await expect(page.getByRole("heading", { level: 1, name: "Payment plan" })).toBeVisible();
  await expect(page.locator("#instalments li")).toHaveCount(3);
  await expectAccessible(page);
  await expectReflow(page);
  // The news of the payment may come before the answer: the page, shown anew, still sends the person on.
  await page.route("**/pay-next", async (route) => {
    const answer = await route.fetch();
    await expect(page.locator("#instalments li").first()).toContainText("Paid");
    await route.fulfill({ response: answer });
  });
  await press(page, page.getByRole("button", { name: "Pay the next one now" }));
  await expect(page.getByRole("heading", { level: 1, name: "Payment received" })).toBeVisible();
  await expect(page.getByText("$33.33")).toBeVisible();

  // A card in use says so before it goes; its plan then waits.
  await page.goto("/billing");
  await expect(page.getByRole("region", { name: "Payment plan" })).toContainText("$66.67");
  await press(page, page.getByRole("button", { name: "Remove: Visa ending in 4242" }));
  const dialog = page.getByRole("dialog", { name: "Remove Visa ending in 4242?" });
  await expect(dialog).toContainText("The plan pauses until you choose another one.");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Remove this card" }).press("Enter");
  await expect(page.getByText("The card was removed.")).toBeFocused();
  await page.reload();
  await expect(page.getByRole("region", { name: "Payment plan" })).toContainText("Its card was removed");

  // Staff see that it waits.
  await staff.goto("/staff/billing/plans/live?show=paused");
  await expect(staff.locator("#plans")).toContainText("the card was removed");
  await expectAccessible(staff);

  // Another card, kept without a payment, lets it go on; then it is ended.
  await press(page, page.getByRole("button", { name: "Keep a card" }));
  await giveCard(page, "Keep a card", "4000 0000 0000 3220", /^Keep this card/);
  await press(page, page.getByRole("button", { name: "Yes, this is me" }));
  await expect(page.getByRole("heading", { level: 1, name: "Your card is kept" })).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
  await press(page, page.getByRole("link", { name: "Go to your bills" }));
  await press(page, page.getByRole("link", { name: "See or change this plan" }));
  await press(page, page.locator("summary", { hasText: "Change the card" }));
  await press(page, page.getByRole("button", { name: "Change the card" }));
  await expect(page.getByText("The plan now pays with Visa ending in 3220.")).toBeFocused();
  await press(page, page.getByRole("button", { name: "End this plan" }));
  await page.getByRole("dialog").getByRole("button", { name: "End this plan" }).press("Enter");
  await expect(page.getByText("The plan was ended.")).toBeFocused();
  await expectAccessible(page);
  await expectReflow(page);
});
