/** Which requests ask for other code that does the same. */
import { describe, expect, it } from "vitest";
import { readRequest } from "../src/understanding/reading.ts";
import { asksSameBehaviour } from "../src/understanding/same-behaviour.ts";

const asks = (text: string) => asksSameBehaviour(readRequest(text));

describe("a request for the same behaviour", () => {
  it.each([
    "Refactor parse() in lib/parse.js.",
    "refactor: extract helper",
    "refactor(parser): use endsWith",
    "Extract the rounding of total() in lib/cart.js into a helper.",
    "Move format() from lib/a.js to lib/b.js.",
    "Simplify the loop in src/queue.py",
    "Split lib/cart.js into two files without changing behaviour.",
    "Inline the variable `half` in median().",
    "Deduplicate the two branches of join()",
    "Rewrite the loop in total() as one pass. Results stay as they are: behaviour must not change.",
    "Speed up sort() in lib/sort.js without changing its behaviour.",
    "Refaktoriere parse() in lib/parse.js.",
    "Extrahiere die Rundung in eine Hilfsfunktion.",
  ])("is read as one: %s", (text) => {
    expect(asks(text)).toBe(true);
  });
  it.each([
    "Refactor parse() so that it also accepts semicolons.",
    "Refactor parse() and fix the empty list.",
    "refactor(parser): fix the empty list",
    "Extract a helper and add a limit of five to it.",
    "Replace the comma by a semicolon in split().",
    "Convert the price to cents: total() must return cents.",
    "Clean up join(): it should skip empty words.",
    "Move the button to the left.\nIt should be blue.",
    "Add Range() to lib/parse.js; existing tests pass.",
    "Fix the crash in parse().",
    "Make total() round to two places.",
    "Simplify errors: parse() throws RangeError instead of TypeError.",
    "Speed up sort() in lib/sort.js.",
    "Document parse().",
    "Upgrade lodash to 4.17.21",
    "Why is parse() slow?",
  ])("is not seen in: %s", (text) => {
    expect(asks(text)).toBe(false);
  });
});
