/** The status board's page in a real browser: each of its controls is a row of a table, by mouse and by keyboard; and what it shows at every width, in both languages. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { StatusBoardDocument } from "@aedev/contracts/api";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { boardPage } from "../packages/daemon/src/http/routes/board-page.ts";
import { fullNight, hostileTitle, quietNight } from "./support/sample-night.ts";

/** Folder for screenshots that people can check. */
const pictures = process.env["AEDEV_TEST_PICTURES"];
const widths = [360, 768, 1440];

let browser: Browser;
let server: Server;
let port = 0;
let page: Page;
let board: StatusBoardDocument = quietNight();
/** Paths that the page asked for. */
let asked: string[] = [];
/** While true, a request gets no answer. */
let isSilent = false;

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
  });
  await listen();
});
afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});
afterEach(() => page?.context().close());

async function listen(): Promise<void> {
  server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    if (isSilent) return;
    if (path === "/status-board.json") {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(board));
      return;
    }
    const { page: text, policy } = boardPage(board, request.headers["accept-language"]);
    response
      .writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy })
      .end(text);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
}

async function die(): Promise<void> {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
}

/** Opens the page with a clock that stands still unless a test moves it. */
async function open(shown: StatusBoardDocument, options: BrowserContextOptions = {}): Promise<Page> {
  board = shown;
  isSilent = false;
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 }, ...options });
  page = await context.newPage();
  if (options.javaScriptEnabled !== false) await page.clock.install();
  await page.goto(`http://127.0.0.1:${port}/status-board`);
  asked = [];
  return page;
}

const documents = () => asked.filter((path) => path === "/status-board.json").length;
const live = () =>
  page.evaluate("[document.querySelector('#live').textContent, document.querySelector('#live').className]");
const button = (name: string) => page.getByRole("button", { name, exact: true });
/** Lets this much of the page's time pass, and its requests be answered. */
async function pass(seconds: number): Promise<void> {
  await page.clock.runFor(seconds * 1000);
  await page.waitForTimeout(150);
}
/** Expects the document to be asked for this many times, and not more. */
async function expectDocuments(count: number): Promise<void> {
  await expect.poll(documents).toBe(count);
}
const withMissions = (shown: StatusBoardDocument, landed: number): StatusBoardDocument => ({
  ...shown,
  position: shown.position + 1,
  queue: { ...shown.queue, missions: { ...shown.queue.missions, landed } },
});

/** Presses a control by mouse, or reaches it with Tab alone and presses Enter. */
const ways = {
  mouse: (name: string) => button(name).click(),
  async keyboard(name: string) {
    await page.evaluate("document.activeElement.blur()");
    for (let tabs = 0; tabs < 12; tabs += 1) {
      await page.keyboard.press("Tab");
      if ((await page.evaluate("document.activeElement.textContent")) === name) break;
    }
    expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
    await page.keyboard.press("Enter");
  },
};

/** Every control of the board, and every state of its dot. */
const controls: Readonly<Record<string, (press: (name: string) => Promise<void>) => Promise<void>>> = {
  "refreshes every 15 seconds at first": async () => {
    await pass(14);
    await expectDocuments(0);
    await pass(2);
    await expectDocuments(1);
    await pass(15);
    await expectDocuments(2);
  },
  ...Object.fromEntries(
    [5, 30, 60].map((seconds) => [
      `refreshes every ${seconds} seconds if that is chosen`,
      async () => {
        await page.getByRole("combobox", { name: "Refresh" }).selectOption(`every ${seconds} s`);
        await pass(seconds - 1);
        await expectDocuments(0);
        await pass(2);
        await expectDocuments(1);
      },
    ]),
  ),
  "refreshes never if off is chosen, and says so": async () => {
    await page.getByRole("combobox", { name: "Refresh" }).selectOption("off");
    await pass(120);
    await expectDocuments(0);
    expect(await live()).toEqual(["refresh is paused", "amber"]);
  },
  "pause stops refreshing, and resume refreshes at once and goes on": async (press) => {
    await press("Pause");
    expect(await live()).toEqual(["refresh is paused", ""]);
    await pass(60);
    await expectDocuments(0);
    await press("Resume");
    await pass(1);
    await expectDocuments(1);
    await pass(15);
    await expectDocuments(2);
    expect(await live()).toEqual(["live", ""]);
  },
  "refresh now refreshes at once, also while paused": async (press) => {
    await press("Refresh now");
    await pass(1);
    await expectDocuments(1);
    await press("Pause");
    await press("Refresh now");
    await pass(1);
    await expectDocuments(2);
  },
  "the language changes everywhere, and stays after a reload": async (press) => {
    await press("中文");
    await page.getByRole("heading", { name: "一切正常" }).waitFor();
    expect(await page.evaluate("[document.documentElement.lang, document.title]")).toEqual(["zh", "状态面板 - aedev"]);
    for (const name of ["暂停", "立即刷新", "English"]) expect(await button(name).count()).toBe(1);
    expect(await page.locator("option").allTextContents()).toEqual([
      "每 5 秒",
      "每 15 秒",
      "每 30 秒",
      "每 60 秒",
      "关闭",
    ]);
    await pass(1);
    expect(await live()).toEqual(["实时", ""]);
    await page.reload();
    await page.getByRole("heading", { name: "一切正常" }).waitFor();
    await press("English");
    await page.getByRole("heading", { name: "All is well" }).waitFor();
    expect(await button("Pause").count()).toBe(1);
  },
  "the dot is green while the page is fresh, and amber if it is older than two intervals": async () => {
    expect(await live()).toEqual(["live", ""]);
    await page.getByRole("combobox", { name: "Refresh" }).selectOption("every 5 s");
    isSilent = true;
    await page.clock.runFor(10_000);
    expect(await live()).toEqual(["live", ""]);
    await page.clock.runFor(2_000);
    expect(await live()).toEqual(["not refreshed for 12 s", "amber"]);
  },
  "the dot is red if the server does not answer, and the page comes back without a reload": async () => {
    await page.evaluate("window.isSamePage = true");
    await die();
    await page.clock.runFor(16_000);
    await page.getByText("daemon down since", { exact: false }).first().waitFor();
    const [text, tone] = (await live()) as string[];
    expect(text).toMatch(/^daemon down since 2026-01-02 05:04:(19|2\d) UTC$/);
    expect(tone).toBe("red");
    expect(await page.evaluate("[document.body.className, document.querySelector('#said').textContent]")).toEqual([
      "gone",
      text,
    ]);
    await listen();
    await pass(6);
    await page.getByText("live", { exact: true }).waitFor();
    expect(await page.evaluate("[window.isSamePage, document.body.className]")).toEqual([true, ""]);
  },
};

