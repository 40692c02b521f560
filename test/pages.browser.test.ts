/** The pages a person sees, in a real browser of a phone's size: readable, accessible, without a script; and the tap that decides. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { approvalKey, mintToken } from "../packages/daemon/src/approval/token.ts";
import { addressOf } from "../packages/daemon/test/approval/ask.ts";
import { askAboutChange, openControl, requestApproval } from "../packages/daemon/test/approval/asked-home.ts";
import { Laboratory } from "./support/laboratory.ts";

const phone = { width: 390, height: 844 };
/** Folder for screenshots, for whoever wants to look. */
const pictures = process.env["AEDEV_TEST_PICTURES"];

let laboratory: Laboratory;
let browser: Browser;
let look = "";
let taskId = "";

beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  laboratory.environment["AEDEV_PUBLIC_URL"] = "https://phone.example";
  laboratory.environment["AEDEV_APPROVAL_PORT"] = "0";
  {
    await using control = await openControl(laboratory.home);
    const subject = await askAboutChange(control);
    if (subject.kind !== "landing") throw new Error("a change was expected");
    taskId = subject.task_id;
    const approval = await requestApproval(control, subject);
    look = addressOf(approval.approval_id, mintToken(approvalKey(laboratory.home), approval, { action: "look" }));
  }
  await laboratory.must("daemon", "start");
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
  });
});
afterAll(async () => {
  await browser.close();
  await laboratory[Symbol.asyncDispose]();
});

function record(): { port: number; approval_port: number } {
  return JSON.parse(readFileSync(join(laboratory.home, "run/daemon.json"), "utf8")) as never;
}
async function open(address: string, colorScheme: "light" | "dark"): Promise<Page> {
  const context = await browser.newContext({ viewport: phone, colorScheme, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await page.goto(address);
  return page;
}
/** What axe finds, each with the place; an empty list is a page without a known barrier. A board that renews itself without a script has to refresh. */
async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).disableRules(["meta-refresh"]).setLegacyMode(true).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
}
async function landings(): Promise<number> {
  const { stdout } = await laboratory.must("events", "export");
  return stdout.split("\n").filter((line) => line.includes('"type":"LandingApproved"') && line.includes(taskId)).length;
}

describe("on a phone", () => {
  for (const scheme of ["light", "dark"] as const)
    it(`the page behind Look and the status board fit, and axe finds nothing (${scheme})`, async () => {
      const { port, approval_port } = record();
      for (const [name, address] of [
        ["look", `http://127.0.0.1:${approval_port}${look}`],
        ["board", `http://127.0.0.1:${port}/status-board`],
      ] as const) {
        const page = await open(address, scheme);
        if (pictures !== undefined)
          await page.screenshot({ path: join(pictures, `${name}-${scheme}.png`), fullPage: true });
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(phone.width);
        expect(await page.locator("script").count()).toBe(0);
        expect(await barriers(page)).toEqual([]);
        // The same look at a page with a barrier in it finds that one.
        await page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x><input>')");
        expect((await barriers(page)).join()).toMatch(/image-alt[\s\S]*label|label[\s\S]*image-alt/);
        await page.context().close();
      }
    });

  it("looking decides nothing, a tap on Approve decides once, and the page then says so", async () => {
    const page = await open(`http://127.0.0.1:${record().approval_port}${look}`, "light");
    await page.reload();
    expect(await landings()).toBe(0);
    await page.getByRole("button", { name: /^approve/i }).tap();
    await page.waitForLoadState();
    await page
      .getByText(/Approved/)
      .first()
      .waitFor();
    expect(await landings()).toBe(1);
    await page.goto(`http://127.0.0.1:${record().approval_port}${look}`);
    await page
      .getByText(/decided already/)
      .first()
      .waitFor();
    await page.context().close();
  });
});
