// SEC-2: a code of an authenticator app at each sign-in, recovery codes for a lost phone, and switching it off.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { Phone, enrolled, press, setUpTwoStep, tabTo, typeInto } from "../fixtures/accounts";
import { giveCredentials } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("a second step is set up by scanning or typing, and asks for a code at the next sign-in", async ({
  page,
  portal,
  visitor,
}) => {
  test.setTimeout(120_000);
  const person = await enrolled(portal, await visitor(), page);
  await page.goto("/account/two-step");
  await page.getByRole("button", { name: "Set up the second step" }).click();
  await expect(page.getByRole("img", { name: "QR code for your authenticator app" })).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
  const phone = new Phone(await page.locator(".app-qr .app-code").innerText());
  await page.getByLabel("Code from the app").fill(phone.code());
  await page.getByRole("button", { name: "Switch on" }).click();

  await expect(page.getByRole("heading", { name: "Keep your recovery codes" })).toBeFocused();
  const codes = page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect(codes).toHaveCount(10);
  await expectAccessible(page);
  await expectReflow(page);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("recovery-codes.txt");
  const lines: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) lines.push(chunk as Buffer);
  const text = Buffer.concat(lines).toString();
  for (const code of await codes.allInnerTexts()) expect(text).toContain(code);
  expect(text).toContain(person.username);
  await page.getByRole("button", { name: "I have kept them" }).click();
  await expect(page.getByText("10 codes are left.")).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);

  const other = await visitor();
  await other.goto("/account");
  await giveCredentials(other, person);
  await expect(other).toHaveURL("/sign-in/code?next=/account");
  await expect(other.getByRole("heading", { name: "One more step" })).toBeFocused();
  await expectAccessible(other);
  await other.getByLabel("6-digit code").fill(phone.code());
  await other.getByRole("button", { name: "Continue" }).click();
  await expect(other).toHaveURL("/account");
});

test("a question of before the session's new token signs nobody out", async ({ page, portal, visitor }) => {
  await enrolled(portal, await visitor(), page);
  await page.goto("/account/two-step");
  await page.getByRole("button", { name: "Set up the second step" }).click();
  const phone = new Phone(await page.locator(".app-qr .app-code").innerText());
  await page.getByLabel("Code from the app").fill(phone.code());
  // The server has switched the step on and renewed the session, but its answer is still on the way when the page asks
  // who is signed in, with the cookie that it has.
  await page.route("**/api/v1/account/totp/confirmation", async (route) => {
    const request = route.request();
    const headers = await request.allHeaders();
    const answer = await fetch(request.url(), { method: "POST", headers, body: request.postData() });
    const asked = page.waitForResponse("**/api/v1/session");
    await page.evaluate(() => new BroadcastChannel("portal-session").postMessage("in another"));
    expect((await (await asked).json()).session).toBeNull();
    const cookie = /^(?<name>[^=]+)=(?<value>[^;]*)/.exec(answer.headers.getSetCookie().join("\n"))?.groups;
    const known = (await page.context().cookies()).find(({ name }) => name === cookie?.["name"]);
    if (!cookie || !known) throw new Error("no session cookie came");
    await page.context().addCookies([{ ...known, value: cookie["value"] ?? "" }]);
    await route.fulfill({ status: answer.status, contentType: "application/json", body: await answer.text() });
  });
  await page.getByRole("button", { name: "Switch on" }).click();
  await expect(page.getByRole("heading", { name: "Keep your recovery codes" })).toBeFocused();
  await page.getByRole("button", { name: "I have kept them" }).click();
  await expect(page.getByText("10 codes are left.")).toBeVisible();
});

test("a wrong code neither switches a second step on nor signs in", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const person = await enrolled(portal, await visitor(), page);
  await setUpTwoStep(page);
  const other = await visitor();
  await other.goto("/sign-in");
  await giveCredentials(other, person);
  await other.getByLabel("6-digit code").fill("000000");
  await other.getByRole("button", { name: "Continue" }).click();
  await expect(other.getByRole("link", { name: /This code is not right/ })).toBeVisible();
  await expect(other.getByLabel("6-digit code"), "a refusal never empties a field").toHaveValue("000000");
  await expectAccessible(other);

  const third = await visitor();
  await enrolled(portal, await visitor(), third);
  await third.goto("/account/two-step");
  await third.getByRole("button", { name: "Set up the second step" }).click();
  await third.getByLabel("Code from the app").fill("000000");
  await third.getByRole("button", { name: "Switch on" }).click();
  await expect(third.getByRole("link", { name: /not right/ })).toBeVisible();
  await third.getByRole("button", { name: "Cancel" }).click();
  await expect(third.getByText("Off", { exact: true })).toBeVisible();
});

