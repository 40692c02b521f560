/** Picks one alteration per test and applies them to the source. Pure. */
import type { Alteration, AssertionSite, HelperSite, NoAlteration, TestSite, TestSource } from "./alteration.ts";

/** `no-assertion`: neither the test nor a helper of its file has a known assertion. */
type WhyUnaltered = NoAlteration | "no-assertion";

export interface ChosenTest {
  readonly name: string;
  /** Null if the test's own code or a helper is altered. */
  readonly why: WhyUnaltered | null;
}

export interface Chosen {
  readonly tests: readonly ChosenTest[];
  readonly alterations: readonly Alteration[];
}

/**
 * Chooses the last literal of a test that surely runs, else its last negation, so that most of the test runs before it fails. A test without either uses the
 * alteration of the first helper that it calls.
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
  // The loop also visits helpers that it adds to the set.
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

/** Applies the alterations. If two touch the same text, only the first counts, because a function inside another is read twice. */
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
