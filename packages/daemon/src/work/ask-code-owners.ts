/** Asks the code owners of the changed files to review the pull request, if `landing.reviewers` is set and the gate asked a person. */
import { branchName, escapeLine, isFault, pathReportSchema } from "@aedev/contracts";
import type { TaskState } from "@aedev/core";
import { gitFaults } from "@aedev/host/git/run-git";
import type { Blobs, Configured, Mirrors } from "../control/parts.ts";
import { openBundle } from "../control/read-blobs.ts";
import { readSmallFiles } from "../git/small-files.ts";
import { readBranchRules } from "../github/branch-rules.ts";
import { codeOwnersBytesMax, codeOwnersPaths, ownersOf } from "../github/code-owners.ts";
import type { GitHubConnection } from "../github/connection.ts";
import { noteIfRefused } from "../github/note-if-refused.ts";
import { requestReviewers } from "../github/reviewers.ts";
import type { Landing } from "./landing-commit.ts";

const noteCharactersMax = 400;

/** `notes`: what could not be done. Nothing waits for it. */
interface Asked {
  readonly requested: readonly string[];
  readonly notes: readonly string[];
}
const nobody: Asked = { requested: [], notes: [] };

/** Reads CODEOWNERS from the base, so that a change can't choose its reviewers. Throws `RateLimited`. */
export async function askCodeOwners(
  task: TaskState,
  { gitHub, landing, number }: { gitHub: GitHubConnection; landing: Landing; number: number },
  control: Blobs & Mirrors & Configured<"landing">,
): Promise<Asked> {
  if (control.configuration.landing.reviewers === "none" || task.gate?.answer !== "ask") return nobody;
  // An approved change still needs reviews only where the branch requires them.
  let isWanted = task.status === "asked";
  const unread = isWanted
    ? []
    : await noteIfRefused("no review was requested", async () => {
        const rules = await readBranchRules(gitHub, branchName(landing.ref));
        isWanted = rules.approvals > 0 || rules.codeOwners;
      });
  if (!isWanted) return { ...nobody, notes: unread };
  const owners = await readOwners(task, landing.base_commit, control);
  if (owners === null) return nobody;
  if (typeof owners === "string") return { ...nobody, notes: [noteText(`no review was requested: ${owners}`)] };
  const { path, users, teams, ignored } = owners;
  const unused = ignored.length === 0 ? [] : [noteText(`not used of ${path}: ${ignored.join("; ")}`)];
  const { requested, notes } = await requestReviewers(gitHub, { number, users, teams });
  return { requested, notes: [...unused, ...notes.map(noteText)] };
}

function noteText(text: string): string {
  return escapeLine(text, noteCharactersMax);
}

/** The owners; null if the base has no CODEOWNERS; a text that says why the file can't be used. */
async function readOwners(task: TaskState, base: string, control: Blobs & Mirrors) {
  const changed = changedPaths(task, control);
  try {
    const { texts } = await readSmallFiles({
      ...control.mirror(task.repository),
      commit: base,
      choose: (paths) => codeOwnersPaths.filter((path) => paths.includes(path)).slice(0, 1),
    });
    const [[path, text] = []] = texts;
    if (path === undefined || text === undefined) return null;
    if (text === null || Buffer.byteLength(text) > codeOwnersBytesMax)
      return `${path} is no text file of at most ${codeOwnersBytesMax / 1024 ** 2} MiB`;
    const owners = ownersOf(text, changed);
    return owners === null ? `${path} has too many patterns for this change` : { path, ...owners };
  } catch (error) {
    if (!isFault(error, ...gitFaults)) throw error;
    return error.message;
  }
}

function changedPaths({ task_id, evidence }: TaskState, control: Blobs): string[] {
  const report =
    evidence === null ? null : openBundle(control, evidence.bundle.digest).entry("path-report", pathReportSchema);
  if (report === null) throw new Error(`the evidence of task ${task_id} does not name its paths`);
  return report.files.map(({ path }) => path);
}
