/**
 * A year of a home in virtual time: missions land, are held and are cancelled every day, garbage is collected every `retention.every`, everything is verified
 * every week. What retention covers stays as large as it was; the same year without collecting does not. By day the year is shorter.
 */

import { randomBytes } from "node:crypto";
import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CommandBody, decide } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { sha256 } from "@aedev/host/sha256";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { isNight } from "../../../../test/support/is-night.ts";
import { addSealedMission, registration, type SealedMission } from "../../../../test/support/sealed-missions.ts";
import { makeCommand } from "../../src/control/control.ts";
import { blobStore } from "../../src/home/blobs.ts";
import { signHead } from "../../src/home/signed-head.ts";
import { type EventLog, openEventLog } from "../../src/log/event-log.ts";
import { initHome } from "../../src/process/initialize-home.ts";
import { verifyLog } from "../../src/reader/offline.ts";
import { verifyEvidenceTask } from "../../src/reader/verify-evidence.ts";
import { type CollectedHome, collectGarbage } from "../../src/retention/collect.ts";
import { planCollection } from "../../src/retention/plan.ts";
import { happenings, idOf } from "../log/lives.ts";

const dayMs = 86_400_000;
/** In days. `retention.blobs` is shorter than `outcomes.watch`, so that a landing outlives it. `held`: when a person decides on a hold. */
const year = isNight
  ? { days: 365, missions: 2, blobs: 30, prepared: 30, logs: 60, watch: 40, held: 35 }
  : { days: 28, missions: 1, blobs: 7, prepared: 7, logs: 7, watch: 9, held: 3 };
/** What happens on each day of the week, the same in all weeks. */
const week = ["landed", "held", "landed", "cancelled", "landed", "held", "landed"] as const;
const recordingBytes = 64 * 1024;
/** What a mission leaves for ever, on average. */
const keptBytesMax = 16 * 1024;
const startMs = Date.parse("2026-01-01T03:00:00.000Z");
const retention = {
  everyMs: dayMs,
  blobsMs: year.blobs * dayMs,
  preparedMs: year.prepared * dayMs,
  preparedBytesMax: null,
  logsMs: year.logs * dayMs,
};
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aedev-year-"));
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

interface Lived extends SealedMission {
  readonly startedOn: number;
  /** The day on which it ended; null: it is open. */
  endedOn: number | null;
}

/** The sizes at the end of a week. */
interface Measured {
  /** Bytes in the folders that retention covers, without what stays for ever. */
  readonly bytes: number;
  /** Bytes that stay for ever: missions' texts, manifests, signed statements, lists of expired blobs. */
  readonly keptBytes: number;
  readonly missions: number;
}

it("a home needs no more disk after a year than after its first quarter, and all that landed verifies or says when it expired", {
  timeout: 3_000_000,
}, async () => {
  const home = join(folder, "collected");
  const { weeks, lived } = await liveThrough(home, { collects: true });
  const bound = 1.1 * maxOf(weeks, 2);
  expect(maxOf(weeks, 4)).toBeLessThanOrEqual(bound);
  const last = weeks.at(-1);
  expect((last?.keptBytes ?? 0) / (last?.missions ?? 0)).toBeLessThan(keptBytesMax);

  const landed = lived.findLast(({ end }) => end === "landed");
  const lost = landed?.entries[0] ?? "";
  rmSync(blobStore(home).pathOf(lost));
  expect(await verifyEvidenceTask(landed?.taskId ?? "", { home })).toMatchObject({ ok: false });
  expect(verifyLog({ home, blobs: true })).toMatchObject({ ok: false, problems: [expect.stringContaining(lost)] });

  const uncollected = await liveThrough(join(folder, "uncollected"), { collects: false, bytesMax: bound });
  expect(uncollected.weeks.at(-1)?.bytes).toBeGreaterThan(bound);
});

/** The most bytes at the end of any week in this quarter (1 to 4). */
function maxOf(weeks: readonly Measured[], quarter: number): number {
  const [from, to] = [quarter - 1, quarter].map((part) => Math.round((part * weeks.length) / 4));
  return Math.max(...weeks.slice(from, to).map(({ bytes }) => bytes));
}

/** `bytesMax`: the year ends early if there are more. */
async function liveThrough(
  home: string,
  { collects, bytesMax = Number.POSITIVE_INFINITY }: { collects: boolean; bytesMax?: number },
): Promise<{ weeks: readonly Measured[]; lived: readonly Lived[] }> {
  vi.setSystemTime(startMs);
  await initHome(home);
  await using log = await openEventLog({ path: homeLayout(home).log, decide });
  const living = livingHome(home, log);
  await living.submit(registration);
  const lived: Lived[] = [];
  const lists = new Set<string>();
  const weeks: Measured[] = [];
  for (let day = 0; day < year.days && (weeks.at(-1)?.bytes ?? 0) <= bytesMax; day += 1) {
    vi.setSystemTime(startMs + day * dayMs);
    await liveOneDay(living, { day, lived });
    vi.setSystemTime(startMs + (day + 0.5) * dayMs);
    if (collects) await collectNow(living, lists);
    signHead(home, log, new Date().toISOString());
    if (day % week.length !== week.length - 1) continue;
    if (collects) await verifyEverything(home, { day, lived });
    const kept = new Set([...lived.flatMap((mission) => mission.kept), ...lists]);
    weeks.push({ ...measure(home, kept), missions: lived.length });
  }
  return { weeks, lived };
}

type LivingHome = Parameters<typeof addSealedMission>[0];

