/** All of control's own findings about one change, from the two trees and the patch. */
import type { Policy } from "@aedev/core";
import type { DependencyChanges, PathReport, SecretReport, TestChanges } from "@aedev/core/wire";
import type { DerivedChange } from "../git/change.ts";
import { isText } from "../git/objects.ts";
import { dependencySiblings, deriveDependencyChanges } from "./dependencies/dependency-changes.ts";
import { matchesGlob } from "./glob.ts";
import { derivePathReport } from "./path-report.ts";
import { scanSecrets } from "./secrets/secret-report.ts";
import { deriveTestChanges } from "./tests/test-changes.ts";

export interface Findings {
  readonly pathReport: PathReport;
  readonly secretReport: SecretReport;
  readonly dependencyChanges: DependencyChanges;
  readonly testChanges: TestChanges;
}

export interface FindingsInput {
  readonly change: DerivedChange;
  readonly patch: Uint8Array;
  readonly policy: Policy;
  /** Globs of test files. */
  readonly tests: readonly string[];
  /** Bytes of files that the change leaves alone, such as the lockfile beside a changed manifest; null where there is none. */
  readonly readUnchanged: (paths: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array | null>>;
}

export async function deriveFindings(input: FindingsInput): Promise<Findings> {
  const { change, policy } = input;
  const texts = change.changed.map((file) => ({
    path: file.path,
    status: file.status,
    before: textOf(change.oldBytes(file.path)),
    after: textOf(change.newBytes(file.path)),
  }));
  const byPath = new Map(texts.map((text) => [text.path, text]));
  const pathReport = derivePathReport({
    files: change.changed,
    renames: [...change.renames],
    policy,
    basePaths: change.basePaths,
    linkTargets: change.linkTargets,
    manifests: new Map([...byPath].filter(([path]) => /(^|\/)package\.json$/i.test(path))),
  });
  const siblings = await input.readUnchanged(dependencySiblings([...byPath.keys()]));
  const unchanged = [...siblings].map(([path, bytes]) => ({ path, before: textOf(bytes), after: textOf(bytes) }));
  return {
    pathReport,
    secretReport: await scanSecrets({
      // Bytes that are no text are scanned as Latin-1, which keeps every ASCII secret in them findable.
      files: change.changed.map(({ path }) => ({
        path,
        text: searchable(change.newBytes(path)),
        before: searchable(change.oldBytes(path)),
      })),
      patch: Buffer.from(input.patch).toString("latin1"),
    }),
    dependencyChanges: deriveDependencyChanges([...texts, ...unchanged]),
    testChanges: await deriveTestChanges({
      files: texts,
      tests: input.tests,
      renames: change.renames,
      readUnchangedTests: () => readUnchangedTests(input),
    }),
  };
}

const unchangedTestsMax = 200;
const unchangedTestBytesMax = 2 * 1024 * 1024;

/** The base's test files that the change leaves alone, as many as fit. */
async function readUnchangedTests({ change, tests, readUnchanged }: FindingsInput): Promise<Map<string, string>> {
  const changed = new Set(change.changed.map(({ path }) => path));
  const paths = change.basePaths.filter((path) => !changed.has(path) && matchesGlob(path, tests));
  const texts = new Map<string, string>();
  let size = 0;
  for (const [path, bytes] of await readUnchanged(paths.slice(0, unchangedTestsMax))) {
    const text = textOf(bytes);
    size += text?.length ?? 0;
    if (text !== null && size <= unchangedTestBytesMax) texts.set(path, text);
  }
  return texts;
}

function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null || !isText(bytes) ? null : Buffer.from(bytes).toString("utf8");
}

function searchable(bytes: Uint8Array | null): string {
  return bytes === null ? "" : (textOf(bytes) ?? Buffer.from(bytes).toString("latin1"));
}
