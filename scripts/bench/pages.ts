/**
 * Measures what a person at the web app waits for: bytes of the first load, the time of every document with few and with many missions, how soon a change is
 * visible in a real browser, and what idle clients of the stream cost.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import { chromium, type Page } from "playwright-core";
import { type Route, type RouteName, routes } from "../../packages/contracts/src/api/index.ts";
import { apiOf, sendTo } from "../../test/support/api.ts";
import type { Laboratory } from "../../test/support/laboratory.ts";
import { atMost, type Figure, median, unmeasured } from "./figure.ts";
import { memoryOf } from "./memory.ts";
import { homeWith, waiting } from "./pages/home-with.ts";

const sizes = [50, 10_000];
const firstLoadBytesMax = 150_000;
const documentMsMax = 100;
const visibleMsMax = 300;
const clients = 500;
/** A person has at most this many clients. */
const clientsPerPerson = 20;
const clientsMegabytesMax = 100;
const reads = 15;
const changes = 10;
const settleMs = 15_000;
const dashboard = fileURLToPath(new URL("../../packages/dashboard", import.meta.url));

export async function benchPages(): Promise<Figure[]> {
  await execa(process.execPath, [join(dashboard, "app/build.ts")]);
  const figures = [firstLoad()];
  for (const missions of sizes) {
    await using laboratory = await homeWith(missions);
    await laboratory.must("daemon", "start");
    await laboratory.must("pause");
    figures.push(...(await documents(laboratory, missions)), await visibleChange(laboratory, missions));
    if (missions === sizes[0]) figures.push(await idleClients(laboratory));
    await laboratory.must("daemon", "stop");
  }
  return figures;
}

/** All files of the app, as a server that compresses sends them. */
function firstLoad(): Figure {
  const folder = join(dashboard, "dist");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const bytes = files.map(({ parentPath, name }) => gzipSync(readFileSync(join(parentPath, name))).length);
  const value = bytes.reduce((sum, size) => sum + size, 0) / 1000;
  return atMost("first load, gzip", { limit: firstLoadBytesMax / 1000, value, unit: " kB" });
}

/** Routes that are no document: the stream, a check of the whole log, and what needs something that the home has not. */
const noDocuments: ReadonlySet<string> = new Set<RouteName>([
  ...(["stream", "verifyEvents", "proveToBrowser", "proveDaemon", "favicon"] as const),
  ...(["showDraft", "showTrial", "showAudit", "showPatchFile", "exportEvidence"] as const),
]);
/** Further requests to a route, with the heaviest that the app or a script makes. */
const queries: Partial<Record<RouteName, readonly string[]>> = {
  listMissions: ["?limit=500", "?text=nowhere", "?status=landed&repository=repo-1", "?since=2026-01-01T00:00:00.000Z"],
  listTasks: ["?limit=200", "?text=nowhere"],
  listEvents: ["?limit=1000"],
};

/** The figure is the daemon's time on the processor, which other programs of the machine do not lengthen; the time at the client is beside it. */
async function documents(laboratory: Laboratory, missions: number): Promise<Figure[]> {
  const { port, token } = apiOf(laboratory.home);
  const pid = laboratory.daemonPid();
  const read = async (path: string): Promise<number> => {
    const startedAt = performance.now();
    const { status, body } = await sendTo(port, path, { headers: { authorization: `Bearer ${token}` } });
    if (status !== 200) throw new Error(`${path} answered ${status}: ${body.slice(0, 300)}`);
    return performance.now() - startedAt;
  };
  const landed = String(Math.floor(missions / 4)).padStart(16, "0");
  const paths = Object.entries<Route>(routes).flatMap(([name, { method, path }]) => {
    if (method !== "GET" || noDocuments.has(name)) return [];
    const id = `${path.includes("/tasks/") ? "t" : "m"}-${landed}`;
    const whole = path.replace(":id", id).replace(":name", "repo-1");
    return [whole, ...(queries[name as RouteName] ?? []).map((query) => `${whole}${query}`)];
  });
  const figures: Figure[] = [];
  for (const path of paths) {
    await read(path);
    const took: number[] = [];
    const before = processorMsOf(pid);
    for (let round = 0; round < reads; round += 1) took.push(await read(path));
    const value = (processorMsOf(pid) - before) / reads;
    const name = `${path.replace(landed, "…")}, ${missions}`;
    const detail = `at the client ${median(took).toFixed(0)} ms, slowest of ${reads} ${Math.max(...took).toFixed(0)} ms`;
    figures.push(atMost(name, { limit: documentMsMax, value, unit: " ms", detail }));
  }
  return figures;
}

