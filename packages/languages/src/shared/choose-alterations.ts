/** Picks one alteration per test and applies them to the source. Pure. */
import type { Alteration, AssertionSite, HelperSite, NoAlteration, TestSite, TestSource } from "./alteration.ts";

/** `no-assertion`: neither the test nor a helper of its file asserts anything that is known as an assertion. */
type WhyUnaltered = NoAlteration | "no-assertion";

export interface ChosenTest {
  readonly name: string;
  /** Null if it is altered, in its own code or in a helper. */
  readonly why: WhyUnaltered | null;
}

export interface Chosen {
  readonly tests: readonly ChosenTest[];
  readonly alterations: readonly Alteration[];
}

/**
 * The last literal of a test that is sure to run, else its last negation, so that most of the test runs before it fails. A test whose own code
 * has none uses that of the first helper that it calls.
 */
export function chooseAlterations({ tests, helpers }: TestSource): Chosen {
  const alterations = new Set<Alteration>();
  const ofHelpers = new Map<HelperSite, Alteration | null>();
  const chosen = tests.map((test): ChosenTest => {
    const own = bestOf(test.assertions) ?? helperOf(test, { helpers, ofHelpers });
    if (own !== null) alterations.add(own);
    const first = test.assertions.find(({ alteration }) => typeof alteration === "string")?.alteration;
    const why = own !== null ? null : typeof first === "string" ? first : "no-assertion";
    return { name: test.name, why };
  });
  return { tests: chosen, alterations: [...alterations] };
}

function bestOf(assertions: readonly AssertionSite[]): Alteration | null {
  const possible = assertions.flatMap(({ alteration, guarded }) =>
    typeof alteration === "string" ? [] : [{ alteration, guarded }],
  );
  const ranked = [
    possible.filter(({ alteration, guarded }) => !guarded && alteration.how === "literal"),
    possible.filter(({ guarded }) => !guarded),
    possible,
  ];
  return ranked.find((some) => some.length > 0)?.at(-1)?.alteration ?? null;
}

function helperOf(
  test: TestSite,
  known: { helpers: readonly HelperSite[]; ofHelpers: Map<HelperSite, Alteration | null> },
): Alteration | null {
  const reached = new Set<TestSite | HelperSite>([test]);
  // A set is iterated in insertion order and includes elements added on the way.
  for (const { mentions } of reached)
    for (const helper of known.helpers) {
      if (reached.has(helper) || !helper.names.some((name) => mentions.has(name))) continue;
      const found = known.ofHelpers.has(helper) ? (known.ofHelpers.get(helper) ?? null) : bestOf(helper.assertions);
      known.ofHelpers.set(helper, found);
      if (found !== null) return found;
      reached.add(helper);
    }
  return null;
}

/** The text with these alterations. Of two that touch the same text only the first is applied: a function inside of another is read twice. */
export function applyAlterations(text: string, alterations: readonly Alteration[]): string {
  const seen = new Set<string>();
  const edits = alterations.flatMap((alteration) => {
    const key = JSON.stringify(alteration.edits);
    if (seen.has(key)) return [];
    seen.add(key);
    return alteration.edits;
  });
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits.toSorted((one, other) => one.from - other.from || one.to - other.to)) {
    if (edit.from < at) continue;
    parts.push(text.slice(at, edit.from), edit.text);
    at = edit.to;
  }
  return [...parts, text.slice(at)].join("");
}
