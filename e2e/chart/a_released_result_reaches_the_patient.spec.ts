// LAB-1, LAB-3, LAB-4: unreleased results are nowhere; a release arrives in the inbox and opens in plain words.

import { joerg, provider, signIn, thandiwe } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("a provider releases a result and the patient reads what it means", async ({ page, visitor }) => {
  await signIn(page, joerg);
  await page.goto("/chart/results");
  const panels = page.locator("#results").getByRole("link", { name: "Basic metabolic panel" });
  await expect(page.locator("#results")).toBeVisible();
  const before = await panels.count();

  const doctor = await visitor();
  await signIn(doctor, provider);
  await doctor.getByRole("link", { name: "Results to release" }).first().click();
  const waiting = doctor.locator("#releases").getByRole("listitem").filter({ hasText: joerg.name });
  await waiting.getByRole("link", { name: "Basic metabolic panel" }).click();
  await expect(doctor.getByRole("heading", { name: "Basic metabolic panel" })).toBeFocused();
  await expect(doctor.locator(".staff-patient")).toContainText(joerg.name);
  await expect(doctor.locator(".staff-patient")).toContainText(/born [A-Z][a-z]+ \d+, \d{4} \(\d+\)/);
  const comment = "One value is high. Please call us today.";
  await doctor.getByLabel("Your comment to the patient").fill(comment);
  await doctor.getByRole("button", { name: `Release to ${joerg.name}` }).click();
  await expect(doctor.getByText(`Released to ${joerg.name}: Basic metabolic panel`)).toBeVisible();
  await expect(waiting).toHaveCount(0);

  await page.goto("/mail");
  const item = page.locator("#inbox").getByRole("listitem").filter({ hasText: "Basic metabolic panel" }).first();
  await expect(item.getByText("New", { exact: true })).toBeVisible();
  await item.getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name: "Basic metabolic panel" })).toBeVisible();
  await expect(page).toHaveURL(/\/chart\/results\/[0-9a-f-]+$/);
  await expect(page.getByText(comment)).toBeVisible();
  await expect(page.getByText("Please call us today", { exact: true })).toBeVisible();
  const potassium = page.locator("section").filter({ has: page.getByRole("heading", { name: "Potassium" }) });
  const sentence = await potassium.locator("p").first().innerText();
  expect(sentence).toMatch(/^Your potassium is [\d.]+ mmol\/L\. /);
  await expect(potassium.getByRole("img", { name: sentence })).toBeVisible();

  await page.goto("/mail");
  await expect(item.getByText("New", { exact: true })).toHaveCount(0);
  await page.goto("/chart/results");
  await expect(panels).toHaveCount(before + 1);
});

test("earlier values stand in a drawing and in a table that says the same", async ({ page }) => {
  await signIn(page, thandiwe);
  await page.goto("/chart/results");
  await page.getByRole("link", { name: "Hemoglobin A1c" }).first().click();
  await expect(page.getByRole("img", { name: /^Hemoglobin A1c: \d values from .* Lowest .* highest/ })).toBeVisible();
  const table = page.getByRole("table", { name: "Earlier values of hemoglobin A1c" });
  expect(await table.getByRole("row").count()).toBeGreaterThan(2);
  await table.getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Hemoglobin A1c" })).toBeVisible();
});

test("a result that is not one's own looks like one that does not exist", async ({ page, visitor }) => {
  const other = await visitor();
  await signIn(other, thandiwe);
  await other.goto("/chart/results");
  const foreign = await other.locator("#results a").first().getAttribute("href");
  await signIn(page, joerg);
  for (const path of [foreign ?? "", "/chart/results/01900000-0000-7000-8000-000000000000", "/chart/results/nonsense"]) {
    await page.goto(path);
    await expect(page.getByRole("alert")).toContainText("There is nothing here that you may see.");
  }
});

test("two providers at one result: the second sees that it was released", async ({ page, visitor }) => {
  await signIn(page, provider);
  await page.goto("/staff/queue/releases");
  const culture = page.locator("#releases").getByRole("link", { name: "Urine culture" }).first();
  await culture.click();
  await expect(page.getByRole("button", { name: /^Release to/ })).toBeVisible();

  const colleague = await visitor();
  await signIn(colleague, provider);
  await colleague.goto(page.url());
  await colleague.getByRole("button", { name: /^Release to/ }).click();
  await expect(colleague.getByText(/^Released to/)).toBeVisible();

  await page.getByRole("button", { name: /^Release to/ }).click();
  await expect(page.getByText("This result was released to the patient.")).toBeVisible();
  await expect(page.getByRole("alert")).toBeVisible();
});
