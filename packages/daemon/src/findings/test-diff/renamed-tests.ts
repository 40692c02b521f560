/**
 * Finds tests that a change only gave another title: of the same group, with all that they checked before. Nothing in the file may be able to tell them by
 * their titles. Pure.
 */
import type { TestCase, TestFile, TestTitle } from "./syntax/test-file.ts";

/** What asks for the title of the test that runs, or stores something under it. */
const readsTitles =
  /snapshot|approv|currentTest|getState|titlePath|fullTitle|fullName|\b(?:test|task|t|ctx|context|this|info|testInfo)\s*\.\s*(?:title|name)\b|request\s*\.\s*(?:node|function)|methodName|\.\s*id\s*\(|co_name|PYTEST_CURRENT_TEST|\binspect\b|load_tests|__all__|\bglobals\b|\bgetattr\b/iu;

/** Each renamed test with its new version. `isKept`: the new version checks all that the old one does. */
export function renamedTests(
  { before, after }: { before: TestFile; after: TestFile },
  { removed, added }: { removed: readonly TestCase[]; added: readonly TestCase[] },
  isKept: (old: TestCase, young: TestCase) => boolean,
): Map<TestCase, TestCase> {
  const found = new Map<TestCase, TestCase>();
  if (removed.length === 0 || readsTitles.test(before.text) || readsTitles.test(after.text)) return found;
  const free = new Set(added.filter(({ title }) => isOnlyTitle(title, after.text, before.text)));
  for (const old of removed) {
    if (!isOnlyTitle(old.title, before.text, after.text)) continue;
    const fitting = [...free].filter(({ title }) => title !== null && title.group === old.title?.group);
    const young = fitting.find(({ whole }) => whole === old.whole) ?? fitting.find((one) => isKept(old, one));
    if (young === undefined) continue;
    free.delete(young);
    found.set(old, young);
  }
  return found;
}

/** The title stands once in its version of the file, as a whole text or name, and not in the other version. */
function isOnlyTitle(title: TestTitle | null, own: string, other: string): boolean {
  return title !== null && title.text !== "" && countOf(title, own) === 1 && countOf(title, other) === 0;
}

function countOf({ text: title, isName }: TestTitle, text: string): number {
  let count = 0;
  for (let at = text.indexOf(title); at !== -1; at = text.indexOf(title, at + 1)) {
    const around = [text[at - 1] ?? "", text[at + title.length] ?? ""];
    if (isName ? !around.some((one) => /\w/u.test(one)) : around.every((one) => /["'`]/u.test(one))) count += 1;
  }
  return count;
}
