/** Tells which kind of change a request asks for: by what it names and by the verb that comes first. */
import type { Concept } from "../lexicon/lexicon.ts";
import type { RequestKind } from "../lexicon/request-kind.ts";
import type { AnchorKind, TextAnchor } from "../reading/anchors.ts";
import { isQuestion } from "./question.ts";
import { entriesOf, namedOf, type Reading, type Sentence } from "./reading.ts";
import { endOf, marksOf } from "./sentence.ts";

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

/** What a request asks for: a kind of change, or the answer to a question. */
export function kindOf(reading: Reading): RequestKind {
  if (isQuestion(reading)) return "question";
  const has = (...concepts: readonly Concept[]) => entriesOf(reading, ...concepts).length > 0;
  const first = firstVerb(reading);
  if (first === "rename") return "rename";
  // "We don't use it any more, delete it."
  if (has("remove") && (has("unused") || (first === "refactor" && !has("into", "refactor", "move")))) return "removal";
  if (has("upgrade") && (has("dependency") || namedOf(reading, versions).length > 0)) return "upgrade";
  if (namedOf(reading, traces).length > 0 || has("typo")) {
    if (has("testNoun") && first === "feature") return "test";
    // "Add `Range()`. It raises ValidationError otherwise" names the wanted error.
    return beginsWithAdding(reading) && !has("typo", "broken") ? "feature" : "fix";
  }
  if (has("testNoun") && !has("unchanged") && (first === "feature" || first === null)) return "test";
  const ordinary = first === null || first === "perf" || first === "feature";
  if (has("speed") && (ordinary || namedOf(reading, measures).length > 0)) return "perf";
  if (ordinary && reading.sentences.some(writesDocument)) return "docs";
  if (has("docNoun") && (has("document") || first === "feature" || first === null)) return "docs";
  if (first !== null) return first;
  if (has("document")) return "docs";
  return has("broken") || has("symptom") ? "fix" : "chore";
}

const documentPath = /(?:\.(?:mdx?|rst|adoc)|^(?:README|CHANGELOG|CONTRIBUTING|LICENSE)|^docs?\/.*)$/iu;
/** The most characters between a verb and the document that it writes to: "add to README.md that …". */
const betweenCharactersMax = 12;

/** True for a file that people read. */
export function isDocument({ kind, text }: TextAnchor): boolean {
  return kind === "path" && documentPath.test(text);
}

/** "Write in docs/usage.md that …": a sentence that begins with the text to add to a document. */
function writesDocument(sentence: Sentence): boolean {
  return sentence.found.add.some((verb) => {
    if (verb.dense || verb.at > 2) return false;
    const from = endOf(sentence, verb);
    return marksOf(sentence).some(
      ({ anchor, at }) => isDocument(anchor) && at >= from && at - from <= betweenCharactersMax,
    );
  });
}

function beginsWithAdding({ found: { add } }: Reading): boolean {
  return add.some(({ at }) => at === 0);
}

function firstVerb({ found }: Reading): RequestKind | null {
  let best: { readonly kind: RequestKind; readonly at: number } | null = null;
  for (const [kind, concept] of kindOfVerb)
    for (const { at } of found[concept]) if (best === null || at < best.at) best = { kind, at };
  return best?.kind ?? null;
}
