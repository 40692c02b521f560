/**
 * Malicious test reports: bombs in every format, and hostile texts as names of tests. They may kill the parser's process; the result is bounded, reports what
 * is missing, and never claims more passing tests than the text contains.
 */
import { reportedTestsMax } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { parseReport } from "../../packages/runner/src/checks/report/parse.ts";
import { type ReportFormat, reportFormats } from "../../packages/runner/src/checks/report/report.ts";
import { isNight } from "../support/is-night.ts";
import { corporaNote } from "./support/corpora.ts";
import { readPayloads, sting } from "./support/payloads.ts";
import { sample } from "./support/seeded.ts";

const checkout = "/workspace/repo";
const size = isNight ? 30_000_000 : 1_000_000;
const fill = (piece: string) => piece.repeat(Math.ceil(size / piece.length));

/** Texts that are too large or too deep, or that want something fetched or expanded. */
const bombs: readonly [name: string, text: string][] = [
  ["a million passes", `TAP version 13\n${fill("ok 1 - x\n")}1..${Math.ceil(size / 9)}\n`],
  ["one line without an end", fill("a")],
  ["lines without a word", fill("\n")],
  ["a document that is never closed", `<testsuites>${fill("<testsuite>")}`],
  ["entities", `<!DOCTYPE t [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><testsuites>${fill("&b;")}</testsuites>`],
  [
    "an entity from elsewhere",
    '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuites><testcase name="&x;"/></testsuites>',
  ],
  ["JSON without an end", fill("[")],
  ["JSON of one key", `{"a":${fill('{"a":')}`],
  ["events of a compiled language", fill('{"Action":"pass","Package":"p","Test":"T"}\n')],
  ["results of a compiled language", `running 1 test\n${fill("test a ... ok\n")}`],
  ["no text at all", Buffer.alloc(1_000, 0xff).toString("latin1")],
];

describe("a report that is a bomb", () => {
  it("is parsed within bounds and in time, in every format", { timeout: 1_200_000 }, async () => {
    let attempts = 0;
    for (const format of reportFormats)
      for (const [name, text] of bombs) {
        attempts += 1;
        const { tests, problem } = await parseReport(format, text, { checkout });
        expect(JSON.stringify(tests), name).not.toContain("root:");
        // The report is either broken or lists at most one test; a truncated report never counts as complete.
        expect(problem !== null || tests.length <= 1, `${format}: ${name}`).toBe(true);
        expect(tests.length, name).toBeLessThanOrEqual(reportedTestsMax);
      }
    console.log(`reports: ${attempts} bombs of ${size} characters, each bounded`);
    const honest = await parseReport("tap", "TAP version 13\nok 1 - a\nnot ok 2 - b\n1..2\n", { checkout });
    expect(honest.tests.map(({ result }) => result)).toEqual(["pass", "fail"]);
  });
});

describe("a hostile text as a test's name", () => {
  it("stays just a name, in every format", { timeout: 1_200_000 }, async () => {
    const payloads = sample(readPayloads(), isNight ? 400 : 3, 4).map((payload) => `${payload}${sting}`.toWellFormed());
    for (const payload of payloads)
      for (const format of reportFormats) {
        const { tests, problem } = await parseReport(format, reportOf(format, payload), { checkout });
        for (const { id } of tests) expect(id.length, format).toBeLessThanOrEqual(1_000);
        // One failing test was reported; whatever its name is, it must never become a pass.
        expect(problem !== null || tests.some(({ result }) => result === "fail"), `${format}: ${payload}`).toBe(true);
      }
    console.log(`reports: ${payloads.length} payloads as names in ${reportFormats.length} formats (${corporaNote()})`);
  });
});

function reportOf(format: ReportFormat, name: string): string {
  const line = name.replace(/[\r\n]+/g, " ");
  const attribute = line.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  switch (format) {
    case "tap":
      return `TAP version 13\nnot ok 1 - ${line}\n1..1\n`;
    case "junit":
      return `<testsuites><testsuite name="s"><testcase name="${attribute}"><failure/></testcase></testsuite></testsuites>`;
    case "jest":
      return JSON.stringify({
        success: false,
        numTotalTests: 1,
        testResults: [
          {
            name: `${checkout}/a.test.js`,
            status: "failed",
            assertionResults: [{ ancestorTitles: [], title: name, fullName: name, status: "failed" }],
          },
        ],
      });
    case "go":
      return `${JSON.stringify({ Action: "run", Package: "p", Test: line })}\n${JSON.stringify({ Action: "fail", Package: "p", Test: line })}\n${JSON.stringify({ Action: "fail", Package: "p" })}\n`;
    case "libtest":
      return `\nrunning 1 test\ntest ${line} ... FAILED\n\ntest result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\n`;
  }
}
