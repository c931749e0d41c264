// PRX-1, PRX-2, PRX-5: a parent asks to look after a child, staff approve, the parent acts with a banner on every page,
// the access is revoked, and the child's pages are gone.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { desk, findPatient, signIn, thandiwe } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

/** Types a date of birth. */
async function fillBirthDate(page: import("@playwright/test").Page, date: string): Promise<void> {
  const [year, month, day] = date.split("-");
  await page.getByLabel("Month").fill(`${Number(month)}`);
  await page.getByLabel("Day").fill(`${Number(day)}`);
  await page.getByLabel("Year").fill(year ?? "");
}

test("a child is asked for, approved, acted for with a banner, and gone once it is revoked", async ({
  page,
  visitor,
  problems,
}) => {
  // Eight pages are judged in both themes on the way.
  test.setTimeout(180_000);
  const staff = await visitor();
  await signIn(staff, desk);
  const zoe = await findPatient(staff, "Lindqvist");
  const name = `${zoe.given_name} ${zoe.family_name}`;

  await signIn(page, thandiwe);
  await page.goto("/family");
  await expect(page.getByRole("heading", { level: 1, name: "Family and access" })).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
  await page.getByRole("link", { name: "Ask the practice" }).click();
  await page.getByRole("button", { name: "Send the request" }).click();
  await expect(page.getByRole("alert").first()).toContainText("Choose what you are to each other.");
  await expectAccessible(page);
  await page.getByLabel("Their first name").fill(zoe.given_name);
  await page.getByLabel("Their last name").fill(zoe.family_name);
  await fillBirthDate(page, zoe.birth_date);
  await page.getByLabel("You are their").selectOption({ label: "Parent" });
  await page.getByLabel("Why do you ask?").fill("I am her mother.");
  await page.getByRole("button", { name: "Send the request" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Family and access" })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: name })).toContainText("Waiting");

  await staff.goto("/staff/dependents");
  await staff.locator("#dependents").getByRole("link", { name: thandiwe.name }).first().click();
  await expect(staff.getByText("I am her mother.")).toBeVisible();
  await staff.getByLabel("Everything, and act").check();
  await expectAccessible(staff);
  await expectReflow(staff);
  await staff.getByRole("button", { name: /^Send the decision to Thandiwe/ }).click();
  await expect(staff.locator("#dependents").getByRole("link", { name: thandiwe.name })).toHaveCount(0);

  await page.goto("/home");
  await page.getByRole("button", { name: /Switch to another person/ }).click();
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("link", { name }).click();
  await expect(page).toHaveURL(new RegExp(`/for/${zoe.id}/home`));
  const banner = page.getByRole("region", { name: "Acting for somebody" });
  await expect(banner).toContainText(`Acting for ${name}`);
  await expect(page.getByRole("heading", { level: 1, name: `Home of ${zoe.given_name}` })).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);

  // The banner goes along, and so does the person.
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Appointments" }).click();
  await expect(page).toHaveURL(new RegExp(`/for/${zoe.id}/appointments`));
  await expect(banner).toBeVisible();
  await expectAccessible(page);
  // At sixteen the practice shares appointments, and no results.
  await page.goto(`/for/${zoe.id}/chart/results`);
  await expect(page.getByRole("heading", { level: 1, name: "Not shared with you" })).toBeVisible();
  await expectAccessible(page);

  // Another tab is one's own all the while.
  const own = await page.context().newPage();
  await own.goto("/home");
  await expect(own.getByRole("heading", { level: 1, name: "Hello, Thandiwe" })).toBeVisible();
  await expect(own.getByRole("region", { name: "Acting for somebody" })).toHaveCount(0);
  await own.close();

  const proxies = await (await staff.request.get(`/api/v1/patients/${zoe.id}/proxies`)).json();
  const revoked = await staff.request.post(
    `/api/v1/patients/${zoe.id}/proxies/${proxies.proxies[0].id}/revoke`,
    { headers: { Origin: new URL(staff.url()).origin } },
  );
  expect(revoked.ok()).toBe(true);
  await page.goto(`/for/${zoe.id}/home`);
  await expect(page.getByRole("heading", { level: 1, name: "You can't act for this person" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Family and access" }).click();
  await expect(page).toHaveURL(/\/family$/);
  await expect(page.getByText("You look after nobody else here.")).toBeVisible();
  expect(problems).toEqual([]);
});