describe("a control of the board", () => {
  for (const [name, use] of Object.entries(controls))
    for (const [way, press] of Object.entries(ways).slice(0, use.length === 0 ? 1 : 2))
      it(`by ${way}: ${name}`, async () => {
        await open(quietNight());
        await use(press);
      });
});

describe("an update of the page", () => {
  it("keeps every node whose content stays, marks what changed for a moment, and says where", async () => {
    await open(fullNight());
    await page.evaluate(`window.before = new Map([...document.querySelectorAll("[data-key], h2, b, code, small, svg")].map((node) => [node, node.outerHTML]));
      window.replaced = 0;
      new MutationObserver((records) => { for (const { removedNodes } of records) window.replaced += removedNodes.length; }).observe(document.querySelector("main"), { childList: true, subtree: true });
      document.querySelector("details").open = true`);
    board = withMissions(board, 99);
    await pass(16);
    const result = await page.evaluate(`({
      replaced: window.replaced,
      lost: [...window.before.keys()].filter((node) => !node.isConnected).length,
      changed: [...window.before].filter(([node, html]) => node.outerHTML !== html && node.querySelector("[data-key]") === null && node.closest(".quiet") === null).map(([node]) => node.textContent),
      marked: [...document.querySelectorAll(".new")].map((node) => node.textContent),
      open: document.querySelector("details").open,
      said: document.querySelector("#said").textContent,
    })`);
    expect(result).toEqual({
      ...{ replaced: 0, lost: 0, changed: ["99 landed"], marked: ["99 landed"], open: true, said: "Changed: Queue" },
    });
    await pass(3);
    expect(await page.locator(".new").count()).toBe(0);
  });

  it("moves, adds and removes rows by their keys, and marks only the new one", async () => {
    await open(fullNight());
    const { holds } = board;
    const [first, second] = holds.rows;
    if (first === undefined || second === undefined) throw new Error("two holds are expected");
    const added = { ...first, hold_id: "h-9999999999999999", title: "a third one" };
    await page.evaluate(`window.rows = [...document.querySelectorAll("[data-key^=h-]")]`);
    board = { ...board, position: 1, holds: { rows: [added, second, first], more: 0 } };
    await pass(16);
    expect(
      await page.evaluate(`(() => {
        const now = [...document.querySelectorAll("[data-key^=h-]")];
        return [now.map((node) => window.rows.indexOf(node)), [...document.querySelectorAll(".new")].map((node) => now.indexOf(node)), document.querySelectorAll(".list [data-key=more]").length];
      })()`),
    ).toEqual([[-1, 1, 0], [0], 2]);
    board = { ...board, position: 2, holds: { rows: [second], more: 0 } };
    await pass(16);
    expect(await page.evaluate(`document.querySelectorAll("[data-key^=h-]").length`)).toBe(1);
  });

  it("does not redraw what is the same, but keeps the time, and moves nothing for who wants little motion", async () => {
    await open(fullNight(), { reducedMotion: "reduce" });
    // The first refresh compares everything.
    await pass(16);
    expect(asked).toEqual(["/status-board.json", "/status-board"]);
    asked = [];
    board = { ...board, generated_at: "2026-01-02T05:05:00.000Z" };
    await pass(15);
    expect(asked).toEqual(["/status-board.json"]);
    expect(await page.locator("#as-of").textContent()).toBe("2026-01-02 05:05 UTC");
    board = withMissions(board, 99);
    await pass(15);
    expect(await page.evaluate(`getComputedStyle(document.querySelector(".new")).animationName`)).toBe("none");
  });

  it("shows hostile titles as text, in the first page and in an update", async () => {
    await open(fullNight());
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("dialog", () => complaints.push("a dialog"));
    board = withMissions({ ...board, task_state: quietNight().task_state }, 99);
    await pass(16);
    expect(await page.getByText(hostileTitle, { exact: false }).count()).toBeGreaterThan(0);
    expect(await page.locator("img").count()).toBe(0);
    // The control: the page's policy stops what a text would do as markup.
    await page.evaluate(
      `document.querySelector("main").insertAdjacentHTML("beforeend", "<img src=x onerror='window.hacked = true'>")`,
    );
    await page.waitForTimeout(300);
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(complaints.join()).toMatch(/Content Security Policy/);
    expect(complaints.join()).not.toContain("a dialog");
  });
});

