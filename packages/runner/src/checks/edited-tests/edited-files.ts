/** Decides from texts alone whether a change only adds tests to a file. Pure. */
interface Line {
  readonly text: string;
  readonly isTop: boolean;
}

/**
 * Whether the base's lines are all still there, in order, and each new block between them is a comment or consists of whole tests, functions, classes or
 * imports.
 */
export function bringsOnlyTests({ before, after }: { readonly before: string; readonly after: string }): boolean {
  const [old, now] = [linesOf(before), linesOf(after)];
  const blocks: Line[][] = [[]];
  let at = 0;
  for (const line of now) {
    if (line.text === old[at]?.text) {
      at += 1;
      blocks.push([]);
    } else blocks.at(-1)?.push(line);
  }
  return at === old.length && blocks.every((block) => block.every(isComment) || areTests(block));
}

const isComment = ({ text }: Line) => /^(?:\/\/|#(?=\s|$))/u.test(text);

/** A decorator at the end, or a call at the top, may act on tests that were there. */
const areTests = (block: readonly Line[]) =>
  declares.test(block[0]?.text ?? "") &&
  block.some(({ text }) => whole.test(text)) &&
  block.every(({ text, isTop }) => !isTop || declares.test(text) || /^[)\]}]/u.test(text)) &&
  block.at(-1)?.text.startsWith("@") !== true;

const whole =
  /^(?:(?:it|test|describe|context|suite|specify)\b|(?:async )?(?:def|function)\b|class\b|import\b|from\b|(?:const|let|var)\b.*\brequire\()/u;
const declares = new RegExp(
  String.raw`${whole.source}|^(?:@|const\b|let\b|var\b|export\b|type\b|interface\b|#|//|/\*|[A-Z_]+ =)`,
  "u",
);

/** The lines without a comma at their end, which formatters add and remove. */
const linesOf = (text: string): Line[] =>
  text.split("\n").flatMap((line) => {
    const trimmed = line.trim().replace(/,$/u, "");
    return trimmed === "" ? [] : [{ text: trimmed, isTop: !/^\s/u.test(line) }];
  });
