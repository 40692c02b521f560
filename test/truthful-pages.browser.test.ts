/**
 * Whether an open page says what the log says after the daemon was killed, was away, and came back, card by card: with the browser's clock right or two hours off, and after it slept.
 * What a page must show is folded here from the log's events alone. Every stop comes at a random moment, after random commands.
 */
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { statusText } from "@aedev/contracts";
import { initialState, type MissionState, missionStatus, type TaskState, tasksOf } from "@aedev/core";
import { execa } from "execa";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createStreamFold } from "../packages/daemon/src/log/fold-log.ts";
import { openForReading } from "../packages/daemon/src/log/sqlite/database.ts";
import {
  askAboutChange,
  askAboutSpecification,
  askCodersQuestion,
  holdForBudget,
  openControl,
} from "../packages/daemon/test/phone/approval/asked-home.ts";
import { apiOf } from "./support/api.ts";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

const stops = 200;
/** At this stop the daemon is away for a minute; at the other the browser sleeps for five. */
const [longAbsenceAt, longSleepAt] = [50, 100];
/** How long a page may take to show the truth once the daemon answers. */
const truthMs = 15_000;
const hoursMs = 3_600_000;
/** The lane of each status, as the documentation says. */
const lanes: Readonly<Record<string, string>> = {
  clarifying: "Questions",
  awaiting_approval: "Needs you",
  approved: "Ready",
  running: "Running",
  judging: "Checking",
  asked: "Needs you",
  held: "Held",
  landed: "Landed",
  cancelled: "Ended",
  rejected: "Ended",
};

let laboratory: Laboratory;
let browser: Browser;
/** A browser with the right clock, one two hours ahead, one two hours behind. */
let pages: Page[] = [];
const contexts: BrowserContext[] = [];

async function openPage(offsetMs: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  contexts.push(context);
  await context.addInitScript(`{
    const RealDate = Date;
    globalThis.Date = class extends RealDate {
      constructor(...given) { if (given.length === 0) super(RealDate.now() + ${offsetMs}); else super(...given); }
      static now() { return RealDate.now() + ${offsetMs}; }
    };
  }`);
  const page = await context.newPage();
  await page.goto((await laboratory.must("open", "--json")).json<{ address: string }>().address);
  await page.getByRole("heading", { level: 1, name: "Now" }).waitFor();
  await page.goto(`http://127.0.0.1:${apiOf(laboratory.home).port}/board`);
  await page.getByText(/^as of/).waitFor();
  await page.evaluate("window.isSame = true");
  return page;
}

beforeAll(async () => {
  await execa(process.execPath, [fileURLToPath(new URL("../packages/dashboard/app/build.ts", import.meta.url))]);
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await addWork();
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  // The same address after each restart.
  laboratory.environment["AEDEV_PORT"] = String(apiOf(laboratory.home).port);
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
  });
  pages = [await openPage(0), await openPage(2 * hoursMs), await openPage(-2 * hoursMs)];
});
afterAll(async () => {
  await browser?.close();
  await laboratory[Symbol.asyncDispose]();
});

/** Adds missions that wait for different things, while no daemon runs. */
async function addWork(): Promise<void> {
  await using control = await openControl(laboratory.home);
  const ways = [
    () => askAboutChange(control),
    () => askAboutSpecification(control),
    () => askCodersQuestion(control, "Which one?"),
    () => holdForBudget(control, "the day's budget is used up"),
  ];
  for (const way of ways)
    if (randomInt(2) === 0)
      await way().catch((error: unknown) => {
        // While work is paused, a story ends where a run would start.
        if (!(error instanceof Error && error.message.startsWith("StartRun was refused"))) throw error;
      });
}

interface Truth {
  readonly position: number;
  readonly cards: readonly string[];
}

/** What the log's events say, without the daemon and without its views. */
function truthOfLog(): Truth {
  const database = openForReading(join(laboratory.home, "aedev.db"));
  try {
    return database.transaction(() => {
      const fold = createStreamFold(database);
      const streams = database.prepare("SELECT DISTINCT stream FROM events WHERE stream LIKE ?").pluck();
      const entitiesOf = (kind: string) => streams.all(`${kind}/%`).map((stream) => fold(String(stream))?.entity);
      const tasks = Object.fromEntries((entitiesOf("task") as TaskState[]).map((task) => [task.task_id, task]));
      const cards = (entitiesOf("mission") as MissionState[]).map((mission) => {
        const status = missionStatus(mission, tasksOf({ ...initialState, tasks }, mission));
        return `${mission.mission_id} ${lanes[status]} ${statusText(status)}`;
      });
      const position = database.prepare("SELECT max(position) FROM events").pluck().get() as number;
      return { position, cards: cards.toSorted() };
    })();
  } finally {
    database.close();
  }
}

