// The account's settings: username, password, devices, activity, language and notices.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { billing, giveCredentials, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("a username is changed once and signs in from then on", async ({ page, portal, visitor }) => {
  const person = await enrolled(portal, await visitor(), page);
  await page.goto("/account/profile");
  await page.getByLabel("New username").fill("desk.demo");
  await page.getByRole("button", { name: "Change username" }).click();
  await expect(page.getByRole("alert")).toContainText("This username is taken.");
  const username = `${person.username}.new`;
  await page.getByLabel("New username").fill(username);
  await page.getByRole("button", { name: "Change username" }).click();
  await expect(page.getByText(`Your username is now ${username}.`)).toBeVisible();
  await expect(page.getByText("You changed your username once.")).toBeVisible();
  await expect(page.getByLabel("New username")).toHaveCount(0);
  const other = await visitor();
  await signIn(other, { ...person, username: username.toUpperCase() });
  await expect(other).toHaveURL("/home");
});

test("another password ends every other session but not this one", async ({ page, portal, visitor }) => {
  const person = await enrolled(portal, await visitor(), page);
  const other = await visitor();
  await signIn(other, person);
  await page.goto("/account/password");
  await page.getByLabel("Current password").fill(person.password);
  await page.getByLabel("New password", { exact: true }).fill("Red-Kite-99-Soars");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password was changed. Every other device was signed out.")).toBeFocused();
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "Account settings" })).toBeVisible();
  await expect(page.getByText(/^Changed on/)).toBeVisible();
  await other.goto("/account");
  await expect(other).toHaveURL(/\/sign-in/);

  await page.goto("/account/password");
  await page.getByLabel("Current password").fill(person.password);
  await page.getByLabel("New password", { exact: true }).fill("Third-Kite-99-Soars");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByRole("link", { name: "This is not your password." })).toBeVisible();
  await expectAccessible(page);
});

test("devices are seen and ended, one or all", async ({ page, portal, visitor }) => {
  const person = await enrolled(portal, await visitor(), page);
  const [second, third] = [await visitor(), await visitor()];
  await signIn(second, person);
  await signIn(third, person);
  await page.goto("/account/devices");
  await expect(page.getByText("This device", { exact: true })).toHaveCount(1);
  const end = page.getByRole("button", { name: /^End session:/ });
  await expect(end).toHaveCount(2);
  await expectAccessible(page);
  await expectReflow(page);
  await end.first().click();
  await expect(page.getByText(/^The session on .* has ended\.$/)).toBeVisible();
  await expect(end).toHaveCount(1);
  await page.getByRole("button", { name: "End all other sessions" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Yes, end them" }).click();
  await expect(page.getByText("All other sessions have ended.")).toBeVisible();
  await expect(end).toHaveCount(0);
  for (const ended of [second, third]) {
    await ended.goto("/account");
    await expect(ended).toHaveURL(/\/sign-in/);
  }
});

test("a sign-in from a new device stands in the activity and in the inbox", async ({ page, portal, visitor }) => {
  const person = await enrolled(portal, await visitor(), page);
  await signIn(await visitor(), person);
  await page.goto("/mail");
  await page.getByRole("link", { name: "Your account: Somebody signed in from a new device" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Recent activity" })).toBeFocused();
  await expect(page).toHaveURL("/account/activity");
  await expect(page.getByRole("listitem").filter({ hasText: "Somebody signed in from a new device" })).not.toHaveCount(0);
});

test("language and notices are kept", async ({ page, portal, visitor }) => {
  await enrolled(portal, await visitor(), page);
  await page.goto("/account/preferences");
  await page.getByLabel("Lab results").selectOption("Never");
  await page.getByLabel("Messages from care teams").selectOption("Once a day, in the morning");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Your choices were saved.")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Lab results")).toHaveValue("off");
  await expect(page.getByLabel("Messages from care teams")).toHaveValue("daily");
  await expect(page.getByLabel("Appointments")).toHaveValue("now");
  await expectAccessible(page);
  await expectReflow(page);
  await page.getByLabel("Dark", { exact: true }).check();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("staff have the same settings on their side", async ({ page }) => {
  await page.goto("/staff/account");
  await giveCredentials(page, billing);
  await expect(page.getByRole("heading", { level: 1, name: "Account settings" })).toBeFocused();
  await page.getByRole("link", { name: "Devices" }).click();
  await expect(page).toHaveURL("/staff/account/devices");
  await expect(page.getByText("This device", { exact: true })).toBeVisible();
});
