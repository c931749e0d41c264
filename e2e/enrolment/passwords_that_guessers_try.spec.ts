// SEC-1: the marks beside a new password, also the one whose lists come when they are needed.

import type { Page } from "@playwright/test";
import { issueToken, newPatient } from "../fixtures/accounts";
import { desk, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";
import type { Server } from "../fixtures/server";

/** The form in which a new patient chooses a password. */
async function chooseAccount(portal: Server, page: Page, staff: Page): Promise<void> {
  await signIn(staff, desk);
  const patient = await newPatient(portal, staff);
  const token = await issueToken(portal, staff, patient);
  await page.goto(`/enrol#token=${token}`);
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

test("the lists come when a password is to be chosen, and the mark follows what is typed", async ({ portal, page, visitor }) => {
  const lists: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/assets/guessing.")) lists.push(request.url());
  });
  await chooseAccount(portal, page, await visitor());
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

test("without the lists the mark stays open and the server refuses", async ({ portal, page, visitor, problems }) => {
  await page.route("**/assets/guessing.*", (route) => route.abort());
  await chooseAccount(portal, page, await visitor());
  await page.getByLabel("Choose a username").fill("mateo.tries");
  await password(page).fill("Summer2026!");
  await expect(mark(page)).toContainText("not checked yet");
  await page.getByLabel("I have read the terms of use").check();
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert")).toContainText("This password is easy to guess.");
  expect(problems.every((problem) => /ERR_FAILED|Failed to fetch/.test(problem)), problems.join("\n")).toBe(true);
  problems.length = 0;
});
