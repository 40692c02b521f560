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
  return lines.flatMap((declaring) => {
    const name = /^\s*(?:const|let|var) ([A-Za-z]\w{2,})\s*=(?!=)/.exec(declaring.masked)?.[1];
    const other = name === undefined ? undefined : otherName(name, newText);
    if (name === undefined || other === undefined) return [];
    const word = new RegExp(`(?<![\\w$.])${name}(?![\\w$])`, "g");
    const using = lines.filter(({ masked }) => masked.match(word) !== null);
    const inPatch = using.reduce((sum, { masked }) => sum + (masked.match(word)?.length ?? 0), 0);
    const anywhere = newText.match(new RegExp(`(?<![\\w$])${name}(?![\\w$])`, "g"))?.length ?? 0;
    const isKey = using.some(({ masked }) => new RegExp(`[{,]\\s*${name}\\s*[,}:]|${name}\\s*:`).test(masked));
    if (inPatch !== anywhere || isKey) return [];
    return [{ lines: using.map((at) => ({ at, text: replaced(at, word, other) })) }];
  });
}

function replaced({ text, masked, language }: CodeLine, word: RegExp, other: string): string {
  let changed = text;
  for (const match of [...masked.matchAll(word)].reverse())
    changed = changed.slice(0, match.index) + other + changed.slice(match.index + match[0].length);
  return maskLine(changed, "", language).masked === null ? text : changed;
}

/** A name that stands nowhere in the file, made of a word that does: it looks like its neighbours. */
function otherName(name: string, newText: string): string | undefined {
  const words = [...new Set(newText.match(/\b[a-z]{3,9}\b/g) ?? [])];
  const candidates = words.map((word) => `${name}${word[0]?.toUpperCase()}${word.slice(1)}`);
  return candidates.find((candidate, place) => place >= name.length % 5 && !newText.includes(candidate));
}
