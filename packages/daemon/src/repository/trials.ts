/**
 * Tries a repository's settings on its base before they are saved: fetches the base, gives prepare and verify to the execution plane, and
 * remembers what came out, so that a registration's trial is never the caller's word. One trial at a time per repository.
 */
import { combineSettings, entityById, readTrial, type Trial, type TrialReading } from "@aedev/core";
import { canonicalJson, Fault, type RepositorySettings } from "@aedev/core/wire";
import { fetchBase } from "../git/mirror.ts";
import type { Control } from "../loop/control.ts";
import type { Probes } from "../planes/probes.ts";
import { readOverlay } from "./base-overlay.ts";

interface Tried {
  readonly name: string;
  readonly url: string;
  readonly settings: RepositorySettings;
}
export interface TrialDocument extends TrialReading {
  readonly commit: string;
  readonly ref: string;
}
export interface Trials {
  /** Throws a Fault `TRIAL-UNDER-WAY`, `HOLD-FETCH-FAILED`, or `PLANE-NOT-READY`. */
  run(what: Tried, signal: AbortSignal): Promise<TrialDocument>;
  /** What stands for these settings: this process's own try, else what is known of the repository where nothing changed. */
  standingOf(what: Tried): Trial;
}

/** Tries that are remembered; older ones are forgotten, and their settings are saved as untried. */
const rememberedMax = 100;

export function createTrials({ control, probes }: { control: Control; probes: Probes }): Trials {
  const underWay = new Set<string>();
  const remembered = new Map<string, Trial>();

  async function tryOnce(what: Tried, signal: AbortSignal): Promise<TrialDocument> {
    const place = {
      home: control.home,
      repository: what.name,
      timeoutMs: control.configuration.landing.git_timeout_ms,
    };
    const { commit, ref } = await fetchBase({ ...place, url: what.url });
    const overlay = await readOverlay({ ...place, commit });
    const settings = combineSettings(what.settings, overlay);
    const result = await probes.tryRepository({ repository: what.name, baseCommit: commit, settings }, signal);
    const reading = readTrial(result);
    if (reading.outcome === "green" || reading.outcome === "red") {
      remembered.set(keyOf(what), reading.outcome);
      for (const key of [...remembered.keys()].slice(0, -rememberedMax)) remembered.delete(key);
    }
    return { ...reading, commit, ref };
  }

  return {
    async run(what, signal) {
      if (underWay.has(what.name))
        throw new Fault("TRIAL-UNDER-WAY", `the settings of ${what.name} are being tried already`, {
          hint: "wait for it, or save them untried with --no-try",
        });
      underWay.add(what.name);
      try {
        return await tryOnce(what, signal);
      } finally {
        underWay.delete(what.name);
      }
    },
    standingOf(what) {
      const tried = remembered.get(keyOf(what));
      if (tried !== undefined) return tried;
      const known = entityById(control.log.state.repositories, what.name);
      return known !== undefined && keyOf(known) === keyOf(what) ? known.trial : "untried";
    },
  };
}

function keyOf({ name, url, settings }: Tried): string {
  return canonicalJson({ name, url, settings });
}