it("without a script the page has the same content and no control, and loads itself again", async () => {
  await open(fullNight(), { javaScriptEnabled: false, locale: "zh-CN" });
  expect(await page.locator("#controls").isHidden()).toBe(true);
  expect(await page.getByText("所有工作已暂停").count()).toBe(1);
  expect(await page.locator("meta[http-equiv=refresh]").getAttribute("content")).toBe("15");
});

/** What axe finds, with no rule switched off. */
async function barriers(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
}

/** Elements that are cut off or lie over another text, and controls that are smaller than a finger needs. */
async function stumbles(): Promise<string[]> {
  return page.evaluate(`(() => {
    const found = [];
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > wide) found.push("the page scrolls sideways");
    for (const element of document.querySelectorAll("body *")) {
      const box = element.getBoundingClientRect();
      const isText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
      if (element.closest(".unseen, script, svg") !== null || box.width === 0) continue;
      if (box.right > wide + 0.5) found.push("too wide: " + element.outerHTML.slice(0, 80));
      if (isText && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline") found.push("cut: " + element.outerHTML.slice(0, 80));
    }
    for (const control of document.querySelectorAll("button, select"))
      if (control.getBoundingClientRect().height < 40) found.push("small: " + control.outerHTML.slice(0, 80));
    const rings = [...document.querySelectorAll(".ring")].map((ring) => ring.getBoundingClientRect());
    for (const text of document.querySelectorAll(".card p, .card li, .card h2")) {
      const range = document.createRange();
      range.selectNodeContents(text);
      for (const box of range.getClientRects())
        if (rings.some((ring) => box.right > ring.left + 1 && box.left < ring.right - 1 && box.bottom > ring.top + 1 && box.top < ring.bottom - 1)) found.push("over a ring: " + text.textContent.slice(0, 60));
    }
    return found;
  })()`);
}

describe("the page", () => {
  it("the checks find an element that is too wide, a text over a ring, a small control and a picture without words", async () => {
    await open(fullNight());
    expect([await stumbles(), await barriers()]).toEqual([[], []]);
    await page.evaluate(`document.querySelector("main").insertAdjacentHTML("beforeend", "<canvas width=2000></canvas><img src=x>");
      const crushed = document.querySelector(".card p");
      crushed.style.marginRight = "-200px";
      crushed.style.whiteSpace = "nowrap";
      crushed.textContent = "a text that is much too long to end before the ring";
      document.querySelector("button").style.minHeight = "10px"`);
    const found = (await stumbles()).join();
    for (const words of ["too wide: <canvas", "over a ring: a text", "small: <button"]) expect(found).toContain(words);
    expect((await barriers()).join()).toContain("image-alt");
  });

  for (const [name, shown] of [
    ["quiet", quietNight()],
    ["full", fullNight()],
  ] as const)
    for (const [language, locale] of [
      ["en", "en-GB"],
      ["zh", "zh-CN"],
    ] as const)
      it(`of a ${name} night in ${language} fits every width, light and dark, and axe finds nothing`, async () => {
        for (const colorScheme of ["light", "dark"] as const) {
          await open(shown, { colorScheme, locale });
          for (const width of widths) {
            await page.setViewportSize({ width, height: 800 });
            const file = `board-${name}-${language}-${colorScheme}-${width}.png`;
            if (pictures !== undefined) await page.screenshot({ path: join(pictures, file), fullPage: true });
            expect({ file, stumbles: await stumbles() }).toEqual({ file, stumbles: [] });
          }
          expect(await barriers()).toEqual([]);
          // Marked, and with a server that is gone, the texts are still readable.
          await page.evaluate(`for (const node of document.querySelectorAll("li, b, small")) node.classList.add("new");
            document.body.classList.add("gone"); document.querySelector("#live").className = "red";
            for (const animation of document.getAnimations()) { animation.pause(); animation.currentTime = 0; }`);
          expect(await barriers()).toEqual([]);
          await page.context().close();
        }
      });
});
