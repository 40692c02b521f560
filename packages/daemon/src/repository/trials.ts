/** Tries a repository's settings on its base, one trial at a time, and remembers the result, so that no registration relies on the caller's claim. */

import {
  canonicalJson,
  Fault,
  parseProgressLine,
  progressText,
  type RepositorySettings,
  type RunId,
} from "@aedev/contracts";
import type { Tried } from "@aedev/contracts/api";
import type { Trial } from "@aedev/contracts/events";
import { combineSettings, entityById } from "@aedev/core";
import { followFile } from "@aedev/host/growing-file";
import { homeLayout } from "@aedev/host/home-layout";
import { readOverlay } from "../control/base-overlay.ts";
import type { Home, Mirrors, Records } from "../control/parts.ts";
import { submodulesOf } from "../control/submodules-of.ts";
import { fetchBase } from "../git/mirror.ts";
import type { Probes } from "../planes/probes.ts";
import { readTrial } from "./detect/read-trial.ts";
import { chosenBase } from "./source.ts";

interface Wanted {
  readonly name: string;
  readonly url: string;
  readonly settings: RepositorySettings;
}
/** `base`: the branch to try them on; absent: the repository's base, or the remote's default branch. */
type WantedTrial = Wanted & { readonly base?: string | null | undefined };
export interface Trials {
  /** Throws a Fault `trial-under-way`, `HOLD-FETCH-FAILED`, or `plane-not-ready`. */
  run(what: WantedTrial, signal: AbortSignal): Promise<Tried>;
  /** The last steps of the current trial and how many have begun; empty if there is no trial. */
  progressOf(name: string): { lines: string[]; begun: number };
  /** The last result of these settings in this process, and the image that they ran in, which the repository's own file may name. */
  lastOf(what: Wanted): { readonly tried: Tried; readonly image: string | null } | undefined;
  /** The trial that applies to these settings: this process's own, else the stored one if nothing changed. */
  trialOf(what: Wanted): Trial;
}

/** How many results are remembered; forgotten settings are saved as untried. */
const rememberedMax = 100;
/** How many steps of a trial are shown. */
const linesMax = 20;

export function createTrials({ control, probes }: { control: Home & Mirrors & Records; probes: Probes }): Trials {
  const underWay = new Map<string, RunId | null>();
  const remembered = new Map<string, Trial>();
  const results = new Map<string, { tried: Tried; image: string | null }>();

  async function tryOnce(what: WantedTrial, signal: AbortSignal): Promise<Tried> {
    const mirror = control.mirror(what.name);
    const { commit, ref } = await fetchBase({
      ...mirror,
      url: what.url,
      ...(what.base == null ? {} : { base: chosenBase(what.base) }),
    });
    const overlay = await readOverlay({ ...mirror, commit });
    const settings = combineSettings(what.settings, overlay);
    const { order } = await submodulesOf({ settings, commit, repository: what.name, url: what.url }, control);
    const result = await probes.tryRepository(
      { repository: what.name, baseCommit: commit, settings, ...order },
      signal,
      (run) => {
        underWay.set(what.name, run);
      },
    );
    const reading = readTrial(result);
    if (reading.outcome === "green" || reading.outcome === "red") {
      rememberNewest(remembered, keyOf(withWritable(what, reading.writable)), reading.outcome);
    }
    const tried = { ...reading, commit, ref };
    rememberNewest(results, keyOf(what), { tried, image: settings.image });
    return tried;
  }

  return {
    async run(what, signal) {
      if (underWay.has(what.name))
        throw new Fault("trial-under-way", `a trial of the settings of ${what.name} is already running`, {
          hint: "wait for it, or save them untried with --no-try",
        });
      underWay.set(what.name, null);
      try {
        return await tryOnce(what, signal);
      } finally {
        underWay.delete(what.name);
      }
    },
    progressOf(name) {
      const run = underWay.get(name) ?? null;
      if (run === null) return { lines: [], begun: 0 };
      const all = followFile(homeLayout(control.home).runLog(run))();
      const lines = all.slice(-linesMax).map((line) => progressText(parseProgressLine(line).progress));
      return { lines, begun: all.length };
    },
    lastOf: (what) => results.get(keyOf(what)),
    trialOf(what) {
      const tried = remembered.get(keyOf(what));
      if (tried !== undefined) return tried;
      const known = entityById(control.log.state.repositories, what.name);
      return known !== undefined && keyOf(known) === keyOf(what) ? known.trial : "untried";
    },
  };
}

function rememberNewest<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.delete(key);
  kept.set(key, value);
  for (const oldest of [...kept.keys()].slice(0, -rememberedMax)) kept.delete(oldest);
}

/** The settings that the result is about. */
function withWritable(what: Wanted, added: readonly string[]): Wanted {
  if (added.length === 0) return what;
  return { ...what, settings: { ...what.settings, writable: [...(what.settings.writable ?? []), ...added] } };
}

function keyOf({ name, url, settings }: Wanted): string {
  return canonicalJson({ name, url, settings });
}