/** What the page says, in the same words; its position is null while it says that the daemon is away. */
async function saidBy(page: Page): Promise<{ position: number | null; cards: string[] }> {
  return page.evaluate(`(() => {
    const cards = [...document.querySelectorAll(".lanes section")].flatMap((lane) =>
      [...lane.querySelectorAll("article")].map((card) =>
        card.querySelector("a").getAttribute("href").split("/").at(-1) + " " + lane.getAttribute("aria-label") + " " + card.querySelector(".chip").textContent));
    const isAway = document.body.textContent.includes("The daemon has not answered since");
    const position = /, event (\\d+)/.exec(document.body.textContent)?.[1];
    return { cards: cards.toSorted(), position: isAway || position === undefined ? null : Number(position) };
  })()`);
}

/** Sends one random command that a person could send. It may be refused. */
async function actAtRandom(): Promise<void> {
  const { missions } = (await laboratory.must("mission", "list", "--limit", "200", "--json")).json<{
    missions: { mission_id: string; tasks: { task_id: string }[] }[];
  }>();
  const mission = missions[randomInt(missions.length)];
  const task = mission?.tasks[0]?.task_id;
  const commands = [
    [
      "intake",
      `Add half() number ${randomInt(1_000_000)}`,
      "--again",
      "--repo",
      "small",
      "--criterion",
      "half(4) is 2",
    ],
    ["mission", "approve", mission?.mission_id ?? "", "--yes"],
    ["mission", "cancel", mission?.mission_id ?? "", "--yes"],
    ...(task === undefined
      ? []
      : [
          ["task", "approve", task],
          ["task", "reject", task],
          ["task", "retry", task],
        ]),
    ["pause"],
    ["resume"],
  ];
  await laboratory.run(...(commands[randomInt(commands.length)] ?? []));
}

/** Freezes the first page as a browser does that sleeps; returns what wakes it. */
async function fallAsleep(): Promise<() => Promise<void>> {
  const [page, context] = [pages[0], contexts[0]];
  if (page === undefined || context === undefined) throw new Error("no page is open");
  const session = await context.newCDPSession(page);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  return async () => {
    await session.send("Page.setWebLifecycleState", { state: "active" });
    await session.detach();
  };
}

async function expectTruth(stop: number): Promise<void> {
  const until = performance.now() + truthMs;
  for (const [at, page] of pages.entries()) {
    for (;;) {
      const [truth, said] = [truthOfLog(), await saidBy(page)];
      const isTrue = said.position === truth.position && JSON.stringify(said.cards) === JSON.stringify(truth.cards);
      if (isTrue) break;
      if (performance.now() > until) expect({ stop, at, ...said }).toEqual({ stop, at, ...truth });
      await sleep(100);
    }
    expect(await page.evaluate("window.isSame"), "the page was not loaded again").toBe(true);
    // All of it happened in the last hour, whatever the browser's clock says.
    expect(await page.locator("article small", { hasText: /· \d+ (?:h|d)\b/u }).count()).toBe(0);
  }
}

it(`shows what the log says within ${truthMs / 1000} s after each of ${stops} stops`, {
  timeout: 2 * hoursMs,
}, async () => {
  let cardsSeen = 0;
  for (let stop = 1; stop <= stops; stop += 1) {
    const acting = [...Array(randomInt(3)).keys()].map(() => actAtRandom());
    if (randomInt(2) === 0) await Promise.all(acting);
    process.kill(laboratory.daemonPid(), "SIGKILL");
    await Promise.all(acting);
    if (randomInt(4) === 0) await addWork();
    const wake = stop === longSleepAt || randomInt(5) === 0 ? await fallAsleep() : null;
    if (stop === longAbsenceAt) await sleep(60_000);
    await laboratory.must("daemon", "start");
    if (wake !== null) {
      await actAtRandom();
      await sleep(stop === longSleepAt ? 300_000 : 2_000);
      await wake();
    }
    await expectTruth(stop);
    cardsSeen += truthOfLog().cards.length;
  }
  expect(cardsSeen).toBeGreaterThan(stops);
});
