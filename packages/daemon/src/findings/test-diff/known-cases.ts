/** What code could know of a test file: the inputs and answers of its tests, and the rows of its tables. */
import type { TestFile } from "@aedev/languages/shared/test-file";

/** A test's inputs and its expected result, as literals. */
export interface KnownCase {
  readonly test: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The change brings this test, or this form of it. */
  readonly isNew: boolean;
  /** A row of a table, which may be the input of any test; its answer is another literal than the input. */
  readonly isRow?: boolean | undefined;
}

/** Of one file, of its tests and of its rows. */
const casesMax = 2000;

/** Of both versions of a file whose tests are read one by one. */
export function knownCases(
  before: Pick<TestFile, "tests" | "rows">,
  after: Pick<TestFile, "tests" | "rows">,
): KnownCase[] {
  const versions = [before, after];
  const ofTests = versions.flatMap(({ tests }, index) =>
    tests.map(({ name, literals, assertions }) => {
      const outputs = [...new Set(assertions.flatMap((assertion) => assertion.answers))];
      // A test that only asserts a truth value expects `true`.
      return {
        test: name,
        inputs: [...literals],
        outputs: outputs.length === 0 ? ["true"] : outputs,
        isNew: index === 1,
      };
    }),
  );
  return [...ofTests.slice(0, casesMax), ...rowCases(before.rows, after.rows)];
}

/** Of the rows of both versions, each once. */
export function rowCases(before: readonly (readonly string[])[], after: readonly (readonly string[])[]): KnownCase[] {
  const cases = new Map<string, KnownCase>();
  for (const [rows, isNew] of [
    [before, false],
    [after, true],
  ] as const)
    for (const row of rows) {
      const key = JSON.stringify(row);
      if (!cases.has(key))
        cases.set(key, { test: "a table or a call of the tests", inputs: row, outputs: row, isNew, isRow: true });
    }
  return [...cases.values()].slice(0, casesMax);
}

/** Those of which a word of an input is in the code: no other can be known to it. */
export function casesFor(code: readonly string[], cases: readonly KnownCase[]): KnownCase[] {
  // Literals are known without the separators and type suffixes that code may give them.
  const spellings = (number: string) => {
    const digits = number.replaceAll("_", "");
    return [number, digits, digits.replace(suffix, "")];
  };
  const words = new Set(
    code.flatMap((text) => [...(text.match(letters) ?? []), ...(text.match(numbers) ?? []).flatMap(spellings)]),
  );
  const isMentioned = (input: string) => {
    const own = input.match(letters);
    return own === null || own.some((one) => words.has(one));
  };
  return cases.filter(({ inputs }) => inputs.some(isMentioned));
}
const letters = /[\p{L}\p{N}]+/gu;
const numbers = /\d\w*/gu;
const suffix = /(?:[iu](?:8|16|32|64|128|size)|f(?:32|64)|n)$/u;
