/** Runs aedev's checks on one honest commit, and reports the result of near calls and variants (ADR 0037) and of the other repeated calls. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  type OutsideReplay,
  outsideReplaySchema,
  type Provenness,
  provennessSchema,
  reasonText,
} from "@aedev/contracts";
import { unneededFacts } from "../../packages/core/src/gate/ask-reasons.ts";
import { replayFacts } from "../../packages/core/src/gate/replay-rules.ts";
import { rootedMatcher } from "../../packages/host/src/globs.ts";
import { replayLanguageOf } from "../../packages/runner/src/checks/replay/languages.ts";
import type { Laboratory } from "../../packages/runner/test/checks/laboratory.ts";
import { type Clone, filesInto, type HonestCommit, patchOf } from "./history.ts";
import { limits } from "./limits.ts";
import { type Green, greenSettings, proposedSettings, tryInLaboratory } from "./settings.ts";

export interface Measured {
  repository: string;
  commit: string;
  subject: string;
  /** `left-out`: its base is not green here, or it changes no code with tests. */
  outcome: "left-out" | "clear" | "asked" | "held";
  /** For example `near: broken-rule`, `calls: other-inputs`, `variants: control-failed`; for a commit left out, the cause. */
  reasons: string[];
  /** As a person would read them. */
  sentences: string[];
  /** Number of functions whose repeated calls gave the same results, and of those left out, by reason. Null if only files were read. */
  functions: { same: number; left_out: Readonly<Record<string, number>> } | null;
  /** Number of tests that were shown able to fail, and of the others, by reason. Null if only files were read. */
  tests: { proven: number; unproven: Readonly<Record<string, number>> } | null;
  /** `measured`, or why it was not. Null if only files were read. */
  coverage: string | null;
  /** Null if no changed line has a part that can be left out, or only files were read. */
  variants: { tried: number; untried: number } | null;
}

const nearPlaces: ReadonlySet<string> = new Set(["broken-rule", "new-rule"]);

/** `known`: earlier trials' results for proposed settings; it grows. */
export async function measureCommit(
  laboratory: Laboratory,
  { clone, honest, known }: { clone: Clone; honest: HonestCommit; known: Map<string, Green | string> },
): Promise<Measured> {
  const { commit, parent, subject } = honest;
  const head = { repository: clone.name, commit, subject };
  const nothing = { sentences: [], functions: { same: 0, left_out: {} }, tests: null, coverage: null, variants: null };
  const leftOut = (why: string): Measured => ({ ...head, ...nothing, outcome: "left-out", reasons: [why] });
  const proposed = await proposedSettings(clone, parent);
  const isTest = rootedMatcher(proposed[0]?.tests ?? []);
  const isCode = (path: string) => replayLanguageOf(path) !== null && !isTest(path);
  if (!honest.paths.some(isTest) || !honest.paths.some(isCode)) return leftOut("no code with tests");
  const folder = join(laboratory.home, `files-${commit.slice(0, 12)}`);
  await filesInto(clone, parent, folder);
  const name = `honest-${commit.slice(0, 12)}`;
  const base = laboratory.repository(name, folder);
  rmSync(folder, { recursive: true });
  const key = JSON.stringify(proposed);
  const green =
    known.get(key) ??
    (await greenSettings(proposed, (one) => tryInLaboratory(laboratory, { name, base, settings: one })));
  known.set(key, green);
  if (typeof green === "string") return leftOut(green);
  const { settings } = green;
  const bytes = await patchOf(clone, honest);
  const result = await laboratory.check({ name, base, bytes, settings, limits });
  if (result.outcome !== "checked") return leftOut(`checks held: ${result.code} ${result.detail ?? ""}`);
  const read = (entry: string) => {
    const digest = result.manifest.entries[entry as keyof typeof result.manifest.entries]?.digest ?? "";
    return JSON.parse(Buffer.from(laboratory.context.blobs.get(digest)).toString("utf8")) as unknown;
  };
  const replay = outsideReplaySchema.parse(read("replay"));
  const provenness = provennessSchema.parse(read("provenness"));
  if (replay.not_replayed === "checks-not-green") return leftOut("its tests are not green here");
  const held = replayFacts({ replay }, "differs");
  const asked = [...replayFacts({ replay }, "unsure"), ...unneededFacts({ provenness })];
  const { unneeded } = provenness;
  return {
    ...head,
    outcome: held.length > 0 ? "held" : asked.length > 0 ? "asked" : "clear",
    reasons: [...new Set([...callReasons(replay), ...variantReasons(provenness)])],
    sentences: [...held, ...asked].map((fact) => reasonText(fact)),
    functions: {
      same: replay.functions.filter(({ outcome: one }) => one === "same").length,
      left_out: countsOf(replay.functions.flatMap(({ left_out: why }) => why ?? [])),
    },
    tests: { proven: provenness.proven, unproven: countsOf(provenness.unproven.map(({ reason }) => reason)) },
    coverage: provenness.coverage_missing ?? "measured",
    variants: unneeded === null ? null : { tried: unneeded.tried, untried: unneeded.untried },
  };
}

function countsOf(reasons: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const one of reasons) counts.set(one, (counts.get(one) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function callReasons({ functions, not_replayed: why }: OutsideReplay): string[] {
  const found = functions.flatMap(({ outcome, difference }) =>
    difference !== null && (outcome === "differs" || outcome === "unsure")
      ? [`${nearPlaces.has(difference.place) ? "near" : "calls"}: ${difference.place}`]
      : [],
  );
  return why === "no-answer" ? [...found, "calls: no-answer"] : found;
}

function variantReasons(provenness: Provenness): string[] {
  if (unneededFacts({ provenness }).length === 0) return [];
  return [`variants: ${provenness.unneeded?.why_untried ?? "unneeded-code"}`];
}
