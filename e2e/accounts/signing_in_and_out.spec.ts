// SEC-1, SEC-3, SEC-4: who comes in, where to, and how it ends.

import { billing, joerg, signIn, thandiwe } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";
import { traffic } from "../fixtures/traffic";

test("a person signs in by the keyboard alone and lands where they wanted", async ({ page }) => {
  await page.goto("/chart/results");
  await expect(page).toHaveURL("/sign-in?next=/chart/results");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to main content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Username")).toBeFocused();
  await page.keyboard.type(thandiwe.username);
  await page.keyboard.press("Tab");
  await page.keyboard.type(thandiwe.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/chart/results");
  await expect(page.getByRole("heading", { name: "Lab results" })).toBeFocused();
});

test("an unknown name and a wrong password are refused with the same words", async ({ page }) => {
  const words: string[] = [];
  for (const [username, password] of [
    ["nobody.at.all", "Wrong-Password-1"],
    [joerg.username, "Wrong-Password-1"],
  ] as const) {
    await page.goto("/sign-in");
    await page.getByLabel("Username").fill(username);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    words.push(await page.getByRole("alert").innerText());
    await expect(page.getByLabel("Username")).toHaveValue(username);
  }
  expect(words[0]).toContain("The username or password is not right.");
  expect(words[1]).toBe(words[0]);
});

test("after signing in nobody is sent to another host", async ({ page, portal }) => {
  await page.goto("/sign-in?next=//evil.example/home");
  await page.getByLabel("Username").fill(thandiwe.username);
  await page.getByLabel("Password", { exact: true }).fill(thandiwe.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(`${portal.url}/home`);
});

test("a password can be looked at and pasted", async ({ page }) => {
  await page.goto("/sign-in");
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("Some-Secret-1");
  await expect(password).toHaveAttribute("type", "password");
  await page.getByRole("button", { name: "Show password" }).click();
  await expect(password).toHaveAttribute("type", "text");
  await page.getByRole("button", { name: "Hide password" }).click();
  await expect(password).toHaveAttribute("type", "password");
});

test("signing out in one tab ends the others, and going back shows nothing", async ({ page, context }) => {
  await signIn(page, thandiwe);
  const other = await context.newPage();
  await other.goto("/chart");
  await expect(other.getByRole("heading", { name: "My Chart" })).toBeVisible();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^Mail/ }).click();
  await expect(page.getByRole("heading", { name: "Inbox" })).toBeVisible();
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "You are signed out" })).toBeVisible();
  await expect(other.getByRole("heading", { name: "You are signed out" })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/(sign-in|session-ended)/);
  await expect(page.getByText("Thandiwe")).toHaveCount(0);
});

test("an idle session is warned, can be extended, and ends", async ({ page }) => {
  await page.clock.install();
  const calm = traffic(page);
  await signIn(page, thandiwe);
  await expect(page.getByRole("heading", { name: "New for you" })).toBeVisible();
  const warning = page.getByRole("alertdialog", { name: "Are you still there?" });
  // An answer still under way would count as use of the session after the clock was moved.
  await calm();

  await page.clock.fastForward("12:50");
  await expect(warning).toBeHidden();
  await page.clock.fastForward("00:20");
  await expect(warning).toBeVisible();
  await expect(warning.getByRole("button", { name: "Stay signed in" })).toBeFocused();
  await expect(warning.getByText("You will be signed out in 2 minutes.")).toHaveCount(2);
  await page.keyboard.press("Enter");
  await expect(warning).toBeHidden();
  await calm();

  await page.clock.fastForward("15:10");
  await expect(page).toHaveURL("/session-ended?next=/home");
  await expect(page.getByRole("heading", { name: "Your session ended" })).toBeVisible();
  await expect(page.getByText("Thandiwe")).toHaveCount(0);
  await page.getByRole("link", { name: "Sign in again" }).click();
  await expect(page).toHaveURL("/sign-in?next=/home");
});

test("patients and staff see each other's pages refused", async ({ page }) => {
  await signIn(page, thandiwe);
  await page.goto("/staff/patients");
  await expect(page.getByRole("heading", { name: "You can't see this page" })).toBeVisible();
  await page.getByRole("button", { name: "Sign in with another account" }).click();
  await expect(page).toHaveURL("/session-ended");
  await signIn(page, billing);
  await page.goto("/home");
  await expect(page.getByText("These pages are for patients.")).toBeVisible();
  await page.goto("/staff/queue/releases");
  await expect(page.getByText("You need one of these roles: Provider.")).toBeVisible();
});
