// PHR-1, LAB-4: each section of the chart has a page; vital signs are drawn and stand in a table.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { signIn, thandiwe } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("every section opens from My Chart and says what is on record", async ({ page }) => {
  await signIn(page, thandiwe);
  await page.goto("/chart");
  const links = page.locator("#sections").getByRole("link");
  await expect(links).toHaveCount(13);
  for (const name of await links.allInnerTexts()) {
    await page.locator("#sections").getByRole("link", { name, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeFocused();
    // An entry, a fact, or the sentence that nothing is there.
    await expect(page.locator("main").locator("dl, .app-empty").first()).toBeVisible();
    await page.getByRole("main").getByRole("link", { name: "My Chart" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "My Chart" })).toBeVisible();
  }

  await page.goto("/chart/sections/medications");
  const metformin = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: /Metformin/ }) });
  await expect(metformin).toContainText("Directions");
  await expectAccessible(page);
  await expectReflow(page);
  await page.goto("/chart/sections/nonsense");
  await expect(page.getByRole("alert")).toContainText("There is nothing here that you may see.");
});

test("a vital sign is drawn, and a table says the same", async ({ page }) => {
  await signIn(page, thandiwe);
  await page.goto("/chart");
  await page.getByRole("link", { name: "See your vital signs" }).click();
  const weight = page.locator("section").filter({ has: page.getByRole("heading", { name: "Body weight" }) });
  await expect(weight.getByRole("img", { name: /^Body weight: \d+ values from .* Lowest .* kg, highest .* kg\.$/ })).toBeVisible();
  await weight.locator("summary").click();
  const newest = await weight.locator(".app-value").innerText();
  const table = weight.getByRole("table", { name: "Earlier values of body weight" });
  await expect(table.getByRole("row").nth(1)).toContainText(newest);
  await expect(page.getByRole("heading", { name: "Systolic blood pressure" })).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
});

test("a chart with nothing in it says so", async ({ page, portal, visitor }) => {
  await enrolled(portal, await visitor(), page);
  for (const path of ["/chart/vital-signs", "/chart/sections/conditions"]) {
    await page.goto(path);
    await expect(page.getByText("Nothing is on record here.")).toBeVisible();
  }
});
