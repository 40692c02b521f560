/**
 * Tells whether a conftest.py only gains fixtures. Such a file does for the tests that do not ask for them what it did before, although it decides how pytest
 * runs (THREATS T9). Reads lines, not syntax, and takes no for an answer wherever a line could mean more than it says. Pure; the texts are hostile.
 */

const lineCharactersMax = 1000;
const linesMax = 5000;
const decorator = /^@pytest\.fixture(?:\((?:scope="[a-z]+")?\))?$/;
const definition = /^(?:async )?def ([a-z]\w*)\((?:\w+(?:: [\w.]+)?(?:, \w+(?:: [\w.]+)?)*)?\)(?: -> [\w.]+)?:$/;
/** Names that pytest looks for by themselves. */
const meaning = /^(?:pytest_|set_?up|tear_?down)/;

export function isConftest(path: string): boolean {
  return /(?:^|\/)conftest\.py$/.test(path);
}

/** Whether `after` is `before` with one block of fixtures put in, none of which is used without being asked for. */
export function onlyGainsFixtures(before: string, after: string): boolean {
  const [old, young] = [linesOf(before), linesOf(after)];
  const gained = young.length - old.length;
  if (gained <= 0 || young.length > linesMax || young.some((line) => line.length > lineCharactersMax)) return false;
  if (!old.includes("import pytest")) return false;
  const same = (from: number, to: number) => old[from] === young[to];
  let first = 0;
  while (first < old.length && same(first, first)) first += 1;
  let rest = 0;
  while (rest < old.length && same(old.length - 1 - rest, young.length - 1 - rest)) rest += 1;
  // The same text can be put in at several places: before or behind equal lines.
  for (let at = Math.max(0, old.length - rest); at <= first; at += 1)
    if (isBetweenBlocks(old, at) && areFixtures(young.slice(at, at + gained))) return true;
  return false;
}

/** A last line without an end has one: what follows starts a line of its own. */
function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Whether a statement may start here: the line before ends a block, and the next one starts another. */
function isBetweenBlocks(lines: readonly string[], at: number): boolean {
  const last = lines.slice(0, at).findLast((line) => line.trim() !== "");
  const next = lines.slice(at).find((line) => line.trim() !== "");
  const isEnd = last === undefined || !/^@|[\\,([{]$/.test(last);
  return isEnd && (next === undefined || /^[\w@#]/.test(next)) && !isInText(lines.slice(0, at));
}

function areFixtures(lines: readonly string[]): boolean {
  let state: "between" | "decorated" | "head" | "body" = "between";
  for (const line of lines) {
    if (/\\$|'''|\t|\r|\f/.test(line)) return false;
    if (line.trim() === "") continue;
    if (line.startsWith(" ")) {
      if (state !== "head" && state !== "body") return false;
      state = "body";
    } else if (state === "decorated") {
      const name = definition.exec(line)?.[1];
      if (name === undefined || meaning.test(name)) return false;
      state = "head";
    } else if (state === "head" || !decorator.test(line)) return false;
    else state = "decorated";
  }
  return state === "body" && !isInText(lines);
}

/** Whether a text between three quotes is open at the end; also where that can't be told. */
function isInText(lines: readonly string[]): boolean {
  let isOpen = false;
  for (const line of lines) {
    if (line.includes("'''")) return true;
    const quotes = line.split('"""').length - 1;
    if (quotes === 0) continue;
    const text = line.trim();
    const isPlain = isOpen ? quotes === 1 && text.endsWith('"""') : text.startsWith('"""') && quotes <= 2;
    if (!isPlain || (quotes === 2 && !text.endsWith('"""'))) return true;
    if (quotes === 1) isOpen = !isOpen;
  }
  return isOpen;
}
