// View, download, transmit; SEC-5, NTF-1: a patient sends a copy of the health record to somebody, who opens it with a pass
// code that the patient tells apart.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled, refuseOnce } from "../fixtures/accounts";
import { mailTo, mails } from "../fixtures/mail";
import { expect, test } from "../fixtures/portal";

/** A record that is ready, open on the page. */
async function makeRecord(page: Page): Promise<string> {
  await page.goto("/chart/records/new");
  await page.getByRole("button", { name: "Make my record" }).click();
  await expect(page.getByText("Your record is ready.")).toBeVisible();
  return new URL(page.url()).pathname;
}

test("a link goes out, opens with the pass code alone, and is taken back", async ({ page, portal, visitor }) => {
  const person = await enrolled(portal, await visitor(), page);
  const record = await makeRecord(page);
  const clinic = `records.${person.patient.family_name.toLowerCase()}@clinic.example.org`;

  await page.getByRole("link", { name: "Send a copy to somebody" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Send a copy to somebody" })).toBeFocused();
  const send = page.getByRole("button", { name: "Send the copy" });
  await page.getByLabel("E-mail address of who gets it").fill("nobody");
  await send.click();
  await expect(page.getByRole("alert")).toContainText("Enter an e-mail address, such as name@example.org.");
  await expectAccessible(page);
  await expectReflow(page);
  await page.getByLabel("E-mail address of who gets it").fill(clinic);
  await page.getByRole("radio", { name: "Plain text" }).check();

  // An old sign-in is asked for the password first; then the same act goes on.
  await refuseOnce(page, `${record.replace("/chart/records", `/api/v1/patients/${person.patient.id}/health-records`)}/transmissions`);
  await send.click();
  const dialog = page.getByRole("dialog", { name: "Is it you?" });
  await dialog.getByLabel("Your password").fill(person.password);
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your copy is on its way" })).toBeVisible();
  const code = await page.locator("#pass-code").innerText();
  expect(code).toMatch(/^\d{4} \d{4}$/);
  await expectAccessible(page);
  await expectReflow(page);

  const mail = await mailTo(portal, clinic, /A file for you/);
  expect(mail.text).not.toContain(code);
  // The practice's own name and the random token may hold anything.
  const said = mail.text.replace("Infinity Health", "").replace(/token=\S+/g, "");
  expect(said.toLowerCase()).not.toMatch(/health|record|\bada\b|probe/);
  const link = mail.links.find((link) => link.includes("/shared#token="));
  const clerk = await visitor();
  await clerk.goto(link ?? "");
  await expect(clerk.getByRole("heading", { level: 1, name: "A file for you" })).toBeVisible();
  expect(clerk.url()).not.toContain("token");
  const open = clerk.getByRole("button", { name: "Open" });
  await clerk.getByLabel("Pass code").fill("12");
  await open.click();
  await expect(clerk.getByRole("alert")).toContainText("Enter the eight digits of the pass code.");
  await clerk.getByLabel("Pass code").fill(code === "0000 0000" ? "1111 1111" : "0000 0000");
  await open.click();
  await expect(clerk.getByRole("alert")).toContainText("This link and pass code open nothing.");
  await expectAccessible(clerk);
  await expectReflow(clerk);
  await clerk.getByLabel("Pass code").fill(code);
  await open.click();
  await expect(clerk.getByRole("heading", { level: 1, name: "Your file is ready" })).toBeVisible();
  await expectAccessible(clerk);
  await expectReflow(clerk);
  const saving = clerk.waitForEvent("download");
  await clerk.getByRole("button", { name: "Save the file" }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toMatch(/^health-record-\d{4}-\d\d-\d\d\.txt$/);
  const bytes = await readFile(await saved.path());
  await expect(clerk.getByText(createHash("sha256").update(bytes).digest("hex"))).toBeVisible();
  expect(bytes.toString()).toContain(person.patient.family_name);

  await page.getByRole("link", { name: "Copies you sent" }).click();
  const copy = page.locator("#copies").getByRole("listitem").filter({ hasText: clinic });
  await expect(copy).toContainText("The file was saved.");
  await expectAccessible(page);
  await expectReflow(page);
  await copy.getByRole("button", { name: `Take back the copy for ${clinic}` }).click();
  const question = page.getByRole("dialog", { name: "Take this copy back?" });
  await expect(question).toBeVisible();
  await question.getByRole("button", { name: "Take back" }).click();
  await expect(page.getByText(`The copy for ${clinic} was taken back.`)).toBeFocused();
  await expect(copy).toContainText("You took it back. The link opens nothing.");
  await expect(copy.getByRole("button")).toHaveCount(0);

  const late = await visitor();
  await late.goto(link ?? "");
  await late.getByLabel("Pass code").fill(code);
  await late.getByRole("button", { name: "Open" }).click();
  await expect(late.getByRole("alert")).toContainText("This link and pass code open nothing.");
  await expect(late.getByText("If you are sure of the code, the link may have ended.")).toBeVisible();
});

test("an unencrypted e-mail goes only after the warning was read and confirmed", async ({ page, portal, visitor }) => {
  const person = await enrolled(portal, await visitor(), page);
  await makeRecord(page);
  const to = `sister.${person.patient.family_name.toLowerCase()}@example.org`;
  await page.getByRole("link", { name: "Send a copy to somebody" }).click();
  await page.getByLabel("E-mail address of who gets it").fill(to);
  await page.getByRole("radio", { name: "The file in the e-mail, unencrypted" }).check();
  await expect(page.getByRole("heading", { name: "Others may read this e-mail" })).toBeVisible();
  const send = page.getByRole("button", { name: "Send the copy" });
  await send.click();
  await expect(page.getByRole("alert")).toContainText("Confirm that you want an unencrypted e-mail");
  await expectAccessible(page);
  await expectReflow(page);
  expect(await mails(portal, to)).toEqual([]);
  await page.getByLabel("I know this, and I want the file in the e-mail all the same").check();
  await send.click();
  await expect(page.getByRole("heading", { level: 1, name: "Your copy is on its way" })).toBeVisible();
  await expect(page.locator("#pass-code")).toHaveCount(0);
  await mailTo(portal, to, /A file for you/);
  await page.getByRole("link", { name: "Copies you sent" }).click();
  const copy = page.locator("#copies").getByRole("listitem").filter({ hasText: to });
  await expect(copy).toContainText("The file in the e-mail, unencrypted");
});
