// SEC-6, ENR-3: an address proven by its link, username and password by mail, and the desk's token for everybody else.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled, press, proveAddress, typeInto } from "../fixtures/accounts";
import { mailTo, mails } from "../fixtures/mail";
import { type Person, giveCredentials } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";
import type { Page } from "@playwright/test";

const fresh = "Green-Heron-42-Flies";

async function forget(page: Page, what: string, label: string, text: string): Promise<void> {
  await page.goto("/forgot");
  await page.getByLabel(what).check();
  await page.getByLabel(label).fill(text);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { name: "Check your mailbox" })).toBeFocused();
}

function address(person: Person): string {
  return `${person.username}@mail.example`;
}

test("a person without an address is told what is missing, adds one and proves it", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const person = await enrolled(portal, await visitor(), page);
  await page.goto("/account/email");
  await expect(page.getByText("You can't reset a forgotten password by yourself.")).toBeVisible();
  await page.getByLabel("E-mail address").fill("no address");
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter an e-mail address");
  await page.getByLabel("E-mail address").fill(address(person));
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText(`Waiting for you to confirm ${address(person)}`)).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
  await page.getByRole("button", { name: "Send the link again" }).click();
  await expect(page.getByRole("status").getByText("We sent a link to")).toBeVisible();
  await expect.poll(async () => (await mails(portal, address(person))).length).toBe(2);

  // The first link died with the second.
  const [first, second] = (await mails(portal, address(person))).map((mail) =>
    mail.links.find((link) => link.includes("/verify-email#")),
  );
  await page.goto(first ?? "");
  await page.getByRole("button", { name: "Yes, this is my address" }).click();
  await expect(page.getByText("This link does not work any more.").first()).toBeVisible();
  await expectAccessible(page);
  // In the same window only the fragment changes.
  await page.goto(second ?? "");
  await page.getByRole("button", { name: "Yes, this is my address" }).click();
  await expect(page.getByText(`We will write to ${address(person)}.`)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Go to your account settings" }).click();
  await expect(page.getByText("Your confirmed address:")).toBeVisible();
});

test("a forgotten password is reset by mail; every session ends and the link works once", async ({
  page,
  portal,
  visitor,
}) => {
  test.setTimeout(120_000);
  const person = await enrolled(portal, await visitor(), page);
  await proveAddress(portal, page, address(person));

  const other = await visitor();
  await forget(other, "My password", "Your username or e-mail address", person.username);
  await expectAccessible(other);
  const mail = await mailTo(portal, address(person), /password/i);
  const link = mail.links.find((link) => link.includes("/reset#")) ?? "";
  await other.goto(link);
  await expect(other, "the token stays out of the address").toHaveURL("/reset");
  await expect(other.getByLabel("Reset token")).toHaveCount(0);
  await other.getByLabel("New password", { exact: true }).fill("short");
  await other.getByRole("button", { name: "Save new password" }).click();
  await expect(other.getByRole("alert")).toContainText("Use 8 to 200 characters.");
  await expectAccessible(other);
  await other.getByLabel("New password", { exact: true }).fill(fresh);
  await expect(other.locator(".app-check--met")).toHaveCount(7);
  await other.getByRole("button", { name: "Save new password" }).click();
  await expect(other.getByRole("heading", { name: "Your password is changed" })).toBeFocused();
  await expectAccessible(other);
  await other.getByRole("main").getByRole("link", { name: "Sign in" }).click();
  await expect(other.getByLabel("Username")).toHaveValue(person.username);
  await giveCredentials(other, { ...person, password: fresh });
  await expect(other).toHaveURL("/home");
  await page.reload();
  await expect(page.getByRole("link", { name: "Go to my pages" }), "the old session ended").toHaveCount(0);

  const third = await visitor();
  await third.goto(link);
  await third.getByLabel("New password", { exact: true }).fill("Another-Bird-43!");
  await third.getByRole("button", { name: "Save new password" }).click();
  await expect(third.getByRole("alert")).toContainText("This link or token does not work.");
  await expect(third.getByRole("link", { name: "+1 617 555 0110" })).toBeVisible();
});

test("whatever is asked for, the page says the same", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const person = await enrolled(portal, await visitor(), page);
  await proveAddress(portal, page, address(person));
  const stranger = await visitor();
  const pages: string[] = [];
  for (const email of [address(person), "nobody.at.all@mail.example"]) {
    await forget(stranger, "My username", "E-mail address", email);
    pages.push(await stranger.getByRole("main").innerText());
  }
  expect(pages[0]).toBe(pages[1]);
  expect((await mailTo(portal, address(person), /username/i)).text).toContain(person.username);
  expect(await mails(portal, "nobody.at.all@mail.example")).toEqual([]);
});

test("a password is reset by mail with the keyboard alone", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const person = await enrolled(portal, await visitor(), page);
  await proveAddress(portal, page, address(person));
  const other = await visitor();
  await other.goto("/sign-in");
  await press(other, other.getByRole("link", { name: "Forgot username or password" }));
  await expect(other.getByRole("heading", { level: 1 })).toBeFocused();
  await typeInto(other, other.getByLabel("Your username or e-mail address"), address(person));
  await other.keyboard.press("Enter");
  await expect(other.getByRole("heading", { name: "Check your mailbox" })).toBeFocused();
  const mail = await mailTo(portal, address(person), /password/i);
  await other.goto(mail.links.find((link) => link.includes("/reset#")) ?? "");
  await typeInto(other, other.getByLabel("New password", { exact: true }), fresh);
  await other.keyboard.press("Enter");
  await expect(other.getByRole("heading", { name: "Your password is changed" })).toBeFocused();
  await press(other, other.getByRole("main").getByRole("link", { name: "Sign in" }));
  await typeInto(other, other.getByLabel("Password", { exact: true }), fresh);
  await other.keyboard.press("Enter");
  await expect(other).toHaveURL("/home");
});
