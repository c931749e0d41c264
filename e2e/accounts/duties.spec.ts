// ENR-6, SEC-2: what must be done before anything else, and then on to where the person was going.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { Phone, enrolled } from "../fixtures/accounts";
import { admin, billing, giveCredentials, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";
import type { Page } from "@playwright/test";

/** Says whether staff must have a second step; `head` is an administrator. */
async function staffMust(head: Page, must: boolean): Promise<void> {
  await head.goto("/staff/settings/policies");
  await head.getByLabel("Staff must have a second step").setChecked(must);
  await head.getByRole("button", { name: "Save policies" }).click();
  await expect(head.getByText("The policies were saved.")).toBeVisible();
}

test("staff without a second step set it up first when the practice asks for it", async ({ page, visitor }) => {
  test.setTimeout(120_000);
  const head = await visitor();
  await signIn(head, admin);
  // The administrator first, who would be asked as well.
  await head.goto("/staff/account/two-step");
  await head.getByRole("button", { name: "Set up the second step" }).click();
  const own = new Phone(await head.locator(".app-qr .app-code").innerText());
  await head.getByLabel("Code from the app").fill(own.code());
  await head.getByRole("button", { name: "Switch on" }).click();
  await expect(head.getByRole("heading", { name: "Keep your recovery codes" })).toBeFocused();
  const codes = await head.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").allInnerTexts();
  await head.getByRole("button", { name: "I have kept them" }).click();
  await expect(head.getByText("10 codes are left.")).toBeVisible();
  await staffMust(head, true);

  await page.goto("/staff/patients");
  await giveCredentials(page, billing);
  await expect(page).toHaveURL("/duty?next=/staff/patients");
  await expect(page.getByRole("heading", { name: "Add a second step" })).toBeFocused();
  await expectAccessible(page);
  await expectReflow(page);
  await page.goto("/staff");
  await expect(page, "nothing else comes first").toHaveURL("/duty?next=/staff");
  await page.getByRole("button", { name: "Set up the second step" }).click();
  const phone = new Phone(await page.locator(".app-qr .app-code").innerText());
  await page.getByLabel("Code from the app").fill(phone.code());
  await page.getByRole("button", { name: "Switch on" }).click();
  await expect(page.getByRole("heading", { name: "Keep your recovery codes" })).toBeFocused();
  await expectAccessible(page);
  await page.getByRole("button", { name: "I have kept them" }).click();
  await expect(page).toHaveURL("/staff");
  await expect(page.getByRole("navigation", { name: "Staff" })).toBeVisible();

  // As it was, for whoever comes after.
  await staffMust(head, false);
  await head.goto("/staff/account/two-step");
  await head.getByLabel("Password", { exact: true }).fill(admin.password);
  await head.getByLabel("Code from the app, or a recovery code").fill(codes[0] ?? "");
  await head.getByRole("button", { name: "Switch off" }).click();
  await expect(head.getByText("Two-step verification is off.")).toBeVisible();
  await head.goto("/staff/settings/people");
  await head.getByRole("button", { name: "Remove second step: Grace Kim" }).click();
  await head.getByRole("dialog", { name: "Remove the second step of Grace Kim?" }).getByRole("button", { name: "Yes" }).click();
  await expect(head.getByText("The second step of Grace Kim was removed.")).toBeVisible();
});

test("changed terms are read and accepted before anything else", async ({ page, portal, visitor }) => {
  const person = await enrolled(portal, await visitor(), page);
  const other = await visitor();
  // A practice changes its terms seldom; here the sign-in says that it did, and the real server takes the acceptance.
  await other.route("**/api/v1/session", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    const response = await route.fetch();
    const answer = await response.json();
    answer.session.duties = ["accept_terms"];
    await route.fulfill({ response, json: answer });
  });
  await other.goto("/mail");
  await giveCredentials(other, person);
  await expect(other).toHaveURL("/duty?next=/mail");
  await expect(other.getByRole("heading", { name: "Our terms of use changed" })).toBeFocused();
  await expect(other.getByRole("region", { name: "Terms of use" })).not.toBeEmpty();
  await expectAccessible(other);
  await expectReflow(other);
  await other.getByRole("button", { name: "Accept and go on" }).click();
  await expect(other).toHaveURL("/mail");
  await expect(other.getByRole("heading", { level: 1, name: "Inbox" })).toBeVisible();
});
