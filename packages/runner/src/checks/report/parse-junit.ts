/** Reads JUnit XML with fast-xml-parser, which only this file uses. A document type or entity is refused before parsing (SECURITY T21). */
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

/** `checkout`: the repository's path in the container, which is removed from file names. Contract: never throws on any text. */
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

function readSuite(value: unknown, options: { path: readonly string[]; checkout: string; collector: Collector }): void {
  if (value === "") return;
  const suite = suiteSchema.safeParse(value);
  if (!suite.success || options.path.length > depthMax) {
    options.collector.blame("a test suite of the report can't be read");
    return;
  }
  const path =
    suite.data["@name"] === undefined
      ? options.path
      : [...options.path, relative(suite.data["@name"], options.checkout)];
  for (const testcase of suite.data.testcase ?? []) readCase(testcase, { ...options, path });
  for (const inner of suite.data.testsuite ?? []) readSuite(inner, { ...options, path });
}

function readCase(value: unknown, options: { path: readonly string[]; checkout: string; collector: Collector }): void {
  const testcase = caseSchema.safeParse(value);
  if (!testcase.success) {
    options.collector.blame("a test case of the report can't be read");
    return;
  }
  const { data } = testcase;
  const fileName = data["@file"] ?? data["@classname"] ?? "";
  const failed = "failure" in data || "error" in data || "@failure" in data;
  // A test marked "todo" can fail without consequence, so it must not count as passed either.
  const result = "skipped" in data ? "skip" : failed ? "fail" : "pass";
  // With a file attribute, only the class name can name the test's group.
  const group = data["@file"] === undefined || data["@classname"] === "test" ? "" : (data["@classname"] ?? "");
  const path = options.path.includes(group) ? options.path : [...options.path, group];
  options.collector.add([relative(fileName, options.checkout), ...path, data["@name"] ?? ""], result);
}

function relative(file: string, checkout: string): string {
  return file.startsWith(`${checkout}/`) ? file.slice(checkout.length + 1) : file;
}