function livingHome(home: string, log: EventLog): LivingHome {
  const blobs = blobStore(home);
  return {
    home,
    log,
    blobs: {
      ...blobs,
      put(bytes, mediaType) {
        const blob = blobs.put(bytes, mediaType);
        touch(blobs.pathOf(blob.digest));
        return blob;
      },
    },
    async submit(body) {
      const answer = await log.submit(makeCommand(body, "operator"));
      if (answer.kind === "refused") throw new Error(`${body.kind}: ${answer.reason}`);
    },
  };
}

/** `lists`: gets the digest of the list of expired blobs. */
async function collectNow({ home, log, blobs, submit }: LivingHome, lists: Set<string>): Promise<void> {
  const plan = await planCollection(home, { retention, nowMs: Date.now() });
  const target: CollectedHome = {
    home,
    blobs,
    state: () => log.state,
    async submit(body) {
      if (body.kind === "ExpireBlobs") lists.add(body.manifest.digest);
      await submit(body);
      return null;
    },
  };
  expect(await collectGarbage(target, plan)).toMatchObject({ dry_run: false });
}

async function liveOneDay(home: LivingHome, { day, lived }: { day: number; lived: Lived[] }): Promise<void> {
  const layout = homeLayout(home.home);
  const watchUntil = new Date(Date.now() + year.watch * dayMs).toISOString();
  for (let place = 0; place < year.missions; place += 1) {
    const end = week[(day + place) % week.length] ?? "landed";
    const plan = { number: lived.length, end, recordingBytes, watchUntil, hasDraft: true };
    const mission = await addSealedMission(home, plan);
    lived.push({ ...mission, startedOn: day, endedOn: end === "held" ? null : day });
    write(layout.runLog(mission.runId));
    touch(join(layout.bundles, mission.bundle));
  }
  // One stays held for ever.
  const [, ...held] = lived.filter(({ endedOn }) => endedOn === null);
  for (const mission of held.filter(({ startedOn }) => startedOn < day - year.held)) {
    await home.submit({ kind: "CancelTask", task_id: mission.taskId });
    mission.endedOn = day;
  }
  if (day % week.length === 0) await runSetUp(home, day);
  for (const archive of [`of day ${day}`, "of every day"]) write(join(layout.prepared, `${sha256(archive)}.tar`));
  home.blobs.put(`left by a run that was killed on day ${day}`, "text/plain");
}

async function runSetUp({ blobs, submit }: LivingHome, day: number): Promise<void> {
  const run_id = idOf("r", 7_000_000 + day);
  const prompt = blobs.put("set the repository up", "text/plain");
  await submit({ ...happenings["ask for a set-up run"], run_id, prompt } as CommandBody);
  const journal = blobs.put(randomBytes(recordingBytes), "application/octet-stream");
  await submit({ ...happenings["end the set-up run"], run_id, journal } as CommandBody);
}

/** Sets a file's time to the test's time, because the system uses its own. */
function touch(path: string): void {
  const now = new Date();
  utimesSync(path, now, now);
}

function write(path: string): void {
  writeFileSync(path, "x".repeat(recordingBytes));
  touch(path);
}

async function verifyEverything(home: string, { day, lived }: { day: number; lived: readonly Lived[] }): Promise<void> {
  expect(verifyLog({ home, blobs: true }), `day ${day}`).toMatchObject({ ok: true, problems: [] });
  const blobs = blobStore(home);
  for (const mission of lived) {
    const age = mission.endedOn === null ? 0 : day - mission.endedOn;
    const isWatched = mission.end === "landed" && age < year.watch;
    const isWhole = age < year.blobs || isWatched;
    const missing = mission.stored.filter((digest) => !blobs.has(digest));
    if (isWhole) expect(missing, `of ${mission.taskId} on day ${day}`).toEqual([]);
    if (mission.end !== "landed") continue;
    const { ok, problem, steps } = await verifyEvidenceTask(mission.taskId, { home });
    expect({ ok, problem }, `${mission.taskId} on day ${day}`).toEqual({ ok: true, problem: null });
    const days = steps.flatMap(({ what }) => /expired on (\d{4}-\d\d-\d\d)/.exec(what)?.[1] ?? []);
    const end = startMs + (mission.endedOn ?? 0) * dayMs;
    const firstDay = dayOf(end + year.blobs * dayMs);
    const isEvery = days.every((expired) => expired >= firstDay && expired <= dayOf(Date.now()));
    // A watched landing is forgotten when the next one starts, at most two days later.
    const isLate = age > Math.max(year.blobs, year.watch) + 3;
    expect({ isEvery, hasExpired: days.length > 10 }, `${mission.taskId} on day ${day}: ${days.join()}`).toEqual({
      isEvery: true,
      hasExpired: isWhole ? false : isLate ? true : days.length > 10,
    });
  }
}

const dayOf = (atMs: number) => new Date(atMs).toISOString().slice(0, "2026-01-31".length);

/** Adds up the folders that retention covers; a file with several names counts once. */
function measure(home: string, kept: ReadonlySet<string>): Pick<Measured, "bytes" | "keptBytes"> {
  const { blobs, bundles, prepared, logs, mirrors, landings, worktrees, checked } = homeLayout(home);
  const seen = new Set<number>();
  let [bytes, keptBytes] = [0, 0];
  for (const place of [blobs, bundles, prepared, logs, mirrors, landings, worktrees, checked].filter(existsSync))
    for (const entry of readdirSync(place, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const { ino, size } = lstatSync(join(entry.parentPath, entry.name));
      if (seen.has(ino)) continue;
      seen.add(ino);
      if (kept.has(entry.name)) keptBytes += size;
      else bytes += size;
    }
  return { bytes, keptBytes };
}
