// Every page by itself: no axe finding in the light and the dark theme, nothing beyond 320 px, a title and one h1.

import { type Page } from "@playwright/test";
import { expectAccessible, expectReflow } from "./fixtures/a11y";
import { admin, desk, provider, signIn, thandiwe } from "./fixtures/people";
import { expect, test } from "./fixtures/portal";

async function judge(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  await expect(page).toHaveTitle(/Infinity Health/);
  // A page that still loads would be judged by its skeleton.
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await expectAccessible(page);
  await expectReflow(page);
}

/** Follows the first link in the page's main part whose address begins so. */
async function openFirst(page: Page, address: string): Promise<void> {
  await page.locator(`main a[href^="${address}"]`).first().click();
  await expect(page).toHaveURL(new RegExp(`${address}.+`));
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
}

for (const path of [
  "/",
  "/sign-in",
  "/sign-in/code",
  "/forgot",
  "/reset",
  "/reset#token=some-long-token-of-a-mailed-link",
  "/verify-email#token=any",
  "/shared#token=any",
  "/enrol",
  "/session-ended",
  "/no/such/page",
]) {
  test(`${path} is accessible and fits a phone`, async ({ page }) => {
    await page.goto(path);
    await judge(page);
  });
}

test("a patient's pages are accessible and fit a phone", async ({ page }) => {
  test.setTimeout(300_000);
  await signIn(page, thandiwe);
  const pages = ["/home", "/mail", "/mail/sent", "/appointments", "/chart", "/chart/results", "/chart/tests", "/chart/records", "/chart/records/sent", "/chart/documents", "/chart/elsewhere", "/chart/vital-signs", "/chart/sections/medications", "/account"];
  const settings = ["profile", "password", "email", "two-step", "passkeys", "devices", "activity", "access-log", "preferences"];
  for (const path of [...pages, ...settings.map((part) => `/account/${part}`)]) {
    await page.goto(path);
    await judge(page);
  }
  await page.goto("/chart/results");
  await openFirst(page, "/chart/results/");
  await judge(page);
  await page.goto("/appointments");
  await openFirst(page, "/appointments/0");
  await judge(page);
  await page.goto("/appointments/request/where");
  await judge(page);
});

test("staff pages are accessible and fit a phone", async ({ page, visitor }) => {
  test.setTimeout(300_000);
  await signIn(page, desk);
  for (const path of ["/staff", "/staff/patients", "/staff/queue/appointments", "/staff/notices", "/staff/notices/new"]) {
    await page.goto(path);
    await judge(page);
  }
  await page.goto("/staff/patients");
  await openFirst(page, "/staff/patients/");
  await judge(page);
  const doctor = await visitor();
  await signIn(doctor, provider);
  await doctor.goto("/staff/queue/releases");
  await judge(doctor);
  const head = await visitor();
  await signIn(head, admin);
  for (const path of ["/staff/settings/people", "/staff/settings/policies", "/staff/settings/releases", "/staff/settings/releases/new", "/staff/account"]) {
    await head.goto(path);
    await judge(head);
  }
});

test("a patient signs in, and opens a result by keyboard alone", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByLabel("Username").focus();
  await page.keyboard.type(thandiwe.username);
  await page.keyboard.press("Tab");
  await page.keyboard.type(thandiwe.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/home/);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  // The home page tells only of the newest, and each test before this one signed in from another device.
  await page.goto("/chart/results");
  const result = page.locator('main a[href^="/chart/results/"]').first();
  for (let tabs = 0; tabs < 20 && !(await result.evaluate((link) => link === document.activeElement)); tabs++) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/chart\/results\//);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
});

test("a patient is told which role a staff page needs, and a stranger is asked to sign in first", async ({ page }) => {
  await page.goto("/staff/patients");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await signIn(page, thandiwe);
  await page.goto("/staff/patients");
  await expect(page.getByRole("main")).toContainText(/staff/i);
  await expect(page.getByRole("main").getByRole("searchbox")).toHaveCount(0);
});
