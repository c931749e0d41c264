// SEC-2: passkeys, in Chromium with its virtual device: register, name, sign in without a password, second step, remove.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled, holdPasskeys, press, refuseOnce, setUpTwoStep, tabTo, typeInto } from "../fixtures/accounts";
import { giveCredentials } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";
import type { Page } from "@playwright/test";

async function signOut(page: Page): Promise<void> {
  await page.goto("/account");
  await page.getByRole("main").getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "You are signed out" })).toBeVisible();
}

async function addPasskey(page: Page, name: string): Promise<void> {
  await page.goto("/account/passkeys");
  await page.getByLabel("Name of the passkey").fill(name);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByText(`The passkey ${name} was added.`)).toBeVisible();
}

test("a passkey is added, renamed, signs in without a password, and is removed", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const held = await holdPasskeys(page);
  await enrolled(portal, await visitor(), page);
  await addPasskey(page, "My phone");
  expect(await held()).toBe(1);
  await expectAccessible(page);
  await expectReflow(page);

  await page.getByRole("button", { name: "Rename My phone" }).click();
  const rename = page.getByRole("dialog", { name: "Rename this passkey" });
  await expect(rename).toBeVisible();
  await expectAccessible(page);
  await rename.getByLabel("Name of the passkey").fill("My old phone");
  await rename.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByText("The passkey is now called My old phone.")).toBeVisible();

  await signOut(page);
  await page.goto("/sign-in?next=/account/passkeys");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page).toHaveURL("/account/passkeys");
  await expect(page.getByText("My old phone")).toBeVisible();

  await page.getByRole("button", { name: "Remove My old phone" }).click();
  const question = page.getByRole("dialog", { name: "Remove the passkey My old phone?" });
  await question.getByRole("button", { name: "No, keep it" }).click();
  await expect(page.getByRole("button", { name: "Remove My old phone" })).toBeFocused();
  await page.getByRole("button", { name: "Remove My old phone" }).click();
  await question.getByRole("button", { name: "Yes, remove it" }).click();
  await expect(page.getByText("You have no passkey yet.")).toBeVisible();
});

test("a passkey is the second step after a password, and proof that it is still the owner", async ({
  page,
  portal,
  visitor,
}) => {
  test.setTimeout(120_000);
  await holdPasskeys(page);
  const person = await enrolled(portal, await visitor(), page);
  await addPasskey(page, "Laptop");
  await refuseOnce(page, "/api/v1/account/totp");
  await page.goto("/account/two-step");
  await page.getByRole("button", { name: "Set up the second step" }).click();
  await page.getByRole("dialog", { name: "Is it you?" }).getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByRole("heading", { name: "Set up your authenticator app" })).toBeFocused();

  await setUpTwoStep(page);
  await signOut(page);
  await page.goto("/sign-in");
  await giveCredentials(page, person);
  await expect(page).toHaveURL("/sign-in/code");
  await page.getByRole("button", { name: "Use a passkey instead" }).click();
  await expect(page).toHaveURL("/home");
});

test("a passkey that does not come is told in plain words", async ({ page }) => {
  const browser = await page.context().newCDPSession(page);
  await browser.send("WebAuthn.enable");
  await browser.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: false,
      automaticPresenceSimulation: true,
    },
  });
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("alert")).toContainText("The passkey was not used. Try again or choose another way.");
});

test("a passkey is added and signs in by the keyboard alone", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  await holdPasskeys(page);
  await enrolled(portal, await visitor(), page);
  await page.goto("/account");
  await press(page, page.getByRole("link", { name: "Passkeys" }));
  await expect(page.getByRole("heading", { level: 1, name: "Passkeys" })).toBeFocused();
  await typeInto(page, page.getByLabel("Name of the passkey"), "Key ring");
  await page.keyboard.press("Enter");
  await expect(page.getByText("The passkey Key ring was added.")).toBeVisible();
  await signOut(page);
  await page.goto("/sign-in");
  await tabTo(page, page.getByRole("button", { name: "Sign in with a passkey" }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/home");
});
