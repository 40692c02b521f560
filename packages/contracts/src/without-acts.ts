/**
 * Rewrites text that would have an effect in a commit or at GitHub, such as a link, a mention or a trailer, so that people can still read it (SECURITY
 * T38). Only `inert-text.ts` calls `withoutActs`. Letters and digits belong to a word here, an underscore does not: to Markdown it is emphasis.
 */
import { htmlElements } from "./html-elements.ts";

/** The text without its effects. A text that this function returned stays the same. */
export function withoutActs(text: string): string {
  return acts.reduce(
    (rewritten, [pattern, instead]) =>
      typeof instead === "string" ? rewritten.replace(pattern, instead) : rewritten.replace(pattern, instead),
    text,
  );
}

type Act = readonly [pattern: RegExp, instead: string | ((match: string, ...groups: string[]) => string)];

/** A pattern that matches only at the start of a word. */
function word({ source, flags }: RegExp): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${source}`, flags);
}

/** A pattern that matches only at the start of a line, after marks of lists, quotations, emphasis and code; these marks are the first group. */
function line({ source, flags }: RegExp): RegExp {
  return new RegExp(`^([ \\t>*+_~\`-]*)${source}`, `${flags}m`);
}

/** Words in the bracketed instructions of CIs and release tools: `[skip ci]`, `[vercel skip]`, `[CF-Pages-Skip]`, `[nobuild]`, `[major]`. */
const steering = new Set(
  [
    "skip ci cd no noci nocd nobuild nodeploy norun norelease skipci ciskip build rebuild deploy deployment preview publish",
    "release prerelease action actions workflow workflows check checks pipeline pipelines test tests run only force",
    "automerge merge rebase wip major minor patch breaking bump semver hotfix",
  ].flatMap((words) => words.split(" ")),
);

