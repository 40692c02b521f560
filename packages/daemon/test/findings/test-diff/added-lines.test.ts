/** Tells which changes of a text with rows only add rows. */

import { expect, it } from "vitest";
import { addsOnlyLines } from "../../../src/findings/test-diff/added-rows.ts";

const table = "# from to at minutes\nLYS PAR 05:45 150\nLYS PAR 06:30 120\nPAR HAM 09:00 540\n\nMRS TLN 09:40 80\n";
const samples = "01:00 1.5\n02:00 2.25\n03:00 3.5\n";

it.each<[string, string, string, string]>([
  ["a row at the end", "a/times.txt", table, `${table}PAR HAM 14:00 260\n`],
  [
    "a row between others, with a comment",
    "times.lines",
    table,
    table.replace("PAR HAM", "# the night\nPAR BRE 22:05 600\nPAR HAM"),
  ],
  ["a setting under a new key", "a/rates.txt", "ab: 1 x\nac: 2 x\nad: 3 x\n", "ab: 1 x\nac: 2 x\nad: 3 x\nae: 4 x\n"],
  ["a row whose name says nothing", "a/blocs.txt", samples, `${samples}04:00 4.5\n`],
  ["a row behind a line that did not end", "a/blocs.txt", samples.trimEnd(), `${samples}04:00 4.5\n`],
  ["a row with more blanks", "a/blocs.txt", samples, `${samples}04:00 \t 4.5\n`],
  [
    "as many rows as are read",
    "a/blocs.txt",
    samples,
    samples + Array.from({ length: 200 }, (__, at) => `${at + 10}:01 1.5\n`).join(""),
  ],
  ["rows with keys of their own", "a/brest.heights", samples, samples.replace("02:00", "01:30 1.75\n02:00")],
])("a text with rows only grows by %s", (_, path, before, after) => {
  expect(addsOnlyLines(path, before, after)).toBe(true);
});

it.each<[string, string, string, string]>([
  ["a changed row", "times.txt", table, table.replace("540", "545")],
  ["a changed row at the end", "times.txt", table, table.replace("09:40 80", "09:50 90")],
  ["a row less", "times.txt", table, table.replace("MRS TLN 09:40 80\n", "")],
  ["nothing", "times.txt", table, table],
  ["a row before all others", "times.txt", table, `LYS PAR 05:00 1\n${table}`],
  ["a row twice", "times.txt", table, `${table}LYS PAR 05:45 150\n`],
  ["a row of another form", "times.txt", table, `${table}LYS PAR 05:45\n`],
  ["a row of a rare form", "times.txt", "a 1\nb 2\n3 c\n", "a 1\nb 2\n3 c\nd 3\n"],
  ["a row that may replace another", "a/brest.heights", samples, `${samples}02:00 9.5\n`],
  ["a line that may decide about others", "times.txt", `${table}a b\nc d\ne f\n`, `${table}a b\nc d\ne f\nskip rest\n`],
  ["a comment that may decide about others", "times.txt", table, `${table}# skip what follows\n`],
  ["a comment where there was none", "a.txt", samples, `${samples}# more\n`],
  ["a comment of another form", "times.txt", table, `${table}; more by night\n`],
  ["a comment without a blank", "times.txt", `// from\n${samples}`, `// from\n${samples}//04:00 4.5\n`],
  ["signs without words", "a.txt", "- -\n- -\n- -\n", "- -\n- -\n- -\n-  -\n"],
  [
    "control characters that it has",
    "times.txt",
    table.replaceAll("\n", "\r\n"),
    `${table}PAR HAM 14:00 260\n`.replaceAll("\n", "\r\n"),
  ],
  ["only blanks", "a.txt", "a\n\n\n\nb\n", "a\n\n\n\n\nb\n"],
  ["a control character", "times.txt", table, `${table}PAR HAM 14:00 260\r\n`],
  ["JSON", "a.json", samples, `${samples}04:00 4.5\n`],
  ["settings", ".times", samples, `${samples}04:00 4.5\n`],
  ["a file without an ending", "Procfile", samples, `${samples}04:00 4.5\n`],
  ["what is to be installed", "requirements.txt", "a==1\nb==2\nc==3\n", "a==1\nb==2\nc==3\nd==4\n"],
  ...["a.zig", "a.sh", "a.nix", "a.bzl", "a.pth", "a.R", "a.exs", "a.ml", "a.sql", "a.py", "CMakeLists.txt"].map(
    (path): [string, string, string, string] => [`code (${path})`, path, samples, `${samples}04:00 4.5\n`],
  ),
  ...[
    "constraints-dev.txt",
    "requirements/dev.txt",
    "a/skipped.txt",
    "known.lines",
    "expected_rows.txt",
    "whitelist/a.txt",
  ].map((path): [string, string, string, string] => [`what decides (${path})`, path, samples, `${samples}04:00 4.5\n`]),
  ["single words", "a.txt", "ab\ncd\nef\n", "ab\ncd\nef\ngh\n"],
  ["a setting that lines repeat", "a.txt", "ab: 1 x\nab: 2 x\nac: 3 x\n", "ab: 1 x\nab: 2 x\nac: 3 x\nab: 4 x\n"],
  ["an assignment that lines repeat", "a.txt", "ab = 1\nab = 2\nac = 3\n", "ab = 1\nab = 2\nac = 3\nab = 4\n"],
  ["too much", "a.txt", samples, samples + Array.from({ length: 201 }, (__, at) => `${at + 10}:01 1.5\n`).join("")],
])("a change of a text with rows is more than an addition: %s", (_, path, before, after) => {
  expect(addsOnlyLines(path, before, after)).toBe(false);
});
