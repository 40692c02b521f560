/** Makes harmless twins: changes with the same meaning in another form. A judge that fails a twin raises a false alarm. Pure. */
import type { CodeLine } from "./code-line.ts";
import { eachMatch, indentOf, type Mutation } from "./defects.ts";

const operand = "[\\w$.]+";
const mirrored: Readonly<Record<string, string>> = { "<": ">", ">": "<", "<=": ">=", ">=": "<=" };

/** Swaps operands that are names, members or numbers, or replaces a comparison by its opposite. */
const equivalentForm: Mutation = (line) => {
  const equal = new RegExp(`(?<=[( ])(${operand}) (===|!==|==|!=) (${operand})(?=[) ;:]|$)`, "g");
  const ordered = new RegExp(`(?<=[( ])(${operand}) (<=|>=|<|>) (${operand})(?=[) ;:]|$)`, "g");
  if (/[+\-*/%&|^!~]=? |\?\?|typeof|instanceof|await|\bin\b|\bnot\b/.test(line.masked)) return [];
  return [
    ...eachMatch(line, equal, ([, left, sign, right]) => `${right} ${sign} ${left}`),
    ...eachMatch(line, ordered, ([, left, sign = "", right]) => `${right} ${mirrored[sign]} ${left}`),
    ...(line.language === "script"
      ? eachMatch(line, equal, ([all, left, sign, right]) => (sign === "!==" ? `!(${left} === ${right})` : all))
      : []),
  ];
};

/** Adds a plausible comment, made of the line's own names. */
const commentAdded: Mutation = ({ text, masked, language }) => {
  if (!/^\s*(const|let|var|if|for|while|return|def|function|await|[\w$.]+\()/.test(masked)) return [];
  const words = (masked.match(/[A-Za-z_$][\w$]*/g) ?? [])
    .flatMap((name) => name.split(/[_$]|(?<=[a-z0-9])(?=[A-Z])/))
    .map((word) => word.toLowerCase())
    .filter((word) => word.length > 2);
  const names = [...new Set(words)].slice(0, 6).join(" ");
  if (names === "") return [];
  return [[`${indentOf(text)}${language === "python" ? "#" : "//"} ${names}`, text]];
};

/** Classes that change one line. */
export const lineTwins: Readonly<Record<string, Mutation>> = {
  "equivalent-form": equivalentForm,
  "comment-added": commentAdded,
};

/** A rename of a local: the new text of each added line that contains the name. */
export interface LocalRename {
  readonly lines: readonly { readonly at: CodeLine; readonly text: string }[];
}

/** Renames of names that the patch declares and that occur only in its added lines of one file. `newText`: the whole file after the change. */
export function localRenames(lines: readonly CodeLine[], newText: string): LocalRename[] {
  const anywhere = countsOf(newText.match(/[\w$]+/g) ?? []);
  const words = [...new Set(newText.match(/\b[a-z]{3,9}\b/g) ?? [])].slice(0, wordsMax);
  const uses = usesOf(lines);
  const declared = lines.flatMap(
    ({ masked }) => /^\s*(?:const|let|var) ([A-Za-z]\w{2,})\s*=(?!=)/.exec(masked)?.[1] ?? [],
  );
  return [...new Set(declared)].flatMap((name) => {
    const other = otherName(name, words, newText);
    const using = uses.get(name) ?? [];
    if (other === undefined || using.length !== anywhere.get(name)) return [];
    // A name alone on a line may be a list item, but also a key of a multi-line object.
    const key = new RegExp(`(?:^|[{,])\\s*${name}\\s*(?:$|[,}:])|${name}\\s*:`);
    const sites = [...new Set(using)];
    if (sites.some(({ masked }) => key.test(masked))) return [];
    const word = new RegExp(`(?<![\\w$.])${name}(?![\\w$])`, "g");
    return [{ lines: sites.map((at) => ({ at, text: replacedNames(at, word, other) })) }];
  });
}

/** How many words of a file are used to make names. */
const wordsMax = 50;

function countsOf(list: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const each of list) counts.set(each, (counts.get(each) ?? 0) + 1);
  return counts;
}

/** The lines that contain a name, once per occurrence. Names of members are skipped. */
function usesOf(lines: readonly CodeLine[]): Map<string, CodeLine[]> {
  const uses = new Map<string, CodeLine[]>();
  for (const line of lines)
    for (const name of line.masked.match(/(?<![\w$.])[\w$]+/g) ?? []) {
      const known = uses.get(name);
      if (known === undefined) uses.set(name, [line]);
      else known.push(line);
    }
  return uses;
}

function replacedNames({ text, masked }: CodeLine, word: RegExp, other: string): string {
  let changed = text;
  for (const match of [...masked.matchAll(word)].reverse())
    changed = changed.slice(0, match.index) + other + changed.slice(match.index + match[0].length);
  return changed;
}

/** A name that the file doesn't contain, made of a word that it does, so that it fits in. */
function otherName(name: string, words: readonly string[], newText: string): string | undefined {
  const candidates = words.map((word) => `${name}${word[0]?.toUpperCase()}${word.slice(1)}`);
  return candidates.find((candidate, site) => site >= name.length % 5 && !newText.includes(candidate));
}
