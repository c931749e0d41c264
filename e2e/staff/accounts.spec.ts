// SEC-2, SEC-4, SEC-6: staff help people back in; administrators help staff.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled, setUpTwoStep } from "../fixtures/accounts";
import { type Person, admin, desk, giveCredentials, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

const nurse: Person = { name: "Tomás Rivera", username: "nurse.demo", password: desk.password };

test("front desk hands out a reset token on paper, with which the patient chooses a new password", async ({
  page,
  portal,
  visitor,
}) => {
  test.setTimeout(120_000);
  const staff = await visitor();
  const person = await enrolled(portal, staff, page);
  await staff.goto(`/staff/patients/${person.patient.id}`);
  await expect(staff.getByText("None confirmed. The patient needs you for a new password.")).toBeVisible();
  const answer = staff.waitForResponse((response) => response.url().endsWith("/account/reset-tokens"));
  await staff.getByRole("button", { name: "Issue reset token" }).click();
  const { token, reset_url } = await (await answer).json();
  const letter = staff.getByRole("article", { name: "Letter" });
  await expect(letter).toBeFocused();
  await expect(letter).toContainText(token);
  await expect(letter).toContainText(person.username);
  await expect(letter.getByRole("img", { name: "QR code that opens the page for a new password" })).toBeVisible();
  await expectAccessible(staff);
  await expectReflow(staff);

  const other = await visitor();
  await other.goto(reset_url);
  await expect(other.getByLabel("Reset token")).toHaveValue(token);
  await expect(other).toHaveURL("/reset");
  await other.getByLabel("Username").fill(person.username);
  await other.getByLabel("Reset token").fill(token.toLowerCase().replaceAll("-", " "));
  await other.getByLabel("New password", { exact: true }).fill("Grey-Goose-11-Walks");
  await other.getByRole("button", { name: "Save new password" }).click();
  await expect(other.getByRole("heading", { name: "Your password is changed" })).toBeFocused();
});

test("a lost second step is taken away after a question that names the patient", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const staff = await visitor();
  const person = await enrolled(portal, staff, page);
  await setUpTwoStep(page);
  await staff.goto(`/staff/patients/${person.patient.id}`);
  await staff.getByRole("button", { name: "Remove second step" }).click();
  const question = staff.getByRole("dialog", { name: new RegExp(`^Remove the second step of .*${person.patient.family_name}`) });
  await expect(question).toBeVisible();
  await expectAccessible(staff);
  await question.getByRole("button", { name: "Yes, remove it" }).click();
  await expect(staff.getByText(/^The second step of .* was removed\.$/)).toBeVisible();
  await expect(staff.getByRole("button", { name: "Remove second step" })).toHaveCount(0);
  const other = await visitor();
  await signIn(other, person);
  await expect(other).toHaveURL("/home");
  await other.goto("/account/activity");
  await expect(other.getByText("Staff removed your second step")).toBeVisible();
});

test("an administrator switches an account off and on, and hands out a reset token", async ({ page, visitor }) => {
  test.setTimeout(120_000);
  const out = await visitor();
  await signIn(out, nurse);
  await signIn(page, admin);
  await page.getByRole("link", { name: "Staff accounts" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Staff accounts" })).toBeFocused();
  const row = page.getByRole("row").filter({ hasText: nurse.name });
  await expect(page.getByRole("button", { name: `Switch off: ${admin.name}` }), "not oneself").toHaveCount(0);
  await page.getByRole("button", { name: `Switch off: ${nurse.name}` }).click();
  await page.getByRole("dialog", { name: `Switch off the account of ${nurse.name}?` }).getByRole("button", { name: "Yes" }).click();
  await expect(page.getByText(`The account of ${nurse.name} is switched off.`)).toBeVisible();
  await expect(row).toContainText("Switched off.");
  await out.goto("/staff");
  await expect(out).toHaveURL(/\/sign-in/);
  await giveCredentials(out, nurse);
  await expect(out.getByRole("alert")).toContainText("The username or password is not right.");
  await page.getByRole("button", { name: `Switch on: ${nurse.name}` }).click();
  await expect(page.getByText(`The account of ${nurse.name} is switched on.`)).toBeVisible();
  await page.getByRole("button", { name: `Issue reset token: ${nurse.name}` }).click();
  await expect(page.getByRole("article", { name: "Letter" })).toContainText(nurse.username);
  await expectAccessible(page);
  await expectReflow(page);
});

test("staff accounts and policies are for administrators", async ({ page }) => {
  await signIn(page, desk);
  await expect(page.getByRole("link", { name: "Staff accounts" })).toHaveCount(0);
  for (const path of ["people", "policies"]) {
    await page.goto(`/staff/settings/${path}`);
    await expect(page.getByText("You need one of these roles: Administrator.")).toBeVisible();
  }
});
