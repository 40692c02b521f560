/** The time limits of a run without progress, over real folders; the test sets their length. */
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Stuck } from "@aedev/contracts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Watch, watchRun } from "../../src/coder/watch.ts";

let root: string;
let watch: Watch;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "aedev-watch-"));
});
afterEach(() => {
  watch.close();
  rmSync(root, { recursive: true });
});

function watching(options: {
  noChangeMs?: number;
  activity?: () => Stuck | null;
  runTimeoutMs?: number;
  startedAtMs?: number;
  onEnd?: Parameters<typeof watchRun>[0]["onEnd"];
}): Watch {
  const tree = join(root, "tree");
  mkdirSync(tree, { recursive: true });
  const bounds = { run_bytes: 1_000_000, run_files: 100, disk_free_bytes: 2 };
  watch = watchRun({
    folders: [root, tree],
    tree,
    limits: {
      ...bounds,
      run_timeout_ms: options.runTimeoutMs ?? 600_000,
      ...(options.noChangeMs === undefined ? {} : { no_change_ms: options.noChangeMs }),
    },
    onEnd: options.onEnd ?? (() => undefined),
    activity: options.activity ?? (() => null),
    startedAtMs: options.startedAtMs ?? Date.now(),
  });
  return watch;
}

it("the watch keeps the first reason, and reports it once", () => {
  const told: unknown[] = [];
  const { end, reason } = watching({ onEnd: (...what) => void told.push(what) });
  end("stopped");
  end("timeout");
  expect([reason(), told]).toEqual(["stopped", [["stopped", null]]]);
});

it("the watch ends a run whose checkout does not change", async () => {
  const { signal, reason, stuck } = watching({ noChangeMs: 1 });
  await once(signal, "abort");
  expect([reason(), stuck()?.kind]).toEqual(["stuck", "no-change"]);
});

it("the watch ends no run because the machine's clock was changed", async () => {
  const longAgo = new Date(Date.now() - 3_600_000);
  mkdirSync(join(root, "tree"));
  utimesSync(join(root, "tree"), longAgo, longAgo);
  const { signal, reason, stuck } = watching({
    noChangeMs: 600_000,
    runTimeoutMs: 3_601_500,
    startedAtMs: longAgo.getTime(),
  });
  await once(signal, "abort");
  expect([reason(), stuck()]).toEqual(["timeout", null]);
});

it("the watch ends a run that the gateway reports as stuck", async () => {
  const seen = { kind: "no-traffic", for_ms: 7 } as const;
  const { signal, reason, stuck } = watching({ activity: () => seen });
  await once(signal, "abort");
  expect([reason(), stuck()]).toEqual(["stuck", seen]);
});

it("the watch does not end a run that makes progress, and reports none when time runs out", async () => {
  const { signal, reason, stuck } = watching({ noChangeMs: 600_000, runTimeoutMs: 2_500 });
  await once(signal, "abort");
  expect([reason(), stuck()]).toEqual(["timeout", null]);
});
