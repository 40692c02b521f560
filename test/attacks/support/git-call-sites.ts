/**
 * Every place in the product that calls git on the host, and the subcommands it gives. The escape suite runs each of them on every sink, and
 * fails if a source file has a call that is not here: whoever adds one adds it to the attacks.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

export interface CallSite {
  readonly file: string;
  /** Calls in the file's text. */
  readonly calls: number;
  readonly subcommands: readonly string[];
}

/** The file that starts git. */
export const gates = ["packages/host/src/git/git-process.ts"];
/** What leads to it: its only caller, which says how git is started, and the small process from which it is started. */
const wayToGate = ["run-git.ts", "git-starter.ts", "git-starter-process.ts"].map(
  (file) => `packages/host/src/git/${file}`,
);
/** What the demo does with repositories of its own: its throw-away remote, and those of the fake of GitHub, which no agent reaches. */
const ownPlaces = /^packages\/demo\/src\/(?:setup\/bare-remote\.ts$|fake\/github\/)/u;

export const callSites: readonly CallSite[] = [
  {
    file: "packages/daemon/src/git/apply-exactly.ts",
    calls: 4,
    subcommands: ["read-tree", "apply", "write-tree", "diff-tree"],
  },
  { file: "packages/daemon/src/git/bare-repository.ts", calls: 1, subcommands: ["init"] },
  {
    file: "packages/daemon/src/git/branch-history.ts",
    calls: 7,
    subcommands: ["rev-parse", "rev-list", "log", "diff-tree"],
  },
  { file: "packages/daemon/src/git/diff.ts", calls: 1, subcommands: ["diff-tree"] },
  {
    file: "packages/daemon/src/git/branch-of-patch.ts",
    calls: 5,
    subcommands: ["rev-parse", "update-ref", "fetch"],
  },
  {
    file: "packages/daemon/src/git/inverse.ts",
    calls: 3,
    subcommands: ["commit-tree", "merge-tree", "diff-tree"],
  },
  { file: "packages/daemon/src/git/landed-range.ts", calls: 1, subcommands: ["log"] },
  { file: "packages/daemon/src/git/commit-on-base.ts", calls: 1, subcommands: ["commit-tree"] },
  { file: "packages/daemon/src/git/lay-out.ts", calls: 2, subcommands: ["read-tree", "checkout-index"] },
  { file: "packages/daemon/src/git/log-trailers.ts", calls: 1, subcommands: ["log"] },
  {
    file: "packages/daemon/src/git/mirror.ts",
    calls: 7,
    subcommands: ["fetch", "rev-parse", "cat-file", "ls-remote", "ls-tree"],
  },
  { file: "packages/daemon/src/git/nearest-tag.ts", calls: 2, subcommands: ["ls-remote", "rev-list"] },
  { file: "packages/daemon/src/git/objects.ts", calls: 2, subcommands: ["ls-tree", "cat-file"] },
  { file: "packages/daemon/src/git/push.ts", calls: 4, subcommands: ["ls-remote", "push", "cat-file", "merge-base"] },
  { file: "packages/daemon/src/git/remote.ts", calls: 2, subcommands: ["config"] },
  { file: "packages/daemon/src/git/signed-commit.ts", calls: 2, subcommands: ["cat-file", "hash-object"] },
  { file: "packages/daemon/src/git/small-files.ts", calls: 1, subcommands: ["cat-file"] },
  { file: "packages/daemon/src/proposals/find-todos.ts", calls: 1, subcommands: ["grep"] },
  { file: "packages/runner/src/capture/base-tree.ts", calls: 3, subcommands: ["ls-tree", "cat-file", "check-ignore"] },
  { file: "packages/runner/src/capture/capture.ts", calls: 1, subcommands: ["diff-tree"] },
  { file: "packages/runner/src/capture/fast-import.ts", calls: 3, subcommands: ["init", "fast-import", "rev-parse"] },
  {
    file: "packages/runner/src/tree/candidate.ts",
    calls: 5,
    subcommands: ["rev-parse", "init", "read-tree", "apply", "write-tree"],
  },
  { file: "packages/runner/src/checks/coverage/changed-code.ts", calls: 1, subcommands: ["diff-tree"] },
  { file: "packages/runner/src/checks/changed-code/changed-ranges.ts", calls: 1, subcommands: ["diff"] },
  {
    file: "packages/runner/src/tree/check-tree.ts",
    calls: 9,
    subcommands: ["ls-tree", "update-index", "write-tree", "cat-file", "hash-object", "read-tree", "checkout-index"],
  },
  { file: "packages/runner/src/tree/start-tree.ts", calls: 1, subcommands: ["read-tree"] },
  {
    file: "packages/runner/src/tree/worktree.ts",
    calls: 6,
    subcommands: ["read-tree", "cat-file", "ls-tree", "init", "pack-objects"],
  },
];

/** A group of an expression, "git(?:", is no call. */
const call = /(?:\brunGit|\bstartGit(?:Somewhere)?|(?<![\w"'`-])git|\.git)\((?!"|\)|\?)/g;
/** Calls through what `openRemote` gives. */
const callOfRemote = /\brun\((?=\[|args)/g;

/** Calls of git in the sources of the planes, by file, without those that start it and those on repositories of the demo's own. */
export function findCallSites(root: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const plane of readdirSync(join(root, "packages")))
    for (const path of sourcesIn(join(root, "packages", plane, "src"))) {
      const name = relative(root, path);
      if (ownPlaces.test(name) || gates.includes(name) || wayToGate.includes(name)) continue;
      const text = readFileSync(path, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
      const remoteCalls = text.includes("openRemote(") ? [...text.matchAll(callOfRemote)].length : 0;
      const calls = [...text.matchAll(call)].length + remoteCalls;
      if (calls > 0) found.set(name, calls);
    }
  return found;
}

/** Files that start a program called git by themselves, without the demo's own. */
export function findGates(root: string): string[] {
  return readdirSync(join(root, "packages"))
    .flatMap((plane) => sourcesIn(join(root, "packages", plane, "src")))
    .filter((path) => !ownPlaces.test(relative(root, path)))
    .filter((path) =>
      /\b(?:execa|execaSync|spawn|spawnSync|exec|execFile|execFileSync)\(\s*["'`]git\b/.test(
        readFileSync(path, "utf8"),
      ),
    )
    .map((path) => relative(root, path))
    .toSorted();
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesIn(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}
