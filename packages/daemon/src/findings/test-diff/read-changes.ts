/**
 * Reads test files and code in a child process with a deadline and a memory bound. Contract: never throws for any text; a file that crashes or
 * stalls the child is `unreadable`, and the next child reads the files after it.
 */

import { fileURLToPath } from "node:url";
import { testFindingSchema } from "@aedev/contracts";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import type { RenamingChange } from "@aedev/languages/same/explain-renames";
import { z } from "zod";
import { comparisonSchema } from "./compare-tests.ts";
import type { KnownCase } from "./known-cases.ts";

/**
 * `tests` compares two versions of a test file test by test, `lines` as a whole. `signs` and `code` search code for knowledge of the tests. `rows` compares two
 * versions of a data file. `names` lists the names in a file. `same` tells whether code differs only in comments and layout, `renames` which files of a
 * change differ only in names, `refactored` what calls of functions have to show. `uncommented` gives the text without comments for people. `cases` lists the cases of a Go or
 * Rust file with tests. A null version is absent.
 */
export type Job =
  | ({ readonly kind: "tests"; readonly from: string } & Versions)
  | ({
      readonly kind: "lines";
      readonly status: "added" | "modified" | "deleted";
      readonly isAmongCode?: boolean;
    } & Versions)
  | {
      readonly kind: "signs" | "code" | "rows";
      readonly path: string;
      readonly before: string;
      readonly after: string;
      /** The other files of a Go package, in both versions. */
      readonly beside?: Beside;
    }
  | ({ readonly kind: "cases"; readonly areAllTests: boolean } & Versions)
  | { readonly kind: "same"; readonly path: string; readonly before: string; readonly after: string }
  | {
      readonly kind: "renames" | "refactored";
      readonly change: RenamingChange;
      readonly before: null;
      readonly after: null;
    }
  | { readonly kind: "names" | "uncommented"; readonly path: string; readonly before: null; readonly after: string };
export interface Beside {
  readonly before: readonly string[];
  readonly after: readonly string[];
}
interface Versions {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

const texts = z.array(z.string());
const added = z.strictObject({ names: texts, imported: texts });
const uses = z.array(
  z.strictObject({
    what: z.string(),
    line: z.int(),
    digest: z.string().optional(),
    asks: z.enum(["in-place-of-plain", "never"]).optional(),
  }),
);
const cases = z.array(
  z.strictObject({
    test: z.string(),
    inputs: texts.readonly(),
    outputs: texts.readonly(),
    isNew: z.boolean(),
    isRow: z.boolean().optional(),
  }),
);
const renames = z.array(z.strictObject({ from: z.string(), to: z.string() }));
const explainedSchema = z.strictObject({
  files: z.array(
    z.strictObject({ path: z.string(), from: z.string(), kind: z.enum(["renamed", "types", "unused"]), names: texts }),
  ),
  shared: z.array(
    z.strictObject({ from: z.string(), to: z.string(), isPublic: z.boolean(), path: z.string().exactOptional() }),
  ),
  names: renames,
  titles: renames,
});
const answerSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("tests"),
    comparison: comparisonSchema,
    addedFunctions: added.nullable(),
    cases,
  }),
  z.strictObject({
    kind: z.literal("lines"),
    assertionsBefore: z.int().nonnegative(),
    assertionsAfter: z.int().nonnegative(),
    findings: z.array(testFindingSchema),
    changed: z.boolean(),
    /** Only Rust's reader tells changed tests and names of new helpers. */
    changedTests: texts,
    names: texts,
    /** Whether both versions have the same tests. */
    isSame: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal("signs"),
    findings: z.array(testFindingSchema),
    isSuspect: z.boolean(),
    addedFunctions: added.nullable(),
    surroundings: z.strictObject({ before: uses, after: uses }),
  }),
  z.strictObject({ kind: z.literal("rows"), addsOnlyRows: z.boolean() }),
  z.strictObject({ kind: z.literal("renames"), explained: explainedSchema }),
  z.strictObject({
    kind: z.literal("refactored"),
    refactored: z
      .strictObject({
        gone: texts,
        altered: texts,
        changed: z.array(z.strictObject({ unit: z.string(), reached_by: texts })),
      })
      .nullable(),
  }),
  z.strictObject({ kind: z.literal("names"), names: texts }),
  z.strictObject({ kind: z.literal("uncommented"), text: z.string() }),
  z.strictObject({ kind: z.literal("same"), difference: z.enum(["nothing", "docstrings", "code"]) }),
  z.strictObject({ kind: z.literal("cases"), cases }),
  z.strictObject({ kind: z.literal("code"), findings: z.array(testFindingSchema) }),
  z.strictObject({ kind: z.literal("unreadable"), why: z.string() }),
]);
export type JobAnswer = Readonly<z.infer<typeof answerSchema>>;

const childTimeoutMs = 20_000;
/** The time for all files of a change together. */
const totalTimeoutMs = 60_000;
const childMemoryMegabytes = 768;
const batchCharactersMax = 16 * 1024 * 1024;
const answerBytesMax = 64 * 1024 * 1024;

/** Returns one answer per job, in order. `cases`: inputs and answers of the tests, for jobs about code. */
export async function readChanges(
  jobs: readonly Job[],
  options: { cases?: readonly KnownCase[]; timeoutMs?: number; totalMs?: number } = {},
): Promise<JobAnswer[]> {
  const answers: JobAnswer[] = [];
  const end = Date.now() + (options.totalMs ?? totalTimeoutMs);
  while (answers.length < jobs.length) {
    const timeoutMs = Math.min(options.timeoutMs ?? childTimeoutMs, end - Date.now());
    if (timeoutMs <= 0) {
      answers.push(
        ...jobs.slice(answers.length).map(() => ({ kind: "unreadable" as const, why: "no time left to read it" })),
      );
      break;
    }
    const batch = batchOf(jobs.slice(answers.length));
    const { answered, why } = await runChild(batch, options.cases ?? [], timeoutMs);
    answers.push(...answered);
    if (answered.length < batch.length) answers.push({ kind: "unreadable", why });
  }
  return answers;
}

/** As many jobs as fit into one child, at least one. */
function batchOf(jobs: readonly Job[]): readonly Job[] {
  let size = 0;
  const end = jobs.findIndex((job, index) => {
    const beside = "beside" in job && job.beside !== undefined ? [...job.beside.before, ...job.beside.after] : [];
    size += (job.before?.length ?? 0) + (job.after?.length ?? 0) + beside.join("").length;
    return index > 0 && size > batchCharactersMax;
  });
  return end === -1 ? jobs : jobs.slice(0, end);
}

/** The child's answers, and how it ended. */
async function runChild(
  jobs: readonly Job[],
  cases: readonly KnownCase[],
  timeoutMs: number,
): Promise<{ answered: JobAnswer[]; why: string }> {
  const script = fileURLToPath(new URL("./read-changes-child.ts", import.meta.url));
  const { stdout, end } = await runBoundedChild(
    script,
    { jobs, cases },
    { timeoutMs, memoryMegabytes: childMemoryMegabytes, answerBytesMax },
  );
  const answered: JobAnswer[] = [];
  // The text after the last line end is not a complete line.
  for (const line of stdout.split("\n").slice(0, -1).slice(0, jobs.length)) {
    const parsed = answerSchema.safeParse(parseJson(line));
    if (!parsed.success) break;
    answered.push(parsed.data);
  }
  const why = end === "timeout" ? "not read within the time limit" : "the reader process died";
  return { answered, why };
}
