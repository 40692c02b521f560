/** How the commit of a task's change is to read: the conventions of its repository, and what the sealed evidence says about the change. */
import { checksSchema, pathReportSchema } from "@aedev/contracts";
import type { RepositoryCommits, TaskState } from "@aedev/core";
import { matchesGlob } from "@aedev/host/globs";
import { openBundle, readPolicy } from "./read-blobs.ts";

/** Folders whose files document the rest, whatever they are. */
const documentation = ["docs/**", "doc/**"];

/** Undefined: the repository says nothing about its commits, or there is no evidence yet. */
export function repositoryCommits(
  task: TaskState,
  control: Parameters<typeof openBundle>[0],
): RepositoryCommits | undefined {
  const { commits, tests = [] } = task.settings ?? {};
  if (commits === undefined || task.evidence === null) return undefined;
  const { entry } = openBundle(control, task.evidence.bundle.digest);
  const documents = [...readPolicy(control, task).paths.documentation, ...documentation];
  const roleOf = (path: string) =>
    matchesGlob(path, tests) ? "test" : matchesGlob(path, documents) ? "documentation" : "code";
  const files = entry("path-report", pathReportSchema)?.files ?? [];
  const changesBehaviour = (entry("checks", checksSchema)?.fail_to_pass.length ?? 0) > 0;
  return { commits, change: { files: files.map(({ path }) => ({ path, role: roleOf(path) })), changesBehaviour } };
}
