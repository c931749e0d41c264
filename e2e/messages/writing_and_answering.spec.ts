// MSG-1, MSG-2, MSG-6, MSG-7, MSG-8: a patient writes, the care team answers, drafts stay, notes stay inside.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled, press, tabTo, typeInto } from "../fixtures/accounts";
import { expect, test } from "../fixtures/portal";
import type { Page } from "@playwright/test";

/** The category of a team in which front desk works. */
const visits = "Visits, referrals and forms";

async function write(page: Page, subject: string, text: string): Promise<void> {
  await page.goto("/mail/new");
  await page.getByLabel(visits).check();
  await page.getByLabel("Subject").fill(subject);
  await page.getByLabel("Your message").fill(text);
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("heading", { level: 1, name: subject })).toBeVisible();
}

async function openInQueue(staff: Page, subject: string): Promise<void> {
  await staff.goto("/staff/messages?folder=open");
  await staff.locator("#queue").getByRole("link", { name: subject }).click();
  await expect(staff.getByRole("heading", { level: 2, name: subject })).toBeFocused();
}

test("a patient writes, staff claims and answers, the patient reads and replies", async ({ portal, page, visitor }) => {
  const staff = await visitor();
  const { patient } = await enrolled(portal, staff, page);
  const subject = `School form ${patient.family_name}`;
  await write(page, subject, "Can you fill in a form?");
  await expect(page.getByText(/^Your message was sent to Front desk\. Usually answers within 1 working day\./)).toBeVisible();

  await openInQueue(staff, subject);
  await expect(staff.locator(".staff-patient")).toContainText(patient.family_name);
  await staff.getByRole("button", { name: "Claim" }).click();
  await expect(staff.getByRole("status").getByText("You claimed it.")).toBeVisible();
  await staff.getByText("Add an internal note").click();
  await staff.getByLabel("Internal note", { exact: true }).fill("Mother called twice.");
  await staff.getByRole("button", { name: "Save the note" }).click();
  await expect(staff.locator(".app-message--note")).toContainText("Mother called twice.");
  await staff.getByRole("textbox", { name: "Answer to the patient" }).fill("Yes, bring it along.");
  await staff.getByRole("button", { name: "Send", exact: true }).click();
  await expect(staff.locator(".app-message--staff")).toContainText("Yes, bring it along.");

  await page.goto("/mail");
  await page.locator("#inbox").getByRole("link", { name: `Message: ${subject}` }).press("Enter");
  await expect(page.locator(".app-message--staff")).toContainText("Yes, bring it along.");
  await expect(page.getByText(/^Opened by the care team on /)).toBeVisible();
  await expect(page.locator("main")).not.toContainText("Mother called twice.");
  await page.getByRole("textbox", { name: "Your answer" }).fill("Thank you.");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.locator(".app-message").last()).toContainText("Thank you.");
  await expect(page.getByRole("textbox", { name: "Your answer" })).toHaveValue("");
});

test("a message is taken back before it is opened and not after", async ({ portal, page, visitor }) => {
  const staff = await visitor();
  const { patient } = await enrolled(portal, staff, page);
  await write(page, `First ${patient.family_name}`, "Never mind.");
  await page.getByRole("button", { name: "Take back" }).click();
  await page.getByRole("button", { name: "Yes, recall it" }).click();
  await expect(page.getByText("Your message was taken back.")).toBeVisible();
  await expect(page.getByText("Never mind.")).toHaveCount(0);

  // A page that hears nothing of what is new still offers to take it back; the server knows better.
  await page.route("**/api/v1/events", (route) =>
    route.fulfill({ contentType: "text/event-stream", body: "retry: 600000\n\n" }),
  );
  const second = `Second ${patient.family_name}`;
  await write(page, second, "Please call me.");
  await openInQueue(staff, second);
  await page.getByRole("button", { name: "Take back" }).click();
  await page.getByRole("button", { name: "Yes, recall it" }).click();
  await expect(page.getByRole("alert")).toContainText("The care team opened this message.");
  await expect(page.getByText(/^Opened by the care team on /)).toBeVisible();
  await expect(page.getByRole("button", { name: "Take back" })).toHaveCount(0);
});

test("an open conversation shows by itself that it was opened, and the answer, and keeps what is being typed", async ({
  portal,
  page,
  visitor,
}) => {
  const staff = await visitor();
  const { patient } = await enrolled(portal, staff, page);
  const subject = `Live ${patient.family_name}`;
  await write(page, subject, "Are you there?");
  await expect(page.getByRole("button", { name: "Take back" })).toBeVisible();
  await page.getByRole("textbox", { name: "Your answer" }).fill("One more thing");
  await openInQueue(staff, subject);
  await expect(page.getByText(/^Opened by the care team on /)).toBeVisible();
  await expect(page.getByRole("button", { name: "Take back" })).toHaveCount(0);
  await staff.getByRole("textbox", { name: "Answer to the patient" }).fill("Yes, I am.");
  await staff.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.locator(".app-message--staff")).toContainText("Yes, I am.");
  await expect(page.getByRole("textbox", { name: "Your answer" })).toHaveValue("One more thing");
});

