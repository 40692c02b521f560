/** Decides from texts alone which test files got lines within their tests, and which code such tests are likely about. Pure. */
import { posix } from "node:path";

interface TestFile {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

interface Line {
  readonly text: string;
  readonly isTop: boolean;
}

/**
 * `tests`: all lines of the base are still there, in order, and each block of new lines between them is a comment, or has whole tests, functions, classes or imports and what stands with them. `more`: some
 * are something else, so that an existing test may have got lines. `other`: a line of the base is gone, or a new one could make a test depend on when or
 * where it runs, or decorates what was there.
 */
export function kindOfAddition({ before, after }: Omit<TestFile, "path">): "tests" | "more" | "other" {
  const [old, now] = [linesOf(before), linesOf(after)];
  const blocks: Line[][] = [[]];
  let at = 0;
  for (const line of now) {
    if (line.text === old[at]?.text) {
      at += 1;
      blocks.push([]);
    } else blocks.at(-1)?.push(line);
  }
  const isBad = (block: readonly Line[]) =>
    block.at(-1)?.text.startsWith("@") === true || block.some((line) => isSuspicious(line, areTests(block)));
  if (at < old.length || blocks.some(isBad)) return "other";
  return blocks.every((block) => block.every(isComment) || areTests(block)) ? "tests" : "more";
}

const isComment = ({ text }: Line) => /^(?:\/\/|#(?=\s|$))/u.test(text);

const areTests = (block: readonly Line[]) =>
  declares.test(block[0]?.text ?? "") && block.some(({ text }) => whole.test(text));

/** Of new tests only what stands beside them reaches others. */
const isSuspicious = ({ text, isTop }: Line, isOfTests: boolean) =>
  surroundings.test(text) &&
  !isComment({ text, isTop }) &&
  !(isOfTests && (!isTop || whole.test(text) || text.startsWith("@")));

const whole =
  /^(?:(?:it|test|describe|context|suite|specify)\b|(?:async )?(?:def|function)\b|class\b|import\b|from\b|(?:const|let|var)\b.*\brequire\()/u;
const declares = new RegExp(
  String.raw`${whole.source}|^(?:@|const\b|let\b|var\b|export\b|type\b|interface\b|#|//|/\*|[A-Z_]+ =)`,
  "u",
);

/** What a test that always does the same does not need. */
const surroundings =
  /\b(?:Date|process|environ|env|getenv|random\w*|performance|hrtime|time|datetime|now|today|platform|hostname|argv|mock\w*|patch\w*|monkeypatch|stub\w*|spy\w*|skip\w*|only|todo|xfail|fails|failing|retr\w+|timeout|exit|sys|os)\b/iu;

/** A comma at the end does not make another line. */
const linesOf = (text: string): Line[] =>
  text.split("\n").flatMap((line) => {
    const trimmed = line.trim().replace(/,$/u, "");
    return trimmed === "" ? [] : [{ text: trimmed, isTop: !/^\s/u.test(line) }];
  });

/** What a change does to a file, by the ids of its content; undefined: the base has no such file. */
export function touchOf(before: string | undefined, after: string): "not" | "changed" | "added" {
  if (before === undefined) return "added";
  return before === after ? "not" : "changed";
}

/** How much a file of code has to do with these tests: they name it, or it is in their folder; the change touches it. A file that the change adds ranks last, because the change chooses its name. */
export function closeness(path: string, tests: readonly TestFile[], touched: ReturnType<typeof touchOf>): number {
  if (touched === "added") return 1;
  const stem = posix.basename(path).replace(/\.[^.]*$/u, "");
  const name = /^(?:index|main|mod|__init__)$/u.test(stem) ? posix.basename(posix.dirname(path)) : stem;
  const isNamed = name.length > 1 && tests.some(({ before }) => wordsOf(before).has(name));
  const isBeside = tests.some((test) => posix.dirname(test.path) === posix.dirname(path));
  return (isNamed ? 4 : 0) + (isBeside ? 2 : 0) + (touched === "changed" ? 1 : 0);
}

/** `./user.service.js` has `user.service` and `user`. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text.match(/[\p{L}\p{Nd}_.-]+/gu) ?? [];
  return new Set(words.flatMap((word) => [word, word.replace(/\.[cm]?[jt]sx?$/u, ""), ...word.split(".")]));
}
