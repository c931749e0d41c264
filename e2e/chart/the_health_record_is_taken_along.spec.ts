// PHR-1, PHR-4, SEC-5: a patient asks for the health record, is told when it is ready, and takes its files along.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled, refuseOnce } from "../fixtures/accounts";
import { admin, joerg, signIn, thandiwe } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("everything is asked for, made while the page waits, told in the inbox and saved whole", async ({ page }) => {
  await signIn(page, thandiwe);
  await page.goto("/chart");
  await page.getByRole("link", { name: "Take your health record along" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Health record" })).toBeFocused();
  await page.getByRole("link", { name: "Ask for my health record" }).click();
  await page.getByRole("button", { name: "Make my record" }).click();
  await expect(page).toHaveURL(/\/chart\/records\/[0-9a-f-]{36}$/);
  await expect(page.getByText("Your record is ready.")).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
  const record = new URL(page.url()).pathname;

  await page.getByText("Check that a copy is whole").click();
  const files = page.locator("#files").getByRole("listitem");
  expect(await files.count()).toBeGreaterThan(0);
  for (const file of await files.all()) {
    const name = await file.getByRole("heading").innerText();
    const saving = page.waitForEvent("download");
    await file.getByRole("button", { name: `Download ${name}` }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toMatch(/^health-record-\d{4}-\d\d-\d\d\.[a-z]+$/);
    const bytes = await readFile(await saved.path());
    await expect(page.getByText(createHash("sha256").update(bytes).digest("hex"))).toBeVisible();
    await expect(page.getByText(`Your browser is saving the file: ${name}.`)).toBeFocused();
    expect(page.url()).toContain(record);
  }

  await page.goto("/mail");
  const item = page.locator("#inbox").getByRole("link", { name: "Your health record is ready" }).first();
  await item.press("Enter");
  await expect(page).toHaveURL(new RegExp(record));
  await expect(page.getByText("Your record is ready.")).toBeVisible();
});

test("only some parts and days: what is missing is said at its field, and the record says what it holds", async ({
  page,
  portal,
  visitor,
}) => {
  await enrolled(portal, await visitor(), page);
  await page.goto("/chart/records");
  await expect(page.getByText("You have not asked for a record yet.")).toBeVisible();
  await page.goto("/chart/records/new");
  await page.getByLabel("Only some parts").check();
  await page.getByLabel("Other days").check();
  const make = page.getByRole("button", { name: "Make my record" });
  await make.click();
  const problem = page.getByRole("alert");
  await expect(problem.getByRole("link", { name: "Choose at least one part." })).toBeVisible();
  await expect(problem.getByRole("link", { name: "Enter a date." })).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);

  await page.getByLabel("Medications").check();
  await page.getByLabel("Allergies").check();
  const date = async (which: string, [month, day, year]: [string, string, string]) => {
    const group = page.getByRole("group", { name: which });
    await group.getByLabel("Month").fill(month);
    await group.getByLabel("Day").fill(day);
    await group.getByLabel("Year").fill(year);
  };
  await date("First day", ["3", "1", "2026"]);
  await date("Last day", ["2", "1", "2026"]);
  await make.click();
  await expect(problem).toContainText("Give a last day that is not before the first.");
  await date("Last day", ["3", "31", "2026"]);
  await make.click();
  await expect(page.getByText("Your record is ready.")).toBeVisible();
  await expect(page.getByText("Allergies, Medications", { exact: true })).toBeVisible();
  await expect(page.getByText("March 1, 2026 to March 31, 2026")).toBeVisible();
});

test("an old sign-in is asked for the password before a file leaves; cancelled, nothing is saved", async ({
  page,
  portal,
  visitor,
}) => {
  const person = await enrolled(portal, await visitor(), page);
  await page.goto("/chart/records/new");
  await page.getByRole("button", { name: "Make my record" }).click();
  await expect(page.getByText("Your record is ready.")).toBeVisible();
  const downloads: string[] = [];
  page.on("download", (download) => downloads.push(download.suggestedFilename()));
  const dialog = page.getByRole("dialog", { name: "Is it you?" });
  const take = page.getByRole("button", { name: "Download Plain text" });
  await refuseOnce(page, `/api/v1/patients/${person.patient.id}${new URL(page.url()).pathname.replace("/chart/records", "/health-records")}/downloads`);
  await take.click();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  expect(downloads).toEqual([]);

  const saving = page.waitForEvent("download");
  await take.click();
  await saving;
  expect(downloads).toHaveLength(1);
});

test("somebody else's record looks like one that does not exist", async ({ page, visitor }) => {
  const other = await visitor();
  await signIn(other, thandiwe);
  await other.goto("/chart/records/new");
  await other.getByRole("button", { name: "Make my record" }).click();
  await expect(other).toHaveURL(/\/chart\/records\/[0-9a-f-]{36}$/);
  await signIn(page, joerg);
  for (const path of [new URL(other.url()).pathname, "/chart/records/nonsense"]) {
    await page.goto(path);
    await expect(page.getByRole("alert")).toContainText("There is nothing here that you may see.");
  }
});

test("a practice that switches the request off: the page says what to do instead", async ({ page, portal, visitor }) => {
  await enrolled(portal, await visitor(), page);
  const office = await visitor();
  await signIn(office, admin);
  await office.goto("/staff/settings/policies");
  const offered = office.getByLabel("Patients can ask for their health record");
  const save = async (on: boolean) => {
    await offered.setChecked(on);
    await office.getByRole("button", { name: "Save policies" }).click();
    await expect(office.getByText("The policies were saved.")).toBeVisible();
  };
  // Opened while it was still offered: the answer to the request says it, and then the page.
  await page.goto("/chart/records/new");
  await save(false);
  const instead = page.getByText("Your practice does not offer this online. Call us or ask at the desk.");
  await page.getByRole("button", { name: "Make my record" }).click();
  await expect(instead).toBeVisible();
  await expect(page.getByRole("main").getByRole("link", { name: "+1 617 555 0100" })).toBeVisible();
  await page.goto("/chart/records");
  await expect(instead).toBeVisible();
  await expect(page.getByRole("link", { name: "Ask for my health record" })).toHaveCount(0);
  await expectAccessible(page);
  await save(true);
});
