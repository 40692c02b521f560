/**
 * Tells whether the request breaks tests of the base, rather than a mistake in the change: then a person is asked whether these tests may change. Pure.
 * It reads only what the person wrote, the tests' source and the changed code, nothing that a coder or a judge says.
 */
import type { TestChanges } from "@aedev/contracts";
import { textParts, unitsOf } from "@aedev/contracts/words";
import { isResultOf } from "./checks/result-names.ts";
import { type SpecificationText, specificationText } from "./test-rules.ts";

/** A test of the base that fails with the change's code. `source`: its text in the base; null if it was not found. */
export interface BrokenTest {
  readonly name: string;
  readonly source: string | null;
  /** True if the change edits or removes the test. A coder may do that to hide a mistake, so only the words of the request count then. */
  readonly isEdited: boolean;
}
export interface BrokenEvidence {
  readonly specification: SpecificationText;
  readonly tests: readonly BrokenTest[];
  /** True if the change's own tests show behaviour that the base does not have. */
  readonly provesNew: boolean;
  /** The changed lines of code outside tests, with the lines around them. */
  readonly changedCode: string;
}

/** True if the request mentions at least half of these tests. */
export function doesRequestBreak(evidence: BrokenEvidence): boolean {
  const { tests, specification } = evidence;
  const text = specificationText(specification);
  const mentioned = tests.filter((test) => isMeant(test, { ...evidence, text }));
  return mentioned.length > 0 && mentioned.length * 2 >= tests.length;
}

/** Whether a change edits or removes the test with this name. */
export function editsTest(name: string, { files }: TestChanges): boolean {
  return files.some(({ path, status, changed_tests, findings, renamed_tests }) => {
    if (status === "added") return false;
    const touched = [
      ...changed_tests,
      ...findings.flatMap(({ test }) => test ?? []),
      ...renamed_tests.map(({ from }) => from),
    ];
    return (
      touched.some((test) => isResultOf(name, { paths: [path], name: test })) ||
      (status === "deleted" && name.includes(path))
    );
  });
}

function isMeant({ name, source, isEdited }: BrokenTest, evidence: BrokenEvidence & { text: string }): boolean {
  if (hasTitle(evidence.text, name)) return true;
  if (source === null) return false;
  return (
    asksOtherwise(evidence.text, source) || (evidence.provesNew && !isEdited && isOfNamedFunction(source, evidence))
  );
}

/** Words of a sentence that asks to leave something as it is. */
const keepWords = /\b(?:still|keeps?|unchanged|as before|must not break|weiterhin|unverändert|nach wie vor)\b/iu;

/** Whether the request has every word of the test's title, in any form, outside sentences that ask to leave something as it is. A title of one word is too short to tell. */
function hasTitle(text: string, name: string): boolean {
  const title = wordsIn(name.split(" > ").at(-1) ?? name);
  const requestWords = wordsIn(
    textParts(text)
      .filter((part) => !keepWords.test(part.text.replaceAll(/\s+/gu, " ")))
      .map((part) => part.text)
      .join(" "),
  );
  return title.length >= 2 && title.every((part) => requestWords.some((other) => isAlike(part, other)));
}

const smallWords = new Set(
  "test tests should a an and as at by for from if in into is it of on or the to with when der die das und von zu mit".split(
    " ",
  ),
);

function wordsIn(text: string): string[] {
  const spaced = text.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").replaceAll("_", " ");
  return (spaced.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((found) => !smallWords.has(found));
}

/** Forms of one word differ at their end: `splits`, `splitting`. */
function isAlike(first: string, second: string): boolean {
  if (first === second) return true;
  const stem = (text: string) => text.replace(/(?:ies|es|s|ed|ing|en|er|e|y)$/u, "");
  const [short = "", long = ""] = [stem(first), stem(second)].sort((a, b) => a.length - b.length);
  return short.length >= 3 && long.startsWith(short) && long.length - short.length <= 2;
}

/** The words between a call and its result: `must return`, `is`, `=>`. */
const resultWords =
  /^\s*(?:(?:must|should|shall|will|has to|needs to|is to|muss|soll|sollte)\s+)?(?:(?:now|still|jetzt)\s+)?(?:(?:returns?|gives?|yields?|equals?|throws?|prints?|becomes?|evaluates to|is|be|ergibt|liefert|gibt)\s+|(?:===?|=>|->|→)\s*)(?:an?\s+)?/iu;

/** Whether the request gives a result for a call of this test, and the test does not have that result. */
function asksOtherwise(text: string, source: string): boolean {
  const inTest = withoutLayout(source);
  return callsIn(text).some(({ call, after }) => {
    const found = resultWords.exec(after);
    if (found === null || !inTest.includes(withoutLayout(call))) return false;
    const value = valueAt(after.slice(found[0].length));
    return value !== "" && !inTest.replaceAll(withoutLayout(call), "").includes(withoutLayout(value));
  });
}

/** The string, list, object, number or error name that a text starts with; empty for a plain word. */
function valueAt(text: string): string {
  const unit = unitsOf(text).find(({ at, kind }) => at === 0 && kind !== "group");
  if (unit !== undefined) return text.slice(0, unit.end);
  const value = /^(?:\[[^\]]*\]|\{[^}]*\}|-?\d+(?:\.\d+)?|\p{Lu}[\p{L}\p{N}]+|true|false|null|undefined|nil)/u.exec(
    text,
  );
  return value?.[0] ?? "";
}

function callsIn(text: string): { call: string; after: string }[] {
  const bare = text.replaceAll("`", "");
  return unitsOf(bare)
    .filter(({ kind }) => kind === "call")
    .map(({ at, end }) => ({ call: bare.slice(at, end), after: bare.slice(end) }))
    .filter(({ call }) => !/\(\s*\)$/u.test(call));
}

/** Removes differences of layout and of the kind of quotes. */
function withoutLayout(text: string): string {
  return text.replaceAll(/['"`]/gu, '"').replaceAll(/\s+/gu, "");
}

/** Functions that tests call to run and compare. A request may use their names in any sense. */
const ofTests = new Set(
  "test it describe expect assert ok equal equals eq strictequal notequal deepequal deepstrictequal is same truthy falsy throws rejects raises require import tobe toequal assertequal assertraises assert_eq fatal error errorf fatalf run print len str list dict set new then map filter".split(
    " ",
  ),
);

/** Whether the test calls a function that the request names and the change edits. */
function isOfNamedFunction(source: string, { text, changedCode }: { text: string; changedCode: string }): boolean {
  // A file's name says nothing about a function of the same name.
  const withoutPaths = text.replaceAll(
    /[\p{L}\p{N}_.-]*\/[\p{L}\p{N}_./-]*|[\p{L}\p{N}_-]+\.(?:[cm]?[jt]sx?|py|go|rs|rb)\b/gu,
    " ",
  );
  const called = new Set([...source.matchAll(/([\p{L}_$][\p{L}\p{N}_$]{2,})\s*\(/gu)].map(([, name = ""]) => name));
  return [...called].some(
    (name) =>
      !ofTests.has(name.toLowerCase()) && mentions(changedCode, name, "u") && mentions(withoutPaths, name, "iu"),
  );
}

function mentions(text: string, name: string, flags: string): boolean {
  return new RegExp(`(?<![\\p{L}\\p{N}_$])${name.replaceAll("$", "\\$")}(?![\\p{L}\\p{N}_$])`, flags).test(text);
}
