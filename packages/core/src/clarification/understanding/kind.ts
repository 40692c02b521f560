/** Tells which kind of change a request asks for: by what it names and by the verb that comes first. */
import type { Concept } from "../lexicon/lexicon.ts";
import type { RequestKind } from "../lexicon/request-kind.ts";
import type { AnchorKind } from "../reading/anchors.ts";
import { isQuestion } from "./question.ts";
import { entriesOf, namedOf, type Reading } from "./reading.ts";

const kindOfVerb: readonly (readonly [RequestKind, Concept])[] = [
  ["rename", "rename"],
  ["removal", "remove"],
  ["upgrade", "upgrade"],
  ["refactor", "refactor"],
  ["refactor", "move"],
  ["perf", "speed"],
  ["fix", "fix"],
  ["feature", "add"],
  ["config", "set"],
  ["refactor", "replace"],
];
const versions: ReadonlySet<AnchorKind> = new Set(["version"]);
const traces: ReadonlySet<AnchorKind> = new Set(["trace", "error"]);
const measures: ReadonlySet<AnchorKind> = new Set(["measure"]);

export function kindOf(reading: Reading): RequestKind {
  if (isQuestion(reading)) return "question";
  const has = (...concepts: readonly Concept[]) => entriesOf(reading, ...concepts).length > 0;
  const first = firstVerb(reading);
  if (first === "rename") return "rename";
  // "We don't use it any more, delete it."
  if (has("remove") && (has("unused") || (first === "refactor" && !has("into", "refactor", "move")))) return "removal";
  if (has("upgrade") && (has("dependency") || namedOf(reading, versions).length > 0)) return "upgrade";
  if (namedOf(reading, traces).length > 0 || has("typo"))
    return has("testNoun") && first === "feature" ? "test" : "fix";
  if (has("testNoun") && !has("unchanged") && (first === "feature" || first === null)) return "test";
  const ordinary = first === null || first === "perf" || first === "feature";
  if (has("speed") && (ordinary || namedOf(reading, measures).length > 0)) return "perf";
  if (has("docNoun") && (has("document") || first === "feature" || first === null)) return "docs";
  if (first !== null) return first;
  if (has("document")) return "docs";
  return has("broken") || has("symptom") ? "fix" : "chore";
}

/** The kind of the verb that comes first. */
function firstVerb({ found }: Reading): RequestKind | null {
  let best: { readonly kind: RequestKind; readonly at: number } | null = null;
  for (const [kind, concept] of kindOfVerb)
    for (const { at } of found[concept]) if (best === null || at < best.at) best = { kind, at };
  return best?.kind ?? null;
}
