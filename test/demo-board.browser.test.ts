/** `aedev demo --board` as a person starts it: its missions, its label on every page, and that nothing in it changes; in a real browser. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiOf, sendTo } from "./support/api.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const label = "A demo: everything here is simulated";
interface Started {
  readonly home: string;
  readonly address: string;
  readonly removal: string;
}

let own: string;
let demo: Started;
let browser: Browser;
let page: Page;

/** Runs aedev as a person whose own home does not exist yet. */
async function aedev(args: readonly string[], environment: Record<string, string> = {}) {
  const env = { PATH: `${root}bin:${process.env["PATH"]}`, HOME: own, ...environment };
  return execa(`${root}bin/aedev`, args, { env, extendEnv: false, reject: false, stdin: "ignore" });
}
const inDemo = (...args: string[]) => aedev(args, { AEDEV_HOME: demo.home });

beforeAll(async () => {
  await execa(process.execPath, [join(root, "packages/dashboard/app/build.ts")]);
  own = mkdtempSync(join(tmpdir(), "aedev-demo-person-"));
  demo = JSON.parse((await aedev(["demo", "--board", "--keep", "--json"])).stdout) as Started;
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
  });
  page = await browser.newPage();
});
afterAll(async () => {
  await browser?.close();
  // As the demo tells the person to remove it.
  await execa("sh", ["-c", demo.removal], { env: { PATH: `${root}bin:${process.env["PATH"]}` } });
  expect(existsSync(demo.home)).toBe(false);
  rmSync(own, { recursive: true, force: true });
});

describe("the board's demo", () => {
  it("has fifty missions in states of all kinds, costs of two weeks, a log that verifies, and touches nothing of the person", async () => {
    const { missions, holds, repositories } = JSON.parse((await inDemo("status", "--json")).stdout);
    const { clarifying, awaiting_approval, approved, running, judging, asked, held, landed, cancelled, rejected } =
      missions;
    const counts = [
      clarifying,
      awaiting_approval,
      approved,
      running,
      judging,
      asked,
      held,
      landed,
      cancelled,
      rejected,
    ];
    expect(counts.reduce((sum, count) => sum + count)).toBe(50);
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(new Set(holds.map(({ code }: { code: string }) => code)).size).toBeGreaterThan(5);
    expect(repositories).toBe(4);
    const { stdout } = await inDemo("mission", "list", "--limit", "200");
    expect(stdout.match(/Revert "/g)).toHaveLength(2);
    const days = (await inDemo("usage")).stdout.match(/^2\d{3}-\d\d-\d\d .*\$/gm) ?? [];
    expect(days.length).toBeGreaterThan(10);
    expect((await inDemo("events", "verify")).stdout).toContain("the log is whole");
    expect(readdirSync(own)).toEqual([]);
  });

  it("says that it is a demo in the terminal, on the status board and on every page", async () => {
    expect((await inDemo("status")).stdout).toContain(label);
    expect((await inDemo("status", "--plain")).stdout).toMatch(/^DEMO /);
    expect((await inDemo("status-board", "--plain")).stdout).toContain(label);
    const origin = new URL(demo.address).origin;
    await page.goto(`${origin}/status-board`);
    await page.getByText(label).waitFor();
    await page.goto(demo.address);
    await page.getByRole("heading", { level: 1, name: "Now" }).waitFor();
    for (const path of ["/", "/inbox", "/board", "/triage", "/new", "/browsers"]) {
      await page.goto(`${origin}${path}`);
      await page.getByText(label).waitFor();
    }
    await page.goto(origin);
    await page.getByText("says: The behaviour is clear; a test comes first.").first().waitFor();
    await page.goto(`${origin}/inbox`);
    await page.getByRole("link", { name: /Pay by invoice/ }).click();
    await page.getByRole("heading", { name: /^Land this change/ }).waitFor();
    await page.getByText(label).waitFor();
    expect(await page.locator(".diff").count()).toBeGreaterThan(0);
  });

  it("refuses every change, and browsers still come and go", async () => {
    const { port, token } = apiOf(demo.home);
    const authorization = `Bearer ${token}`;
    const positionNow = async () => {
      const { body } = await sendTo(port, "/api/caller", { headers: { authorization } });
      return (JSON.parse(body) as { position: number }).position;
    };
    const before = await positionNow();
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("this home is a demo").waitFor();
    for (const verb of [["pause"], ["intake", "add() must add in lib/add.js", "--repo", "ledger"], ["gc"]]) {
      const { stdout, stderr, exitCode } = await inDemo(...verb);
      expect([exitCode, `${stdout}${stderr}`]).toEqual([1, expect.stringContaining("this home is a demo")]);
    }
    expect(await positionNow()).toBe(before);
    const { stdout } = await inDemo("browser", "list");
    expect((await inDemo("browser", "sign-out", /b-\w+/.exec(stdout)?.[0] ?? "")).exitCode).toBe(0);
    expect(await positionNow()).toBe(before + 1);
  });
});
