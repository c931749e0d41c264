// PRX-4: a provider keeps something from whoever acts for the patient, sees as that person sees, and it is gone for them.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { provider, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("what a provider keeps back is gone for whoever acts for the patient", async ({ page, portal, visitor }) => {
  test.setTimeout(180_000);
  const [doctor, carer] = [await visitor(), await visitor()];
  const person = await enrolled(portal, await visitor(), page);
  const other = await enrolled(portal, await visitor(), carer);
  const id = person.patient.id;
  const headers = { origin: portal.url };
  const invite = await page.request.post(`/api/v1/patients/${id}/proxy-invites`, {
    headers,
    data: { relationship: "caregiver", terms: { level: "full" } },
  });
  const { code } = await invite.json();
  const accepted = await carer.request.post(`/api/v1/patients/${other.patient.id}/dependents/accept`, {
    headers,
    data: { code },
  });
  expect(accepted.status(), await accepted.text()).toBe(201);

  await signIn(doctor, provider);
  const made = await doctor.request.post(`/api/v1/patients/${id}/documents`, {
    headers,
    data: { title: "Letter about the visit", kind: "letter", date: "2026-01-05", text: "Walk daily." },
  });
  const document = await made.json();
  const released = await doctor.request.post(`/api/v1/patients/${id}/documents/${document.id}/release`, {
    headers: { ...headers, "If-Match": `"${document.version}"` },
  });
  expect(released.status(), await released.text()).toBe(200);

  await carer.goto(`/for/${id}/mail`);
  // A running notice of the practice may arrive as well.
  const item = carer.locator("#inbox > li").filter({ hasText: "A new document for you" });
  await expect(item).toHaveCount(1);
  // A mailbox with an owner is put in order by the owner.
  await expect(item.getByRole("button")).toHaveCount(0);

  await doctor.goto(`/staff/patients/${id}`);
  await doctor.getByText("Choose what is kept back").click();
  await doctor.getByRole("button", { name: "Keep back: Letter about the visit" }).click();
  await expect(doctor.getByText("Letter about the visit is kept back.")).toBeVisible();
  await doctor.getByRole("button", { name: /^See as / }).click();
  const seen = doctor.getByRole("region", { name: /^What .* sees now$/ });
  await expect(seen).toContainText("0 items");
  await expect(seen).not.toContainText("Letter about the visit");
  await expectAccessible(doctor);
  await expectReflow(doctor);

  await carer.goto(`/for/${id}/mail`);
  await expect(carer.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(item).toHaveCount(0);
  await page.goto(`/chart/documents/${document.id}`);
  await expect(page.getByRole("heading", { level: 1, name: "Letter about the visit" })).toBeVisible();

  await page.goto("/account/access-log");
  await expect(page.locator("#access-log > li").filter({ hasText: "Acted for you as Caregiver" }).first()).toBeVisible();
});
