// PHR-6: a patient asks for a correction of the record; a provider answers, and the patient reads the outcome.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { provider, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("a correction is asked for, denied with a lawful reason, and read", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const ada = await enrolled(portal, await visitor(), page);
  const staff = await visitor();
  await page.goto("/chart");
  await page.getByRole("link", { name: "Have your record corrected" }).click();
  await expect(page.getByText("You have asked for no correction yet.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Ask for a correction" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Ask for a correction" })).toBeFocused();
  await page.getByRole("button", { name: "Send the request" }).click();
  await expect(page.getByRole("alert").first()).toContainText("Fill this in.");
  await expectAccessible(page);
  await expectReflow(page);
  await page.getByLabel("Which part of your record?").selectOption({ label: "Health conditions" });
  await page.getByLabel("Which entry?").fill("Asthma, 2014");
  await page.getByLabel("What is wrong?").fill("I never had asthma.");
  await page.getByLabel("What would be right?").fill("It was bronchitis.");
  await page.getByRole("button", { name: "Send the request" }).click();
  await expect(page.getByText("Your request is sent.")).toBeFocused();
  await expect(page.getByText(/^We answer by .* The answer arrives in your inbox\.$/)).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
  const id = new URL(page.url()).pathname.split("/").at(-1);

  await signIn(staff, provider);
  await expect(staff.getByRole("main").getByRole("link", { name: "Amendment requests" })).toBeVisible();
  await staff.goto(`/staff/corrections/amendments/${ada.patient.id}/${id}`);
  await expect(staff.getByText("I never had asthma.")).toBeVisible();
  await staff.getByRole("radio", { name: "Deny" }).check();
  await staff.getByRole("button", { name: /^Send the answer to Ada/ }).click();
  await expect(staff.getByRole("alert").first()).toContainText("Fill this in.");
  await staff.getByLabel("Reason").selectOption({ label: "The entry is accurate and complete." });
  await staff.getByLabel("What was done, or why not").fill("The lung test of 2014 shows it.");
  await expectAccessible(staff);
  await expectReflow(staff);
  await staff.getByRole("button", { name: /^Send the answer to Ada/ }).click();
  await expect(staff.getByText(/^Ada .* gets the answer in the inbox\.$/)).toBeVisible();

  await page.goto("/mail");
  await page.locator("#inbox").getByRole("link", { name: /request for a correction: Asthma, 2014/ }).click();
  await expect(page.getByText("We did not change the record.")).toBeVisible();
  await expect(page.getByText("The lung test of 2014 shows it.")).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
  await page.getByRole("main").getByRole("link", { name: "Corrections of your record" }).click();
  await expect(page.locator("#corrections")).toContainText("Denied");
});
