// SEC-3: text that was typed survives the end of an idle session for the same person, and for nobody else.

import { enrolled } from "../fixtures/accounts";
import { type Person, giveCredentials, thandiwe } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";
import { traffic } from "../fixtures/traffic";
import type { Page } from "@playwright/test";

const note = "My knee hurts when I climb stairs.";

/** Answers the first questions of a request and types a note. */
async function typeNote(page: Page): Promise<void> {
  await page.goto("/appointments/request/where");
  await page.getByLabel("Infinity Health Harbor").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel(/first available/i).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("A new problem").check();
  await page.getByLabel("Anything we should know?").fill(note);
}

async function runOut(page: Page): Promise<void> {
  await page.clock.fastForward("16:00");
  await expect(page.getByRole("heading", { name: "Your session ended" })).toBeVisible();
  await expect(page.getByText(note)).toHaveCount(0);
}

async function signInAgain(page: Page, person: Person): Promise<void> {
  await page.getByRole("link", { name: "Sign in again" }).click();
  await giveCredentials(page, person);
}

test("a note comes back with the person who typed it, with the answers before it", async ({ page, portal, visitor }) => {
  await page.clock.install();
  const person = await enrolled(portal, await visitor(), page);
  await typeNote(page);
  await runOut(page);
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(stored, "nothing of it is in the browser's storage").not.toContain("knee");
  await signInAgain(page, person);
  await expect(page).toHaveURL("/appointments/request/why");
  await expect(page.getByLabel("Anything we should know?")).toHaveValue(note);
  await expect(page.getByLabel("A new problem")).toBeChecked();
});

test("nobody else sees what was typed", async ({ page, portal, visitor }) => {
  await page.clock.install();
  await enrolled(portal, await visitor(), page);
  await typeNote(page);
  await runOut(page);
  await signInAgain(page, thandiwe);
  // Without an answer to the first question the flow begins there.
  await expect(page).toHaveURL("/appointments/request/where");
  await expect(page.getByLabel("Infinity Health Harbor")).not.toBeChecked();
  await page.getByLabel("Infinity Health Harbor").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel(/first available/i).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByLabel("Anything we should know?")).toHaveValue("");
});

test("what was typed is gone after another person was here meanwhile", async ({ page, portal, visitor }) => {
  await page.clock.install();
  const person = await enrolled(portal, await visitor(), page);
  await typeNote(page);
  await runOut(page);
  await signInAgain(page, thandiwe);
  await expect(page.getByRole("button", { name: "Menu" })).toBeVisible();
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
  await signInAgain(page, person);
  await expect(page).toHaveURL("/home");
  await page.getByRole("main").getByRole("link", { name: "Request an appointment" }).last().click();
  await expect(page.getByLabel("Infinity Health Harbor")).not.toBeChecked();
});

test("signing out by choice drops what was typed", async ({ page, portal, visitor }) => {
  const person = await enrolled(portal, await visitor(), page);
  await typeNote(page);
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
  await signInAgain(page, person);
  await expect(page).toHaveURL("/home");
  await page.getByRole("main").getByRole("link", { name: "Request an appointment" }).last().click();
  await expect(page.getByLabel("Infinity Health Harbor")).not.toBeChecked();
});

test("a password that was typed never comes back", async ({ page, portal, visitor }) => {
  await page.clock.install();
  const person = await enrolled(portal, await visitor(), page);
  const calm = traffic(page);
  await page.goto("/account/password");
  await page.getByLabel("New password", { exact: true }).fill("Half-Typed-1");
  await calm();
  await page.clock.fastForward("16:00");
  await expect(page.getByRole("heading", { name: "Your session ended" })).toBeVisible();
  await signInAgain(page, person);
  await expect(page).toHaveURL("/account/password");
  await expect(page.getByLabel("New password", { exact: true })).toHaveValue("");
});
