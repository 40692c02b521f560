/**
 * Takes pictures of the web app's pages, of the status board and of a phone's size, in a demo's home, with Debian's Chromium: `node scripts/page-pictures.ts`.
 * It writes docs/pictures/page-*.jpg, each at most 100 KB.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("..", import.meta.url));
const bytesMax = 100 * 1024;
const screen = { width: 1200, height: 750 };
const phone = { width: 360, height: 740 };

const own = mkdtempSync(join(tmpdir(), "aedev-pages-"));
const aedev = async (args: readonly string[], home?: string) =>
  execa(`${root}bin/aedev`, args, {
    env: { PATH: process.env["PATH"], HOME: own, ...(home === undefined ? {} : { AEDEV_HOME: home }) },
    extendEnv: false,
    stdin: "ignore",
  });
const demo = JSON.parse((await aedev(["demo", "--board", "--keep", "--json"])).stdout) as {
  home: string;
  address: string;
  removal: string;
};
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const { missions } = JSON.parse((await aedev(["mission", "list", "--limit", "200", "--json"], demo.home)).stdout) as {
    missions: { mission_id: string; status: string }[];
  };
  const asked = missions.find(({ status }) => status === "asked")?.mission_id;
  const pictures = [
    ["now", "/", "light", screen],
    ["inbox", "/inbox", "light", screen],
    ["decision", `/missions/${asked}`, "light", screen],
    ["board", "/board", "dark", screen],
    ["held", "/triage", "light", screen],
    ["analytics", "/analytics", "dark", screen],
    ["sessions", "/sessions", "light", screen],
    ["models", "/models", "light", screen],
    ["phone", `/missions/${asked}`, "dark", phone],
    ["status-board", "/status-board", "light", screen],
  ] as const;
  for (const [name, path, colorScheme, viewport] of pictures) {
    const context = await browser.newContext({ viewport, colorScheme, locale: "en-GB" });
    const page = await context.newPage();
    const { address } = JSON.parse((await aedev(["open", "--json"], demo.home)).stdout) as { address: string };
    await page.goto(address);
    await page.getByRole("heading", { level: 1, name: "Now" }).waitFor();
    await page.goto(`${new URL(address).origin}${path}`);
    await page.locator("h1").first().waitFor();
    // What comes in a second request: lists, colours of code, charts.
    await page.waitForLoadState("networkidle", { timeout: 2000 }).catch(() => undefined);
    const file = join(root, `docs/pictures/page-${name}.jpg`);
    await page.screenshot({ path: file, type: "jpeg", quality: 72 });
    const { size } = statSync(file);
    if (size > bytesMax) throw new Error(`${file} has ${size} bytes`);
    process.stdout.write(`docs/pictures/page-${name}.jpg\n`);
    await context.close();
  }
} finally {
  await browser.close();
  await execa("sh", ["-c", demo.removal], { env: { PATH: `${root}bin:${process.env["PATH"]}`, HOME: own } });
  rmSync(own, { recursive: true, force: true });
}
