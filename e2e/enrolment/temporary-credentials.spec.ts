// ENR-2: credentials mailed at check-in sign in once, and lead to choosing one's own.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { newPatient, press, tabTo, typeInto } from "../fixtures/accounts";
import { mailTo } from "../fixtures/mail";
import { type Patient, desk, giveCredentials, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";
import type { Server } from "../fixtures/server";
import type { Page } from "@playwright/test";

/** Mails credentials from the patient's page; answers what the mail says. */
async function mailCredentials(
  portal: Server,
  staff: Page,
  patient: Patient,
  address: string,
): Promise<{ username: string; password: string }> {
  await staff.goto(`/staff/patients/${patient.id}`);
  await staff.getByLabel("E-mail address of the patient").fill(address);
  await staff.getByRole("button", { name: "Send temporary credentials" }).click();
  await expect(staff.getByText(`Temporary credentials are on their way to ${address}.`)).toBeVisible();
  const { text } = await mailTo(portal, address, /./);
  const username = /temp-[0-9A-Z]+/.exec(text)?.[0] ?? "";
  const password = /[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}/.exec(text)?.[0] ?? "";
  expect(username && password, text).toBeTruthy();
  return { username, password };
}

test("credentials from a mail lead to an own account, once", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const staff = await visitor();
  await signIn(staff, desk);
  const patient = await newPatient(portal, staff);
  const address = `${patient.family_name.toLowerCase()}@mail.example`;
  const temporary = await mailCredentials(portal, staff, patient, address);
  await expect(staff.getByText(`Credentials went to ${address}.`)).toBeVisible();
  await expectAccessible(staff);
  await expectReflow(staff);

  await page.goto("/sign-in");
  await giveCredentials(page, { name: "", ...temporary });
  await expect(page).toHaveURL("/enrol");
  await expect(page.getByLabel("Token")).toHaveValue(temporary.password);
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]));
  expect(stored).not.toContain(temporary.password);
  const [year, month, day] = patient.birth_date.split("-");
  await page.getByLabel("Month", { exact: true }).fill(String(Number(month)));
  await page.getByLabel("Day", { exact: true }).fill(String(Number(day)));
  await page.getByLabel("Year", { exact: true }).fill(year ?? "");
  await page.getByLabel("Last name").fill(patient.family_name);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByLabel("E-mail (optional)")).toHaveValue(address);
  await expectAccessible(page);
  await expectReflow(page);
  await page.getByLabel("Choose a username").fill(`own.${patient.family_name}`);
  await page.getByLabel("Password", { exact: true }).fill("Blue-Whale-77-Sings");
  await page.getByLabel("I have read the terms of use").check();
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: /^Your account is ready/ })).toBeFocused();
  await expect(page.getByText(`We sent a link to ${address}.`)).toBeVisible();
  await page.getByRole("link", { name: "Add a second step now" }).click();
  await expect(page.getByRole("heading", { name: "Set up your authenticator app" })).toBeFocused();

  const other = await visitor();
  await other.goto("/sign-in");
  await giveCredentials(other, { name: "", ...temporary });
  await expect(other.getByRole("alert")).toContainText("The username or password is not right.");
});

test("a patient enrols by the keyboard alone", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const staff = await visitor();
  await signIn(staff, desk);
  const patient = await newPatient(portal, staff);
  const temporary = await mailCredentials(portal, staff, patient, `${patient.family_name.toLowerCase()}@mail.example`);
  const [year, month, day] = patient.birth_date.split("-");
  await page.goto("/sign-in");
  await press(page, page.getByRole("link", { name: "Create an account with your token" }));
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await typeInto(page, page.getByLabel("Token"), temporary.password);
  await typeInto(page, page.getByLabel("Month", { exact: true }), String(Number(month)));
  await typeInto(page, page.getByLabel("Day", { exact: true }), String(Number(day)));
  await typeInto(page, page.getByLabel("Year", { exact: true }), year ?? "");
  await typeInto(page, page.getByLabel("Last name"), patient.family_name);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: `Welcome, ${patient.given_name}` })).toBeFocused();
  await typeInto(page, page.getByLabel("Choose a username"), `keys.${patient.family_name}`);
  await typeInto(page, page.getByLabel("Password", { exact: true }), "Blue-Whale-77-Sings");
  await tabTo(page, page.getByLabel("I have read the terms of use"));
  await page.keyboard.press("Space");
  await press(page, page.getByRole("button", { name: "Create account" }));
  await expect(page.getByRole("heading", { name: /^Your account is ready/ })).toBeFocused();
  await press(page, page.getByRole("link", { name: "Not now" }));
  await expect(page).toHaveURL("/home");
});
