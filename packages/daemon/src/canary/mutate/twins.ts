/** Harmless twins: changes that mean the same and are written otherwise. What a judge holds here it holds for nothing. Pure. */
import { type CodeLine, maskLine } from "./code-line.ts";
import { eachMatch, indentOf, type Mutation } from "./defects.ts";

const operand = "[\\w$.]+";
const mirrored: Readonly<Record<string, string>> = { "<": ">", ">": "<", "<=": ">=", ">=": "<=" };

/** Operands that are names, members or numbers can change places, and a comparison can be said by its opposite. */
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

/** Words of the line's own names: a comment that the code could have had. */
const commentAdded: Mutation = ({ text, masked, language }) => {
  if (!/^\s*(const|let|var|if|for|while|return|def|function|await|[\w$.]+\()/.test(masked)) return [];
  const words = (masked.match(/[A-Za-z_$][\w$]*/g) ?? [])
    .flatMap((name) => name.split(/[_$]|(?<=[a-z0-9])(?=[A-Z])/))
    .map((word) => word.toLowerCase())
    .filter((word) => word.length > 2);
  const told = [...new Set(words)].slice(0, 6).join(" ");
  if (told === "") return [];
  return [[`${indentOf(text)}${language === "python" ? "#" : "//"} ${told}`, text]];
};

/** Classes that change one line. */
export const lineTwins: Readonly<Record<string, Mutation>> = {
  "equivalent-form": equivalentForm,
  "comment-added": commentAdded,
};

/** A rename of a local: new text for each added line that has the name. */
export interface Rename {
  readonly lines: readonly { readonly at: CodeLine; readonly text: string }[];
}

/** Renames of names that the patch declares and that stand in its added lines only, of one file; `newText`: the whole file after the change. */
export function localRenames(lines: readonly CodeLine[], newText: string): Rename[] {
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
    // A line's end and beginning are those of a list's item, too: of an object written over several lines it is a key.
    const key = new RegExp(`(?:^|[{,])\\s*${name}\\s*(?:$|[,}:])|${name}\\s*:`);
    const places = [...new Set(using)];
    if (places.some(({ masked }) => key.test(masked))) return [];
    const word = new RegExp(`(?<![\\w$.])${name}(?![\\w$])`, "g");
    return [{ lines: places.map((at) => ({ at, text: replaced(at, word, other) })) }];
  });
}

/** Words of a file that names are made of. */
const wordsMax = 50;

function countsOf(list: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const each of list) counts.set(each, (counts.get(each) ?? 0) + 1);
  return counts;
}

/** The lines that a name stands in, as often as it does; a member's name is none. */
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

function replaced({ text, masked, language }: CodeLine, word: RegExp, other: string): string {
  let changed = text;
  for (const match of [...masked.matchAll(word)].reverse())
    changed = changed.slice(0, match.index) + other + changed.slice(match.index + match[0].length);
  return maskLine(changed, "", language).masked === null ? text : changed;
}

/** A name that stands nowhere in the file, made of a word that does: it looks like its neighbours. */
function otherName(name: string, words: readonly string[], newText: string): string | undefined {
  const candidates = words.map((word) => `${name}${word[0]?.toUpperCase()}${word.slice(1)}`);
  return candidates.find((candidate, place) => place >= name.length % 5 && !newText.includes(candidate));
}
