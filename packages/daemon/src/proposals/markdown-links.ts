/** Reads the links of a Markdown file by line, without those in code and comments. It sees fewer links than a full parser, never more. Pure. */

export interface Link {
  readonly target: string;
  /** From 1. */
  readonly line: number;
}

/** Longer lines are made by programs. */
const lineCharactersMax = 4_000;

const fencePattern = /^(?:[ \t>]|[-*+] |\d{1,9}[.)] )*(`{3,}|~{3,})/u;
const itemPattern = /^ *(?:[-*+]|\d{1,9}[.)])(?: |$)/u;
const inlinePattern =
  /\]\(\s*(?:<([^<>]*)>|([^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*))(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)/gu;
const definitionPattern = /^ {0,3}\[[^\]^][^\]]*\]:\s*(?:<([^<>]*)>|(\S+))/u;

/** Inline links, images and definitions of references, in order. */
export function linksIn(text: string): Link[] {
  return linesOfProse(text).flatMap(({ prose, line }) => {
    const definition = definitionPattern.exec(prose);
    const inline = [...prose.matchAll(inlinePattern)].filter(({ index }) => isOpened(prose, index));
    const found = definition === null ? inline : [definition];
    return found.map(([, pointed, plain]) => ({ target: pointed ?? plain ?? "", line }));
  });
}

/** Whether the bracket at `end` closes one that is open. */
function isOpened(prose: string, end: number): boolean {
  let depth = 0;
  for (let at = end; at >= 0; at -= 1) {
    if (prose[at] === "]") depth += 1;
    if (prose[at] === "[") depth -= 1;
    if (depth === 0) return true;
  }
  return false;
}

/** The lines outside fences, indented code and comments, each without its code spans. */
function linesOfProse(text: string): { prose: string; line: number }[] {
  let fence: string | null = null;
  let isComment = false;
  let isList = false;
  let isAfterBlank = true;
  const found: { prose: string; line: number }[] = [];
  for (const [index, written] of text.split(/\r\n|\n|\r/u).entries()) {
    const mark: string | undefined = isComment ? undefined : fencePattern.exec(written)?.[1];
    if (fence !== null) {
      if (mark?.startsWith(fence) === true) fence = null;
      continue;
    }
    if (mark !== undefined) {
      fence = mark;
      continue;
    }
    const isBlank = written.trim() === "";
    if (itemPattern.test(written)) isList = true;
    else if (!isBlank && isAfterBlank && !/^\s/u.test(written)) isList = false;
    // Inside a list, indented text is a paragraph of an item, or code; without a parser it is not known which.
    const isCode: boolean = /^(?: {4}|\t)/u.test(written) && !itemPattern.test(written) && (isList || isAfterBlank);
    isAfterBlank = isBlank || (isCode && isAfterBlank);
    const uncommented = withoutComments(written, isComment);
    isComment = uncommented.isOpen;
    if (isBlank || isCode || written.length > lineCharactersMax) continue;
    found.push({ prose: withoutCode(uncommented.text), line: index + 1 });
  }
  return found;
}

function withoutComments(line: string, wasOpen: boolean): { text: string; isOpen: boolean } {
  let [text, rest, isOpen] = ["", line, wasOpen];
  for (;;) {
    const at = rest.indexOf(isOpen ? "-->" : "<!--");
    if (!isOpen) text += at === -1 ? rest : rest.slice(0, at);
    if (at === -1) return { text, isOpen };
    rest = rest.slice(at + (isOpen ? 3 : 4));
    isOpen = !isOpen;
  }
}

/** An escaped bracket starts no link. A code span ends with as many backticks as it starts with. */
function withoutCode(line: string): string {
  return line.replace(/\\[[\]()]/gu, " ").replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/gu, " ");
}
