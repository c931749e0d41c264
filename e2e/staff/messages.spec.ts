// MSG-7: what a care team does with its queue: hand over, send to another team, ready texts, close many, write first.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { admin, provider, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";
import type { Page } from "@playwright/test";

/** A team of front desk that no nurse works in. */
const bills = "Bills and insurance";
const visits = "Visits, referrals and forms";

async function write(page: Page, team: string, subject: string, text: string): Promise<void> {
  await page.goto("/mail/new");
  await page.getByLabel(team).check();
  await page.getByLabel("Subject").fill(subject);
  await page.getByLabel("Your message").fill(text);
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("heading", { level: 1, name: subject })).toBeVisible();
}

async function judge(page: Page): Promise<void> {
  await expect(page.locator("[aria-busy=true], .app-skeleton")).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  await expectAccessible(page);
  await expectReflow(page);
}

/** Words that find only this test's conversations. */
const only = (word: string) => `/staff/messages?folder=open&q=${word}`;

test("a thread goes to another team with a note, and the queue keeps its filters", async ({ portal, page, visitor }) => {
  const staff = await visitor();
  const { patient } = await enrolled(portal, staff, page);
  const subject = `Invoice ${patient.family_name}`;
  await write(page, visits, subject, "Why so much?");
  await staff.goto(only(patient.family_name));
  await staff.locator("#queue").getByRole("link", { name: subject }).click();
  await expect(staff.getByRole("heading", { level: 2, name: subject })).toBeFocused();
  await staff.getByText("Send to another team").click();
  await staff.getByRole("button", { name: "Send to this team" }).click();
  await expect(staff.getByRole("alert")).toContainText("Choose a team.");
  await judge(staff);
  await staff.getByLabel("Which team?").selectOption({ label: "Billing office" });
  await staff.getByLabel("Internal note for that team").fill("About a bill.");
  await staff.getByRole("button", { name: "Send to this team" }).click();
  const done = staff.getByText("It went to Billing office.");
  await expect(done).toBeFocused();
  await expect(staff.locator(".app-message--note")).toContainText("About a bill.");
  await staff.getByRole("button", { name: "Claim" }).click();
  await expect(staff.getByText("You claimed it.")).toBeFocused();

  // On paper: whose record, the practice and when it was printed, without the queue.
  await expect(staff.getByText(/^Infinity Health\. Printed /)).toBeHidden();
  await staff.emulateMedia({ media: "print" });
  await expect(staff.getByText(/^Infinity Health\. Printed /)).toBeVisible();
  await expect(staff.locator("#queue")).toBeHidden();
  await expect(staff.getByText("About a bill.")).toBeVisible();
  await staff.emulateMedia({ media: null });

  await staff.setViewportSize({ width: 700, height: 900 });
  await staff.getByRole("link", { name: "Back to the list" }).click();
  await expect(staff).toHaveURL(new RegExp(`folder=open.*q=${patient.family_name}`));
  await expect(staff.getByLabel("Folder")).toHaveValue("open");
  await expect(staff.locator("#queue > li")).toHaveCount(1);
  await expect(staff.locator("#queue")).toContainText("Billing office");

  await page.reload();
  await expect(page.locator("main")).not.toContainText("About a bill.");
  await expect(page.locator(".app-message")).toHaveCount(1);
});

