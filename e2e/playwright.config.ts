import { defineConfig } from "@playwright/test";
import type { PortalOptions } from "./fixtures/portal";

// Started by `cargo xtask test --only browser`, which builds the server and the page and names them in PORTAL_BINARY and
// PORTAL_WEB_DIR. Every worker serves a portal of its own, so tests of one file run in order and files run side by side.
const chromium = process.env["PORTAL_E2E_CHROMIUM"];

export default defineConfig<object, PortalOptions>({
  testMatch: "**/*.spec.ts",
  outputDir: "test-results/files",
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env["CI"]),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  use: {
    locale: "en-US",
    timezoneId: "America/New_York",
    actionTimeout: 15_000,
    viewport: { width: 1280, height: 800 },
    contextOptions: { reducedMotion: "reduce" },
    screenshot: "only-on-failure",
    // A trace records every step. A build server keeps none, and writes what failed with its steps.
    trace: process.env["CI"] ? "off" : "retain-on-failure",
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        // Chromium's own sandbox can't start as root, which containers are.
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "sqlite", use: { database: "sqlite" } },
    {
      name: "postgres",
      use: { database: "postgres" },
      // The files of the app, and how parts of pages look: no database has a hand in that.
      testIgnore: ["parts_are_accessible.spec.ts", "sections.spec.ts", "smoke.spec.ts"],
    },
  ],
});
