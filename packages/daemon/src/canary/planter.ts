/** Chooses what is planted next and where: in the past change that was planted in least, the class that was planted least. It answers with the command and appends nothing. */
import { randomInt } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import {
  type CanaryState,
  type CommandBody,
  isAnswer,
  type JudgeWork,
  type PlantedKind,
  type State,
} from "@aedev/core";
import { canonicalJson, type Family, Fault, families } from "@aedev/core/wire";
import { configuredFamilies } from "../configuration/configured-families.ts";
import { sha256 } from "../log/stored-event.ts";
import { type Control, newId, newNonce } from "../loop/control.ts";
import { showToJudges } from "../work/show-to-judges.ts";
import { buildCanary, type Choose } from "./build-canary.ts";
import { judgeSetup } from "./judge-setup.ts";
import { choosePayload } from "./mutate/payloads.ts";
import { injections, knownBad, knownGood, type Planting } from "./mutate/sites.ts";
import { type OpenedChange, openChange, type PastChange, pastChanges } from "./past-changes.ts";
import { manifestOrNull, unlessSpoiled } from "./spoiled-blobs.ts";
import { createSyntaxErrorCount } from "./syntax-errors.ts";

/** Past changes that are kept open. */
const openChangesMax = 200;
/** Tries that one planting has, all together and in one past change: where nothing can be built in that, the next one has its turn. */
const triesMax = 40;
const triesInChangeMax = 5;

/** Patches that are made without a look at anything else that the daemon owes. */
const madeAtOnce = 20;

interface Place {
  readonly past: OpenedChange;
  readonly of: Planting;
  /** The judges to whom it is a new question. */
  readonly asks: readonly Family[];
}
type PlantWork = Extract<JudgeWork, { kind: "PlantCanary" }>;

export interface Planter {
  /** Answers with `PlantCanary`. Throws a Fault `NOTHING-TO-PLANT` where no past change has a place left for this kind. */
  plant(work: PlantWork, state: State): Promise<CommandBody>;
}

