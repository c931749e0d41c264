// ADM-2, ADM-3: front desk finds a patient by keyboard; the search stands in the address.

import { desk, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("front desk finds a patient by name with the keyboard alone", async ({ page }) => {
  await signIn(page, desk);
  await page.goto("/staff/patients");
  await expect(page.locator("#patients tr").first()).toBeVisible();
  await page.getByLabel("Name or record number").focus();
  await page.keyboard.type("lindq");
  await expect(page).toHaveURL("/staff/patients?q=lindq");
  await expect(page.locator("#patients tr")).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("link", { name: "Lindqvist-Åkerström, Zoë" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Zoë Lindqvist-Åkerström" })).toBeFocused();
  await page.goBack();
  await expect(page.getByLabel("Name or record number")).toHaveValue("lindq");
  await expect(page.locator("#patients tr")).toHaveCount(1);
});

test("nobody found is said with what to do next", async ({ page }) => {
  await signIn(page, desk);
  await page.goto("/staff/patients?q=xyzzy");
  await expect(page.getByText("Nobody found. Check the spelling or the date of birth.")).toBeVisible();
});

test("a server that is away is told with a way on, and the page recovers", async ({ page, problems }) => {
  await signIn(page, desk);
  await page.route("**/api/v1/patients?*", (route) => route.abort());
  await page.goto("/staff/patients");
  await expect(page.getByRole("alert")).toContainText("We could not load the patients");
  await expect(page.getByRole("alert")).toContainText("Your information is safe.");
  await page.unroute("**/api/v1/patients?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.locator("#patients tr").first()).toBeVisible();
  // The browser itself logs that the request failed, as the test wanted.
  expect(problems.splice(0).join()).toContain("ERR_FAILED");
});
