/** Decides from texts alone whether a change edits existing tests of a file. Pure. */
interface Line {
  readonly text: string;
  readonly isTop: boolean;
}

/**
 * `tests`: the base's lines are all still there, in order, and each new block between them is a comment or consists of whole tests, functions, classes or
 * imports. `more`: some block is something else, so an existing test may have got lines. `other`: a line of the base is gone, or a new line may decorate
 * existing code or make a test depend on when or where it runs.
 */
export function kindOfAddition({
  before,
  after,
}: {
  readonly before: string;
  readonly after: string;
}): "tests" | "more" | "other" {
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

/** A new test's inner lines can't reach other tests; its top-level lines can. */
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

/** Names that a test with a fixed outcome does not need. */
const surroundings =
  /\b(?:Date|process|environ|env|getenv|random\w*|performance|hrtime|time|datetime|now|today|platform|hostname|argv|mock\w*|patch\w*|monkeypatch|stub\w*|spy\w*|skip\w*|only|todo|xfail|fails|failing|retr\w+|timeout|exit|sys|os)\b/iu;

/** The lines without a comma at their end, which formatters add and remove. */
const linesOf = (text: string): Line[] =>
  text.split("\n").flatMap((line) => {
    const trimmed = line.trim().replace(/,$/u, "");
    return trimmed === "" ? [] : [{ text: trimmed, isTop: !/^\s/u.test(line) }];
  });
