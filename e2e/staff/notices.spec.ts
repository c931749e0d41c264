// NOT-1: front desk writes a notice, a patient reads and confirms it, front desk sees that and takes it back.

import { readFile } from "node:fs/promises";

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { expect, test } from "../fixtures/portal";

test("a notice reaches the patient, is confirmed, and goes when it is withdrawn", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const desk = await visitor();
  const person = await enrolled(portal, desk, page);
  const title = `Closed on Friday ${person.username}`;

  await desk.goto("/staff/notices/new");
  await desk.getByRole("button", { name: "Publish" }).click();
  await expect(desk.getByRole("alert")).toContainText("Fill this in.");
  await desk.getByRole("button", { name: "Count the patients" }).click();
  await expect(desk.getByText(/^\d+ patients?$/)).toBeVisible();
  await desk.getByLabel("Title").fill(title);
  await desk.getByLabel("Text", { exact: true }).fill("We are closed on Friday.\n\nCall us for urgent needs.");
  await desk.getByLabel("Important").check();
  await desk.getByLabel("Patients must confirm that they have read it").check();
  await desk.getByRole("button", { name: "Add a language" }).click();
  const spanish = desk.getByRole("group", { name: "Translation" });
  await spanish.getByLabel("Title").fill("Cerrado el viernes");
  await spanish.getByLabel("Text", { exact: true }).fill("Cerramos el viernes.");
  await expect(desk.getByRole("region", { name: "Preview" })).toContainText("Cerrado el viernes");
  await expectAccessible(desk);
  await expectReflow(desk);
  await desk.getByRole("button", { name: "Publish" }).click();
  await expect(desk.getByRole("heading", { level: 1, name: title })).toBeVisible();
  const address = desk.url();

  await page.goto("/home");
  await page.getByRole("region", { name: "Notices from the practice" }).getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(page.getByText("Call us for urgent needs.")).toBeVisible();
  await page.getByText("Español").click();
  await expect(page.getByText("Cerramos el viernes.")).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
  await page.getByRole("button", { name: "I have read this" }).click();
  await expect(page.getByText("Thank you. The practice knows that you have read this.")).toBeVisible();
  await page.goto("/mail");
  await expect(page.getByRole("link", { name: `Notice: ${title}` })).toBeVisible();

  await desk.goto("/staff/notices");
  await expectAccessible(desk);
  await expectReflow(desk);
  await desk.goto(address);
  // The list may be longer than its first page; the tally and the table hold everybody.
  await expect(desk.getByText(/1 of \d+ confirmed$/)).toBeVisible();
  await expectAccessible(desk);
  await expectReflow(desk);
  const table = desk.waitForEvent("download");
  await desk.getByRole("link", { name: "Download as a table" }).click();
  const file = await table;
  expect(file.suggestedFilename()).toBe("acknowledgements.csv");
  const rows = (await readFile(await file.path(), "utf8")).split("\r\n");
  const confirmed = rows.filter((row) => /,\d{4}-\d\d-\d\d \d\d:\d\d$/.test(row));
  expect(confirmed).toHaveLength(1);
  expect(confirmed[0]).toContain(person.patient.family_name);
  await desk.getByRole("link", { name: "Edit the notice" }).click();
  await desk.getByLabel("Title").first().fill(`${title} and Saturday`);
  await desk.getByRole("button", { name: "Save the notice" }).click();
  await expect(desk.getByRole("heading", { level: 1, name: `${title} and Saturday` })).toBeVisible();
  await desk.getByRole("button", { name: "Withdraw the notice" }).click();
  await desk.getByRole("alertdialog").or(desk.getByRole("dialog")).getByRole("button", { name: "Withdraw the notice" }).click();
  await expect(desk.getByText("The notice was withdrawn.")).toBeVisible();

  await page.goto("/home");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: title })).toHaveCount(0);
  await page.goto("/mail");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: new RegExp(title) })).toHaveCount(0);
});
