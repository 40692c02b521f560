/**
 * Finds tests that a change only gave another title: of the same group, with all that they checked before. Nothing in the file may be able to tell them by
 * their titles. Pure.
 */
import type { TestCase, TestFile, TestTitle } from "@aedev/languages/shared/test-file";

/** What asks for the title of the test that runs, or stores something under it. */
const readsTitles = new RegExp(
  [
    "snapshot|approv|cassette|vcr|regression|golden|screenshot|betamax",
    "currentTest|getState|titlePath|fullTitle|fullName|methodName|PYTEST_CURRENT_TEST|load_tests|co_name|nodeid|_pyfuncitem|__name__",
    String.raw`\b(?:test|task|t|ctx|context|this|info|testInfo|item|definition)\s*(?:\(\s*\))?\s*\.\s*(?:title|name)\b`,
    String.raw`request\s*\.\s*(?:node|function)|\.\s*id\s*\(|\binfo\s*\(\s*\)|str\(self\)|\binspect\b|__all__|\bglobals\b|\bgetattr\b`,
    // A parameter that is taken apart: `({ task: { name } }) =>`.
    String.raw`\{\s*(?:task|name|title)\b[^\n]*=>`,
  ].join("|"),
  "iu",
);
/** A test of the file's own making, or another file's, can do anything with a title. */
const ownTests =
  /\b(?:function|const|let|var)\s+(?:it|test|specify)\b|\bimport\b[^;'"]*\b(?:it|test|specify)\b[^;'"]*from\s*["']\.|\b(?:it|test|specify)\b[^;\n=]*=\s*require\(\s*["']\./u;
/** Tags by which tests are chosen, and what separates the parts of a result's name. */
const tagged = /[@#[\]]| > /u;
/** Pairs whose versions are compared in full; more are read as new and removed tests. */
const comparedMax = 200;

/** Each renamed test with its new version. `isKept`: the new version checks all that the old one does. */
export function renamedTests(
  { before, after }: { before: TestFile; after: TestFile },
  { removed, added }: { removed: readonly TestCase[]; added: readonly TestCase[] },
  isKept: (old: TestCase, young: TestCase) => boolean,
): Map<TestCase, TestCase> {
  const found = new Map<TestCase, TestCase>();
  const areOpen = [before.text, after.text].some((text) => readsTitles.test(text) || ownTests.test(text));
  if (removed.length === 0 || added.length === 0 || areOpen) return found;
  let compared = 0;
  const free = new Set(added.filter(({ title }) => isOnlyTitle(title, after.text, before.text)));
  for (const old of removed) {
    if (!isOnlyTitle(old.title, before.text, after.text)) continue;
    const fitting = [...free].filter(({ title }) => title !== null && title.group === old.title?.group);
    const isComparable = compared + fitting.length <= comparedMax;
    const equal = fitting.find(({ whole }) => whole === old.whole);
    if (equal === undefined && isComparable) compared += fitting.length;
    const young = equal ?? (isComparable ? fitting.find((one) => isKept(old, one)) : undefined);
    if (young === undefined) continue;
    free.delete(young);
    found.set(old, young);
  }
  return found;
}

/** The title stands once in its version of the file, as a whole text or name, and not in the other version. */
function isOnlyTitle(title: TestTitle | null, own: string, other: string): boolean {
  return (
    title !== null &&
    title.text !== "" &&
    !tagged.test(title.text) &&
    countOf(title, own) === 1 &&
    countOf(title, other) === 0
  );
}

function countOf({ text: title, isName }: TestTitle, text: string): number {
  let count = 0;
  for (let at = text.indexOf(title); at !== -1; at = text.indexOf(title, at + title.length)) {
    const around = [text[at - 1] ?? "", text[at + title.length] ?? ""];
    if (isName ? !around.some((one) => /\w/u.test(one)) : around.every((one) => /["'`]/u.test(one))) count += 1;
  }
  return count;
}