test("a ready text goes in at the cursor and replaces nothing", async ({ portal, page, visitor }) => {
  const staff = await visitor();
  const { patient } = await enrolled(portal, staff, page);
  const subject = `Form ${patient.family_name}`;
  await write(page, visits, subject, "Can you fill in a form?");
  const teams = await (await staff.request.get("/api/v1/message-teams")).json();
  const desk = teams.find((one: { team: { name: string } }) => one.team.name === "Front desk").team.id;
  const title = `Bring it ${patient.family_name}`;
  const made = await staff.request.post("/api/v1/message-templates", {
    headers: { origin: portal.url },
    data: { team_id: desk, title, text: "Please bring the form along." },
  });
  expect(made.status()).toBe(201);

  await staff.goto(only(patient.family_name));
  await staff.locator("#queue").getByRole("link", { name: subject }).click();
  const box = staff.getByRole("textbox", { name: "Answer to the patient" });
  await box.fill("Hello.");
  await staff.getByLabel("Ready texts").selectOption({ label: title });
  await staff.getByRole("button", { name: "Insert" }).click();
  await expect(box).toHaveValue("Hello.\n\nPlease bring the form along.");
  await expect(box).toBeFocused();
  await staff.getByRole("button", { name: "Send", exact: true }).click();
  await expect(staff.getByText("Your answer was sent.")).toBeFocused();
  await page.reload();
  await expect(page.locator(".app-message--staff")).toContainText("Please bring the form along.");
});

test("several conversations are closed at once, and what nobody opened is refused by name", async ({
  portal,
  page,
  visitor,
}) => {
  const staff = await visitor();
  const { patient } = await enrolled(portal, staff, page);
  const [read, unread] = [`Read ${patient.family_name}`, `Unread ${patient.family_name}`];
  await write(page, visits, read, "One");
  await write(page, bills, unread, "Two");
  await staff.goto(only(patient.family_name));
  await staff.locator("#queue").getByRole("link", { name: new RegExp(`: ${read}`) }).click();
  await expect(staff.getByRole("heading", { level: 2, name: read })).toBeVisible();
  await expect(staff.locator(".app-message")).toContainText("One");
  await staff.goto(only(patient.family_name));
  await staff.getByRole("checkbox", { name: new RegExp(`: ${read}`) }).check();
  await expect(staff.getByText("1 chosen")).toBeVisible();
  await staff.getByRole("button", { name: "Choose none" }).click();
  await staff.getByRole("button", { name: "Choose all that are shown" }).click();
  await expect(staff.getByText("2 chosen")).toBeVisible();
  await judge(staff);
  await staff.getByRole("button", { name: "Close them", exact: true }).click();
  await expect(staff.getByRole("dialog")).toContainText("Close 2 conversations?");
  await staff.getByRole("button", { name: "Yes, close them" }).click();
  await expect(staff.getByText("1 conversation is closed.")).toBeFocused();
  const refused = staff.getByRole("alert").filter({ hasText: "These were not closed" });
  await expect(refused).toContainText(unread);
  await expect(refused).toContainText("It holds a message that nobody has opened.");
  await expect(staff.locator("#queue > li")).toHaveCount(1);
  await judge(staff);
});

test("staff write to a patient first, with a file, and go on with what they began", async ({ portal, page, visitor }) => {
  const staff = await visitor();
  const { patient } = await enrolled(portal, staff, page);
  await staff.goto(`/staff/patients/${patient.id}`);
  await staff.getByRole("link", { name: "Write a message" }).click();
  await expect(staff.getByRole("heading", { level: 1, name: "Write to a patient" })).toBeFocused();
  await staff.getByRole("button", { name: "Send", exact: true }).click();
  await expect(staff.getByRole("alert")).toContainText("Fill this in.");
  await judge(staff);
  await staff.getByLabel("Front desk").check();
  const subject = `Your papers ${patient.family_name}`;
  await staff.getByLabel("Subject").fill(subject);
  const kept = staff.waitForResponse((one) => one.url().endsWith("/drafts") && one.request().method() === "POST");
  await staff.getByLabel("Message to the patient").fill("We found your papers.");
  await staff.getByRole("link", { name: "Back to the patient" }).click();
  expect((await kept).status()).toBe(201);
  await staff.getByRole("link", { name: "Write a message" }).click();
  await expect(staff.getByText("You began this message earlier")).toBeVisible();
  await expect(staff.getByLabel("Subject")).toHaveValue(subject);
  await staff.locator("input[type=file]").setInputFiles({
    name: "papers.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("Two pages."),
  });
  await expect(staff.getByText("papers.txt")).toBeVisible();
  await staff.getByRole("button", { name: "Send", exact: true }).click();
  await expect(staff.getByRole("heading", { level: 2, name: subject })).toBeVisible();
  await expect(staff.locator(".app-message--staff")).toContainText("papers.txt");

  await page.goto("/mail");
  await page.locator("#inbox").getByRole("link", { name: `Message: ${subject}` }).press("Enter");
  await expect(page.locator(".app-message--staff")).toContainText("We found your papers.");
  await page.getByRole("textbox", { name: "Your answer" }).fill("Thank you.");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.locator(".app-message").last()).toContainText("Thank you.");

  await staff.goto("/staff");
  const card = staff.getByRole("listitem").filter({ has: staff.getByRole("heading", { name: "Messages" }) });
  await expect(card.getByText(/\d+ patients? waits?/).first()).toBeVisible();
  await judge(staff);
  await card.getByRole("link", { name: "Front desk" }).click();
  await expect(staff.getByLabel("Folder")).toHaveValue("waiting");
  await expect(staff.locator("#queue")).toContainText("Front desk");
  await expect(staff.locator("#queue")).not.toContainText("Billing office");
});

