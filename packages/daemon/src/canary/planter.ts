/** Chooses what is planted next and where: the class used least, in the past change used least. It returns the command and appends nothing. */
import { randomInt } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { canonicalJson, type Family, Fault, families } from "@aedev/contracts";
import { type CanaryState, type CommandBody, isAnswer, type JudgeWork, type PlantedKind } from "@aedev/core";
import { sha256 } from "@aedev/host/sha256";
import { configuredFamilies } from "../configuration/configured-families.ts";
import { newId, newNonce } from "../control/control.ts";
import type { Blobs, Home, Judges, Mirrors, Records } from "../control/parts.ts";
import { showToJudges } from "../control/show-to-judges.ts";
import { buildCanary, type Choose } from "./build-canary.ts";
import { judgeSetup } from "./judge-setup.ts";
import { choosePayload } from "./mutate/payloads.ts";
import { injections, knownBad, knownGood, type Planting } from "./mutate/sites.ts";
import { type OpenedChange, openChange, type PastChange, pastChanges } from "./past-changes.ts";
import { manifestOrNull, unlessSpoiled } from "./spoiled-blobs.ts";
import { createSyntaxErrorCount } from "./syntax-errors.ts";

/** How many past changes are kept open. */
const openChangesMax = 200;
/** How often a build is tried per defect, in all and per past change; then the next past change follows. */
const triesMax = 40;
const triesInChangeMax = 5;

/** How many patches are built before other pending work gets its turn. */
const patchesPerTurn = 20;

interface PlantingChoice {
  readonly past: OpenedChange;
  readonly planting: Planting;
  /** The judges that have not been asked this question yet. */
  readonly asks: readonly Family[];
}
type PlantWork = Extract<JudgeWork, { kind: "PlantCanary" }>;

export interface Planter {
  /** Returns `PlantCanary`. Throws a Fault `nothing-to-plant` if no past change has a place left for this kind. */
  plant(work: PlantWork): Promise<CommandBody>;
}

export function createPlanter(
  control: Home & Blobs & Mirrors & Records & Judges,
  pick: Choose = (below) => randomInt(Math.max(1, below)),
): Planter {
  const opened = new Map<string, Promise<OpenedChange | null>>();
  const patchOfBundle = new Map<string, string>();
  /** Each patch that was tried here, with its number of canaries in the log then. At the same number it can't be built, or its canary is on its way. */
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

  /** Digest of a planted bundle's patch. */
  function patchOf({ bundle }: CanaryState): string {
    const known = patchOfBundle.get(bundle.digest);
    if (known !== undefined) return known;
    const digest = manifestOrNull(bundle.digest, control)?.entries.patch?.digest ?? "";
    patchOfBundle.set(bundle.digest, digest);
    return digest;
  }

  async function plant(work: PlantWork): Promise<CommandBody> {
    const canaries = control.log.views.canaries();
    const timesPlanted = countsBy(canaries, patchOf);
    const present = canaries.filter((canary) => askedNow(canary, control).length > 0);
    const asked = askedByPatch(present, patchOf, control);
    const unasked = (digest: string) =>
      configuredFamilies(control.configuration).filter((family) => asked.get(digest)?.has(family) !== true);
    const ofKind = present.filter(({ planted }) => planted === work.planted);
    const inChange = countsBy(ofKind, ({ source }) => source.bundle_digest);
    const ofClass = countsBy(ofKind, ({ planted_class }) => planted_class);
    // Picks changes, not places: a long change has more places, so the size of a request would give it away.
    const pasts = shuffled(pastChanges(control.log.views), pick)
      .filter(({ landed }) => landed || work.planted !== "known-good")
      .toSorted((left, right) => inChange(left.bundleDigest) - inChange(right.bundleDigest));
    let [tries, plantings] = [0, 0];
    for (const each of pasts) {
      const past = tries < triesMax ? await open(each) : null;
      const found = past === null ? [] : shuffled(plantingsOf(work.planted, past, pick), pick);
      let triesHere = 0;
      for (const planting of found.toSorted(
        (left, right) => ofClass(left.plantedClass) - ofClass(right.plantedClass),
      )) {
        if (past === null || tries >= triesMax || triesHere >= triesInChangeMax) break;
        const patch = planting.patch();
        if (patch === null) continue;
        plantings += 1;
        if (plantings % patchesPerTurn === 0) await setImmediate();
        const digest = sha256(patch);
        const asks = unasked(digest);
        const time = `${digest} ${timesPlanted(digest)}`;
        if (asks.length === 0 || underWay.has(time)) continue;
        tries += 1;
        triesHere += 1;
        underWay.add(time);
        const manifest = await unlessSpoiled(() => buildCanary(past, patch, { control, pick, countSyntaxErrors }));
        if (manifest !== null)
          return commandFor(work, { past, planting, asks, bundle: storedBundle(manifest, control) });
      }
    }
    throw new Fault("nothing-to-plant", whyNothing(work.planted, pasts.length, plantings));
  }

  return { plant };
}