/** How long a process has been on the processor, with all its threads. */
function processorMsOf(pid: number): number {
  const folder = `/proc/${pid}/task`;
  const nanoseconds = readdirSync(folder).map(
    (thread) => readFileSync(`${folder}/${thread}/schedstat`, "utf8").split(" ")[0],
  );
  return nanoseconds.reduce((sum, one) => sum + Number(one), 0) / 1e6;
}

/** From the instant of the event to the instant when the page has the text. */
async function visibleChange(laboratory: Laboratory, missions: number): Promise<Figure> {
  const name = `visible in a browser, ${missions}`;
  if (!existsSync("/usr/bin/chromium"))
    return unmeasured(name, { target: `≤ ${visibleMsMax} ms`, why: "needs /usr/bin/chromium" });
  const { home } = laboratory;
  const { port, token } = apiOf(home);
  const headers = { authorization: `Bearer ${token}` };
  const { address } = (await laboratory.must("open", "--json")).json<{ address: string }>();
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(address);
    await page.getByRole("heading", { level: 1, name: "Now" }).waitFor();
    await page.goto(`${new URL(address).origin}/board`);
    await page.getByText(/^as of/).waitFor();
    const took: number[] = [];
    for (let round = 0; round < changes; round += 1) {
      const title = `half() in lib/half.js must halve number ${round}`;
      const seen = seenAt(page, title);
      const body = { text: title, repo: "repo-0", criterion: [`half(${2 * round}) returns ${round}`] };
      const { body: answer } = await sendTo(port, "/api/missions", { method: "POST", headers, body });
      const { mission_id } = JSON.parse(answer) as { mission_id: string };
      const { body: mission } = await sendTo(port, `/api/missions/${mission_id}`, { headers });
      const { submitted_at } = JSON.parse(mission) as { submitted_at: string };
      took.push((await seen) - Date.parse(submitted_at));
      await delay(300);
    }
    const detail = `slowest of ${changes} ${Math.max(...took)} ms`;
    return atMost(name, { limit: visibleMsMax, value: median(took), unit: " ms", detail });
  } finally {
    await browser.close();
  }
}

/** When the page first has this text, by the machine's clock. */
function seenAt(page: Page, text: string): Promise<number> {
  return page.evaluate(`new Promise((resolve) => {
    const look = () => document.body.textContent.includes(${JSON.stringify(text)}) && resolve(Date.now());
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  })`);
}

async function idleClients(laboratory: Laboratory): Promise<Figure> {
  const name = `${clients} idle clients of the stream`;
  if (!existsSync("/proc/self/smaps_rollup"))
    return unmeasured(name, { target: `≤ ${clientsMegabytesMax} MB`, why: "needs Linux's /proc" });
  const tokens: string[] = [];
  for (let person = 0; person < clients / clientsPerPerson; person += 1) {
    const added = await laboratory.must("operator", "add", `wall-${person}`, "--role", "viewer", "--json");
    tokens.push(added.json<{ token: string }>().token);
  }
  const { port } = apiOf(laboratory.home);
  const pid = laboratory.daemonPid();
  await delay(settleMs);
  const before = memoryOf(pid).rss;
  const open = tokens.flatMap((token) => Array.from({ length: clientsPerPerson }, () => openStream(port, token)));
  const streams = await Promise.all(open);
  await delay(settleMs);
  const value = memoryOf(pid).rss - before;
  const ended = streams.filter(({ isEnded }) => isEnded()).length;
  for (const { close } of streams) close();
  if (ended > 0) throw new Error(`${ended} of ${clients} clients lost their stream`);
  const detail = `${before.toFixed(0)} MB before; each got messages for ${settleMs / 1000} s; ${waiting} missions wait`;
  return atMost(name, { limit: clientsMegabytesMax, value, unit: " MB more", detail });
}

function openStream(port: number, token: string): Promise<{ isEnded: () => boolean; close: () => void }> {
  const headers = { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const call = request({ host: "127.0.0.1", port, path: "/api/stream", headers, agent: false }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`a stream was answered ${answer.statusCode}`));
      let ended = false;
      answer.resume().once("close", () => {
        ended = true;
      });
      answer.once("error", () => undefined);
      resolve({ isEnded: () => ended, close: () => void call.destroy() });
    });
    call.once("error", reject);
    call.end();
  });
}
