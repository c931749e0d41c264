// PAY-4, ADM-1: a patient questions a line of a bill, the billing team reads it, decides and answers, and the patient reads
// the answer; and what is questioned can be taken back.

import { expectAccessible, expectReflow } from "../fixtures/a11y";
import { enrolled, press, tabTo, typeInto } from "../fixtures/accounts";
import { billed } from "../fixtures/bills";
import { expect, test } from "../fixtures/portal";

test("a line is questioned by keyboard alone, decided beside the ledger, and the answer arrives", async ({
  page,
  portal,
  visitor,
}) => {
  test.setTimeout(180_000);
  const person = await enrolled(portal, await visitor(), page);
  const staff = await visitor();
  await billed(portal, staff, person.patient, [
    { kind: "charge", amount: 8500, description: "Office visit", statement: "S-1" },
    { kind: "charge", amount: 1200, description: "Bandage" },
  ]);

  await page.goto("/billing");
  await press(page, page.getByRole("link", { name: "Question this: Office visit, $85.00" }));
  await expect(page.getByRole("heading", { level: 1, name: "Something wrong with this bill?" })).toBeFocused();
  await expect(page.getByText("You can still pay meanwhile.")).toBeVisible();
  await press(page, page.getByRole("button", { name: "Send to the billing team" }));
  await expect(page.getByRole("alert")).toContainText("There is a problem");
  await expectAccessible(page);
  await expectReflow(page);
  await tabTo(page, page.getByRole("radio", { name: "This is not mine" }));
  await page.keyboard.press("Space");
  await typeInto(page, page.getByLabel("Say it in your own words"), "I was not there that day.");
  await press(page, page.getByRole("button", { name: "Send to the billing team" }));

  // The conversation knows what it is about, and the bill knows its conversation.
  await expect(page.getByRole("heading", { level: 1, name: "Question about $85.00 on the bill" })).toBeFocused();
  const box = page.getByRole("region", { name: "What is questioned" });
  await expect(box).toContainText("This is not mine");
  await expect(box).toContainText("You can still pay it");
  await expectAccessible(page);
  await expectReflow(page);
  await press(page, box.getByRole("link", { name: /^Charge, \$85\.00/ }));
  await expect(page.getByRole("heading", { level: 1, name: "Statement S-1" })).toBeFocused();
  await expect(page.locator("#statement-lines")).toContainText("Being questioned");
  await expectAccessible(page);
  await expectReflow(page);
  await page.goto("/billing");
  await expect(page.locator("#questioned")).toContainText("Being questioned");
  await expect(page.getByRole("link", { name: "Pay now" })).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);

  // The billing team finds it on the board.
  await staff.goto("/staff");
  await expectAccessible(staff);
  await press(staff, staff.getByRole("main").getByRole("link", { name: "Questioned bills" }));
  await expect(staff.getByRole("heading", { level: 1, name: "Questioned bills" })).toBeFocused();
  const name = `${person.patient.given_name} ${person.patient.family_name}`;
  const row = staff.locator("#disputes li").filter({ hasText: name });
  await expect(row).toContainText("This is not mine");
  await expectAccessible(staff);
  await expectReflow(staff);
  await press(staff, row.getByRole("link", { name: `See the conversation: ${name}` }));
  await expect(staff.locator("#messages")).toContainText("I was not there that day.");
  await expectAccessible(staff);
  const about = staff.getByRole("region", { name: "What is questioned" });
  await press(staff, about.getByRole("link", { name: /^Charge, \$85\.00/ }));
  await expect(staff.getByRole("heading", { level: 1, name })).toBeFocused();
  await expect(staff.locator("#ledger tr").filter({ hasText: "Office visit" })).toContainText("Being questioned");
  await press(staff, staff.locator("summary").filter({ hasText: "Decide" }));
  await tabTo(staff, staff.getByRole("radio", { name: "Bill was lowered" }));
  await staff.keyboard.press("Space");
  await typeInto(staff, staff.getByLabel("Your answer"), "You are right: we took it off.");
  await press(staff, staff.getByRole("button", { name: "Decide and answer" }));
  await expect(staff.getByRole("alert")).toContainText("The ledger has no such entry");
  await expectAccessible(staff);
  await expectReflow(staff);
  await billed(portal, await visitor(), person.patient, [
    { kind: "adjustment", amount: 8500, description: "Entered for somebody else", statement: "S-1" },
  ]);
  await press(staff, staff.getByRole("button", { name: "Decide and answer" }));
  await expect(staff.getByText("Decided. The patient has your answer.")).toBeVisible();
  await expect(staff.getByRole("region", { name: /^Charge, \$85\.00/ })).toHaveCount(0);
  await staff.goto("/staff/billing/queue/disputes?state=resolved");
  await expect(staff.locator("#disputes")).toContainText("Bill was lowered");

  await page.goto("/mail");
  const news = "Message about your bill: Question about $85.00 on the bill";
  await press(page, page.locator("#inbox").getByRole("link", { name: news }));
  await expect(page.locator("#messages")).toContainText("You are right: we took it off.");
  await expect(page.getByRole("region", { name: "What is questioned" })).toContainText("Bill was lowered");
  await page.goto("/billing");
  await expect(page.locator("#questioned")).toContainText("Bill was lowered");
  await expect(page.getByRole("link", { name: "Question this: Office visit, $85.00" })).toBeVisible();
});

test("what is questioned can be taken back", async ({ page, portal, visitor }) => {
  test.setTimeout(120_000);
  const person = await enrolled(portal, await visitor(), page);
  await billed(portal, await visitor(), person.patient, [
    { kind: "charge", amount: 4000, description: "Office visit", statement: "S-2" },
  ]);
  await page.goto("/billing");
  await page.locator("#statements").getByRole("link", { name: "Statement S-2" }).press("Enter");
  await page.getByRole("link", { name: "Something wrong with this bill?: Statement S-2" }).press("Enter");
  await page.getByLabel("I paid this already").check();
  await page.getByLabel("Say it in your own words").fill("By check, in September.");
  await page.getByRole("button", { name: "Send to the billing team" }).press("Enter");
  const box = page.getByRole("region", { name: "What is questioned" });
  await box.getByRole("button", { name: "I no longer question this" }).press("Enter");
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "I no longer question this" }).press("Enter");
  await expect(box).toContainText("You no longer question this.");
  await expectAccessible(page);
  await expectReflow(page);
});