test("a message to many patients reaches each in a conversation of their own", async ({ portal, page, visitor }) => {
  const staff = await visitor();
  const { patient } = await enrolled(portal, staff, page);
  const subject = `Flu shots ${patient.family_name}`;
  await staff.goto("/staff/messages");
  await staff.getByRole("link", { name: "Messages to many patients" }).click();
  await expect(staff.getByRole("heading", { level: 1, name: "Messages to many patients" })).toBeVisible();
  await judge(staff);
  await staff.getByRole("link", { name: "Write to many patients" }).click();
  await staff.getByRole("button", { name: "Send", exact: true }).click();
  await expect(staff.getByRole("alert")).toContainText("Fill this in.");
  await judge(staff);
  await staff.getByLabel("Some patients").check();
  await staff.getByLabel("Youngest age, in years").fill("129");
  await staff.getByLabel("Front desk").check();
  await staff.getByLabel("Subject").fill(subject);
  await staff.getByLabel("Message to the patients").fill("Come in on Friday.");
  await staff.getByRole("button", { name: "Send", exact: true }).click();
  await expect(staff.getByRole("alert")).toContainText("No patient belongs to this group.");
  // Everybody whom the fixture makes was born in 1980.
  const age = new Date().getUTCFullYear() - 1980 - (new Date() < new Date(`${new Date().getUTCFullYear()}-02-03`) ? 1 : 0);
  await staff.getByLabel("Youngest age, in years").fill(String(age));
  await staff.getByLabel("Oldest age, in years").fill(String(age));
  await staff.getByRole("button", { name: "Send", exact: true }).click();
  const question = staff.getByRole("dialog");
  await expect(question).toContainText(/Send it to \d+ patients?\?/);
  await question.getByRole("button", { name: "Yes, send it" }).click();
  await expect(staff.getByRole("heading", { level: 1, name: subject })).toBeVisible();
  await expect(staff.getByText(/0 opened it$/)).toBeVisible();
  await expect(staff.locator("#recipients")).toContainText("Not opened yet");
  await judge(staff);

  await page.goto("/mail");
  await page.locator("#inbox").getByRole("link", { name: `Message: ${subject}` }).press("Enter");
  await expect(page.locator(".app-message--staff")).toContainText("Come in on Friday.");
  await page.getByRole("textbox", { name: "Your answer" }).fill("Which Friday?");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.locator(".app-message").last()).toContainText("Which Friday?");

  await staff.reload();
  await expect(staff.getByText(/1 opened it$/)).toBeVisible();
  await staff.goto(`/staff/messages?folder=unclaimed&q=${patient.family_name}`);
  await expect(staff.locator("#queue").getByRole("link", { name: subject })).toHaveCount(1);
});

