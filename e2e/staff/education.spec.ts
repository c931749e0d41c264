// EDU-1: a nurse writes and publishes, assigns, and sends along; a patient finds, reads, and staff see that it was read.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { nurse, signIn, thandiwe } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("what staff write is found, read and seen to be read", async ({ page, portal, visitor }) => {
  test.setTimeout(180_000);
  const person = await enrolled(portal, await visitor(), page);
  const staff = await visitor();
  await signIn(staff, nurse);
  const word = `Quokka${person.username.slice(-8)}`;
  const title = `Sleep well ${word}`;

  await staff.goto("/staff/education/new");
  await staff.getByRole("button", { name: "Save the draft" }).click();
  await expect(staff.getByRole("alert").first()).toContainText("Fill this in.");
  await staff.getByLabel("Topic").selectOption({ label: "Living well" });
  await staff.getByLabel("Title").fill(title);
  const body = "## At night\n\nKeep your room **dark**.\n\n- No screens\n- No coffee\n\n<script>alert(1)</script>\n\n[more](javascript:alert(1)) [sleep](https://example.org/sleep)";
  await staff.getByLabel("Text", { exact: true }).fill(body);
  await staff.getByRole("button", { name: "Show how it will look" }).click();
  await expect(staff.getByRole("heading", { name: "At night" })).toBeVisible();
  await expect(staff.getByRole("link", { name: "sleep" })).toHaveAttribute("href", "https://example.org/sleep");
  await expect(staff.getByRole("link", { name: "more" })).toHaveCount(0);
  await staff.getByRole("button", { name: "Add a language" }).click();
  const spanish = staff.getByRole("group", { name: "Translation" });
  await spanish.getByLabel("Title").fill(`Dormir bien ${word}`);
  await spanish.getByLabel("Text", { exact: true }).fill("Duerma a oscuras.");
  await staff.getByLabel("Codes that it explains").fill("SLEEP 1");
  await staff.getByRole("button", { name: "Save the draft" }).click();
  await expect(staff.getByRole("alert").first()).toContainText("Write one code a line");
  await staff.getByLabel("Codes that it explains").fill("SNOMED 193462001");
  await expectAccessible(staff);
  await expectReflow(staff);
  await staff.getByRole("button", { name: "Save the draft" }).click();
  await expect(staff.getByRole("heading", { level: 1, name: title })).toBeVisible();
  const address = staff.url();

  // A file, which goes along with the version.
  await staff.getByRole("link", { name: "Edit the item" }).click();
  await staff.getByLabel("Files").setInputFiles({ name: "diary.txt", mimeType: "text/plain", buffer: Buffer.from("Monday:") });
  await expect(staff.getByRole("button", { name: "Remove diary.txt" })).toBeVisible();
  await staff.getByRole("button", { name: "Save the draft" }).click();
  await expect(staff.getByRole("link", { name: "diary.txt" })).toBeVisible();

  // No draft reaches a patient.
  await page.goto(`/learn?q=${word}`);
  await expect(page.getByText("Nothing was found. Try other words.")).toBeVisible();

  await staff.getByRole("button", { name: "Publish" }).click();
  await expect(staff.getByText("Published. Patients can read it now.")).toBeVisible();
  await expect(staff.getByText(/^Version 1, /)).toBeVisible();
  await staff.getByRole("searchbox", { name: "Name" }).fill(person.patient.family_name);
  await staff.getByRole("button", { name: "Search" }).click();
  await staff.getByRole("button", { name: /^Assign to / }).click();
  await expect(staff.getByText(/^Assigned to /)).toBeVisible();
  await expectAccessible(staff);
  await expectReflow(staff);

  await page.goto("/learn");
  await expect(page.getByRole("heading", { name: "For you" })).toBeVisible();
  await expect(page.locator("#for-you")).toContainText("New");
  await expectAccessible(page);
  await expectReflow(page);
  await page.getByLabel("Search the library").fill(word.toUpperCase());
  await page.getByLabel("Topic").selectOption({ label: "Living well" });
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("list").getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(page.getByText("<script>alert(1)</script>")).toBeVisible();
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "diary.txt" }).click();
  expect((await saved).suggestedFilename()).toBe("diary.txt");
  await expectAccessible(page);
  await expectReflow(page);
  await page.getByRole("link", { name: "Español" }).click();
  await expect(page.getByText("Duerma a oscuras.")).toBeVisible();
  await page.goto("/mail");
  const row = page.locator("#inbox").getByRole("listitem").filter({ hasText: title });
  await expect(row.getByRole("link", { name: `To read: ${title}` })).toBeVisible();
  await expect(row.getByText("New", { exact: true })).toHaveCount(0);

  await staff.goto(`/staff/patients/${person.patient.id}`);
  const panel = staff.getByRole("region", { name: "Assigned to read" });
  await expect(panel.getByText(/^Read /)).toBeVisible();
  await expectAccessible(staff);
  await expectReflow(staff);
  await panel.getByRole("button", { name: `Take back ${title}` }).click();
  await expect(panel.getByText(`Taken back: ${title}`)).toBeVisible();
  await panel.getByLabel("Find an item by words").fill(word);
  await panel.getByRole("button", { name: "Search" }).click();
  await panel.getByRole("button", { name: `Assign: ${title}` }).click();
  await expect(panel.getByText(`Assigned: ${title}`)).toBeVisible();

  await staff.goto(address);
  await staff.getByRole("button", { name: "Retire the item" }).click();
  await staff.getByRole("alertdialog").or(staff.getByRole("dialog")).getByRole("button", { name: "Retire the item" }).click();
  await expect(staff.getByText("The item was taken out of the library.")).toBeVisible();
  await page.goto(`/learn?q=${word}`);
  await expect(page.getByText("Nothing was found. Try other words.")).toBeVisible();
});

