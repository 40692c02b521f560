/** A soak's steady load: small missions on one repository, over the API. Now and then a colleague removes all that landed, so that it does not grow. */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { callApi } from "../../test/support/api.ts";
import { type Laboratory, registerSmallProject } from "../../test/support/laboratory.ts";
import { addFunction } from "../../test/support/scripted-change.ts";
import type { MissionCounts } from "./figures.ts";

const repository = "soaked";
/** One more than the two that run at once, so that no slot is free for long. */
const openMax = 3;
const pauseMs = 1_000;
/** After this many missions the landed files are removed. */
const tidyEvery = 12;
/** Statuses of missions that are not waited for. A held one may continue, but counts as not landed. */
const ended = ["landed", "held", "asked", "failed", "cancelled", "rejected", "clarifying"];

interface Load {
  readonly counts: () => MissionCounts & { readonly ended: number };
  /** Submits until `until` aborts, then waits until no mission is open, none has ended for `patienceMs`, or `cutOff` aborts, which uncounts open ones. */
  run(until: AbortSignal, options: { patienceMs: number; cutOff: AbortSignal }): Promise<void>;
}

export async function openLoad(laboratory: Laboratory): Promise<Load> {
  const bare = await registerSmallProject(laboratory, repository);
  const open = new Map<string, string>();
  const counts = { submitted: 0, landed: 0, failed: 0 };

  async function submit(): Promise<void> {
    const name = `f${counts.submitted + 1}x`;
    laboratory.models.coder[`# Mission: Add ${name}()`] = addFunction(name);
    const text = `Add ${name}() in lib/${name}.js`;
    const criterion = [`${name}(8) is 4, shown by a new test`, "all existing tests pass"];
    const { mission_id } = await call("/api/missions", { text, repo: repository, criterion });
    await call(`/api/missions/${mission_id}/approve`, {});
    counts.submitted += 1;
    open.set(String(mission_id), name);
  }

  async function follow(): Promise<void> {
    for (const [id, name] of open) {
      const { status, tasks } = await call(`/api/missions/${id}`);
      if (!ended.includes(String(status))) continue;
      open.delete(id);
      delete laboratory.models.coder[`# Mission: Add ${name}()`];
      if (status === "landed") counts.landed += 1;
      else {
        counts.failed += 1;
        process.stderr.write(`${id} is ${status}: ${JSON.stringify(tasks)}\n`);
        await callApi(laboratory.home, `/api/missions/${id}/cancel`, {});
      }
      if ((counts.landed + counts.failed) % tidyEvery === 0) await tidy(laboratory, bare).catch(notTidied);
      // The fake vendors keep every request, which nobody reads here.
      laboratory.models.requests.length = 0;
    }
  }

  async function call(path: string, body?: object): Promise<Record<string, unknown>> {
    const { status, document } = await callApi(laboratory.home, path, body);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(document)}`);
    return document;
  }

  return {
    counts: () => ({ ...counts, failed: counts.failed + open.size, ended: counts.landed + counts.failed }),
    async run(until, { patienceMs, cutOff }) {
      while (!until.aborted) {
        await follow();
        if (open.size < openMax) await submit();
        await delay(pauseMs);
      }
      let [left, sinceMs] = [open.size, performance.now()];
      while (open.size > 0 && performance.now() - sinceMs < patienceMs && !cutOff.aborted) {
        await follow();
        if (open.size < left) [left, sinceMs] = [open.size, performance.now()];
        await delay(pauseMs);
      }
      for (const id of open.keys()) process.stderr.write(`${id} is still open\n`);
      if (!cutOff.aborted) return;
      counts.submitted -= open.size;
      open.clear();
    },
  };
}

/** Removes the missions' files from the branch, as a colleague would. */
async function tidy(laboratory: Laboratory, bare: string): Promise<void> {
  const folder = mkdtempSync(join(laboratory.folder, "tidy-"));
  const clone = join(folder, "clone");
  await laboratory.git(folder, "clone", "-q", "--depth", "1", `file://${bare}`, "clone");
  await laboratory.git(clone, "rm", "-q", "--ignore-unmatch", "lib/f*x.js", "test/f*x.test.js");
  await laboratory.git(clone, "commit", "-q", "--allow-empty", "-m", "Remove what nobody uses");
  await laboratory.git(clone, "push", "-q", "origin", "HEAD:main");
  rmSync(folder, { recursive: true });
}

/** A mission may land at the same moment, and Ctrl-C reaches git too; the next attempt will do. */
function notTidied(error: unknown): void {
  process.stderr.write(`not tidied: ${error}\n`);
}