test("what was typed just before the page is loaded anew is kept", async ({ portal, page, visitor }) => {
  await enrolled(portal, await visitor(), page);
  await page.goto("/mail/new");
  await page.getByLabel("Subject").fill("Typed last");
  await page.getByLabel("Your message").fill("Do not lose me");
  await expect(async () => {
    await page.goto("/mail/drafts");
    await expect(page.locator("#drafts").getByRole("link", { name: "Typed last" })).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await page.locator("#drafts").getByRole("link", { name: "Typed last" }).click();
  await expect(page.getByLabel("Your message")).toHaveValue("Do not lose me");
});

test("a draft survives leaving the page and loading it anew", async ({ portal, page, visitor }) => {
  await enrolled(portal, await visitor(), page);
  await page.goto("/mail");
  await page.getByRole("link", { name: "Write a message" }).click();
  await page.getByLabel("Subject").fill("Rash");
  await page.getByLabel("Your message").fill("It itches");
  const kept = page.waitForResponse((answer) => answer.url().endsWith("/drafts") && answer.request().method() === "POST");
  await page.getByRole("link", { name: "Mail" }).first().click();
  expect((await kept).status()).toBe(201);
  await page.getByRole("link", { name: "Drafts" }).click();
  await page.locator("#drafts").getByRole("link", { name: "Rash" }).click();
  await expect(page.getByLabel("Your message")).toHaveValue("It itches");
  await page.reload();
  await expect(page.getByLabel("Subject")).toHaveValue("Rash");
  await expect(page.getByLabel("Your message")).toHaveValue("It itches");
  await expect(page.getByText(/^Saved at \d/)).toBeVisible();
});

test("two pages on one draft show both texts and lose none", async ({ portal, page, visitor }) => {
  await enrolled(portal, await visitor(), page);
  await page.goto("/mail/new");
  await page.getByLabel("Your message").fill("Beginning");
  await expect(page.getByText(/^Saved at \d/)).toBeVisible({ timeout: 15_000 });
  const other = await page.context().newPage();
  await expect(page).toHaveURL(/draft=/);
  await other.goto(page.url());
  await expect(other.getByLabel("Your message")).toHaveValue("Beginning");
  await other.getByLabel("Your message").fill("The other text");
  const kept = other.waitForResponse((answer) => answer.request().method() === "PUT");
  await other.getByRole("link", { name: "Mail" }).first().click();
  expect((await kept).status()).toBe(200);

  await page.getByLabel(visits).check();
  await page.getByLabel("Subject").fill("Two pages");
  await page.getByLabel("Your message").fill("My text");
  await page.getByRole("button", { name: "Send" }).click();
  const choice = page.locator("#draft");
  await expect(choice).toContainText("The other text");
  await expect(page.getByLabel("Your message")).toHaveValue("My text");
  await choice.getByRole("button", { name: "Keep my text" }).click();
  await expect(choice).toHaveCount(0);
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.locator(".app-message")).toContainText("My text");
});

test("who leaves before choosing between two texts finds both in the draft", async ({ portal, page, visitor }) => {
  await enrolled(portal, await visitor(), page);
  await page.goto("/mail/new");
  await page.getByLabel("Your message").fill("Beginning");
  await expect(page.getByText(/^Saved at \d/)).toBeVisible({ timeout: 15_000 });
  await expect(page).toHaveURL(/draft=/);
  const address = page.url();
  const other = await page.context().newPage();
  await other.goto(address);
  await expect(other.getByLabel("Your message")).toHaveValue("Beginning");
  await other.getByLabel("Your message").fill("The other text");
  const kept = other.waitForResponse((answer) => answer.request().method() === "PUT");
  await other.getByRole("link", { name: "Mail" }).first().click();
  expect((await kept).status()).toBe(200);

  await page.getByLabel(visits).check();
  await page.getByLabel("Subject").fill("Two pages");
  await page.getByLabel("Your message").fill("My text");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.locator("#draft")).toContainText("The other text");
  const both = page.waitForResponse((answer) => answer.request().method() === "PUT");
  await page.getByRole("link", { name: "Mail" }).first().click();
  expect((await both).status()).toBe(200);
  await page.goto(address);
  await expect(page.getByLabel("Your message")).toHaveValue("The other text\n\nMy text");
});

test("a message is written by keyboard alone", async ({ portal, page, visitor }) => {
  await enrolled(portal, await visitor(), page);
  await page.goto("/mail/new");
  await tabTo(page, page.getByRole("radio").first());
  await page.keyboard.press("Space");
  await typeInto(page, page.getByLabel("Subject"), "By keyboard");
  await typeInto(page, page.getByLabel("Your message"), "Hello");
  await press(page, page.getByRole("button", { name: "Send" }));
  await expect(page.getByRole("heading", { level: 1, name: "By keyboard" })).toBeVisible();
});

test("the pages of messages are accessible and fit 320 px", async ({ portal, page, visitor }) => {
  const staff = await visitor();
  const { patient } = await enrolled(portal, staff, page);
  const subject = `Judged ${patient.family_name}`;
  await write(page, subject, "Hello");
  const judge = async (one: Page) => {
    await expect(one.locator("[aria-busy=true], .app-skeleton")).toHaveCount(0);
    await expect(one.getByRole("heading", { level: 1 })).toHaveCount(1);
    await expectAccessible(one);
    await expectReflow(one);
  };
  await judge(page);
  for (const path of ["/mail/new", "/mail/drafts", "/mail/archive", "/mail/sent", "/mail?q=nothing-like-it"]) {
    await page.goto(path);
    await judge(page);
  }
  await openInQueue(staff, subject);
  await judge(staff);
});
