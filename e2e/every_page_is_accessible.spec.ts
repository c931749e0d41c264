// WCAG 2.2 AA on every page: axe in both themes, and nothing wider than a phone of 320 px.

import { expectAccessible, expectReflow } from "./fixtures/a11y";
import { findPatient, people, signIn } from "./fixtures/people";
import { expect, test } from "./fixtures/portal";
import type { Page } from "@playwright/test";

/** Waits until the page has its data. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  await expect(page.locator(".app-skeleton")).toHaveCount(0);
  await page.waitForLoadState("networkidle");
}

async function check(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await settled(page);
  await expectAccessible(page);
  await expectReflow(page);
}

test("pages that need no sign-in", async ({ page }) => {
  for (const path of ["/", "/sign-in", "/enrol", "/session-ended", "/no/such/page"]) await check(page, path);
});

test("the sign-in page with its errors", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
});

test("a patient's pages", async ({ page }) => {
  test.slow(); // A dozen pages, four looks at each.
  await signIn(page, people.thandiwe);
  const paths = ["/home", "/mail", "/mail/sent", "/appointments", "/chart", "/chart/results", "/account"];
  for (const path of [...paths, "/appointments/request/where"]) await check(page, path);

  await page.goto("/appointments");
  await page.locator("#upcoming a").first().click();
  await settled(page);
  await expectAccessible(page);
  await expectReflow(page);

  await page.goto("/chart/results");
  const results = await page.locator("#results a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  for (const path of results.slice(0, 2)) await check(page, path ?? "");

  await page.getByRole("button", { name: "Menu" }).click();
  await expect(page.getByRole("dialog", { name: "Menu" })).toBeVisible();
  await expectAccessible(page);
});

test("front desk's pages", async ({ page }) => {
  await signIn(page, people.frontDesk);
  const patient = await findPatient(page, "Nguyễn");
  const paths = ["/staff", "/staff/patients", `/staff/patients/${patient.id}`, "/staff/queue/appointments"];
  for (const path of paths) await check(page, path);
  await page.goto("/staff/queue/appointments?state=confirmed");
  await page.locator("#requests a").first().click();
  await settled(page);
  await page.getByLabel("Cancel it for the practice").check();
  await expectAccessible(page);
  await expectReflow(page);
});

test("a provider's pages", async ({ page }) => {
  await signIn(page, people.provider);
  await check(page, "/staff");
  await check(page, "/staff/queue/releases");
  await page.locator("#releases a").first().click();
  await settled(page);
  await expect(page.getByRole("button", { name: /^Release to/ })).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
});

test("targets for a patient's finger are 44 px high", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, people.thandiwe);
  for (const path of ["/home", "/mail", "/mail/sent", "/appointments", "/account"]) {
    await page.goto(path);
    await settled(page);
    const small = await page.locator("button:visible, .app-nav a, .app-tabs a, .nhsuk-button:visible").evaluateAll((found) =>
      found
        .map((element) => ({ text: element.textContent?.trim(), height: element.getBoundingClientRect().height }))
        .filter(({ height }) => height < 44),
    );
    expect(small, path).toEqual([]);
  }
});
