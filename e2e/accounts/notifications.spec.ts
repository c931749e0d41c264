// NTF-1 to NTF-3: an e-mail says that something is new and no more, its link ends such e-mails, staff see what became of each.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled, proveAddress } from "../fixtures/accounts";
import { mailTo } from "../fixtures/mail";
import { expect, test } from "../fixtures/portal";

test("news is mailed, ended by the mail's link, chosen anew, and staff see why nothing came", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const desk = await visitor();
  const person = await enrolled(portal, desk, page);
  const address = `${person.username}@mail.example`;
  await proveAddress(portal, page, address);
  const { locations } = await (await page.request.get("/api/v1/practice")).json();
  /** Something new: front desk denies a request. */
  const decide = async () => {
    const date = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
    const appointments = `/api/v1/patients/${person.patient.id}/appointments`;
    const asked = await page.request.post(appointments, {
      headers: { origin: portal.url },
      data: { location_id: locations[0].id, reason: "check_up", preferred: [{ date, part: "morning" }], note: "" },
    });
    expect(asked.status(), await asked.text()).toBe(201);
    const denied = await desk.request.post(`${appointments}/${(await asked.json()).id}/deny`, {
      headers: { origin: portal.url, "if-match": '"1"' },
      data: { reason: "Please call us." },
    });
    expect(denied.status(), await denied.text()).toBe(200);
  };
  await decide();
  const mail = await mailTo(portal, address, /something new/);
  expect(mail.text).not.toContain(person.patient.family_name);
  expect(mail.text).not.toContain("appointment");
  const link = mail.links.find((link) => link.includes("/unsubscribe#token="));

  const stranger = await visitor();
  await stranger.goto(link ?? "");
  await expect(stranger, "the token stays out of the address").toHaveURL("/unsubscribe");
  await expectAccessible(stranger);
  await expectReflow(stranger);
  await stranger.getByRole("button", { name: "End these e-mails" }).click();
  await expect(stranger.getByRole("heading", { level: 1, name: "These e-mails have ended" })).toBeVisible();
  await stranger.getByRole("link", { name: "Choose what you want to hear of" }).click();
  await expect(stranger, "it signed nobody in").toHaveURL(/\/sign-in/);

  await page.goto("/account/preferences");
  await expect(page.getByLabel("Appointments")).toHaveValue("off");
  await decide();
  await desk.goto(`/staff/patients/${person.patient.id}`);
  const mails = desk.getByRole("region", { name: "E-mails to the patient" });
  // A notice of the practice may come at any time, too; its row says that it was not sent.
  const news = (state: string) =>
    mails.getByRole("listitem").filter({ hasText: "Something new in the portal" }).filter({ hasText: state });
  await expect(news("Not sent").first()).toContainText("these e-mails are switched off");
  await expect(news("Waiting")).toHaveCount(0);
  await expect(mails).not.toContainText(address);
  await expectAccessible(desk);
  await expectReflow(desk);

  await page.getByLabel("Appointments").selectOption("At once");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Your choices were saved.")).toBeVisible();
  await decide();
  await desk.reload();
  await expect(news("Waiting"), "ten minutes after the last one").toHaveCount(1);
});
