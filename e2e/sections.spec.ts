// The code of a page comes when its first page is opened: what a visitor loads, and what happens when that fails.

import type { Page } from "@playwright/test";
import { signIn, thandiwe } from "./fixtures/people";
import { expect, test } from "./fixtures/portal";

const account = (page: Page) => page.getByRole("navigation").getByRole("link", { name: "Account" });
const title = (page: Page) => page.getByRole("heading", { level: 1, name: "Account settings" });
const programs = /\/assets\/.*\.(wasm|bin)$/;

/** Programs asked for from now on. */
function asked(page: Page): string[] {
  const found: string[] = [];
  page.on("request", (request) => {
    const name = /\/assets\/(.*\.(wasm|bin))$/.exec(request.url())?.[1];
    if (name) found.push(name);
  });
  return found;
}

test("signing in takes one program; a section comes with its first page, once and whole", async ({ page }) => {
  const programs = asked(page);
  await page.goto("/sign-in");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(programs).toEqual([expect.stringMatching(/^app\./)]);

  await signIn(page, thandiwe);
  await expect(page).toHaveURL(/\/home/);
  expect(programs.filter((name) => name.startsWith("account."))).toEqual([]);
  await account(page).click();
  await expect(title(page)).toBeFocused();
  await page.getByRole("navigation").getByRole("link", { name: "Home" }).click();
  await account(page).click();
  await expect(title(page)).toBeFocused();
  expect(programs.filter((name) => name.startsWith("account."))).toHaveLength(1);
  expect(programs.filter((name) => name.startsWith("staff."))).toEqual([]);
});

test("offline while a section loads: the page says so, and the second try opens it", async ({ page, problems }) => {
  await signIn(page, thandiwe);
  await page.context().setOffline(true);
  await account(page).click();
  await expect(page.getByRole("alert")).toContainText("We could not load this page");
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  await expect(page.getByRole("navigation").getByRole("link", { name: "Home" })).toBeVisible();
  await page.getByRole("main").getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("alert")).toContainText("We could not load this page");
  await page.context().setOffline(false);
  await page.getByRole("main").getByRole("button", { name: "Try again" }).click();
  await expect(title(page)).toBeVisible();
  expect(problems.every((problem) => /ERR_INTERNET_DISCONNECTED|Failed to fetch/.test(problem)), problems.join("\n")).toBe(
    true,
  );
  problems.length = 0;
});

test("a section that is gone after an update of the portal loads the page anew, once", async ({ page, problems }) => {
  await signIn(page, thandiwe);
  const documents: string[] = [];
  page.on("request", (request) => {
    if (request.isNavigationRequest()) documents.push(new URL(request.url()).pathname);
  });
  // The portal that serves now is another build: its page names another script, and the old files are gone.
  let gone = () => documents.length === 0;
  await page.route(programs, (route) => (gone() ? route.fulfill({ status: 404 }) : route.fallback()));
  await page.route("**/", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replaceAll(/\/assets\/app\.\w+\.js/g, "/assets/app.new.js") });
  });
  await account(page).click();
  await expect(title(page)).toBeVisible();
  expect(documents).toEqual(["/account"]);

  // Servers that disagree about which build is the newest do not send anybody round in circles.
  await page.goto("/home");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  gone = () => true;
  await account(page).click();
  await expect(page.getByRole("alert")).toContainText("We could not load this page");
  expect(documents).toEqual(["/account", "/home"]);
  problems.length = 0;
});

test("a section that was tampered with does not open", async ({ page, problems }) => {
  await signIn(page, thandiwe);
  await page.route("**/assets/account.*.wasm", async (route) => {
    const response = await route.fetch();
    const body = Buffer.concat([await response.body(), Buffer.from([0, 2, 1, 120])]);
    await route.fulfill({ response, body });
  });
  await account(page).click();
  await expect(page.getByRole("alert")).toContainText("We could not load this page");
  expect(problems.join("\n")).toContain("integrity");
  problems.length = 0;
});
