// APT-1, APT-4, MSG-6: one question a page, and a request that is taken back from Sent Items.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { desk, joerg, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";
import type { Page } from "@playwright/test";

/** A date so many days from now, as month, day and year. */
function inDays(days: number): [string, string, string] {
  const date = new Date(Date.now() + days * 86_400_000);
  return [String(date.getMonth() + 1), String(date.getDate()), String(date.getFullYear())];
}

async function next(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Continue" }).click();
}

/** Answers every question and sends. */
async function ask(page: Page, reason: string, note: string): Promise<void> {
  await page.goto("/appointments/request/where");
  await page.getByLabel("Infinity Health Harbor").check();
  await next(page);
  await page.getByLabel("First available").check();
  await next(page);
  await page.getByLabel(reason).check();
  await page.getByLabel("Anything we should know").fill(note);
  await next(page);
  await page.getByLabel("Any time", { exact: true }).check();
  await next(page);
  await page.getByRole("button", { name: "Send request" }).click();
  await expect(page.getByRole("heading", { name: "Your request was sent" })).toBeVisible();
}

test("a request is answered question by question, checked, sent and recalled", async ({ page }) => {
  await signIn(page, joerg);
  await page.goto("/home");
  await page.getByRole("link", { name: "Request an appointment" }).first().click();
  await expect(page.getByRole("heading", { name: "Where would you like to be seen?" })).toBeFocused();
  await next(page);
  await expect(page.getByRole("alert")).toContainText("Choose a location.");
  await expectAccessible(page);
  await page.getByLabel("Infinity Health Harbor").check();
  await next(page);
  await page.getByLabel("Dr. Maria Lund").check();
  await expectAccessible(page);
  await expectReflow(page);
  await next(page);
  await page.getByLabel("Follow-up visit").check();
  await page.getByLabel("Anything we should know").fill("My knee, again.");
  await expectAccessible(page);
  await expectReflow(page);
  await next(page);

  await page.getByLabel("I have days in mind").check();
  const [month, day, year] = inDays(14);
  await page.getByLabel("Month", { exact: true }).fill(month);
  await page.getByLabel("Day", { exact: true }).fill(day);
  await page.getByLabel("Year", { exact: true }).fill("2020");
  await next(page);
  await expect(page.getByRole("alert")).toContainText("Choose today or a later day.");
  await page.getByLabel("Year", { exact: true }).fill(year);
  await page.getByLabel("Part of the day").selectOption("in the morning");
  await expectAccessible(page);
  await expectReflow(page);
  await next(page);

  await expect(page.getByRole("heading", { name: "Is all of this right?" })).toBeFocused();
  await expectAccessible(page);
  await expectReflow(page);
  await page.getByRole("link", { name: "Back" }).click();
  await expect(page.getByLabel("I have days in mind"), "Back keeps the answers").toBeChecked();
  await next(page);
  await page.getByRole("link", { name: "Change About" }).click();
  await page.getByLabel("Yearly check-up").check();
  await next(page);
  await expect(page.getByRole("heading", { name: "Is all of this right?" })).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Yearly check-up");
  await expect(page.getByRole("main")).toContainText("in the morning");
  await page.getByRole("button", { name: "Send request" }).click();

  await expect(page.getByRole("heading", { name: "Your request was sent" })).toBeFocused();
  await expect(page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/)).toBeVisible();
  await expect(page.getByText("usually within 2 business days")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "See Sent Items" }).click();
  const sent = page.locator("#sent").getByRole("listitem").first();
  await expect(sent).toContainText("Yearly check-up");
  await expect(sent).toContainText("Waiting for an answer");
  await sent.getByRole("button", { name: /^Recall/ }).click();
  const dialog = page.getByRole("dialog", { name: "Recall this request?" });
  await expect(dialog.getByRole("button", { name: "No, keep it" })).toBeFocused();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Yes, recall it" }).click();
  await expect(page.getByText("Your request was recalled.")).toBeVisible();
  await expect(sent).toContainText("Recalled");
  await expect(sent.getByRole("button")).toHaveCount(0);
});

test("after a reload the questions begin again rather than send half a request", async ({ page }) => {
  await signIn(page, joerg);
  await page.goto("/appointments/request/check");
  await expect(page).toHaveURL("/appointments/request/where");
});

test("a request whose answer got lost is sent once, however often one presses", async ({ page, problems }) => {
  await signIn(page, joerg);
  await page.goto("/appointments/request/where");
  await page.getByLabel("Infinity Health Hillside").check();
  await next(page);
  await page.getByLabel("First available").check();
  await next(page);
  await page.getByLabel("A vaccination").check();
  await next(page);
  await page.getByLabel("Any time", { exact: true }).check();
  await next(page);
  // The server carries it out, but the answer never arrives.
  await page.route("**/appointments", async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await page.getByRole("button", { name: "Send request" }).click();
  await expect(page.getByRole("alert")).toContainText("We could not reach the portal.");
  await page.getByRole("button", { name: "Send request" }).click();
  await expect(page.getByRole("heading", { name: "Your request was sent" })).toBeVisible();
  await page.goto("/mail/sent");
  const sent = page.locator("#sent").getByRole("listitem").filter({ hasText: "A vaccination" });
  await expect(sent).toHaveCount(1);
  // The browser itself logs the answer that was withheld.
  expect(problems.splice(0).join()).toContain("ERR_FAILED");
});

test("front desk is faster than a recall: the page shows the state that won", async ({ page, visitor }) => {
  await signIn(page, joerg);
  await ask(page, "To talk about medications", "Race.");
  await page.goto("/mail/sent");
  const sent = page.locator("#sent").getByRole("listitem").filter({ hasText: "To talk about medications" });
  await expect(sent.getByRole("button", { name: /^Recall/ })).toBeVisible();

  const staff = await visitor();
  await signIn(staff, desk);
  await staff.goto("/staff/queue/appointments");
  const waiting = staff.locator("#requests").getByRole("listitem").filter({ hasText: "To talk about medications" });
  await waiting.getByRole("link").click();
  await staff.getByLabel("Say no").check();
  await staff.getByRole("button", { name: `Say no to ${joerg.name}` }).click();
  await expect(staff.getByRole("alert")).toContainText("Give the patient a reason.");
  await staff.getByLabel("Reason").fill("Please call us instead.");
  await staff.getByRole("button", { name: `Say no to ${joerg.name}` }).click();
  await expect(staff.getByText("gets the answer in the inbox.")).toBeVisible();

  await sent.getByRole("button", { name: /^Recall/ }).click();
  await page.getByRole("button", { name: "Yes, recall it" }).click();
  await expect(page.getByRole("alert")).toContainText("Something changed meanwhile.");
  await expect(sent).toContainText("Not possible");
  await sent.getByRole("link").click();
  await expect(page.getByText("Please call us instead.")).toBeVisible();
});
