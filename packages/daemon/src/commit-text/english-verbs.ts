/** English verbs of change, for a subject in the imperative. A form becomes imperative only if the sentence has no other verb: "Printing takes 5 s" stays. */

const verbs: ReadonlySet<string> = new Set(
  [
    "accept add allow apply avoid build bump cache call change check clean clear close convert copy correct create deal decouple delete deprecate",
    "detect disable document drop enable ensure escape expose extend extract fix format guard handle hide ignore implement improve include increase",
    "inline introduce keep limit list load lock log make mark measure merge migrate mock move normalize open parse pass pin port prevent print",
    "raise read reduce refactor refuse reject release remove rename reorder replace report reset resolve restore retry return revert round run",
    "sanitize save send set show simplify skip sort speed split stop store strip suggest support switch test throw translate treat trim turn type",
    "unify update upgrade use validate verify wait warn wrap write",
  ]
    .join(" ")
    .split(" "),
);
const irregular: Readonly<Record<string, string>> = {
  made: "make",
  built: "build",
  kept: "keep",
  wrote: "write",
  written: "write",
  ran: "run",
  running: "run",
  sent: "send",
  threw: "throw",
  hid: "hide",
  setting: "set",
};

function formsOf(verb: string): readonly string[] {
  const stem = verb.endsWith("e") ? verb.slice(0, -1) : verb;
  const doubled = /[^aeiou][aeiou][bdgmnpt]$/.test(verb) ? verb + verb.slice(-1) : stem;
  const third = /(?:s|x|ch|sh)$/.test(verb)
    ? `${verb}es`
    : /[^aeiou]y$/.test(verb)
      ? `${verb.slice(0, -1)}ies`
      : `${verb}s`;
  const past = /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ied` : undefined;
  return [third, `${stem}ed`, `${stem}ing`, `${doubled}ed`, `${doubled}ing`, ...(past === undefined ? [] : [past])];
}

const baseOf = new Map<string, string>([
  ...[...verbs].flatMap((verb) => formsOf(verb).map((form): [string, string] => [form, verb])),
  ...Object.entries(irregular),
]);

/** Verbs that show that the first word is not the sentence's verb. */
const finite =
  /\b(?:am|is|are|was|were|be|been|has|have|had|do|does|did|doesn't|don't|didn't|can|can't|cannot|could|will|won't|would|may|might|must|shall|should|need|needs|seems?|looks?|takes?|took|makes?|gives?|gets?|got|goes|went|comes?|came|causes?|leads?|breaks?|broke|fails?|failed|works?|hangs?|crash(?:es)?|loses?|lost|leaks?|ends?|starts?|stops?|grows?|costs?|lasts?|depends?|produces?|returns?|prints?|throws?|shows?|writes?|reads?|happens?|appears?|disappears?|remains?|stays?|keeps?|belongs?|requires?|uses?)\b/iu;

/** True for a verb of change in its base form, in any case. */
export function isChangeVerb(word: string): boolean {
  return verbs.has(word.toLowerCase());
}

/** A purpose or reason has a verb of its own. */
const purpose = / (?:so that|because|in order to)\b.*$/su;

/** The imperative of a first word; null if it is no verb of change, or the rest has a verb. `rest`: the prose after it. */
export function imperativeOf(first: string, rest: string): string | null {
  const word = first.toLowerCase();
  if (verbs.has(word)) return word;
  const base = baseOf.get(word);
  if (base === undefined || !/^\s+\S/u.test(rest) || /^\s+of\b/iu.test(rest)) return null;
  return finite.test(rest.replace(purpose, "")) ? null : base;
}
