// What is new reaches an open page by itself.

import type { APIResponse, Page } from "@playwright/test";
import { enrolled } from "./fixtures/accounts";
import type { Patient } from "./fixtures/people";
import { expect, test } from "./fixtures/portal";

/** An appointment request of this person, as the page sends it. */
async function ask(page: Page, person: { patient: Patient }, origin: string): Promise<APIResponse> {
  const { locations } = await (await page.request.get("/api/v1/practice")).json();
  const date = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  const asked = await page.request.post(`/api/v1/patients/${person.patient.id}/appointments`, {
    headers: { origin },
    data: { location_id: locations[0].id, reason: "check_up", preferred: [{ date, part: "morning" }], note: "" },
  });
  expect(asked.status(), await asked.text()).toBe(201);
  return asked;
}

test("a decision appears in an open inbox and on the badge without reload", async ({ page, visitor, portal }) => {
  const desk = await visitor();
  const person = await enrolled(portal, desk, page);
  const { id } = await (await ask(page, person, portal.url)).json();
  await page.goto("/mail");
  await expect(page.getByRole("heading", { level: 1, name: "Inbox" })).toBeVisible();
  const items = page.locator("#inbox").getByRole("listitem").filter({ hasText: "appointment" });
  await expect(items).toHaveCount(0);
  await page.evaluate(() => Object.assign(window, { untouched: true }));

  const denied = await desk.request.post(`/api/v1/patients/${person.patient.id}/appointments/${id}/deny`, {
    headers: { origin: portal.url, "if-match": '"1"' },
    data: { reason: "Please call us." },
  });
  expect(denied.status(), await denied.text()).toBe(200);
  await expect(items).toHaveCount(1, { timeout: 2_000 });
  expect(await page.evaluate(() => "untouched" in window)).toBe(true);
});

test("a request appears in the open queue of front desk", async ({ page, visitor, portal }) => {
  const desk = await visitor();
  const person = await enrolled(portal, desk, page);
  await desk.goto("/staff/queue/appointments");
  await expect(desk.locator("#requests")).toBeVisible();
  await ask(page, person, portal.url);
  await expect(desk.locator("#requests").getByText(person.patient.family_name)).toBeVisible({ timeout: 2_000 });
});
