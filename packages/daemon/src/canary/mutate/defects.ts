/** Plants known defects in one added line: each class tells which lines it applies to and what they become. Pure. */
import type { CodeLine } from "./code-line.ts";

/** The lines that replace the original; empty: it is deleted. */
export type Replacement = readonly string[];
export type Mutation = (line: CodeLine) => Replacement[];

/** Every replacement of a single match in the line's code. */
export function eachMatch(
  { text, masked }: Pick<CodeLine, "text" | "masked">,
  pattern: RegExp,
  by: (match: RegExpExecArray) => string,
): Replacement[] {
  return [...masked.matchAll(pattern)].flatMap((match) => {
    const original = text.slice(match.index, match.index + match[0].length);
    // Across a string, the mask would get into the code.
    if (original !== match[0]) return [];
    const changed =
      text.slice(0, match.index) + by(match as RegExpExecArray) + text.slice(match.index + match[0].length);
    return changed === text ? [] : [[changed]];
  });
}

const opposites: Readonly<Record<string, string>> = {
  "===": "!==",
  "!==": "===",
  "==": "!=",
  "!=": "==",
  "is not None": "is None",
  "is None": "is not None",
  "not in": "in",
  true: "false",
  false: "true",
  True: "False",
  False: "True",
};

const conditionInverted: Mutation = (line) => [
  ...eachMatch(
    line,
    /(?<= )(===|!==|==|!=|is not None|is None|not in)(?=[ :)])/g,
    ([token]) => opposites[token] ?? token,
  ),
  ...eachMatch(line, /(?<=\breturn )(true|false|True|False)\b/g, ([token]) => opposites[token] ?? token),
  ...eachMatch(line, /\b(if|while) \(!(?=[\w$])/g, ([, token]) => `${token} (`),
  ...eachMatch(line, /\b(if|while) \(([\w$.]+)\)/g, ([, token, name]) => `${token} (!${name})`),
  ...eachMatch(line, /\b(if|elif|while) not (?=\w)/g, ([, token]) => `${token} `),
  ...eachMatch(line, /\b(if|elif|while) ([\w.]+):/g, ([, token, name]) => `${token} not ${name}:`),
];

const neighbours: Readonly<Record<string, string>> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };
const boundaryShifted: Mutation = (line) => eachMatch(line, /(?<= )[<>]=?(?= )/g, ([sign]) => neighbours[sign] ?? sign);

const offByOne: Mutation = (line) => [
  ...eachMatch(line, / [+-] 1(?![\w.])/g, () => ""),
  ...eachMatch(
    line,
    /\b(slice|substring|substr|splice|charAt|at)\((\d+)/g,
    ([, name, n]) => `${name}(${Number(n) + 1}`,
  ),
  ...eachMatch(line, /(?<=[\w)\]])\[(\d+)\]/g, ([, n]) => `[${Number(n) + 1}]`),
  ...eachMatch(line, /\[(\d*):(?=[\w\]-])/g, ([, n]) => `[${Number(n ?? 0) + 1}:`),
  ...eachMatch(line, /\brange\((?=[\w.(]+\)*:)/g, () => "range(1, "),
  ...(/\bfor \(/.test(line.masked) ? eachMatch(line, /(?<== )0(?=;)/g, () => "1") : []),
];

const throwing = /\b(throw|raise)\b.*$/;
const errorSwallowed: Mutation = (line) => [
  ...swallowedThrow(line),
  ...eachMatch(line, /\breturn (nil, )?err\b/g, ([, first = ""]) => `return ${first}nil`),
  ...eachMatch(line, /\bnext\((err|error|cause)\)/g, () => "next()"),
  ...eachMatch(line, /\breject\((err|error|cause)\)/g, () => "resolve()"),
  ...eachMatch(line, /\bexit\(1\)/g, () => "exit(0)"),
];

/** Applies only to a statement that ends on its line, because half a statement would not compile. */
function swallowedThrow({ text, masked, language }: CodeLine): Replacement[] {
  const found = throwing.exec(masked);
  if (found === null || !isBalanced(found[0])) return [];
  if (language === "python") return /^\s*raise\b/.test(masked) ? [[`${indentOf(text)}pass`]] : [];
  return found[0].trimEnd().endsWith(";") ? [[`${text.slice(0, found.index)}return;`]] : [];
}

/** Names that are about permissions. */
const guardWords =
  /(auth|admin|permi|allow|owner|role|forbid|deny|denied|token|safe|trust|valid|sanit|escape|privileg|access|csrf|origin|constructor|proto(?!c))/i;
const authorisationWeakened: Mutation = (line) => {
  if (!guardWords.test(line.masked)) return [];
  const isGuard = /^\s*if\b.*\b(return|throw)\b.*;\s*$/.test(line.masked) && isBalanced(line.masked);
  return [
    ...eachMatch(line, / && /g, () => " || "),
    ...eachMatch(line, / \|\| /g, () => " && "),
    ...eachMatch(line, / and /g, () => " or "),
    ...eachMatch(line, / or /g, () => " and "),
    ...(isGuard ? [[]] : []),
  ];
};

const releasing =
  /^\s*(defer )?(await )?([\w$.?[\]]+\.(close|Close|release|destroy|dispose|end|disconnect|unsubscribe|removeListener|removeEventListener|terminate|shutdown|unref|rollback)|clearTimeout|clearInterval|fclose|free)\(.*\);?\s*$/;
const resourceLeak: Mutation = ({ masked }) => (releasing.test(masked) && isBalanced(masked) ? [[]] : []);

const locking = /^\s*(defer )?(await )?[\w$.]+\.(lock|acquire|Lock|RLock|wait|join)\(.*\);?\s*$/;
const race: Mutation = (line) => [
  ...eachMatch(line, /\bawait (?=[\w$(])/g, () => ""),
  ...(locking.test(line.masked) && isBalanced(line.masked) ? [[]] : []),
  ...eachMatch(line, /\b(async )?with [\w.]*lock:/gi, () => "if True:"),
];

const asserting =
  /^\s*(await )?(assert\b|expect\(|t\.(?!end|plan|test|comment|pass|timeout|teardown)\w+\(|self\.assert\w+\(|[\w.]*\bassert[A-Z.]\w*\(|should\.|require\.[A-Z]\w*\()/;
const assertionDeleted: Mutation = ({ masked }) =>
  asserting.test(masked) && isBalanced(masked) && /[;)\w·]\s*$/.test(masked) ? [[]] : [];

function isBalanced(masked: string): boolean {
  let depth = 0;
  for (const sign of masked) {
    if ("([{".includes(sign)) depth += 1;
    if (")]}".includes(sign)) depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

export function indentOf(text: string): string {
  return /^\s*/.exec(text)?.[0] ?? "";
}

/** Classes for code outside tests. */
export const codeDefects: Readonly<Record<string, Mutation>> = {
  "condition-inverted": conditionInverted,
  "boundary-shifted": boundaryShifted,
  "off-by-one": offByOne,
  "error-swallowed": errorSwallowed,
  "authorisation-weakened": authorisationWeakened,
  "resource-leak": resourceLeak,
  race,
};
/** Classes for tests. */
export const testDefects: Readonly<Record<string, Mutation>> = { "assertion-deleted": assertionDeleted };