test("a team's texts and one's own absence are kept in order", async ({ portal, page, visitor }) => {
  const staff = await visitor();
  const { patient } = await enrolled(portal, staff, page);
  const title = `Thanks ${patient.family_name}`;
  await staff.goto("/staff");
  await staff.getByRole("link", { name: "My teams" }).click();
  await staff.getByRole("button", { name: "Save the text" }).click();
  await expect(staff.getByRole("alert")).toContainText("Fill this in.");
  await judge(staff);
  await staff.getByLabel("Title").fill(title);
  await staff.getByLabel("Text", { exact: true }).fill("Thank you for writing.");
  await staff.getByRole("button", { name: "Save the text" }).click();
  await expect(staff.getByText(`The text ${title} was saved.`)).toBeFocused();
  const row = staff.locator("#texts > li").filter({ hasText: title });
  await row.getByRole("button", { name: "Change" }).click();
  await expect(staff.getByLabel("Title")).toHaveValue(title);
  await staff.getByLabel("Text", { exact: true }).fill("Thank you. We answer soon.");
  await staff.getByRole("button", { name: "Save the text" }).click();
  await expect(row).toContainText("We answer soon.");
  await row.getByRole("button", { name: "Remove" }).click();
  await staff.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(staff.getByText(`The text ${title} was removed.`)).toBeFocused();
  await expect(row).toHaveCount(0);
  // Nobody of the demo works in all of front desk's teams.
  await expect(staff.getByText("No colleague works in all of your teams.")).toBeVisible();

  const doctor = await visitor();
  await signIn(doctor, provider);
  await doctor.goto("/staff/my-teams");
  await doctor.getByRole("button", { name: "Save the absence" }).click();
  await expect(doctor.getByRole("alert")).toContainText("Choose a colleague.");
  await judge(doctor);
  await doctor.getByLabel("Who looks after your work?").selectOption({ label: "Tomás Rivera" });
  await doctor.getByRole("button", { name: "Save the absence" }).click();
  await expect(doctor.getByText("Your absence was saved.")).toBeFocused();
  const absence = doctor.getByText(/^Dr\. Maria Lund is away from .* Tomás Rivera looks after the work\.$/);
  await expect(absence).toBeVisible();
  await doctor.getByRole("button", { name: "I am back" }).click();
  await expect(doctor.getByText("Welcome back.")).toBeFocused();
  await expect(absence).toHaveCount(0);
});

test("an administrator adds, renames and retires a care team", async ({ portal, page, visitor }) => {
  const staff = await visitor();
  const { patient } = await enrolled(portal, await visitor(), page);
  await signIn(staff, admin);
  const name = `School health ${patient.family_name}`;
  await staff.goto("/staff/settings/teams");
  await expect(staff.locator("#teams")).toContainText("Front desk");
  await judge(staff);
  await staff.getByRole("link", { name: "Add a care team" }).click();
  await staff.getByRole("button", { name: "Save the team" }).click();
  await expect(staff.getByRole("alert")).toContainText("Fill this in.");
  await judge(staff);
  await staff.getByLabel("Name").fill(name);
  await staff.getByLabel("What it answers").selectOption({ label: visits });
  await staff.getByRole("group", { name: "Members" }).getByLabel("Noor Haddad").check();
  await staff.getByLabel("Answers within how many hours?").fill("48");
  await staff.getByLabel("Who also sees what is overdue").selectOption({ label: "Front desk" });
  await staff.getByRole("button", { name: "Save the team" }).click();
  await expect(staff.getByRole("heading", { level: 1, name: "Change a care team" })).toBeVisible();
  await page.goto("/mail/new");
  await expect(page.getByText(new RegExp(`${name}.*2 working days`))).toBeVisible();

  await staff.getByLabel("Name").fill(`${name} office`);
  await staff.getByLabel("Takes new messages").uncheck();
  await staff.getByRole("button", { name: "Save the team" }).click();
  await expect(staff.getByText("The team was saved.")).toBeFocused();
  await staff.getByRole("link", { name: "Care teams" }).first().click();
  await expect(staff.locator("#teams tr").filter({ hasText: `${name} office` })).toContainText("Retired");
  await page.reload();
  await expect(page.getByLabel(visits).first()).toBeVisible();
  await expect(page.getByText(name)).toHaveCount(0);
});