function storedBundle(manifest: Parameters<typeof showToJudges>[2], control: Home & Blobs): CanaryState["bundle"] {
  const bundle = control.blobs.put(canonicalJson(manifest), "application/json");
  showToJudges(control, bundle, manifest);
  return bundle;
}

function commandFor(
  work: PlantWork,
  { past, planting, asks, bundle }: PlantingChoice & { bundle: CanaryState["bundle"] },
): CommandBody {
  return {
    kind: "PlantCanary",
    canary_id: newId("c") as CanaryState["canary_id"],
    audit_id: work.audit_id as CanaryState["audit_id"],
    beside: work.beside,
    source: { task_id: past.task.task_id as never, bundle_digest: past.bundleDigest },
    planted: planting.planted,
    planted_class: planting.plantedClass,
    bundle,
    verdict_nonces: Object.fromEntries(asks.map((family) => [family, newNonce()])),
  };
}

/** The configured judges that this canary asks or has asked. Only an added judge, a new model or a new prompt makes the same patch a new question. */
function askedNow(canary: CanaryState, control: Judges): Family[] {
  const { models, promptDigest } = judgeSetup(control, control.policy());
  return families.filter((family) => {
    if (canary.verdict_nonces[family] === undefined || models[family] === undefined) return false;
    const verdict = canary.verdicts.find((verdict) => verdict.family === family);
    if (verdict === undefined) return true;
    return verdict.model === models[family] && verdict.prompt_digest === promptDigest && isAnswer(verdict);
  });
}

function plantingsOf(kind: PlantedKind, { source }: OpenedChange, pick: Choose): Planting[] {
  switch (kind) {
    case "known-bad":
      return knownBad(source);
    case "known-good":
      return knownGood(source);
    case "injection":
      return injections(source, choosePayload(pick));
  }
}

function whyNothing(kind: PlantedKind, pasts: number, plantings: number): string {
  if (plantings > 0) return `nothing to plant: every place for ${kind} in this home's past changes is already used`;
  if (pasts > 0) return `nothing to plant: no past change of this home has a line that suits ${kind}`;
  return kind === "known-good"
    ? "nothing to plant: a harmless twin needs a change that landed, and none has; run a mission first"
    : "nothing to plant: no bundle with green checks has been shown to judges yet; run a mission first";
}

function countsBy<T>(list: readonly T[], keyOf: (item: T) => string): (key: string) => number {
  const groups = Map.groupBy(list, keyOf);
  return (key) => groups.get(key)?.length ?? 0;
}

function shuffled<T>(list: readonly T[], pick: Choose): T[] {
  const result = [...list];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = pick(index + 1);
    const [left, right] = [result[index], result[other]];
    if (left !== undefined && right !== undefined) [result[index], result[other]] = [right, left];
  }
  return result;
}

/** The judges that were asked about each patch. */
function askedByPatch(
  canaries: readonly CanaryState[],
  patchOf: (canary: CanaryState) => string,
  control: Judges,
): ReadonlyMap<string, ReadonlySet<Family>> {
  const byPatch = Map.groupBy(canaries, patchOf);
  return new Map([...byPatch].map(([patch, of]) => [patch, new Set(of.flatMap((one) => askedNow(one, control)))]));
}
