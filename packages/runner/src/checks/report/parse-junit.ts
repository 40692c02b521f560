/** Reads JUnit XML through fast-xml-parser (the only file that knows it). A document type or entity is refused before anything is parsed (THREATS T21). */
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { z } from "zod";
import { brokenReport, collectResults, linesMax, type ParsedReport } from "./report.ts";

const attribute = z.coerce.string().optional();
const caseSchema = z.looseObject({ "@name": attribute, "@classname": attribute, "@file": attribute });
const suiteSchema = z.looseObject({
  "@name": attribute,
  testcase: z.array(z.unknown()).optional(),
  testsuite: z.array(z.unknown()).optional(),
});
const rootSchema = z.looseObject({ testsuites: z.unknown().optional(), testsuite: z.array(z.unknown()).optional() });
const depthMax = 50;

type Collector = ReturnType<typeof collectResults>;

/** `checkout` is where the repository was in the container: cut from file names. Contract: never throws on any text. */
export function parseJunit(text: string, checkout: string): ParsedReport {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return brokenReport("the report has a document type: refused");
  if (text.split("\n", linesMax + 1).length > linesMax)
    return brokenReport(`the report is omitted: it has more than ${linesMax} lines`);
  const valid = XMLValidator.validate(text);
  if (valid !== true) return brokenReport(`the report is not well-formed XML: ${valid.err.msg}`);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    parseAttributeValue: false,
    parseTagValue: false,
    processEntities: true,
    isArray: (name) => ["testsuite", "testcase", "failure", "error", "skipped"].includes(name),
  });
  const root = rootSchema.safeParse(parser.parse(text));
  if (!root.success) return brokenReport("the report has no test suites");
  const { testsuites, testsuite } = root.data;
  if (testsuites === undefined && testsuite === undefined) return brokenReport("the report has no test suites");
  const collector = collectResults();
  if (testsuites !== undefined && testsuites !== "") readSuite(testsuites, { path: [], checkout, collector });
  for (const suite of testsuite ?? []) readSuite(suite, { path: [], checkout, collector });
  return collector.finish();
}

function readSuite(value: unknown, at: { path: readonly string[]; checkout: string; collector: Collector }): void {
  if (value === "") return;
  const suite = suiteSchema.safeParse(value);
  if (!suite.success || at.path.length > depthMax) {
    at.collector.blame("a test suite of the report can't be read");
    return;
  }
  const path = suite.data["@name"] === undefined ? at.path : [...at.path, relative(suite.data["@name"], at.checkout)];
  for (const testcase of suite.data.testcase ?? []) readCase(testcase, { ...at, path });
  for (const inner of suite.data.testsuite ?? []) readSuite(inner, { ...at, path });
}

function readCase(value: unknown, at: { path: readonly string[]; checkout: string; collector: Collector }): void {
  const testcase = caseSchema.safeParse(value);
  if (!testcase.success) {
    at.collector.blame("a test case of the report can't be read");
    return;
  }
  const { data } = testcase;
  const place = data["@file"] ?? data["@classname"] ?? "";
  const failed = "failure" in data || "error" in data || "@failure" in data;
  // A test marked "to do" may fail without meaning anything, and so may not pass for anything either.
  const result = "skipped" in data ? "skip" : failed ? "fail" : "pass";
  // Where there is a file, the class name may hold the only mention of the group a test stands in.
  const group = data["@file"] === undefined || data["@classname"] === "test" ? "" : (data["@classname"] ?? "");
  const path = at.path.includes(group) ? at.path : [...at.path, group];
  at.collector.add([relative(place, at.checkout), ...path, data["@name"] ?? ""], result);
}

function relative(file: string, checkout: string): string {
  return file.startsWith(`${checkout}/`) ? file.slice(checkout.length + 1) : file;
}