test("a recovery code signs in once, and the owner is told", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const person = await enrolled(portal, await visitor(), page);
  const { codes } = await setUpTwoStep(page);
  const [code] = codes;
  const other = await visitor();
  await other.goto("/sign-in");
  await giveCredentials(other, person);
  await other.getByRole("button", { name: "Use a recovery code instead" }).click();
  await expectAccessible(other);
  // Capitals and the dash don't matter.
  await other.getByLabel("Recovery code").fill((code ?? "").toLowerCase().replace("-", " "));
  await other.getByRole("button", { name: "Continue" }).click();
  await expect(other).toHaveURL("/home");
  await other.goto("/account/activity");
  await expect(other.getByText("A recovery code was used to sign in")).toBeVisible();
  await other.goto("/account/two-step");
  await expect(other.getByText("9 codes are left.")).toBeVisible();

  const third = await visitor();
  await third.goto("/sign-in");
  await giveCredentials(third, person);
  await third.getByRole("button", { name: "Use a recovery code instead" }).click();
  await third.getByLabel("Recovery code").fill(code ?? "");
  await third.getByRole("button", { name: "Continue" }).click();
  await expect(third.getByRole("alert")).toContainText("This code is not right or was used.");
});

test("switching off takes the password and a code", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const person = await enrolled(portal, await visitor(), page);
  const { codes } = await setUpTwoStep(page);
  await page.getByRole("button", { name: "Switch off" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter your password.");
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByLabel("Code from the app, or a recovery code").fill(codes[1] ?? "");
  await page.getByRole("button", { name: "Switch off" }).click();
  await expect(page.getByText("Two-step verification is off.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Set up the second step" })).toBeVisible();
});

test("a step that is gone leads back to the password, with a word why", async ({ page }) => {
  await page.goto("/sign-in/code");
  await page.getByLabel("6-digit code").fill("123456");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page).toHaveURL("/sign-in");
  await expect(page.getByRole("alert")).toContainText("This took too long. Enter your password again.");
});

test("set-up, sign-in with a code and with a recovery code go by the keyboard alone", async ({
  page,
  portal,
  visitor,
}) => {
  test.setTimeout(120_000);
  const person = await enrolled(portal, await visitor(), page);
  await page.goto("/account");
  await press(page, page.getByRole("link", { name: "Two-step verification" }));
  await press(page, page.getByRole("button", { name: "Set up the second step" }));
  await expect(page.getByRole("heading", { name: "Set up your authenticator app" })).toBeFocused();
  const phone = new Phone(await page.locator(".app-qr .app-code").innerText());
  await typeInto(page, page.getByLabel("Code from the app"), phone.code());
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Keep your recovery codes" })).toBeFocused();
  const codes = await page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").allInnerTexts();
  await tabTo(page, page.getByRole("link", { name: "Download" }));
  await press(page, page.getByRole("button", { name: "I have kept them" }));
  await expect(page.getByText("10 codes are left.")).toBeVisible();

  for (const way of ["app", "recovery"]) {
    const other = await visitor();
    await other.goto("/sign-in");
    await typeInto(other, other.getByLabel("Username"), person.username);
    await typeInto(other, other.getByLabel("Password", { exact: true }), person.password);
    await other.keyboard.press("Enter");
    await expect(other.getByRole("heading", { name: "One more step" })).toBeFocused();
    if (way === "app") {
      await typeInto(other, other.getByLabel("6-digit code"), phone.code());
    } else {
      await press(other, other.getByRole("button", { name: "Use a recovery code instead" }));
      await other.keyboard.press("Shift+Tab");
      await typeInto(other, other.getByLabel("Recovery code"), codes[2] ?? "");
    }
    await other.keyboard.press("Enter");
    await expect(other).toHaveURL("/home");
    await expect(other.getByRole("heading", { level: 1 })).toBeFocused();
  }
});
