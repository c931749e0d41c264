// What opens on a page (errors, the menu, an item of a queue) by the same measure as the pages themselves.

import type { Page } from "@playwright/test";
import { expectAccessible, expectReflow } from "./fixtures/a11y";
import { desk, provider, signIn, thandiwe } from "./fixtures/people";
import { expect, test } from "./fixtures/portal";

async function judge(page: Page): Promise<void> {
  await expect(page.locator(".app-skeleton")).toHaveCount(0);
  await page.waitForLoadState("networkidle");
  await expectAccessible(page);
  await expectReflow(page);
}

test("the sign-in page with its errors", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("main").getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await judge(page);
});

test("the menu", async ({ page }) => {
  await signIn(page, thandiwe);
  await page.getByRole("button", { name: "Menu" }).click();
  await expect(page.getByRole("dialog", { name: "Menu" })).toBeVisible();
  await judge(page);
});

test("a result that waits for release, beside its list", async ({ page }) => {
  await signIn(page, provider);
  await page.goto("/staff/queue/releases");
  await page.locator("#releases a").first().click();
  await expect(page.getByRole("button", { name: /^Release to/ })).toBeVisible();
  await judge(page);
});

test("the forms of a decision", async ({ page }) => {
  await signIn(page, desk);
  await page.goto("/staff/queue/appointments?state=confirmed");
  await page.locator("#requests a").first().click();
  await page.getByLabel("Cancel it for the practice").check();
  await judge(page);
});

test("targets for a patient's finger are 44 px high", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, thandiwe);
  for (const path of ["/home", "/mail", "/mail/sent", "/appointments", "/account", "/account/two-step", "/account/devices"]) {
    await page.goto(path);
    await page.waitForLoadState("networkidle");
    const targets = page.locator("button:visible, .app-nav a, .app-tabs a, .nhsuk-button:visible");
    const small = await targets.evaluateAll((found) =>
      found
        .map((element) => ({ text: element.textContent?.trim(), height: element.getBoundingClientRect().height }))
        .filter(({ height }) => height < 44),
    );
    expect(small, path).toEqual([]);
  }
});
