// LAB-3, LAB-4: results by test, found by words; a culture, a report in words and a correction read well.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { signIn, thandiwe } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("each test has its newest value in words and a line, and leads to its history", async ({ page }) => {
  await signIn(page, thandiwe);
  await page.goto("/chart/results");
  await page.getByRole("navigation", { name: "Ways to look at results" }).getByRole("link", { name: "By test" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Results by test" })).toBeFocused();
  await page.getByLabel("Find a test").fill("hemo a1c");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/q=hemo/);
  const row = page.locator("#tests").getByRole("listitem");
  await expect(row).toHaveCount(1);
  await expect(row).toContainText("Above the usual range");
  await expect(row.getByRole("img", { name: /^Hemoglobin A1c: \d+ values, from [\d.]+ on .* to [\d.]+ on / })).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
  await row.getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name: "Hemoglobin A1c" })).toBeVisible();
  await expect(page.getByRole("table", { name: "Earlier values of hemoglobin A1c" })).toBeVisible();
  await page.goBack();
  await expect(page.getByLabel("Find a test")).toHaveValue("hemo a1c");
  await expect(row).toHaveCount(1);

  // The other list is asked for the same.
  await page.getByRole("link", { name: "By date" }).click();
  await expect(page.locator("#results").getByRole("link").first()).toContainText("Hemoglobin A1c");
  await page.getByLabel("Find a test").fill("no such test");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByText("no such test")).toBeVisible();
  await page.getByRole("link", { name: "Show all results" }).click();
  await page.getByRole("checkbox", { name: "Only what is not as usual" }).check();
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/only=outside/);
  await expect(page.locator("#results").getByText("Within the usual range")).toHaveCount(0);
});

test("a culture says in words which medicines work", async ({ page }) => {
  await signIn(page, thandiwe);
  await page.goto("/chart/results?q=urine");
  await page.locator("#results").getByRole("link", { name: "Urine culture" }).click();
  const table = page.getByRole("table", { name: "Medicines tried on Escherichia coli" });
  await expect(table.getByRole("row", { name: /Ampicillin/ })).toContainText("It does not work");
  await expect(table.getByRole("row", { name: /Nitrofurantoin/ })).toContainText("It works");
  await expect(page.getByText("Harborview Clinical Laboratory")).toBeVisible();
  await expect(page.getByText("77 Beacon Wharf")).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
});

test("a report in words has no numbers, and a corrected result leads to what it corrects", async ({ page }) => {
  await signIn(page, thandiwe);
  await page.goto("/chart/results?q=chest");
  await page.locator("#results").getByRole("link", { name: /^X-ray of the chest/ }).click();
  await expect(page.getByRole("heading", { name: "The report" })).toBeVisible();
  await expect(page.getByText("The lungs are clear.")).toBeVisible();
  await expect(page.locator(".app-observation")).toHaveCount(0);
  await expectAccessible(page);

  await page.goto("/chart/results?q=ferritin");
  const row = page.locator("#results").getByRole("listitem");
  await expect(row).toHaveCount(1);
  await expect(row).toContainText("Corrected result");
  await row.getByRole("link").click();
  await expect(page.getByText("Your ferritin is 64 ng/mL.")).toBeVisible();
  await page.getByRole("link", { name: "Open that result" }).click();
  await expect(page.getByText("A later result corrects this one.")).toBeVisible();
  await expect(page.getByText("Your ferritin is 9 ng/mL.")).toBeVisible();
  await expectAccessible(page);

  // On paper: whose it is, and what is folded on the screen.
  await page.goto("/chart/results?q=hemo");
  await page.locator("#results").getByRole("link", { name: "Hemoglobin A1c" }).first().click();
  await expect(page.getByRole("table", { name: "Earlier values of hemoglobin A1c" })).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".print-only").first()).toContainText("born");
  await expect(page.getByRole("img", { name: /^Hemoglobin A1c: \d values from/ })).toBeVisible();
  await expect(page.getByRole("table", { name: "Earlier values of hemoglobin A1c" })).toBeVisible();
});
