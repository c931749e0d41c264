// What is new reaches an open page by itself.

import { enrolled } from "./fixtures/accounts";
import { joerg, provider, signIn } from "./fixtures/people";
import { expect, test } from "./fixtures/portal";

test("a released result appears in an open inbox and on the badge without reload", async ({ page, visitor }) => {
  await signIn(page, joerg);
  await page.goto("/mail");
  await expect(page.locator("#inbox").or(page.getByText("Your inbox is empty."))).toBeVisible();
  const items = page.locator("#inbox").getByRole("listitem").filter({ has: page.getByText("New", { exact: true }) });
  const before = await items.count();
  await page.evaluate(() => Object.assign(window, { untouched: true }));

  const doctor = await visitor();
  await signIn(doctor, provider);
  await doctor.getByRole("link", { name: "Results to release" }).first().click();
  const waiting = doctor.locator("#releases").getByRole("listitem").filter({ hasText: joerg.name }).first();
  await waiting.getByRole("link").click();
  await expect(doctor.getByRole("heading", { level: 2 }).first()).toBeVisible();
  await doctor.getByRole("button", { name: `Release to ${joerg.name}` }).click();
  await expect(doctor.getByText(`Released to ${joerg.name}`)).toBeVisible();

  await expect(items).toHaveCount(before + 1, { timeout: 2_000 });
  expect(await page.evaluate(() => "untouched" in window)).toBe(true);
});

test("a request appears in the open queue of front desk", async ({
  page,
  visitor,
  portal,
}) => {
  const desk = await visitor();
  const person = await enrolled(portal, desk, page);
  await desk.goto("/staff/queue/appointments");
  await expect(desk.locator("#requests")).toBeVisible();
  const { locations } = await (await page.request.get("/api/v1/practice")).json();
  const today = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  const asked = await page.request.post(`/api/v1/patients/${person.patient.id}/appointments`, {
    headers: { origin: portal.url },
    data: {
      location_id: locations[0].id,
      reason: "check_up",
      preferred: [{ date: today, part: "morning" }],
      note: "",
    },
  });
  expect(asked.status(), await asked.text()).toBe(201);
  await expect(desk.locator("#requests").getByText(person.patient.family_name)).toBeVisible({ timeout: 2_000 });
});
