/** The fake's requests to a bare repository: refs, commits, ancestry, merging without a work tree. */
import type { AccountRecord, RepositoryRecord } from "./records.ts";
import type { World } from "./world.ts";

type Place = Pick<RepositoryRecord, "gitDir">;

export interface Signature {
  readonly name: string;
  readonly email: string;
  /** ISO 8601. */
  readonly date: string;
}
export interface CommitFacts {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

/** Names below `refs/` with their objects. */
export async function readRefs(world: World, { gitDir }: Place, under = "refs/"): Promise<Map<string, string>> {
  const { text } = await world.git(["for-each-ref", "--format=%(objectname) %(refname)", under], { gitDir });
  return new Map(
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => [line.slice(41), line.slice(0, 40)]),
  );
}

/** The commit of a branch, a tag, a full ref or an id; undefined if there is none. */
export async function resolveCommit(world: World, { gitDir }: Place, name: string): Promise<string | undefined> {
  const tries = /^[0-9a-f]{4,40}$/.test(name) ? [name] : [];
  tries.push(`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name);
  for (const candidate of tries.filter((text) => !text.startsWith("-") && !/[\s~^:?*[\\]/.test(text))) {
    const { exitCode, text } = await world.git(
      ["rev-parse", "--verify", "--quiet", "--end-of-options", `${candidate}^{commit}`],
      {
        gitDir,
        exitCodes: [0, 1, 128],
      },
    );
    if (exitCode === 0) return text;
  }
  return undefined;
}

export async function readCommit(world: World, { gitDir }: Place, sha: string): Promise<CommitFacts> {
  const format = "%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B";
  const { text } = await world.git(["show", "--no-patch", `--format=${format}`, sha], { gitDir });
  const [id = "", tree = "", parents = "", an = "", ae = "", ad = "", cn = "", ce = "", cd = "", ...message] =
    text.split("\0");
  return {
    sha: id,
    tree,
    parents: parents.split(" ").filter((parent) => parent !== ""),
    author: { name: an, email: ae, date: ad },
    committer: { name: cn, email: ce, date: cd },
    message: message.join("\0").replace(/\n+$/, ""),
  };
}

export async function containsCommit(
  world: World,
  { gitDir }: Place,
  ancestor: string,
  descendant: string,
): Promise<boolean> {
  const args = ["merge-base", "--is-ancestor", ancestor, descendant];
  const { exitCode } = await world.git(args, { gitDir, exitCodes: [0, 1, 128] });
  return exitCode === 0;
}

/** Commits of `head` that `base` lacks, oldest first. */
export async function commitsBetween(world: World, { gitDir }: Place, base: string, head: string): Promise<string[]> {
  const { text } = await world.git(["rev-list", "--reverse", "--topo-order", `${base}..${head}`], { gitDir });
  return text.split("\n").filter((line) => line !== "");
}

export interface DiffSize {
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
}
/** The size of a pull request's diff: from the merge base to the head. */
export async function diffSize(world: World, { gitDir }: Place, base: string, head: string): Promise<DiffSize> {
  const { text } = await world.git(["diff", "--numstat", `${base}...${head}`], { gitDir, exitCodes: [0, 128] });
  const rows = text.split("\n").filter((line) => line !== "");
  const sum = (column: number) => rows.reduce((total, row) => total + (Number(row.split("\t")[column]) || 0), 0);
  return { additions: sum(0), deletions: sum(1), changedFiles: rows.length };
}

/** The tree of merging two commits; undefined on conflicts. */
export async function mergeTree(
  world: World,
  { gitDir }: Place,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  const args = ["merge-tree", "--write-tree", "--no-messages", "--allow-unrelated-histories", ours, theirs];
  const { exitCode, text } = await world.git(args, { gitDir, exitCodes: [0, 1] });
  return exitCode === 0 ? text.split("\n")[0] : undefined;
}

export async function commitTree(
  world: World,
  { gitDir }: Place,
  commit: { tree: string; parents: readonly string[]; message: string; author: Signature; committer: Signature },
): Promise<string> {
  const { author, committer } = commit;
  const { text } = await world.git(
    ["commit-tree", commit.tree, ...commit.parents.flatMap((parent) => ["-p", parent]), "-F", "-"],
    {
      gitDir,
      input: `${commit.message}\n`,
      environment: {
        GIT_AUTHOR_NAME: author.name,
        GIT_AUTHOR_EMAIL: author.email,
        GIT_AUTHOR_DATE: author.date,
        GIT_COMMITTER_NAME: committer.name,
        GIT_COMMITTER_EMAIL: committer.email,
        GIT_COMMITTER_DATE: committer.date,
      },
    },
  );
  return text;
}

const noObject = "0".repeat(40);
/** Moves a ref from one object to another; null: it does not exist. Returns false if the ref was elsewhere. */
export async function moveRef(
  world: World,
  { gitDir }: Place,
  ref: string,
  { from, to }: { from: string | null; to: string | null },
): Promise<boolean> {
  const args = to === null ? ["update-ref", "-d", ref, from ?? ""] : ["update-ref", ref, to, from ?? noObject];
  const { exitCode } = await world.git(args, { gitDir, exitCodes: [0, 1, 128] });
  return exitCode === 0;
}

/** A person's signature as GitHub writes it for someone who hides an address. */
export function signatureOf(account: AccountRecord, date: string): Signature {
  return { name: account.login, email: `${account.id}+${account.login}@users.noreply.github.com`, date };
}
/** The committer of GitHub's own commits. */
export function webFlow(date: string): Signature {
  return { name: "GitHub", email: "noreply@github.com", date };
}
