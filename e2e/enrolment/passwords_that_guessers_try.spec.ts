// SEC-1: the marks beside a new password, also the one whose lists come when they are needed.

import type { Page } from "@playwright/test";
import { desk, findPatient, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

/** The form in which a patient of that name chooses a password. */
async function chooseAccount(page: Page, staff: Page, familyName: string): Promise<void> {
  await signIn(staff, desk);
  const patient = await findPatient(staff, familyName);
  const issued = await staff.request.post(`/api/v1/patients/${patient.id}/enrolment/tokens`, {
    headers: { origin: new URL(staff.url()).origin },
  });
  await page.goto((await issued.json()).enrol_url);
  const [year, month, day] = patient.birth_date.split("-");
  await page.getByLabel("Month", { exact: true }).fill(String(Number(month)));
  await page.getByLabel("Day", { exact: true }).fill(String(Number(day)));
  await page.getByLabel("Year", { exact: true }).fill(year ?? "");
  await page.getByLabel("Last name").fill(patient.family_name);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByLabel("Choose a username")).toBeVisible();
}

const mark = (page: Page) => page.locator(".app-check").filter({ hasText: "Not easy to guess" });
const password = (page: Page) => page.getByLabel("Password", { exact: true });

test("the lists come when a password is to be chosen, and the mark follows what is typed", async ({ page, visitor }) => {
  const lists: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/assets/guessing.")) lists.push(request.url());
  });
  await chooseAccount(page, await visitor(), "Núñez Ibáñez");
  await expect(mark(page)).toContainText("not checked yet");
  expect(lists).toEqual([]);

  await password(page).focus();
  await expect.poll(() => lists.length).toBe(1);
  await password(page).fill("Summer2026!");
  await expect(mark(page)).toContainText(": not yet");
  await expect(page.getByRole("status").filter({ hasText: "rule" })).toHaveText("1 rule left.");
  await password(page).fill("InfinityHealth2026!");
  await expect(mark(page)).toContainText(": not yet");
  await password(page).fill("Blue-Whale-77");
  await expect(mark(page)).toContainText(": met");
  await expect(page.getByRole("status").filter({ hasText: "rule" })).toHaveText("Your password meets every rule.");
  expect(lists).toHaveLength(1);
});

test("without the lists the mark stays open and the server refuses", async ({ page, visitor, problems }) => {
  await page.route("**/assets/guessing.*", (route) => route.abort());
  await chooseAccount(page, await visitor(), "Núñez Ibáñez");
  await page.getByLabel("Choose a username").fill("mateo.tries");
  await password(page).fill("Summer2026!");
  await expect(mark(page)).toContainText("not checked yet");
  await page.getByLabel("I have read the terms of use").check();
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert")).toContainText("This password is easy to guess.");
  expect(problems.every((problem) => /ERR_FAILED|Failed to fetch/.test(problem)), problems.join("\n")).toBe(true);
  problems.length = 0;
});
