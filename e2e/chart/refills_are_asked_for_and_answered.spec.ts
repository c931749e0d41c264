// MED-2: a patient sees what is left of each medication, asks for more, and reads the answer to each of them.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { joerg, nurse, signIn, thandiwe } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("a refill and a renewal are asked for together, answered one by one, and the answers arrive", async ({
  page,
  visitor,
}) => {
  await signIn(page, thandiwe);
  await page.goto("/chart");
  await page.getByRole("link", { name: "See your medications" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Medications" })).toBeFocused();
  const card = (drug: string) =>
    page.locator("#medications > li").filter({ has: page.getByRole("heading", { name: drug }) });
  await expect(card("Metformin")).toContainText("Refills left3");
  await expect(card("Atorvastatin").getByLabel("Request renewal")).toBeVisible();
  await expect(card("Atorvastatin")).toContainText("No refill is left on this prescription");
  await expect(card("Lisinopril")).toContainText("This prescription has expired");
  await expectAccessible(page);
  await expectReflow(page);

  // Nothing chosen: the message leads to the first box.
  await page.getByRole("button", { name: "Send your request" }).click();
  await expect(page.getByRole("alert").getByRole("link")).toBeVisible();
  await expectAccessible(page);

  await card("Metformin").getByLabel("Request refill").check();
  await card("Atorvastatin").getByLabel("Request renewal").check();
  await page.getByRole("link", { name: "Go on with 2 medications" }).click();
  await expect(page.getByRole("heading", { name: "Your request" })).toBeFocused();
  await page.getByLabel("Note to your care team").fill("I travel on Friday.");
  await page.getByRole("button", { name: "Ask for 2 medications" }).click();
  await expect(page.getByText(/^Your request is sent. Your care team answers by /)).toBeFocused();
  await expect(card("Metformin")).toContainText("It waits for an answer.");
  await expect(card("Metformin").getByRole("checkbox")).toHaveCount(0);

  const staff = await visitor();
  await signIn(staff, nurse);
  await staff.goto("/staff/refills");
  await staff.locator("#refills").getByRole("link", { name: thandiwe.name }).click();
  const drug = (name: string) => staff.getByRole("region", { name });
  await expect(staff.getByText("I travel on Friday.")).toBeVisible();
  await expectAccessible(staff);
  await staff.getByRole("button", { name: /^Send the answer to Thandiwe/ }).click();
  await expect(staff.getByRole("alert").first()).toBeVisible();
  await drug("Metformin").getByLabel("Approve").check();
  await drug("Atorvastatin").getByLabel("Decline").check();
  await staff.getByRole("button", { name: /^Send the answer to Thandiwe/ }).click();
  await expect(staff.getByRole("alert").first()).toContainText("Fill this in.");
  await drug("Atorvastatin").getByLabel("Reason").selectOption({ label: "A test is needed first." });
  await drug("Atorvastatin").getByLabel("About this medication").fill("Come in for a blood test.");
  await expectAccessible(staff);
  await expectReflow(staff);
  await staff.getByRole("button", { name: /^Send the answer to Thandiwe/ }).click();
  await expect(staff.locator("#refills").getByRole("link", { name: thandiwe.name })).toHaveCount(0);

  await page.goto("/mail");
  await page.locator("#inbox").getByRole("link", { name: /medication/i }).first().press("Enter");
  await expect(page).toHaveURL(/\/chart\/medications\/requests\//);
  const outcomes = page.locator("#outcomes");
  await expect(outcomes).toContainText("Your care team said yes.");
  await expect(outcomes).toContainText("A test is needed first.");
  await expect(outcomes).toContainText("Come in for a blood test.");
  await expectAccessible(page);
  await expectReflow(page);
});

test("what was asked for can be taken back, and the queue shows it no longer", async ({ page, visitor }) => {
  await signIn(page, joerg);
  await page.goto("/chart/medications");
  const card = page.locator("#medications > li").filter({ has: page.getByRole("heading", { name: "Lisinopril" }) });
  await card.getByLabel("Request renewal").check();
  await page.getByRole("button", { name: "Ask for 1 medication" }).click();
  await expect(card).toContainText("It waits for an answer.");

  const staff = await visitor();
  await signIn(staff, nurse);
  await staff.goto("/staff/refills");
  const row = staff.locator("#refills").getByRole("link", { name: joerg.name });
  await row.click();
  await staff.getByRole("region", { name: "Lisinopril" }).getByLabel("Approve").check();

  await card.getByRole("button", { name: "Take it back" }).click();
  await expect(page.getByText("You took back your request for Lisinopril")).toBeVisible();
  await expect(card.getByLabel("Request renewal")).toBeVisible();

  // The open answer comes too late, and says so.
  await staff.getByRole("button", { name: `Send the answer to ${joerg.name}` }).click();
  await expect(staff.getByRole("alert").first()).toBeVisible();
  await expect(row).toHaveCount(0);
});
