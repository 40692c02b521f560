/** The table of all places that call git on the host: which repository git reads there, what it may reach, and its subcommand (SECURITY T1, T39). Pure data; git-at.ts accepts no other call. */

/**
 * The kinds of repository. `own`: one that aedev created below its home or a run's folder, with aedev's configuration. `none`: git reads no repository
 * at all. There is no third kind: a person's repository is reached only as a remote, or through a git directory of aedev.
 */
export type GitRepositoryKind = "own" | "none";

export interface GitCallSite {
  readonly repository: GitRepositoryKind;
  /** What git may reach: nothing, another git directory of aedev, or a remote that remote.ts has accepted. */
  readonly reaches: "nothing" | "own" | "remote";
  readonly subcommands: readonly string[];
}

const own = (...subcommands: readonly string[]) => ({ repository: "own", reaches: "nothing", subcommands }) as const;
const none = (...subcommands: readonly string[]) => ({ repository: "none", reaches: "nothing", subcommands }) as const;

/** Keys are files without `packages/`, `src/` and `.ts`; `#` distinguishes the rows of a file that calls git on several kinds. */
export const gitCallSites = {
  "daemon/git/apply-exactly": own("read-tree", "apply", "write-tree", "diff-tree"),
  "daemon/git/bare-repository": none("init"),
  "daemon/git/branch-history": own("rev-parse", "rev-list", "log", "diff-tree"),
  "daemon/git/branch-of-patch": {
    repository: "own",
    reaches: "own",
    subcommands: ["rev-parse", "update-ref", "fetch"],
  },
  "daemon/git/checkout#remotes": none("config"),
  "daemon/git/checkout-state": own(
    ...["update-index", "ls-files", "diff-index", "diff-files", "diff-tree", "read-tree", "check-attr"],
  ),
  "daemon/git/commit-log": own("rev-parse", "rev-list", "log", "hash-object", "diff-tree"),
  "daemon/git/commit-on-base": own("commit-tree"),
  "daemon/git/diff": own("diff-tree"),
  "daemon/git/fast-forward": own("cat-file", "rev-parse", "rev-list", "diff-tree", "read-tree", "update-ref"),
  "daemon/git/fast-forward#fetch": { repository: "own", reaches: "own", subcommands: ["fetch"] },
  "daemon/git/find-namers": own("grep"),
  "daemon/git/inverse": own("commit-tree", "merge-tree", "diff-tree"),
  "daemon/git/landed-range": own("log"),
  "daemon/git/lay-out": own("read-tree", "checkout-index"),
  "daemon/git/line-origins": own("blame"),
  "daemon/git/log-trailers": own("log"),
  "daemon/git/mirror": own("rev-parse", "cat-file", "ls-tree"),
  "daemon/git/nearest-tag": own("rev-list"),
  "daemon/git/objects": own("ls-tree", "cat-file"),
  "daemon/git/push": own("cat-file", "merge-base"),
  "daemon/git/remote#ask": { repository: "none", reaches: "remote", subcommands: ["ls-remote"] },
  "daemon/git/remote#exchange": { repository: "own", reaches: "remote", subcommands: ["fetch", "push"] },
  "daemon/git/remote#origin": none("config"),
  "daemon/git/signed-commit": own("cat-file", "hash-object"),
  "daemon/git/small-files": own("cat-file"),
  "daemon/git/submodules": own("config", "cat-file", "ls-tree"),
  "daemon/proposals/find-todos": own("grep"),
  "runner/capture/base-tree": own("ls-tree", "cat-file", "check-ignore", "check-attr"),
  "runner/capture/base-tree#make": none("init"),
  "runner/capture/capture": own("diff-tree"),
  "runner/capture/fast-import": own("fast-import", "rev-parse"),
  "runner/capture/fast-import#make": none("init"),
  "runner/checks/changed-code/changed-ranges": own("diff"),
  "runner/checks/coverage/changed-code": own("diff-tree"),
  "runner/tree/candidate": own("rev-parse", "read-tree", "apply", "write-tree"),
  "runner/tree/candidate#make": none("init"),
  "runner/tree/check-tree": own(
    ...["ls-tree", "update-index", "write-tree", "cat-file", "hash-object", "read-tree", "checkout-index"],
  ),
  "runner/tree/start-tree": own("read-tree"),
  "runner/tree/worktree": own("read-tree", "cat-file", "ls-tree", "pack-objects"),
  "runner/tree/worktree#make": none("init"),
} as const satisfies Record<string, GitCallSite>;

export type GitSite = keyof typeof gitCallSites;
