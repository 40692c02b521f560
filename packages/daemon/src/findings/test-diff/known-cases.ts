/** Lists the cases of a test file that code could know: inputs and answers of its tests, and rows of its tables. */
import type { TestFile } from "@aedev/languages/shared/test-file";

/** A test's inputs and its expected result, as literals. */
export interface KnownCase {
  readonly test: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The change adds or rewrites this test. */
  readonly isNew: boolean;
  /** The case is a row of a table: any of its literals may be the input, and any other the answer. */
  readonly isRow?: boolean | undefined;
}

/** The most cases from a file's tests, and from its rows. */
const casesMax = 2000;

/** The cases in both versions of a file whose tests are read one by one. */
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

/** The cases in the rows of both versions, each once. */
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

/** The cases with a word of an input in the code, since the code can know no others. */
export function casesFor(code: readonly string[], cases: readonly KnownCase[]): KnownCase[] {
  // Cases have numbers without the separators and type suffixes that code may use.
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
