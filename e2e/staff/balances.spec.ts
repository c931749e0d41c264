// PAY-4: billing staff take money at the desk, give money back, and write off with a second person.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { billed } from "../fixtures/bills";
import { admin, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("a payment is posted at the desk, a card payment is refunded, and a write-off needs somebody else", async ({
  page,
  portal,
  visitor,
}) => {
  const person = await enrolled(portal, await visitor(), page);
  const staff = await visitor();
  await billed(portal, staff, person.patient, [{ kind: "charge", amount: 10000, description: "Office visit" }]);

  // The patient pays a part by card.
  await page.goto("/billing/pay/all");
  await page.getByRole("radio", { name: "Another amount" }).check();
  await page.getByLabel("Amount", { exact: true }).fill("30");
  await page.getByRole("button", { name: "Go on to the card page" }).click();
  await page.getByLabel("Card number").fill("4242 4242 4242 4242");
  await page.getByLabel("Expires (MM/YY)").fill("12/49");
  await page.getByLabel("Security code").fill("123");
  await page.getByRole("button", { name: "Pay $30.00" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Payment received" })).toBeVisible();

  await staff.goto("/staff/billing");
  await expect(staff.getByRole("heading", { level: 1, name: "Balances" })).toBeVisible();
  await expectAccessible(staff);
  await expectReflow(staff);
  await staff.goto(`/staff/billing/patients/${person.patient.id}`);
  await expect(staff.getByRole("heading", { level: 2, name: "Take a payment at the desk" })).toBeVisible();
  await expectAccessible(staff);
  await expectReflow(staff);
  await staff.getByLabel("Amount", { exact: true }).fill("20");
  await staff.getByRole("radio", { name: "Check" }).check();
  await staff.getByRole("button", { name: "Post the payment" }).click();
  await expect(staff.getByRole("alert")).toContainText("Fill this in.");
  await staff.getByLabel("Number of the check").fill("1107");
  await staff.getByRole("button", { name: "Post the payment" }).click();
  await expect(staff.getByText(/^Posted \$20\.00\. Receipt R-/)).toBeFocused();
  const ledger = staff.locator("#ledger");
  await expect(ledger).toContainText("Check 1107");

  await ledger.getByRole("button", { name: "Refund: $30.00" }).click();
  await expect(staff.getByRole("heading", { name: /^Refund of the payment of/ })).toBeFocused();
  await staff.getByLabel("Amount", { exact: true }).fill("10");
  await staff.getByLabel("Reason").fill("Paid twice");
  await expectAccessible(staff);
  await staff.getByRole("button", { name: "Give the money back" }).click();
  await expect(staff.getByText("$10.00 of this payment went back to the card.")).toBeFocused();
  await ledger.getByRole("button", { name: "Void: $20.00" }).click();
  await staff.getByLabel("Reason").fill("Another patient's check");
  await staff.getByRole("button", { name: "Take the payment back" }).click();
  await expect(ledger.getByText("Taken back", { exact: true })).toBeVisible();

  await staff.getByText("Write off a part").click();
  await staff.getByLabel("Amount to write off").fill("15");
  await staff.getByLabel("Reason").fill("Hardship");
  await staff.getByRole("button", { name: "Ask for approval" }).click();
  await expect(staff.getByText("A write-off of $15.00 waits for somebody else.")).toBeFocused();
  const second = await visitor();
  await signIn(second, admin);
  await second.goto("/staff");
  await second.locator(".nhsuk-card").getByRole("link", { name: "Write-offs" }).click();
  await expect(second.getByRole("heading", { level: 1, name: "Write-offs" })).toBeFocused();
  const name = `${person.patient.given_name} ${person.patient.family_name}`;
  await expectAccessible(second);
  await second.getByRole("button", { name: `Approve: ${name}` }).click();
  await expect(second.getByText("The write-off was approved.")).toBeFocused();

  await staff.goto("/staff/billing/reports/close");
  await expect(staff.locator("#close")).toContainText("Payment at the desk");
  await expect(staff.getByRole("heading", { level: 2, name: "Compared with the sandbox" })).toBeVisible();
  await expectAccessible(staff);
  await expectReflow(staff);
  await page.goto("/billing");
  await expect(page.getByRole("region", { name: "What you owe" })).toContainText("$65.00");
});
