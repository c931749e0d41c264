// LAB-1: a provider takes a mistaken release back, and learns that the patient had opened it.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { joerg, provider, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("a release is taken back where it was made, and nothing of it stays with the patient", async ({
  page,
  visitor,
}) => {
  const doctor = await visitor();
  await signIn(doctor, provider);
  await doctor.goto("/staff/queue/releases");
  const waiting = doctor.locator("#releases").getByRole("listitem").filter({ hasText: joerg.name });
  const link = waiting.getByRole("link").first();
  const title = await link.innerText();
  await link.click();
  const comment = "This was meant for somebody else.";
  await doctor.getByLabel("Your comment to the patient").fill(comment);
  // The preview says what the patient will read, while it is typed.
  await expect(doctor.locator(".staff-preview")).toContainText(comment);
  await doctor.getByRole("button", { name: `Release to ${joerg.name}` }).click();
  await expect(doctor.getByText(`Released to ${joerg.name}: ${title}`)).toBeVisible();

  await signIn(page, joerg);
  await page.goto("/mail");
  const item = page.locator("#inbox").getByRole("link", { name: title }).first();
  await item.press("Enter");
  await expect(page.getByText(comment)).toBeVisible();
  const address = page.url();

  await doctor.getByRole("link", { name: "Open it again or take it back" }).click();
  await doctor.getByRole("radio", { name: "Something else" }).check();
  await doctor.getByRole("button", { name: "Take back the release" }).click();
  await expect(doctor.getByRole("alert")).toContainText("Fill this in.");
  await expectAccessible(doctor);
  await expectReflow(doctor);
  await doctor.getByLabel("More about it").fill("Two patients were mixed up.");
  await doctor.getByRole("button", { name: "Take back the release" }).click();
  await expect(doctor.getByText("Taken back, but the patient had opened it already.")).toBeVisible();
  await expect(doctor.getByRole("button", { name: `Release to ${joerg.name}` })).toBeVisible();

  await page.goto(address);
  await expect(page.getByRole("alert")).toContainText("There is nothing here that you may see.");
  await page.goto("/mail");
  await expect(page.locator("#inbox")).toBeVisible();
  await expect(page.locator("#inbox").getByText(title, { exact: true })).toHaveCount(0);
  await page.goto("/chart/results");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator("#results").getByText(comment)).toHaveCount(0);
});