/** Turns brackets around such a word into parentheses, also nested brackets. Brackets that begin with a quotation mark are code, and stay. */
function withoutInstructions(text: string): string {
  const open: { readonly at: number; readonly isCode: boolean; steers: boolean }[] = [];
  const characters = text.split("");
  for (const { 0: found, index } of text.matchAll(/\[|\]|[\p{L}\p{N}]+/gu)) {
    const last = open.at(-1);
    if (found === "[")
      open.push({ at: index, isCode: /^\s{0,9}["']/.test(text.slice(index + 1, index + 11)), steers: false });
    else if (last === undefined) continue;
    else if (found !== "]") last.steers ||= steering.has(found.toLowerCase());
    else {
      open.pop();
      if (!last.steers || last.isCode) continue;
      characters[last.at] = "(";
      characters[index] = ")";
      const around = open.at(-1);
      if (around !== undefined) around.steers = true;
    }
  }
  return characters.join("");
}

/** Names of standards and products that look like the keys of a tracker: `UTF-8`, `ISO-8601`. */
const standards = new Set(
  [
    "aes agpl apache arm base blake bsd chacha cp covid cve cwe des ean ebcdic ecma ed epsg es euc fips ghsa gpl gpt h hmac",
    "html http https ieee iec ios ip ipv iso java jsr jwt koi latin lgpl md mp mpl mysql node nist oauth pbkdf pci pep",
    "php posix python rfc ripemd rs rsa rust sha sql ssh ssl tcp tls ucs usb utf uuid vt web win windows x",
  ].flatMap((names) => names.split(" ")),
);
/** True if a key's name, in capital or small letters, is that of a standard. */
export function isStandard(name: string): boolean {
  return standards.has(name.toLowerCase());
}
/** A tracker's key up to its number. */
const key = /(?<![\p{L}\p{N}_])(_*)(\p{L}[\p{L}\p{N}_]*)-(?=\d)/gu;
/** Trackers write their keys in capital letters; GitHub also reads `gh-12`. */
function isKey(name: string): boolean {
  return /(?:^|_)(?:\p{Lu}[\p{Lu}\p{N}_]+|[Gg][Hh])$/u.test(name);
}

/** `PROJ-12` as `PROJ 12`, for names that `counts` accepts as a tracker's. */
function withoutKeys(text: string, counts: (name: string) => boolean): string {
  return text.replace(key, (match: string, marks: string, name: string) =>
    counts(name) && !standards.has(name.toLowerCase().replace(/^.*_/, "")) ? `${marks}${name} ` : match,
  );
}

/** What may stand between a closing word and the reference that it closes. */
const between =
  "issues?|tickets?|bugs?|tasks?|story|stories|cards?|items?|jira|linear|and|or|the|this|these|following|in|of|out|ids?|no|nr|numbers?|with|for|as|by|also";
/** A closing word with the references after it: tracker keys in any letter case, numbers of Phabricator's tasks and Rally's stories. */
const closing = word(
  new RegExp(
    `(?:clos|fix|resolv|complet|implement|finish|address|deliver|ref|referenc)(?:e|es|ed|s|d|ing)?(?![\\p{L}\\p{N}])(?:[^\\p{L}\\p{N}]*(?:(?:${between})(?![\\p{L}\\p{N}])|\\p{L}[\\p{L}\\p{N}_]*-\\d+|(?:t|us|de|ta)\\d+))+`,
    "giu",
  ),
);

const acts: readonly Act[] = [
  // This must be first, because its result may be a link or a tracker's key.
  [/[\s\S]+/g, withoutInstructions],
  [/(?<!\*)\*{3,}\s*(no[ _-]ci)\s*\*{3,}/gi, "$1"],
  // Links: addresses, text that GitHub links without a scheme, Markdown's brackets and definitions, entities, HTML.
  [/:(?=\/\/)/g, ": "],
  [word(/(mailto|xmpp|tel|sms|javascript|data|vbscript):(?=\S)/giu), "$1: "],
  // The space must come before the dot: with a space after it, Markdown still makes a link of "www".
  [word(/(www)\./giu), "$1 ."],
  [/\](?=\(|\[[^\]\d]|:)/g, "] "],
  [/&(?=#?[a-z0-9]{1,32};)/gi, "& "],
  // `Map<String>` stays, `x<details>` is HTML.
  [
    /(?<=[\p{L}\p{N}_])<([a-z_$][\w$]*)(?:>|(?= ?[.,|[])[\w$.,| [\]]*>)|<(?=[a-z/!?])/giu,
    (match, name) => (name === undefined || htmlElements.has(name.toLowerCase()) ? match.replace("<", "< ") : match),
  ],
  // Mentions, references and the words of smart commits: @name, #12, !12, "#close", and the keys of trackers.
  [/([@＠﹫])(?=[\p{L}\p{N}_])/gu, "$1 "],
  [/([#＃﹟])(?=[\p{L}\p{N}_])/gu, "$1 "],
  [/(?<![\p{L}\p{N}_)\]!])!(?=\d)/gu, "! "],
  [/[\s\S]+/g, (text) => withoutKeys(text, isKey)],
  [closing, (match) => withoutKeys(match, () => true).replace(word(/(t|us|de|ta)(?=\d)/giu), "$1 ")],
  [
    /(?<![\p{L}\p{N}_)\]])\[[ \t]*(?=\p{L}{2,}[\p{L}\p{N}_]*-\d)[\p{L}\p{N}_]+-\d/gu,
    (match) => withoutKeys(match, () => true),
  ],
  // Instructions to CIs, release tools and git.
  [/\([ \t]*(?=(?:major|minor|patch|breaking)[ \t]*\))/gi, "( "],
  [word(/(semver)[ \t]*:/giu), "$1 -"],
  [word(/(ci|cd)[._-](?=skip(?![\p{L}\p{N}]))/giu), "$1 "],
  [word(/BREAKING[ -](?=CHANGE(?![\p{L}\p{N}]))/giu), "breaking_"],
  [line(/([a-z]{1,20}(?:\([^()\n]{0,100}\))?)!:/giu), "$1$2:"],
  [line(/(fixup|squash|amend)![ \t]*/giu), "$1$2 "],
  [word(/This reverts commit(?![\p{L}\p{N}])/giu), "This reverts the commit"],
  // Trailers, also at places that could become the start of a line, and commands of bots at the start of a line.
  [
    /(?<![\p{L}\p{N}-])((?:[a-z0-9]+-)+(?:by|id|from|to|checks?|log-[a-z]+|mission|task|bundle|change))[ \t]*:/giu,
    "$1 -",
  ],
  [line(/((?:[a-z0-9]+-)+[a-z0-9]+)[ \t]*:/giu), "$1$2 -"],
  [line(/\/(?=[a-z][\w-]*(?:\s|$))/giu), "$1/ "],
  [line(/(bors(?=[ :])|re(?:check|verify|test|build)(?=[ \t]*$)|r[?+=](?=[ \t]|$))/giu), "$1($2)"],
  [word(/(ok)[^\p{L}\p{N}]+(to)[^\p{L}\p{N}]+(?=test)/giu), "$1_$2_"],
  [word(/((?:re)?test)[^\p{L}\p{N}]+(this)[^\p{L}\p{N}]+(?=please)/giu), "$1_$2_"],
  [word(/(add)[^\p{L}\p{N}]+(to)[^\p{L}\p{N}]+(?=whitelist)/giu), "$1_$2_"],
];
