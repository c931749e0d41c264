// 45 CFR 164.522(a): a patient asks that something be not shared; the privacy officer agrees, all of the staff see it, and the
// patient ends it.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { nurse, privacy, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("a limit is asked for, agreed, seen by a nurse, and ended", async ({ page, portal, visitor }) => {
  test.setTimeout(180_000);
  const ada = await enrolled(portal, await visitor(), page);
  const [officer, staff] = [await visitor(), await visitor()];
  await page.goto("/chart");
  await page.getByRole("link", { name: "Limit who sees what" }).click();
  await expect(page.getByText("You have asked for no limit yet.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Ask us not to share something" }).click();
  await page.getByRole("button", { name: "Send the request" }).click();
  await expect(page.getByRole("alert").first()).toContainText("Fill this in.");
  await expectAccessible(page);
  await expectReflow(page);
  await page.getByLabel("Do not tell my health plan").check();
  await page.getByLabel("With which information?").fill("My visit of October 5");
  await page.getByLabel("With whom or how not?").fill("Not Blue Plan.");
  await page.getByRole("button", { name: "Send the request" }).click();
  await expect(page.getByText("Your request is sent.")).toBeFocused();
  await expectAccessible(page);
  await expectReflow(page);
  const id = new URL(page.url()).pathname.split("/").at(-1);

  await signIn(officer, privacy);
  await expect(officer.getByRole("main").getByRole("link", { name: "Sharing requests" })).toBeVisible();
  await officer.goto("/staff/corrections/restrictions");
  await expectAccessible(officer);
  await officer.goto(`/staff/corrections/restrictions/${ada.patient.id}/${id}`);
  await expect(officer.getByText("Not Blue Plan.")).toBeVisible();
  await officer.getByRole("radio", { name: "Decline" }).check();
  await expect(officer.getByLabel("Reason").getByRole("option")).toHaveText([
    /Choose/,
    "It was not paid for in full.",
    "The law asks us to share it.",
  ]);
  await officer.getByRole("radio", { name: "Agree" }).check();
  await officer.getByLabel("What we do from now on, or why not").fill("We bill you alone.");
  await expectAccessible(officer);
  await expectReflow(officer);
  await officer.getByRole("button", { name: /^Send the answer to Ada/ }).click();
  await expect(officer.getByText(/^Ada .* gets the answer in the inbox\.$/)).toBeVisible();

  await signIn(staff, nurse);
  await staff.goto(`/staff/patients/${ada.patient.id}`);
  await expect(staff.locator("#limits")).toContainText("We bill you alone.");
  await expectAccessible(staff);
  await expectReflow(staff);

  await page.goto("/mail");
  await page.locator("#inbox").getByRole("link", { name: /not to share something: My visit of October 5/ }).click();
  await expect(page.getByText("We agree and keep to it.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "End this limit" }).click();
  await expect(page.getByText("The limit has ended.")).toBeVisible();
  await staff.reload();
  await expect(staff.getByRole("heading", { level: 1, name: /^Ada/ })).toBeVisible();
  await expect(staff.locator("#limits")).toHaveCount(0);
});
