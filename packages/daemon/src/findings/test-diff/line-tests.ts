/**
 * Reads test files of languages without a syntax tree here, line by line: how many assertions, which marks were added, whether anything but
 * whole new tests changed. It is approximate and reported as such.
 */
import type { TestFinding } from "@aedev/contracts";
import { finding } from "./compare-tests.ts";

/** Method names that only assertion libraries use, whatever the receiver. */
const clearMethods =
  "equal|notEqual|strictEqual|notStrictEqual|deepEqual|notDeepEqual|deepStrictEqual|notDeepStrictEqual|deepLooseEqual|looseEqual|notOk|truthy|falsy|strictSame|strictNotSame|throws|doesNotThrow|throwsAsync|notThrows|notThrowsAsync|rejects|doesNotReject|ifError|doesNotMatch";
/** Method names that mean something else on other receivers. */
const receivers = "t|tt|st|tb|test|tap|q|a|assert|chai|should|self";
const otherMethods =
  "equals?|is|isNot|not|ok|true|false|same|notSame|like|unlike|match|notMatch|error|fail|pass|has|hasStrict|type|snapshot|matchSnapshot|Error|Errorf|Fatal|Fatalf|FailNow|EQ|NE";
const assertion = new RegExp(
  [
    String.raw`\bassert\w*!?\s*(?:\.\s*\w+\s*)*\(`,
    String.raw`\b(?:expect|require|verify)\w*\s*(?:\.\s*\w+\s*)*\(`,
    String.raw`\b\w+\.(?:${clearMethods})\s*\(`,
    String.raw`\b(?:${receivers})\.(?:${otherMethods})\s*\(`,
    String.raw`\.should\b`,
    String.raw`^\s*assert\s+\S`,
    String.raw`\bpytest\.raises\b`,
  ].join("|"),
  "g",
);
/** Module loading that looks like an assertion of testify or power-assert. */
const notAssertion = /^require(\.(resolve|cache|main))?\s*\(/;
const lineCharactersMax = 2000;

/** Assert-like calls outside comments. */
export function countAssertions(text: string, path: string): number {
  let count = 0;
  for (const line of stripComments(text, path).split("\n"))
    for (const [hit] of line.slice(0, lineCharactersMax).matchAll(assertion)) if (!notAssertion.test(hit)) count += 1;
  return count;
}

/** Approximate: a comment marker inside a string ends the line too, in both versions alike. `://` is not a comment. */
function stripComments(text: string, path: string): string {
  if (/\.(py|rb|sh|pl|r|ya?ml|toml|ex|exs)$/i.test(path)) return text.replace(/(^|\s)#.*$/gm, "$1");
  return withoutBlocks(text).replace(/(^|[^:])\/\/.*$/gm, "$1");
}

/** In one pass: an unclosed marker starts no block. */
function withoutBlocks(text: string): string {
  const kept: string[] = [];
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf("/*", at);
    const close = open === -1 ? -1 : text.indexOf("*/", open + 2);
    if (close === -1) {
      kept.push(text.slice(at));
      break;
    }
    kept.push(text.slice(at, open));
    at = close + 2;
  }
  return kept.join("");
}

const lineMarks: readonly [RegExp, TestFinding["kind"]][] = [
  [
    /\bt\.Skip(f|Now)?\s*\(|#\[ignore\b|@(Disabled|Ignore)\b|\bskip\s*(:|\(|$)|\bpending\s*(\(|do\b)|\bx(it|describe|specify)\b|markTestSkipped|\[Ignore\b|\bSkip\s*=/,
    "skip-added",
  ],
  [/\b(fit|fdescribe|fcontext)\b|,\s*:?focus\b|\.only\b/, "only-added"],
  [/\b(time_?out|WithTimeout|deadline)\b.*\d/i, "timeout-raised"],
];

/** Rust skips by an attribute; `skip` is a method of every iterator. */
const rustSkip = /#!?\[.*\bignore\b/;

/** Marks in lines that the old version lacks. */
export function findLineMarks(before: string, after: string, path: string): TestFinding[] {
  const known = new Set(before.split("\n").map((line) => line.trim()));
  const found: TestFinding[] = [];
  for (const [index, line] of after.split("\n").entries()) {
    const text = line.trim().slice(0, lineCharactersMax);
    if (text === "" || known.has(text)) continue;
    for (const [general, kind] of lineMarks) {
      const pattern = kind === "skip-added" && path.endsWith(".rs") ? rustSkip : general;
      if (pattern.test(text) && found.length < 50) found.push(finding(kind, null, index + 1, text));
    }
  }
  return found;
}

const beginsTest =
  /^(func\s+(Test|Benchmark|Fuzz|Example)|fn\s|(pub\s+|async\s+)*fn\s|def\s|(?:(?:public|private|protected|internal|static|async)\s+)*(?:\w+\s+)?(?:void|function)\b|it\b|test\b|describe\b|context\b|specify\b|scenario\b|TEST|@Test)/;

/** False only if every old line remains and the additions are whole blocks that start like a test. */
export function changesMoreThanTests(before: string, after: string, path: string): boolean {
  if (dataFile.test(path)) return before !== after;
  const old = meaningful(before);
  const file = { path, words: new Set(before.match(/\w+/gu)) };
  let at = 0;
  let block: string[] = [];
  for (const line of meaningful(after)) {
    const isEnd = block.length === 1 && block[0] === "end";
    if (line === old[at] && !isEnd && areTests(block, old.slice(Math.max(0, at - slidesMax), at), file)) {
      at += 1;
      block = [];
    } else block.push(line);
  }
  return at < old.length || !areTests(block, old, file);
}

interface OldFile {
  readonly path: string;
  readonly words: ReadonlySet<string>;
}

const dataFile = /\.(?:json|ya?ml|toml|xml|csv|tsv|txt|md)$/iu;
const slidesMax = 10;
const blockLinesMax = 2000;
/**
 * Whether added lines are whole tests. `kept`: the lines before them; if both end with the same attributes, such as `@Test`, the same addition can begin that many lines
 * earlier.
 */
function areTests(block: readonly string[], kept: readonly string[], file: OldFile): boolean {
  if (block.length > blockLinesMax) return false;
  let slid = block;
  for (let count = 1; ; count += 1) {
    if (isWhole(slid, file)) return true;
    const last = slid.at(-1);
    if (last === undefined || count > slidesMax || last !== kept.at(-count) || !attribute.test(last)) return false;
    slid = [last, ...slid.slice(0, -1)];
  }
}

function meaningful(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

const harmlessLine = /^(?:\/\/|(?:import|use|using|from)\s+[\w"'{*<.]|end$)/;
const dashComment = /\.(?:lua|hs|sql|elm)$/u;
/** Languages whose single quotes hold texts of any length. */
const quotedTexts = /\.(?:php|dart|groovy|p[lm]|t)$/u;
const attribute = /^(?:@\w[\w.]*(?:\([^()]*\))?|#?\[[^\]]*\])$/u;
/** Code that runs around other tests, by its name, and functions that could take the place of assertions. */
const aroundTests = /before|after|set_?up|tear_?down|\bc?tor\b|\binit|\brule|extend|fixture/i;
const asserting = /\b(?:assert|expect|verify|fail|check)\w*\s*\(/iu;
/** What changes the meaning of names or code elsewhere. */
const reaching =
  /\bstatic\s*\{|^use\b.*(?:\bassert|\*)|^import\b.*\.(?:\*|_)\s*;?$|^import\s+static\b|^using\s+(?:static|namespace)\b|^(?:import|use|using|from)\b.*\(/u;
/** Languages whose blocks end with a word, and the lines in which a test of theirs may reach others. */
const endsByWords = /\.(?:rb|exs?|lua|jl)$/u;
const reachingByWords =
  /^(?:def\s+(?!test_)|(?:setup|teardown|before|after|around|let|subject|class|module|alias|undef|require|load|include|extend|prepend|using|at_exit|skip|import|use)\b|[A-Z$]\S*\s*[.=]|@@)/u;

/** Whole tests in sequence, each with attributes, comments and imports before it. */
function isWhole(block: readonly string[], { path, words }: OldFile): boolean {
  let depth = 0;
  let isMarked = false;
  let isTest = false;
  let isInComment = false;
  for (const [index, line] of block.entries()) {
    // Comments of Kotlin nest.
    if ((isInComment && line.includes("/*")) || /^\/\*.*\/\*|^\/\/.*\*\//u.test(line)) return false;
    if (isInComment || line.startsWith("/*")) {
      const end = line.indexOf("*/", isInComment ? 0 : 2);
      isInComment = end === -1;
      if (end !== -1 && end + 2 < line.length) return false;
      continue;
    }
    const code = line.replaceAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'|\/\/.*$/gu, "");
    // A text or comment over several lines.
    if (/"|\/\*|\*\//u.test(code) || reaching.test(code)) return false;
    if (quotedTexts.test(path) && /'[^']*[{}()[\]][^']*'|#(?!\[).*[{}()[\]]/u.test(line)) return false;
    const isOutside = depth === 0 && !isTest;
    const [after, rest] = depthAfter(code, depth);
    depth = after;
    // Behind the end of a block on its line.
    if (rest !== "") return false;
    if (!isOutside) {
      if (depth === 0 && /[})\]]/.test(code)) isTest = false;
      continue;
    }
    if (harmlessLine.test(line) || (dashComment.test(path) && line.startsWith("--"))) {
      // It would end an existing test, and what follows begin another one.
      if (line === "end" && block.length > 1) return false;
      // Another meaning of a name, and a list of names over several lines.
      if (depth > 0 || importedNames(code).some((name) => words.has(name))) return false;
      continue;
    }
    if (attribute.test(line)) {
      if (aroundTests.test(line)) return false;
      isMarked = true;
    } else if (!(endsByWords.test(path) && line.startsWith("#"))) {
      const head = code.split("{", 1).join("");
      if (!isMarked && !beginsTest.test(line)) return false;
      if (aroundTests.test(head) || asserting.test(head)) return false;
      isMarked = false;
      // In a language that ends its blocks with words, the end of a block can't be found by brackets.
      const hasBlock = /[{]/.test(code) || depth > 0 || block[index + 1]?.startsWith("{") === true;
      if (!hasBlock) return endsByWords.test(path) && !block.slice(index).some((one) => reachingByWords.test(one));
      isTest = !(depth === 0 && code.includes("{"));
    }
  }
  // An attribute alone is that of an existing test.
  return depth === 0 && !isMarked && !isInComment;
}

/** `d` and `e` of `use a::b::{c as d, e};`, `b` of `import a.b;`. */
function importedNames(line: string): string[] {
  if (!/^(?:import|use|using|from)\b/u.test(line)) return [];
  const list = /\{(.*)\}/u.exec(line)?.[1] ?? line;
  const names = list.split(",").flatMap((one) => one.match(/\w+/gu)?.at(-1) ?? []);
  return names.filter((name) => !/^(?:import|use|using|from)$/u.test(name));
}

/** The depth of brackets behind a line, and what follows on it behind the end of the outermost ones. */
function depthAfter(code: string, before: number): [depth: number, rest: string] {
  let depth = before;
  for (const { 0: one, index } of code.matchAll(/[{([\])}]/gu)) {
    depth += /[{([]/u.test(one) ? 1 : -1;
    const rest = one === "}" && depth <= 0 ? code.slice(index + 1) : "";
    if (!/^[\s;,)\]]*$/u.test(rest)) return [depth, rest];
  }
  return [depth, ""];
}
