// A patient's first day: from the enrolment letter to a booked appointment, with front desk and a provider at the other
// end. Everything goes by the pages, as people go.

import { type Page } from "@playwright/test";
import { expect, test } from "./fixtures/portal";
import { desk, provider, signIn } from "./fixtures/people";

/** An invented patient of the demo practice who has no account yet, and a result that waits for release. */
const zoe = { family: "Lindqvist-Åkerström", username: "zoe.family", password: "Correct-Horse-7" };

/** Front desk finds Zoë and hands out a token; answers the token and the date of birth that the page shows. */
async function handOutToken(page: Page): Promise<{ token: string; born: Date }> {
  await signIn(page, desk);
  await page.goto("/staff/patients");
  await page.getByRole("main").getByRole("searchbox").or(page.getByLabel(/Name/)).first().fill(zoe.family.slice(0, 4));
  await page.getByRole("link", { name: new RegExp(zoe.family) }).click();
  await expect(page.getByRole("heading", { level: 1, name: new RegExp(zoe.family) })).toBeVisible();
  const chart = page.getByText(/born \w+ \d+, \d{4}/).first();
  const born = /born (\w+ \d+, \d{4})/.exec(await chart.innerText())?.[1] ?? "";
  await page.getByRole("button", { name: /token/i }).click();
  await expect(page.getByRole("img", { name: /QR|code/i })).toBeVisible();
  const token = /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/.exec(await page.getByRole("main").innerText())?.[0];
  expect(token, "the token on the letter").toBeTruthy();
  return { token: token ?? "", born: new Date(`${born} 12:00`) };
}

async function enrol(page: Page, token: string, born: Date): Promise<void> {
  // The link of the QR code: the token is in the fragment, which never reaches a server.
  await page.goto(`/enrol#token=${token}`);
  await page.getByLabel("Month").fill(String(born.getMonth() + 1));
  await page.getByLabel("Day").fill(String(born.getDate()));
  await page.getByLabel("Year").fill(String(born.getFullYear()));
  await page.getByLabel("Last name").fill(zoe.family.toUpperCase());
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Choose a username").fill(zoe.username);
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("short");
  await expect(page.getByRole("listitem").filter({ hasText: /digit/i })).toBeVisible();
  await password.fill(zoe.password);
  await page.getByLabel(/accept them/).check();
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("link", { name: "Not now" }).click();
  await expect(page).toHaveURL(/\/home/);
}

async function releaseFirstResultOf(page: Page, name: string): Promise<string> {
  await signIn(page, provider);
  await page.goto("/staff/queue/releases");
  const row = page.getByRole("listitem").filter({ hasText: name }).first();
  const title = (await row.getByRole("link").first().innerText()).trim();
  await row.getByRole("link").first().click();
  await page.getByLabel(/Your comment/).fill("Nothing to worry about.");
  await page.getByRole("button", { name: /^Release to/ }).click();
  await expect(page.getByRole("listitem").filter({ hasText: name }).filter({ hasText: title })).toHaveCount(0);
  return title;
}

async function ask(page: Page): Promise<void> {
  await page.goto("/appointments/request/where");
  await page.getByLabel("Infinity Health Harbor").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel(/first available/i).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Yearly check-up").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel(/any time|Any day/i).first().check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Send request" }).click();
  await expect(page).toHaveURL(/\/appointments\/done\//);
}

async function countResults(page: Page): Promise<number> {
  await page.goto("/chart/results");
  const rows = page.getByRole("main").getByRole("listitem").filter({ hasText: "Collected" });
  const none = page.getByText("Results appear here once your provider has released them.");
  await expect(rows.first().or(none)).toBeVisible();
  return rows.count();
}

test("a patient enrols, reads a released result, recalls one request and has another booked", async ({ page, visitor }) => {
  test.setTimeout(120_000);
  const clerk = await visitor();
  const doctor = await visitor();

  const { token, born } = await test.step("front desk hands out a token with its letter", () => handOutToken(clerk));
  await test.step("the patient creates an account and is in", () => enrol(page, token, born));

  const seen = await test.step("only released results are to be seen", () => countResults(page));
  const title = await test.step("a provider releases a result", () => releaseFirstResultOf(doctor, zoe.family));
  await test.step("it is in the inbox and opens with words, range and comment", async () => {
    await page.goto("/mail");
    await page.getByRole("link", { name: new RegExp(title) }).first().click();
    await expect(page).toHaveURL(/\/chart\/results\//);
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeFocused();
    await expect(page.getByText("Nothing to worry about.")).toBeVisible();
    expect(await countResults(page), "one result more than before its release").toBe(seen + 1);
    await page.goBack();
    await expect(page.getByText(/usual range|as usual/).first()).toBeVisible();
  });

  await test.step("a request stands in Sent Items and is recalled from there", async () => {
    await ask(page);
    await page.goto("/mail/sent");
    await page.getByRole("button", { name: /Recall/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Yes, recall it" }).click();
    await expect(page.getByText("Recalled", { exact: true })).toBeVisible();
  });

  await test.step("front desk books a second request", async () => {
    await ask(page);
    await clerk.goto("/staff/queue/appointments");
    await clerk.getByRole("link", { name: new RegExp(zoe.family) }).first().click();
    const day = new Date(Date.now() + 10 * 24 * 3600 * 1000).toISOString().slice(0, 10);
    await clerk.getByLabel("Date", { exact: true }).fill(day);
    await clerk.getByLabel("Time at the location").fill("14:00");
    await clerk.getByLabel("With", { exact: true }).selectOption({ label: "Dr. Samuel Okafor" });
    await clerk.getByRole("button", { name: /^Book for/ }).click();
    await expect(clerk.getByText(/gets the answer in the inbox/)).toBeVisible();
  });

  await test.step("the patient finds it in the inbox, takes it to the calendar and calls to cancel", async () => {
    await page.goto("/mail");
    await page.getByRole("link", { name: /Appointment booked/ }).first().click();
    await expect(page).toHaveURL(/\/appointments\//);
    await expect(page.getByRole("main").getByRole("link", { name: /\+1 617 555 0110/ }).first()).toHaveAttribute("href", /^tel:/);
    await expect(page.getByRole("button", { name: /cancel/i })).toHaveCount(0);
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: /calendar/i }).click();
    const file = await (await download).createReadStream();
    const text = (await file.toArray()).join("");
    expect(text).toContain("BEGIN:VTIMEZONE");
    expect(text).toContain("TZID=America/New_York");
    expect(text).toContain("T140000");
  });
});
