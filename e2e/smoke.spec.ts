import { expectAccessible, expectReflow } from "./fixtures/a11y";
import { expect, test } from "./fixtures/portal";

/** Paths below /assets/ that the page names. */
async function assets(url: string): Promise<string[]> {
  const page = await (await fetch(url)).text();
  return [...page.matchAll(/"(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? "");
}

test("the built page starts, without a complaint of the browser", async ({ page }) => {
  await page.goto("/");
  await expect(page.locator("main")).toBeVisible();
  await expect(page.locator("#boot")).toHaveCount(0);
  await expect(page.getByText("This page could not start")).toHaveCount(0);
});

test("the first page is accessible and fits a phone", async ({ page }) => {
  await page.goto("/");
  await expect(page.locator("main")).toBeVisible();
  await expectAccessible(page);
  await expectReflow(page);
});

test("the content security policy allows no inline script and no eval", async ({ portal }) => {
  const policy = (await fetch(portal.url)).headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
  expect(policy).not.toMatch(/'unsafe-inline'|'unsafe-eval'/);
});

test("assets come in brotli and may be kept for ever", async ({ portal, request }) => {
  const found = await assets(portal.url);
  expect(found.map((path) => path.split(".").pop())).toEqual(expect.arrayContaining(["js", "css", "wasm", "svg"]));
  for (const path of found) {
    const response = await request.get(path, { headers: { "accept-encoding": "br" } });
    expect(response.status(), path).toBe(200);
    expect(response.headers(), path).toMatchObject({
      "content-encoding": "br",
      "cache-control": expect.stringMatching(/max-age=31536000.*immutable/),
      vary: expect.stringMatching(/accept-encoding/i),
    });
    if (path.endsWith(".wasm")) expect(response.headers()["content-type"]).toBe("application/wasm");
  }
});

test("the page itself is asked for anew each time, and a missing asset is missing", async ({ portal, request }) => {
  const page = await request.get("/some/page/of/the/app");
  expect(page.status()).toBe(200);
  expect(page.headers()["cache-control"]).toContain("no-cache");
  expect((await request.get(`${portal.url}/assets/app.000000000000.js`)).status()).toBe(404);
});

test("the browser loads each file once", async ({ page }) => {
  const loads = new Map<string, number>();
  page.on("request", (request) => {
    const path = new URL(request.url()).pathname;
    if (path.startsWith("/assets/")) loads.set(path, (loads.get(path) ?? 0) + 1);
  });
  await page.goto("/");
  await expect(page.locator("main")).toBeVisible();
  expect([...loads].filter(([, count]) => count > 1)).toEqual([]);
});

test("a page that cannot load its code says so", async ({ page, problems }) => {
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "This page could not start" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Load the page again" })).toBeVisible();
  expect(problems.length).toBeGreaterThan(0);
  problems.length = 0;
});

test("code that was tampered with does not start", async ({ page, problems }) => {
  await page.route("**/*.wasm", async (route) => {
    const response = await route.fetch();
    // An empty custom section at the end: still a valid program, but not the one that was built.
    const body = Buffer.concat([await response.body(), Buffer.from([0, 2, 1, 120])]);
    await route.fulfill({ response, body });
  });
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "This page could not start" })).toBeVisible();
  expect(problems.join("\n")).toContain("integrity");
  problems.length = 0;
});

test("a theme that was chosen stands before the first paint", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("portal-theme", "dark"));
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.locator("html")).toHaveCSS("color-scheme", "dark");
});
