// SEC-5: what asks for a password just given asks in one dialog, and goes on by itself.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled, press, refuseOnce, tabTo } from "../fixtures/accounts";
import { expect, test } from "../fixtures/portal";

test("a form that needs proof goes on after the password, with all that was typed", async ({ page, portal, visitor }) => {
  const person = await enrolled(portal, await visitor(), page);
  await page.goto("/account/email");
  await refuseOnce(page, "/api/v1/account/email");
  await page.getByLabel("E-mail address").fill("ada.probe@mail.example");
  await page.getByRole("button", { name: "Send the link" }).click();
  const dialog = page.getByRole("dialog", { name: "Is it you?" });
  await expect(dialog.getByLabel("Your password")).toBeFocused();
  await expectAccessible(page);
  await expectReflow(page);

  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Enter your password.");
  await dialog.getByLabel("Your password").fill(person.password);
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Waiting for you to confirm ada.probe@mail.example")).toBeVisible();

  await refuseOnce(page, "/api/v1/account/email");
  await page.getByRole("button", { name: "Send the link again" }).click();
  await dialog.getByLabel("Your password").fill("Not-My-Password-1");
  await dialog.getByRole("button", { name: "Confirm" }).click();
  await expect(dialog.getByRole("alert")).toContainText("This is not your password.");
  await expectAccessible(page);
});

test("Cancel and Escape leave the form as it was", async ({ page, portal, visitor }) => {
  await enrolled(portal, await visitor(), page);
  await page.goto("/account/email");
  for (const way of ["Cancel", "Escape"]) {
    await refuseOnce(page, "/api/v1/account/email");
    await page.getByLabel("E-mail address").fill("ada.probe@mail.example");
    await page.getByRole("button", { name: "Send the link" }).click();
    const dialog = page.getByRole("dialog", { name: "Is it you?" });
    await expect(dialog).toBeVisible();
    if (way === "Cancel") await dialog.getByRole("button", { name: "Cancel" }).click();
    else await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(page.getByLabel("E-mail address")).toHaveValue("ada.probe@mail.example");
    await expect(page.getByRole("alert")).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Send the link" })).toBeEnabled();
  }
  await expect(page.getByText("Waiting for you to confirm")).toHaveCount(0);
});

test("a plain act waits for the password as well, by the keyboard alone", async ({ page, portal, visitor }) => {
  const person = await enrolled(portal, await visitor(), page);
  await page.goto("/account/two-step");
  await refuseOnce(page, "/api/v1/account/totp");
  await press(page, page.getByRole("button", { name: "Set up the second step" }));
  const password = page.getByRole("dialog", { name: "Is it you?" }).getByLabel("Your password");
  await expect(password).toBeFocused();
  await page.keyboard.type(person.password);
  await tabTo(page, page.getByRole("button", { name: "Confirm" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Set up your authenticator app" })).toBeFocused();
});
