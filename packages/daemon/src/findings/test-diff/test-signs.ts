/** Finds lines, in any language, that ask whether a test is running, change the assertion library or its foundations, or load a test library. Pure. */
import type { TestFinding } from "@aedev/contracts";
import { finding } from "./compare-tests.ts";
import { addedLines } from "./special-cases.ts";

const findingsMax = 20;
/** Longer lines are searched in overlapping pieces. */
const pieceCharacters = 2000;
const overlapCharacters = 200;

const asks: readonly RegExp[] = [
  /\bNODE_ENV\b.{0,40}['"`]test/,
  /['"`]test['"`].{0,40}\bNODE_ENV\b/,
  /\bimport\s*\.\s*meta\s*\.\s*(vitest|env\s*\.\s*(TEST|VITEST))\b|\bimport\s*\.\s*meta\b.{0,40}\bMODE\b.{0,40}['"`]test/,
  /\b(JEST_WORKER_ID|VITEST(_\w+)?|PYTEST_CURRENT_TEST|PYTEST_VERSION|NODE_TEST_CONTEXT|MOCHA_\w+|TAP_CHILD_ID|AVA_PATH)\b/,
  /\bnpm_(lifecycle_(event|script)|command)\b/,
  /\bsys\s*\.\s*modules\b.*\b(_?pytest|unittest)\b|\b(_?pytest|unittest)\b.*\bsys\s*\.\s*modules\b/,
  /\b(argv|execArgv)\b.*(--test\b|\b(mocha|jest|vitest|tape|_?pytest|unittest)\b)|\b(mocha|jest|vitest|tape|_?pytest|unittest)\b.*\b(argv|execArgv)\b/,
  /\btypeof\s+((globalThis|global|window|self)\s*\.\s*)?(describe|it|expect|jest|vi|beforeEach)\b/,
  /\b(globalThis|global|window)\s*\.\s*(describe|it|expect|jest|vi|beforeEach|__vitest_worker__)\b/,
  /['"`](describe|it|expect|jest|vi|beforeEach|__vitest_worker__)['"`]\s+in\s+(globalThis|global|window)\b/,
  /\bnew\s+Error\b.*\bstack\b.*\btest/,
  /\binspect\s*\.\s*(stack|currentframe)\b|\b_getframe\b/,
  /\b((require\s*\.\s*main|module\s*\.\s*parent)\b.*\bfilename|co_filename)\b.*(test|spec)/,
  /\btesting\s*\.\s*Testing\s*\(|\bflag\s*\.\s*Lookup\s*\(\s*"test\.|\bos\s*\.\s*Args\b.*"[^"]*\.?test\b|\bcfg!\s*\(\s*test\b/,
];

const assertModule = String.raw`['"](?:node:)?assert(?:\/strict)?['"]`;
const member = String.raw`\s*(?:\.\s*\w+|\[[^\]]*\])`;
const patches: readonly RegExp[] = [
  new RegExp(String.raw`(^|[^\w.])(assert|chai|expect|pytest|unittest)(?:${member})+\s*=[^=>]`),
  new RegExp(String.raw`\b(TestCase|AssertionError|Assertion)(?:${member})+\s*=[^=>]`),
  /\btesting\s*\.\s*assert\w*\s*=[^=>]/,
  new RegExp(String.raw`\brequire\(\s*(?:${assertModule}|['"]chai['"])\s*\)(?:${member})+\s*=[^=>]`),
  new RegExp(
    String.raw`\b(assign|defineProperty|defineProperties|setattr)\s*\(\s*(assert|chai|expect|AssertionError|unittest|pytest|TestCase|require\(\s*${assertModule})`,
  ),
  /\b(expect\s*\.\s*(extend|addEqualityTesters)|chai\s*\.\s*use|overwrite(Method|Property|ChainableMethod))\s*\(/,
];
/** Functions that assertion libraries use to compare. */
const builtIns =
  /(^|[^\w.])((globalThis|global|window)\s*\.\s*)?(Object|Array|String|Number|Promise|JSON|Map|Set|RegExp)(\s*\.\s*prototype)?\s*(\.\s*\w+|\[[^\]]*[^\]\s][^\]]*\])\s*=[^=>]|\bbuiltins\s*\.\s*\w+\s*=[^=]/;
/** Code that gives the loader of test files another text, or sends results elsewhere. */
const loading =
  /\bregisterHooks\b|\bModule\s*\.\s*_(load|extensions|compile|resolveFilename)\b|\brequire\s*\.\s*(extensions|cache)\s*\[.*\]\s*=[^=]|\bsys\s*\.\s*(meta_path|path_hooks|settrace)\b|\$\$jest-matchers-object|\bexpect-global\b|\b__vitest_\w+/;
const writing =
  /\b(write|append|copy|rename|unlink|rm|truncate)(File)?(Sync)?\s*\(.*['"`/](tests?|specs?|__tests__)[/'"`]|\bopen\s*\(.*['"/]tests?\/[^'"]*['"]\s*,\s*['"][wa]/;
const libraries =
  /\b(from|require\s*\(|import\s*\(|import)\s*['"](node:test|vitest|@jest\/globals|expect|chai|mocha|tape|tap|ava|uvu|bun:test)['"]|^(from|import)\s+(_?pytest|unittest|nose|numpy\.testing)\b(?!\s*\.\s*mock\b|\s+import\s+mock$)|^(\w+\s+)?"testing"$/;

/** A quick check for words that the patterns need; most lines have none. */
const mayBeSign =
  /test|TEST|spec|Hooks|Module|require|sys|expect-|__vitest|JEST|jest|MOCHA|mocha|AVA_PATH|npm_|argv|typeof|global|window|stack|inspect|frame|filename|assert|Assert|chai|expect|TAP_|tap|uvu|ava\b|nose|builtins|prototype|\bin\b|overwrite|(Object|Array|String|Number|Promise|JSON|Map|Set|RegExp)\s*(\.|\[)/;

/** Searches the new lines of a file. `before`: the file's text in the base. */
export function findTestSigns(before: string, after: string): TestFinding[] {
  const isAdded = addedLines(before, after);
  const kinds = signKinds(after);
  return after
    .split("\n")
    .flatMap((text, index) => {
      const line = index + 1;
      if (!mayBeSign.test(text) && kinds.own === null) return [];
      const code = text.replace(/\/\*.*?\*\//g, " ").trim();
      if (/^(\/\/|#($|[\s!#])|\/\*|\*($|[\s/*]))/.test(code) || !isAdded(line)) return [];
      const what = kinds.all.find(({ signs }) =>
        piecesOf(code).some((piece) => signs.some((sign) => sign.test(piece))),
      );
      return what === undefined
        ? []
        : [finding("input-special-cased", null, line, `${what.says}: ${code.slice(0, 200)}`)];
    })
    .slice(0, findingsMax);
}

function signKinds(text: string) {
  const names = assertNames(text);
  const own =
    names.length === 0
      ? null
      : new RegExp(
          String.raw`(^|[^\w.$])(${names.join("|")})(?:${member})+\s*=[^=>]|\b(assign|defineProperty|defineProperties)\s*\(\s*(${names.join("|")})\b`,
        );
  const all = [
    { says: "asks whether a test is running", signs: asks },
    { says: "changes the assertion library", signs: own === null ? patches : [...patches, own] },
    { says: "changes how tests are loaded or judged", signs: [loading] },
    { says: "writes to test files", signs: [writing] },
    { says: "changes what assertions compare with", signs: [builtIns] },
    { says: "loads a test library", signs: [libraries] },
  ];
  return { own, all };
}

/** Other names under which the file imports node:assert. */
function assertNames(text: string): string[] {
  const loaded = new RegExp(
    String.raw`\b(?:(?:const|let|var)\s+(\w{1,60})\s*=\s*require\(\s*${assertModule}|import\s+(?:\*\s+as\s+)?(\w{1,60})\s+from\s*${assertModule})`,
    "g",
  );
  return [...text.matchAll(loaded)].flatMap(([, one, other]) => one ?? other ?? []).slice(0, 5);
}

function piecesOf(code: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at === 0 || at + overlapCharacters < code.length; at += pieceCharacters - overlapCharacters)
    pieces.push(code.slice(at, at + pieceCharacters));
  return pieces;
}
