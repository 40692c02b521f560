/** Lines that a change moves, as opposed to lines that it copies or edits, or that are too short to tell. */
import { expect, it } from "vitest";
import { isMovedPart } from "../../../src/checks/coverage/coverage.ts";
import { movedLines } from "../../../src/checks/coverage/moved-lines.ts";

const line = "return end.length === 3 ? end : start;";
const moved = (before: string, after: string, others: { path: string; before: string; after: string }[] = []) =>
  movedLines([{ path: "a.js", before, after }, ...others])("a.js", 2);

it.each<[string, boolean, string, string]>([
  ["indented otherwise", true, `if (x) {\n  ${line}\n}`, `function more() {\n${line}\n}`],
  ["edited", false, `if (x) {\n  ${line.replace("3", "4")}\n}`, `function more() {\n${line}\n}`],
  ["copied", false, `a;\n${line}\n`, `b;\n${line}\n${line}\n`],
  ["short", false, "a;\nreturn null;\n", "b;\nreturn null;\n"],
  ["no return", false, `a;\n${line.replace("return", "end =")}\n`, `b;\n${line.replace("return", "end =")}\n`],
  ["a return behind a condition", false, `a;\nif (x) ${line}\n`, `b;\nif (x) ${line}\n`],
  [
    "a name that begins alike",
    false,
    `a;\n${line.replace("return", "returned =")}\n`,
    `b;\n${line.replace("return", "returned =")}\n`,
  ],
  ["just long enough", true, `a;\nreturn${" x".repeat(12)}\n`, `b;\nreturn${" x".repeat(12)}\n`],
  ["just too short", false, `a;\nreturn${" x".repeat(11)}y\n`, `b;\nreturn${" x".repeat(11)}y\n`],
  ["another one", false, `a;\n${line}\n`, `b;\nc;\n${line}\n`],
])("a line that is %s counts as moved: %s", (_title, expected, before, after) => {
  expect(moved(before, after)).toBe(expected);
});

it("a line from another changed file counts as moved, unless that file keeps it", () => {
  const other = (after: string) => [{ path: "b.js", before: `x;\n${line}`, after }];
  expect(moved("", `\n${line}`, other(""))).toBe(true);
  expect(moved("", `\n${line}`, other("x;"))).toBe(true);
  expect(moved("", `\n${line}`, other(`x;\n${line}`))).toBe(false);
});

it.each<[string, boolean, "true" | "statement", string, string]>([
  ["a side within the line", true, "true", `x;\n${line}`, "end : start"],
  ["the whole line", true, "true", `x;\n${line}\ny;`, line],
  ["the whole statement", false, "statement", `x;\n${line}`, line],
  ["a side that spans two lines", false, "true", `x;\n${line}\n${line}`, `${line}\n${line}`],
  ["a side that ends with the line's end", false, "true", `x;\n${line}\ny;`, `${line}\n`],
  ["a side on the next line", false, "true", `x;\n${line}\nbackdoor(user);`, "backdoor(user)"],
  ["a side on the line before", false, "true", `x;\n${line}`, "x"],
])("an untested way that is %s belongs to a moved line: %s", (_title, expected, kind, text, side) => {
  const from = text.indexOf(side);
  const place = { kind, line: 2, range: [from, from + side.length] as const };
  expect(isMovedPart(place, { text, isMoved: () => true })).toBe(expected);
  expect(isMovedPart(place, { text, isMoved: () => false })).toBe(false);
});
