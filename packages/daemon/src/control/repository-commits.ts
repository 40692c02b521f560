/** Gathers how a task's commit has to read: by its repository's conventions and template, and by what the sealed evidence says about the change. */
import { checksSchema, pathReportSchema } from "@aedev/contracts";
import { entityById, type State, type TaskState } from "@aedev/core";
import { matchesGlob } from "@aedev/host/globs";
import type { RepositoryCommits } from "../commit-text/commit-message.ts";
import { openBundle, readPolicy } from "./read-blobs.ts";

/** Folders in which every file counts as documentation. */
const documentation = ["docs/**", "doc/**"];

/** The conventions of the change's base, and the registration's current template. */
export function repositoryCommits(
  task: TaskState,
  control: Parameters<typeof openBundle>[0] & {
    readonly log: { readonly state: Pick<State, "repositories" | "missions"> };
  },
): RepositoryCommits {
  const { missions, repositories } = control.log.state;
  const { commit_template: text } = entityById(repositories, task.repository) ?? {};
  const { commits, tests = [] } = task.settings ?? {};
  const template = {
    ...{ mission: task.mission_id, task: task.task_id },
    issue: entityById(missions, task.mission_id)?.origin?.github.issue,
  };
  const registered = text === undefined ? {} : { template: { text, ...template } };
  if (commits === undefined || task.evidence === null) return registered;
  const { entry } = openBundle(control, task.evidence.bundle.digest);
  const documents = [...readPolicy(control, task).paths.documentation, ...documentation];
  const roleOf = (path: string) =>
    matchesGlob(path, tests) ? "test" : matchesGlob(path, documents) ? "documentation" : "code";
  const files = entry("path-report", pathReportSchema)?.files ?? [];
  const changesBehaviour = (entry("checks", checksSchema)?.fail_to_pass.length ?? 0) > 0;
  return {
    ...registered,
    conventions: {
      commits,
      change: { files: files.map(({ path }) => ({ path, role: roleOf(path) })), changesBehaviour },
    },
  };
}
