// PHR-6: staff attach a document to a chart and release it; the patient reads it, saves its file, and sees it no more once it
// was taken back.

import { readFile } from "node:fs/promises";
import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { billing, nurse, signIn, thandiwe } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("a document is attached with a file, released, read, and taken back", async ({ page, portal, visitor }) => {
  const person = await enrolled(portal, await visitor(), page);
  const name = `Ada ${person.patient.family_name}`;
  await page.goto("/chart");
  await page.getByRole("link", { name: "Documents" }).click();
  await expect(page.getByText("There is no document for you yet.")).toBeVisible();

  const staff = await visitor();
  await signIn(staff, nurse);
  await staff.goto(`/staff/patients/${person.patient.id}`);
  await staff.getByRole("link", { name: "Documents" }).click();
  await expect(staff.getByText("No document is attached to this chart yet.")).toBeVisible();
  const attach = staff.getByRole("button", { name: "Attach", exact: true });
  await attach.click();
  await expect(staff.getByRole("alert").getByRole("link", { name: "Fill this in." })).toBeVisible();
  await expectAccessible(staff);
  await expectReflow(staff);
  await staff.getByLabel("Title").fill("After your visit");
  const date = staff.getByRole("group", { name: "Date" });
  await date.getByLabel("Month").fill("3");
  await date.getByLabel("Day").fill("2");
  await date.getByLabel("Year").fill("2026");
  await staff.getByLabel("Text").fill("Walk daily.\nDrink water.");
  await attach.click();
  await expect(staff).toHaveURL(/\/documents\/[0-9a-f-]{36}$/);
  await expect(staff.getByText("Not released", { exact: true })).toBeVisible();

  // Nothing of it for the patient yet.
  await page.reload();
  await expect(page.getByText("There is no document for you yet.")).toBeVisible();

  const choose = staff.getByLabel("Add a file");
  await choose.setInputFiles({ name: "page.html", mimeType: "text/html", buffer: Buffer.from("<p>") });
  await expect(staff.getByRole("alert")).toContainText("Attach doc, docx, gif, jpg");
  await choose.setInputFiles({ name: "plan.txt", mimeType: "text/plain", buffer: Buffer.from("Walk daily.") });
  await expect(staff.getByText("The file was added.")).toBeFocused();
  await expectAccessible(staff);
  await expectReflow(staff);
  await staff.getByRole("button", { name: `Release to ${name}` }).click();
  await expect(staff.getByText(`Released to ${name}: After your visit`)).toBeFocused();

  await page.goto("/mail");
  await page.locator("#inbox").getByRole("link", { name: "A new document for you" }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "After your visit" })).toBeVisible();
  await expect(page.getByText("Drink water.")).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
  const saving = page.waitForEvent("download");
  await page.getByRole("link", { name: /Save the file/ }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe("plan.txt");
  expect((await readFile(await saved.path())).toString()).toBe("Walk daily.");
  const address = page.url();
  await page.goto("/chart/documents");
  const row = page.locator("#documents").getByRole("listitem").filter({ hasText: "After your visit" });
  await expect(row).toBeVisible();
  await expect(row.getByText("New", { exact: true })).toHaveCount(0);
  await expectAccessible(page);
  await expectReflow(page);

  await staff.reload();
  await expect(staff.getByText("Opened by the patient")).toBeVisible();
  await staff.locator("summary").filter({ hasText: "Take back this document" }).click();
  const back = staff.getByRole("button", { name: "Take back this document" });
  await back.click();
  await expect(staff.getByRole("alert")).toContainText("Fill this in.");
  await staff.getByLabel("Reason").fill("It was meant for somebody else.");
  await back.click();
  await expect(staff.getByText("The patient sees it no more.")).toBeFocused();
  await expect(staff.getByText("It was meant for somebody else.")).toBeVisible();

  await page.goto(address);
  await expect(page.getByRole("alert")).toContainText("There is nothing here that you may see.");
  await page.goto("/chart/documents");
  await expect(page.getByText("There is no document for you yet.")).toBeVisible();
});

test("the demo's patient has a visit summary, and not the letter that waits", async ({ page }) => {
  await signIn(page, thandiwe);
  await page.goto("/chart/documents");
  await expect(page.getByRole("link", { name: "After your visit: blood pressure and sugar" })).toBeVisible();
  await expect(page.getByText("Letter to your eye doctor")).toHaveCount(0);
});

test("who may not see documents is told which role may", async ({ page, portal, visitor }) => {
  const other = await visitor();
  const person = await enrolled(portal, await visitor(), other);
  await signIn(page, billing);
  await page.goto(`/staff/patients/${person.patient.id}`);
  await expect(page.getByRole("heading", { level: 1, name: /Ada/ })).toBeVisible();
  await expect(page.getByRole("link", { name: "Documents" })).toHaveCount(0);
  await page.goto(`/staff/patients/${person.patient.id}/documents`);
  await expect(page.getByText(/Nurse/)).toBeVisible();
});
