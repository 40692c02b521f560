/** Splits a command line into the words that name a verb and the rest, so that only that verb is loaded. Global options can be anywhere. */

export interface SplitLine {
  /** The leading words that are not options: the verb's name and perhaps its first arguments. */
  readonly words: readonly string[];
  /** Global options between those words. */
  readonly globals: readonly string[];
  readonly rest: readonly string[];
}

/** Takes global options and at most two words from the front, and leaves the rest unchanged. */
export function splitLine(argv: readonly string[]): SplitLine {
  const words: string[] = [];
  const globals: string[] = [];
  let at = 0;
  while (at < argv.length && words.length < 2) {
    const word = argv[at] ?? "";
    const taken = globalLength(word);
    if (taken > 0) {
      globals.push(...argv.slice(at, at + taken));
      at += taken;
    } else if (word.startsWith("-")) break;
    else {
      words.push(word);
      at += 1;
    }
  }
  const rest = argv.slice(at);
  return words.length === 0 ? { words, globals: [], rest: [...globals, ...rest] } : { words, globals, rest };
}

/** How many words a global option takes; 0 for any other word. */
function globalLength(word: string): 0 | 1 | 2 {
  if (word === "--home" || word === "--token-file") return 2;
  return word === "--json" || /^--(?:home|token-file)=/.test(word) ? 1 : 0;
}

/** Whether errors are printed as documents too. It is known before the line is parsed, because parsing itself can fail. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return (end < 0 ? argv : argv.slice(0, end)).includes("--json");
}