test("a nurse sends something to read along with an answer", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const { patient } = await enrolled(portal, await visitor(), page);
  const staff = await visitor();
  await signIn(staff, nurse);
  const subject = `Sugar ${patient.family_name}`;
  await page.goto("/mail/new");
  await page.getByLabel("My health, symptoms or a test").check();
  await page.getByLabel("Subject").fill(subject);
  await page.getByLabel("Your message").fill("What is an A1c?");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("heading", { level: 1, name: subject })).toBeVisible();

  await staff.goto("/staff/messages?folder=open");
  await staff.locator("#queue").getByRole("link", { name: subject }).click();
  await expect(staff.getByRole("heading", { level: 2, name: subject })).toBeFocused();
  await staff.getByText("Send something to read along").click();
  await staff.getByLabel("Find an item by words").fill("A1c");
  // Enter searches, and does not send the answer.
  await staff.getByLabel("Find an item by words").press("Enter");
  const item = "Your A1c test: blood sugar over three months";
  await staff.getByRole("button", { name: `Add: ${item}` }).click();
  await expect(staff.getByRole("button", { name: `Remove ${item}` })).toBeVisible();
  await expectAccessible(staff);
  await expectReflow(staff);
  await staff.getByRole("textbox", { name: "Answer to the patient" }).fill("Read this first.");
  await staff.getByRole("button", { name: "Send", exact: true }).click();
  await expect(staff.locator(".app-message--staff").getByRole("link", { name: item })).toBeVisible();
  await expect(staff.getByRole("button", { name: `Remove ${item}` })).toHaveCount(0);

  await page.goto("/mail");
  await page.locator("#inbox").getByRole("link", { name: `Message: ${subject}` }).press("Enter");
  await page.locator(".app-message--staff").getByRole("link", { name: item }).click();
  await expect(page.getByRole("heading", { level: 1, name: item })).toBeVisible();
});

test("a result leads to what explains its test", async ({ page }) => {
  await signIn(page, thandiwe);
  await page.goto("/chart/results");
  await page.getByRole("link", { name: /A1c/ }).first().click();
  const about = page.getByRole("region", { name: "Read about this test" });
  await about.getByRole("link", { name: /^Your A1c test/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: /^Your A1c test/ })).toBeVisible();
  await expect(page.getByRole("heading", { name: "What the number means" })).toBeVisible();
});

test("conditions and medications lead to what explains them", async ({ page }) => {
  await signIn(page, thandiwe);
  await page.goto("/chart/sections/conditions");
  const about = page.getByRole("region", { name: "Read about what is listed here" });
  await expect(about.getByRole("link", { name: "High blood pressure: measuring at home" })).toBeVisible();
  await expect(about.getByRole("link", { name: "Understanding your cholesterol test" })).toBeVisible();
  await expect(about.getByRole("link", { name: "Taking metformin" }), "that is about a drug").toHaveCount(0);
  await expectAccessible(page);
  await expectReflow(page);
  await about.getByRole("link", { name: /^High blood pressure/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: /^High blood pressure/ })).toBeVisible();

  await page.goto("/chart/medications");
  await expect(about.getByRole("link", { name: "Understanding your cholesterol test" })).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
  await about.getByRole("link", { name: "Taking metformin" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Taking metformin" })).toBeVisible();
});
