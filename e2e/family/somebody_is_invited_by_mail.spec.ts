// PRX-1: a patient invites by e-mail; the wrong person is refused, the right one signs in from the link and accepts.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { mailTo } from "../fixtures/mail";
import { giveCredentials } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("a link by e-mail leads through sign-in, once, for the right last name", async ({ page, portal, visitor }) => {
  test.setTimeout(180_000);
  const staff = await visitor();
  const [friendPage, otherPage] = [await visitor(), await visitor()];
  const friend = await enrolled(portal, staff, friendPage);
  const other = await enrolled(portal, staff, otherPage);
  const ada = await enrolled(portal, staff, page);
  const address = `${friend.username}@example.org`;

  await page.goto("/family/invite");
  await page.getByLabel("With a link by e-mail").check();
  await page.getByLabel("They are your").selectOption({ label: "Relative" });
  await page.getByRole("button", { name: "Make the invitation" }).click();
  await expect(page.getByRole("alert").first()).toContainText("Fill this in.");
  await expectAccessible(page);
  await expectReflow(page);
  await page.getByLabel("Their e-mail address").fill(address);
  await page.getByLabel("Their last name").fill(friend.patient.family_name.toUpperCase());
  await page.getByRole("button", { name: "Make the invitation" }).click();
  await expect(page.getByText(`The invitation goes to ${address}.`)).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
  await page.goto("/family");
  await expect(page.getByRole("listitem").filter({ hasText: "Open invitation" })).toContainText(address);
  await expectAccessible(page);
  await expectReflow(page);

  const mail = await mailTo(portal, address, /invited/);
  expect(mail.text).not.toContain(ada.patient.family_name);
  const link = mail.links.find((one) => one.includes("/family/code#")) ?? "";

  // Somebody else to whom the mail was passed on.
  await otherPage.goto(link);
  await expect(otherPage, "the code stays out of the address").toHaveURL("/family/code");
  await expect(otherPage.getByRole("heading", { level: 1, name: "You are invited" })).toBeVisible();
  await otherPage.getByRole("button", { name: "Accept the invitation" }).click();
  await expect(otherPage.getByRole("alert").first()).toBeVisible();
  await expectAccessible(otherPage);
  await expectReflow(otherPage);

  // The right one, who is not signed in: the code waits while that happens.
  const guest = await visitor();
  await guest.goto(link);
  await expect(guest).toHaveURL(/\/sign-in\?next=/);
  await giveCredentials(guest, friend);
  await expect(guest.getByRole("heading", { level: 1, name: "You are invited" })).toBeVisible();
  await expectAccessible(guest);
  await guest.getByRole("button", { name: "Accept the invitation" }).click();
  await expect(guest.getByRole("heading", { level: 1, name: "Family and access" })).toBeVisible();
  const name = `${ada.patient.given_name} ${ada.patient.family_name}`;
  await expect(guest.getByRole("link", { name })).toBeVisible();

  await page.reload();
  await expect(page.getByRole("listitem").filter({ hasText: friend.patient.family_name })).toBeVisible();
  expect(other.patient.family_name).not.toBe(friend.patient.family_name);
});
