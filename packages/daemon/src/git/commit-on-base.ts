/** Makes a commit object of a tree, without moving a branch. */
import { gitIdSchema, type HostText } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";

const runGit = gitAt("daemon/git/commit-on-base");

/** Commits this tree with the base as its only parent. `committedAt`: ISO 8601 UTC. */
export async function commitOnBase(options: {
  gitDir: string;
  tree: string;
  baseCommit: string;
  message: HostText;
  authorName: string;
  authorEmail: string;
  committedAt: string;
  timeoutMs: number;
}): Promise<string> {
  const answer = await runGit({
    args: ["commit-tree", options.tree, "-p", options.baseCommit, "-F", "-"],
    gitDir: options.gitDir,
    input: options.message,
    environment: identityEnvironment(options),
    timeoutMs: options.timeoutMs,
  });
  return gitIdSchema.parse(answer.text);
}

function identityEnvironment(options: {
  authorName: string;
  authorEmail: string;
  committedAt: string;
}): Record<string, string> {
  const date = `@${Math.floor(Date.parse(options.committedAt) / 1000)} +0000`;
  const { authorName: name, authorEmail: email } = options;
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
}