export function createPlanter(control: Control, pick: Choose = (below) => randomInt(Math.max(1, below))): Planter {
  const opened = new Map<string, Promise<OpenedChange | null>>();
  const patchOfBundle = new Map<string, string>();
  /** Patches that this daemon has tried, each with how often it was in the log by then: one that could not be built is not built again, one that was is in the log or on its way. */
  const underWay = new Set<string>();
  const countSyntaxErrors = createSyntaxErrorCount();

  function open(past: PastChange): Promise<OpenedChange | null> {
    const known = opened.get(past.bundleDigest);
    if (known !== undefined) return known;
    const opening = unlessSpoiled(() => openChange(past, control));
    opened.set(past.bundleDigest, opening);
    if (opened.size > openChangesMax) opened.delete(opened.keys().next().value ?? "");
    return opening;
  }

  /** Digest of the patch that a planted bundle holds. */
  function patchOf({ bundle }: CanaryState): string {
    const known = patchOfBundle.get(bundle.digest);
    if (known !== undefined) return known;
    const digest = manifestOrNull(bundle.digest, control)?.entries.patch?.digest ?? "";
    patchOfBundle.set(bundle.digest, digest);
    return digest;
  }

  async function plant(work: PlantWork, state: State): Promise<CommandBody> {
    const askedOf = new Map<string, Set<Family>>();
    const present = Object.values(state.canaries).filter((canary) => {
      const asked = askedNow(canary, control);
      const digest = patchOf(canary);
      if (asked.length > 0) askedOf.set(digest, new Set([...(askedOf.get(digest) ?? []), ...asked]));
      return asked.length > 0;
    });
    const timesPlanted = countsBy(Object.values(state.canaries), patchOf);
    const unasked = (digest: string) =>
      configuredFamilies(control.configuration).filter((family) => askedOf.get(digest)?.has(family) !== true);
    const ofKind = present.filter(({ planted }) => planted === work.planted);
    const inChange = countsBy(ofKind, ({ source }) => source.bundle_digest);
    const ofClass = countsBy(ofKind, ({ planted_class }) => planted_class);
    // A long change has more places than a short one; were places drawn, the size of a request would tell.
    const pasts = shuffled(pastChanges(state), pick)
      .filter(({ landed }) => landed || work.planted !== "known-good")
      .toSorted((left, right) => inChange(left.bundleDigest) - inChange(right.bundleDigest));
    let [tries, places] = [0, 0];
    for (const each of pasts) {
      const past = tries < triesMax ? await open(each) : null;
      const found = past === null ? [] : shuffled(plantingsOf(work.planted, past, pick), pick);
      let triesHere = 0;
      for (const of of found.toSorted((left, right) => ofClass(left.plantedClass) - ofClass(right.plantedClass))) {
        if (past === null || tries >= triesMax || triesHere >= triesInChangeMax) break;
        const patch = of.patch();
        if (patch === null) continue;
        places += 1;
        if (places % madeAtOnce === 0) await setImmediate();
        const digest = sha256(patch);
        const asks = unasked(digest);
        const time = `${digest} ${timesPlanted(digest)}`;
        if (asks.length === 0 || underWay.has(time)) continue;
        tries += 1;
        triesHere += 1;
        underWay.add(time);
        const manifest = await unlessSpoiled(() => buildCanary(past, patch, { control, pick, countSyntaxErrors }));
        if (manifest !== null) return commandFor(work, { past, of, asks, bundle: sealed(manifest) });
      }
    }
    throw new Fault("NOTHING-TO-PLANT", whyNothing(work.planted, pasts.length, places));
  }

  function sealed(manifest: Parameters<typeof showToJudges>[2]): ReturnType<typeof control.blobs.put> {
    const bundle = control.blobs.put(canonicalJson(manifest), "application/json");
    showToJudges(control, bundle, manifest);
    return bundle;
  }

  function commandFor(
    work: PlantWork,
    { past, of, asks, bundle }: Place & { bundle: CanaryState["bundle"] },
  ): CommandBody {
    return {
      kind: "PlantCanary",
      canary_id: newId("c") as CanaryState["canary_id"],
      audit_id: work.audit_id as CanaryState["audit_id"],
      beside: work.beside,
      source: { task_id: past.task.task_id as never, bundle_digest: past.bundleDigest },
      planted: of.planted,
      planted_class: of.plantedClass,
      bundle,
      verdict_nonces: Object.fromEntries(asks.map((family) => [family, newNonce()])),
    };
  }

  return { plant };
}

/** The judges, as they are now, whom this canary asks or has asked: the same patch again would be no new question to them. Of a judge that was set up since, or another model or prompt, it would. */
function askedNow(canary: CanaryState, control: Control): Family[] {
  const { models, promptDigest } = judgeSetup(control, control.policy());
  return families.filter((family) => {
    if (canary.verdict_nonces[family] === undefined || models[family] === undefined) return false;
    const word = canary.verdicts.find((verdict) => verdict.family === family);
    if (word === undefined) return true;
    return word.model === models[family] && word.prompt_digest === promptDigest && isAnswer(word);
  });
}

function plantingsOf(kind: PlantedKind, { soil }: OpenedChange, pick: Choose): Planting[] {
  switch (kind) {
    case "known-bad":
      return knownBad(soil);
    case "known-good":
      return knownGood(soil);
    case "injection":
      return injections(soil, choosePayload(pick));
  }
}

function whyNothing(kind: PlantedKind, pasts: number, places: number): string {
  if (places > 0)
    return `nothing to plant: every place for ${kind} in the past changes of this home is planted already`;
  if (pasts > 0) return `nothing to plant: no past change of this home has a line where ${kind} fits`;
  return kind === "known-good"
    ? "nothing to plant: a harmless twin is made of a change that landed, and none has; run a mission first"
    : "nothing to plant: no past bundle with green checks was shown to judges; run a mission first";
}

function countsBy<T>(list: readonly T[], keyOf: (item: T) => string): (key: string) => number {
  const groups = Map.groupBy(list, keyOf);
  return (key) => groups.get(key)?.length ?? 0;
}

function shuffled<T>(list: readonly T[], pick: Choose): T[] {
  const result = [...list];
  for (let at = result.length - 1; at > 0; at -= 1) {
    const other = pick(at + 1);
    const [left, right] = [result[at], result[other]];
    if (left !== undefined && right !== undefined) [result[at], result[other]] = [right, left];
  }
  return result;
}
