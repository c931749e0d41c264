// ENR-1: front desk hands out a letter; with its token a patient makes an account and is signed in.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { type Patient, desk, findPatient, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";
import type { Page } from "@playwright/test";

/** Issues a token on the patient's page; answers what the letter says. */
async function issueToken(staff: Page, patient: Patient): Promise<{ token: string; link: string }> {
  await staff.goto(`/staff/patients/${patient.id}`);
  const answer = staff.waitForResponse((response) => response.url().endsWith("/enrolment/tokens"));
  await staff.getByRole("button", { name: /Issue/ }).click();
  const replace = staff.getByRole("button", { name: "Yes, issue a new one" });
  await expect(replace.or(staff.locator("#letter"))).toBeVisible();
  if (await replace.isVisible()) await replace.click();
  const { token, enrol_url } = await (await answer).json();
  await expect(staff.locator("#letter")).toContainText(token);
  return { token, link: enrol_url };
}

async function tellIdentity(page: Page, birthDate: string, familyName: string): Promise<void> {
  const [year, month, day] = birthDate.split("-");
  await page.getByLabel("Month", { exact: true }).fill(String(Number(month)));
  await page.getByLabel("Day", { exact: true }).fill(String(Number(day)));
  await page.getByLabel("Year", { exact: true }).fill(year ?? "");
  await page.getByLabel("Last name").fill(familyName);
  await page.getByRole("button", { name: "Continue" }).click();
}

test("a patient enrols from the link on the letter and is signed in", async ({ page, visitor }) => {
  const staff = await visitor();
  await signIn(staff, desk);
  const patient = await findPatient(staff, "Núñez Ibáñez");
  const { token, link } = await issueToken(staff, patient);
  await expect(staff.getByRole("img", { name: "QR code that opens the enrolment page" })).toBeVisible();
  await expectAccessible(staff);
  await expectReflow(staff);

  await page.goto(link);
  await expect(page.getByLabel("Token")).toHaveValue(token);
  expect(new URL(page.url()).hash, "the token stays out of the address").toBe("");
  await expectAccessible(page);
  // Capitals and the spaces round a name don't matter.
  await tellIdentity(page, patient.birth_date, `  ${patient.family_name.toUpperCase()} `);
  await expect(page.getByRole("heading", { name: `Welcome, ${patient.given_name}` })).toBeFocused();

  const rule = (name: string) => page.locator(".app-check").filter({ hasText: name });
  await page.getByLabel("Choose a username").fill("mateo.nunez");
  await page.getByLabel("Password", { exact: true }).pressSequentially("Blue");
  await expect(rule("An upper-case letter")).toContainText(": met");
  await expect(rule("A digit")).toContainText(": not yet");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert")).toContainText("Accept the terms of use to go on.");
  await expect(page).toHaveTitle(/^Error: Welcome/);
  await expectAccessible(page);

  await page.getByLabel("Password", { exact: true }).fill("Blue-Whale-77");
  await expect(rule("A digit")).toContainText(": met");
  await page.getByLabel("I have read the terms of use").check();
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: `Your account is ready, ${patient.given_name}` })).toBeFocused();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Not now" }).click();
  await expect(page).toHaveURL("/home");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Hello, ${patient.given_name}`);

  await staff.reload();
  await expect(staff.getByText("Enrolled as mateo.nunez")).toBeVisible();
  await expect(staff.getByRole("button", { name: /Issue enrolment token|Issue a new token/ })).toHaveCount(0);
});

test("a wrong date of birth says one sentence and names every location's phone", async ({ page, visitor }) => {
  const staff = await visitor();
  await signIn(staff, desk);
  const patient = await findPatient(staff, "Nguyễn");
  const { token } = await issueToken(staff, patient);

  await page.goto("/enrol");
  await page.getByLabel("Token").fill(token.toLowerCase().replaceAll("-", " "));
  await tellIdentity(page, "1901-01-01", patient.family_name);
  await expect(page.getByRole("alert")).toContainText(
    "These details don't match. Contact any of our locations for help.",
  );
  await expect(page.getByRole("link", { name: /^\+1 617 555 0110$/ })).toBeVisible();
  await expect(page.getByLabel("Token"), "a refusal never empties a field").not.toHaveValue("");
});

test("a token with a letter too few is told before anything is sent", async ({ page }) => {
  await page.goto("/enrol");
  await page.getByLabel("Token").fill("7K3M-Q2XV");
  await tellIdentity(page, "1985-10-03", "Lund");
  await page.getByRole("link", { name: "This does not look like a token." }).click();
  await expect(page.getByLabel("Token")).toBeFocused();
});
