// MSG-3: files are attached with their progress, refused by name, and arrive with the message.

import { readFile } from "node:fs/promises";
import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { expect, test } from "../fixtures/portal";

const text = (name: string, content: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(content) });

test("files are attached, refused by name, removed and arrive", async ({ portal, page, visitor, problems }) => {
  const staff = await visitor();
  const { patient } = await enrolled(portal, staff, page);
  const subject = `Readings ${patient.family_name}`;
  await page.goto("/mail/new");
  await page.getByLabel("Visits, referrals and forms").check();
  await page.getByLabel("Subject").fill(subject);
  const choose = page.getByLabel("Attach files");
  const rows = page.locator(".app-files__row");
  await choose.setInputFiles([text("monday.txt", "120 to 80"), text("tool.exe", "MZ")]);
  await expect(rows.filter({ hasText: "monday.txt" }).getByRole("button", { name: "Remove" })).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("tool.exe: ");
  await choose.setInputFiles([text("again.txt", "120 to 80")]);
  await expect(page.getByRole("alert")).toContainText("again.txt: This file is attached already.");
  await choose.setInputFiles([text("tuesday.txt", "118 to 79")]);
  await expect(rows).toHaveCount(2);
  await rows.filter({ hasText: "tuesday.txt" }).getByRole("button", { name: "Remove" }).click();
  await expect(rows).toHaveCount(1);
  await expectAccessible(page);
  await expectReflow(page);
  // The file alone is a message.
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("heading", { level: 1, name: subject })).toBeVisible();
  await expect(page.locator("#messages").getByRole("link", { name: "monday.txt" })).toBeVisible();

  await staff.goto("/staff/messages?folder=open");
  await staff.locator("#queue").getByRole("link", { name: subject }).click();
  const saved = staff.waitForEvent("download");
  await staff.locator("#messages").getByRole("link", { name: "monday.txt" }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toBe("monday.txt");
  expect(await readFile(await download.path(), "utf8")).toBe("120 to 80");
  expect(problems.every((problem) => /422/.test(problem)), problems.join("\n")).toBe(true);
  problems.length = 0;
});

test("a file on its way is cancelled, and the message waits for it", async ({ portal, page, visitor }) => {
  const staff = await visitor();
  await enrolled(portal, staff, page);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/attachments?name=*", async (route) => {
    await held;
    await route.abort();
  });
  await page.goto("/mail/new");
  await page.getByLabel("Visits, referrals and forms").check();
  await page.getByLabel("Subject").fill("Readings");
  await page.getByLabel("Your message").fill("See the file.");
  await page.getByLabel("Attach files").setInputFiles([text("slow.txt", "120 to 80")]);
  await expect(page.getByRole("progressbar", { name: "Sending slow.txt" })).toBeVisible();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByText("Some files are still on their way.")).toBeVisible();
  await page.getByRole("button", { name: "Cancel sending slow.txt" }).click();
  await expect(page.locator(".app-files__row")).toHaveCount(0);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Readings" })).toBeVisible();
  release();
});
