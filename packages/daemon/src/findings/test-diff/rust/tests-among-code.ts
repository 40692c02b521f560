/**
 * Cuts out Rust's tests, which are kept in source files, by their test attribute, so that the rest counts as code. It works by line and bracket,
 * approximately but alike before and after. Pure.
 */

/** Whether a line begins with an attribute of tests: `#[test]`, `#[tokio::test(…)]`, `#[cfg(all(test, unix))]`. In linear time. */
function beginsWithTestAttribute(line: string): boolean {
  const head = /^\s*#\[\s*(?:cfg\s*\(|(?:\w+\s*::\s*)*test\b)/.exec(line)?.[0];
  if (head === undefined) return false;
  const isCondition = head.endsWith("(");
  const rest = line.slice(head.length);
  const end = rest.lastIndexOf(isCondition ? ")]" : "]");
  return end >= 0 && (!isCondition || /\btest\b/.test(rest.slice(0, end)));
}

/** The tests of a source file, in order; null if files of that name never contain tests. */
export function testsAmongCode(path: string, text: string | null): string | null {
  if (text === null || !path.endsWith(".rs") || !text.includes("test")) return null;
  const kept: string[] = [];
  let depth = 0;
  let hasBegun = false;
  let isInside = false;
  for (const line of text.split("\n")) {
    if (!isInside && beginsWithTestAttribute(line)) {
      isInside = true;
      hasBegun = false;
      depth = 0;
    }
    if (!isInside) continue;
    kept.push(line);
    const code = line.replace(/\/\/.*$/, "").replace(/^\s*#\[.*?\]/, "");
    for (const [bracket] of code.matchAll(/[{}]/g)) {
      depth += bracket === "{" ? 1 : -1;
      hasBegun = true;
    }
    // `mod tests;` and `use super::*;` have no block.
    if (hasBegun ? depth <= 0 : code.trimEnd().endsWith(";")) isInside = false;
  }
  return kept.length === 0 ? null : `${kept.join("\n")}\n`;
}
