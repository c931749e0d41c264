// ADM-6: the privacy officer restricts a record to named staff; others neither find it by browsing nor open it without a reason.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled } from "../fixtures/accounts";
import { nurse, privacy, provider, signIn } from "../fixtures/people";
import { expect, test } from "../fixtures/portal";

test("a record opens to the named, and to others for a reason", async ({ page, portal, visitor }) => {
  test.setTimeout(180_000);
  const [officer, named, other] = [await visitor(), await visitor(), await visitor()];
  const person = await enrolled(portal, await visitor(), page);
  const name = `${person.patient.given_name} ${person.patient.family_name}`;
  const url = `/staff/patients/${person.patient.id}`;

  await signIn(officer, privacy);
  await officer.goto(url);
  await officer.getByRole("link", { name: "Restrict this record" }).click();
  await expect(officer.getByText("This record is not restricted.")).toBeVisible();
  await officer.getByLabel("Known to the public").check();
  await officer.getByRole("button", { name: "Restrict the record" }).click();
  await expect(officer.getByRole("alert").first()).toContainText("Choose at least one member of staff.");
  await expectAccessible(officer);
  await expectReflow(officer);
  await officer.getByLabel(provider.name).check();
  await officer.getByRole("button", { name: "Restrict the record" }).click();
  await expect(officer.getByText("The record is restricted to those whom you chose.")).toBeVisible();
  await officer.goto("/staff/reports/restricted");
  await expect(officer.locator("#restricted > li").filter({ hasText: name })).toContainText("Open to 1 member of staff");
  await expectAccessible(officer);
  await expectReflow(officer);

  await signIn(named, provider);
  await named.goto(url);
  await expect(named.getByRole("heading", { level: 1, name })).toBeVisible();

  await signIn(other, nurse);
  await other.goto(`/staff/patients?q=${person.patient.family_name}`);
  await expect(other.getByText("Nobody found.")).toBeVisible();
  await other.goto(`/staff/patients?q=${person.patient.family_name}&born=${person.patient.birth_date}`);
  await other.getByRole("link", { name: person.patient.family_name }).click();
  await expect(other.getByRole("heading", { level: 1, name: "Give a reason to open this record" })).toBeVisible();
  await expect(other.getByText("This record is restricted to others than you.")).toBeVisible();
  await expectAccessible(other);
  await expectReflow(other);
  await other.getByLabel("The patient is treated here now").check();
  await other.getByLabel("What happened?").fill("She fainted in our waiting room.");
  await other.getByRole("button", { name: "Open the record" }).click();
  await expect(other.getByRole("region", { name: "Emergency access" })).toContainText(name);
  await expect(other.getByRole("heading", { level: 1, name })).toBeVisible();

  await officer.locator("#restricted > li").filter({ hasText: name }).getByRole("link").click();
  await officer.getByRole("button", { name: "Open it again as other records" }).click();
  await expect(officer.getByText("The record is open again as other records are.")).toBeVisible();
  await other.goto(`/staff/patients?q=${person.patient.family_name}`);
  await expect(other.locator("#patients tr")).toHaveCount(1);
});
