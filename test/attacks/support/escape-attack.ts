/** The field where sinks are planted, and the attack: every operation of control and runner with git on the host, each twice and checked each time. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Fault, host } from "@aedev/contracts";
import { expect } from "vitest";
import {
  commitsOfBranch,
  isSameAt,
  parentOf,
  readLineDiff,
  readMessages,
} from "../../../packages/daemon/src/git/branch-history.ts";
import { makeBranchOfPatch } from "../../../packages/daemon/src/git/branch-of-patch.ts";
import { type DerivedChange, deriveChange } from "../../../packages/daemon/src/git/change.ts";
import { checkedOutBranch, checkoutAround } from "../../../packages/daemon/src/git/checkout.ts";
import { readSizes } from "../../../packages/daemon/src/git/commit-log.ts";
import { fastForward } from "../../../packages/daemon/src/git/fast-forward.ts";
import { inverseOf } from "../../../packages/daemon/src/git/inverse.ts";
import { commitBefore } from "../../../packages/daemon/src/git/landed-range.ts";
import { appliesUnchanged, buildCommit } from "../../../packages/daemon/src/git/landing.ts";
import { layOutPatched } from "../../../packages/daemon/src/git/lay-out.ts";
import { originsOfLines } from "../../../packages/daemon/src/git/line-origins.ts";
import { readLogTrailers } from "../../../packages/daemon/src/git/log-trailers.ts";
import { fetchBase, listTree, readBlobs } from "../../../packages/daemon/src/git/mirror.ts";
import { nearestVersion } from "../../../packages/daemon/src/git/nearest-tag.ts";
import { isLanded, pushCommit, readRemoteBranch } from "../../../packages/daemon/src/git/push.ts";
import { inspectSource } from "../../../packages/daemon/src/git/remote.ts";
import { signCommit } from "../../../packages/daemon/src/git/signed-commit.ts";
import { readSmallFiles } from "../../../packages/daemon/src/git/small-files.ts";
import { readPast } from "../../../packages/daemon/src/prior/history-file.ts";
import { findTodos } from "../../../packages/daemon/src/proposals/find-todos.ts";
import { openGit } from "../../../packages/host/src/git/git-at.ts";
import { runGit } from "../../../packages/host/src/git/run-git.ts";
import { openBaseRules, readBaseTree } from "../../../packages/runner/src/capture/base-tree.ts";
import { captureTree } from "../../../packages/runner/src/capture/capture.ts";
import { changedLines } from "../../../packages/runner/src/checks/mutation/changed-lines.ts";
import type { RunnerContext } from "../../../packages/runner/src/engine/context.ts";
import { applyPatch, openObjects } from "../../../packages/runner/src/tree/candidate.ts";
import {
  layOut,
  readBlob,
  readCheckTree,
  writeBlob,
  writeCheckTree,
} from "../../../packages/runner/src/tree/check-tree.ts";
import { type RunFolder, runFolder } from "../../../packages/runner/src/tree/run-folder.ts";
import { layStartPatch } from "../../../packages/runner/src/tree/start-tree.ts";
import { deleteWorktree, makeWorktree } from "../../../packages/runner/src/tree/worktree.ts";
import { limits, makeHome, newId, sha256, type ThrowAwayHome } from "../../../packages/runner/test/throw-away-home.ts";
import { isNight } from "../../support/is-night.ts";
import { type GitCall, isAgents, type Trap } from "./git-trap.ts";
import type { Sink, SinkFolders } from "./sink.ts";

const timeoutMs = 60_000;
/** The second time meets the leftovers of the first. */
const times = isNight ? 2 : 1;
const signature = { authorName: "aedev", authorEmail: "aedev@localhost", committedAt: "2026-01-02T03:04:05.678Z" };

/** Everything that an attack writes is below this folder; its user removes it. */
export const scratch = mkdtempSync(join(tmpdir(), "aedev-escape-"));

/** Makes a folder that nothing may touch, and returns its digest. */
export function makeOutside(): string {
  const outside = mkdtempSync(join(scratch, "outside-"));
  writeFileSync(join(outside, "victim.txt"), "untouched\n");
  return outside;
}

export function digestOf(folder: string): string {
  const hash = createHash("sha256");
  const take = (path: string) => {
    for (const entry of readdirSync(path, { withFileTypes: true }).toSorted((one, other) =>
      one.name < other.name ? -1 : 1,
    )) {
      const place = join(path, entry.name);
      hash.update(`${place}\0`);
      if (entry.isDirectory()) take(place);
      else hash.update(entry.isSymbolicLink() ? readlinkSync(place) : readFileSync(place));
    }
  };
  if (existsSync(folder)) take(folder);
  return hash.digest("hex");
}

/** The settings in our git directory that steer git; files of an agent must never change them. */
function settingsOf(gitDir: string): string {
  const files = ["config", "config.worktree", "HEAD", "objects/info/alternates"].map((name) => join(gitDir, name));
  const texts = files.map((path) => (existsSync(path) ? readFileSync(path, "utf8") : "absent"));
  return [...texts, digestOf(join(gitDir, "hooks")), digestOf(join(gitDir, "info"))].join("\0");
}

/** One home in which one sink after another is planted. */
export interface Field {
  readonly place: ThrowAwayHome;
  readonly context: RunnerContext;
  readonly remote: string;
  readonly base: string;
  readonly daemon: { home: string; repository: string; url: string; timeoutMs: number };
}

export async function makeField(): Promise<Field> {
  const place = makeHome();
  const base = place.commit({
    "a.txt": "one\n",
    "a.js": "one();\n",
    ".gitignore": "*.log\n",
    ".gitattributes": "*.txt text\n",
    "package.json": "{}\n",
  });
  const remote = join(place.home, "..", "remote.git");
  place.git("clone", "--quiet", "--bare", place.work, remote);
  const git = openGit(join(place.home, "run", "empty"));
  const context = {
    home: place.home,
    homeId: "test",
    git,
    blobs: place.blobs,
    sha256,
    user: { uid: 0, gid: 0, chown: false },
  };
  // The functions tested here use only these ports, neither engine nor model.
  return {
    place,
    context: context as Partial<RunnerContext> as RunnerContext,
    remote,
    base,
    daemon: { home: place.home, repository: "demo", url: remote, timeoutMs },
  };
}

export class Attack {
  readonly #field: Field;
  readonly #trap: Trap;
  readonly #outside = makeOutside();
  readonly tally = { attempts: 0, refused: 0 };
  readonly seen = new Set<string>();
  #agents: string[] = [];

  constructor(field: Field, trap: Trap) {
    this.#field = field;
    this.#trap = trap;
  }

  /** Performs one of our operations, by night twice, and checks each time. A Fault is allowed; any other error is not. */
  async #attempt<T>(name: string, operation: () => Promise<T>): Promise<T | null> {
    let result: T | null = null;
    for (let time = 0; time < times; time += 1) {
      const settings = this.#settings();
      const outside = digestOf(this.#outside);
      const connections = this.#trap.connections();
      try {
        result = await operation();
      } catch (error) {
        expect(error, name).toBeInstanceOf(Fault);
        this.tally.refused += 1;
      }
      this.tally.attempts += 1;
      expect(this.#trap.fired(), name).toEqual([]);
      expect(this.#trap.connections(), name).toBe(connections);
      expect(digestOf(this.#outside), name).toBe(outside);
      if (settings !== "") expect(this.#settings(), name).toBe(settings);
      for (const call of this.#trap.calls()) this.#checkCall(name, call);
    }
    return result;
  }

  #checkCall(name: string, call: GitCall): void {
    this.seen.add(call.subcommand);
    const at = `${name}: git ${call.subcommand} in ${call.folder}, ${call.gitDir}, ${call.workTree}`;
    expect(
      [call.folder, call.gitDir, call.workTree].some((path) => isAgents(path, this.#agents)),
      at,
    ).toBe(false);
  }

  #settings(): string {
    const mirror = this.#field.place.mirror;
    const landing = join(this.#field.place.home, "landing", "demo.git");
    return existsSync(landing) ? settingsOf(mirror) + settingsOf(landing) : "";
  }

  /** Makes a run's folders with the sink in them, as the container would leave them. */
  async plant(sink: Sink): Promise<RunFolder> {
    const { base } = this.#field;
    const folder = await this.#run(base);
    writeFileSync(join(folder.tree, "a.txt"), "two\n");
    writeFileSync(join(folder.tree, "a.js"), "two();\n");
    const folders: Omit<SinkFolders, "gitDir"> = {
      tree: folder.tree,
      fire: this.#trap.fire,
      outside: this.#outside,
      port: this.#trap.port,
      commit: base,
    };
    sink.plant({ ...folders, gitDir: folder.agentGit });
    // Harder than reality, where the mount point is empty on the host.
    cpSync(folder.agentGit, join(folder.tree, ".git"), { recursive: true, verbatimSymlinks: true });
    this.#trap.calls();
    this.#agents = [folder.tree, folder.agentGit, folder.workspace];
    return folder;
  }

  async #run(commit: string): Promise<RunFolder> {
    const { place, context } = this.#field;
    const runId = newId("r");
    const folder = runFolder({ home: place.home, homeId: "test", sha256 }, runId);
    mkdirSync(folder.root, { recursive: true });
    await makeWorktree({ folder, runId, repository: "demo", baseCommit: commit, outputs: [] }, context);
    return folder;
  }

  async run(sink: Sink): Promise<void> {
    const folder = await this.plant(sink);
    const patch = await this.#captured(sink, folder);
    const change = await this.#attempt(`${sink.name}: derive`, () =>
      deriveChange({ ...this.#field.daemon, baseCommit: this.#field.base, patch }),
    );
    await this.#checked(sink, patch);
    await this.#landed(sink, patch, change);
    const runId = basename(folder.root);
    await this.#attempt(`${sink.name}: look at the folder as a source`, () =>
      inspectSource(folder.tree, { timeoutMs }),
    );
    await this.#attempt(`${sink.name}: delete`, () =>
      deleteWorktree({ folder, runId, mirror: this.#field.place.mirror }),
    );
    expect(existsSync(folder.root), sink.name).toBe(false);
  }

  /** Runs a change without a sink, whose line endings are put back by the base's attributes. */
  async runHonest(): Promise<void> {
    const { place, base, context } = this.#field;
    const folder = await this.#run(base);
    writeFileSync(join(folder.tree, "a.txt"), "two\r\n");
    this.#trap.calls();
    this.#agents = [folder.tree, folder.agentGit, folder.workspace];
    const captured = await this.#attempt("an honest change: capture", () =>
      captureTree({ folder, mirror: place.mirror, baseCommit: base, outputs: [], limits }, context),
    );
    expect(captured?.finding).toBeNull();
    expect(captured?.notes?.put_back).toBeDefined();
  }

  /** The control: a single call in the agent's folders is noticed, even with all our flags. */
  async seesCarelessCall(sink: Sink): Promise<boolean> {
    const folder = await this.plant(sink);
    await runGit({
      args: ["status"],
      timeoutMs,
      gitDir: folder.agentGit,
      workTree: folder.tree,
      exitCodes: [0, 1, 128],
    });
    return this.#trap.calls().some((call) => isAgents(call.workTree, this.#agents));
  }

  /** The patch of the capture; if there is none, that of the honest part alone. */
  async #captured(sink: Sink, folder: RunFolder): Promise<Uint8Array> {
    const { place, base, context } = this.#field;
    const captured = await this.#attempt(`${sink.name}: capture`, () =>
      captureTree({ folder, mirror: place.mirror, baseCommit: base, outputs: [], limits }, context),
    );
    const patch =
      captured?.patch === null || captured === null ? new Uint8Array() : place.blobs.get(captured.patch.digest);
    // Whatever else the agent planted, its honest change is in the patch.
    expect(Buffer.from(patch).toString("latin1"), sink.name).toContain("+two\n");
    expect(captured?.finding, sink.name).toMatchObject({ code: "HOLD-FORBIDDEN-PATH" });
    return patch;
  }

  /** The runner's operations on a candidate before and after its containers. */
  async #checked(sink: Sink, patch: Uint8Array): Promise<void> {
    const { base, context, place } = this.#field;
    await this.#attempt(`${sink.name}: attributes`, async () => {
      const call = { git: context.git, gitDir: place.mirror };
      const folder = join(mkdtempSync(join(scratch, "rules-")), "rules");
      const tree = await readBaseTree(context.git, place.mirror, base);
      return (await openBaseRules({ ...call, folder, base: tree })).storedWithLf(["a.txt"]);
    });
    const objectsOf = () => openObjects(context, "demo", mkdtempSync(join(scratch, "objects-")));
    await this.#attempt(`${sink.name}: candidate`, async () => applyPatch(await objectsOf(), base, patch));
    const objects = await objectsOf();
    const tree = await applyPatch(objects, base, patch);
    await this.#attempt(`${sink.name}: trees`, async () => {
      const entries = await readCheckTree(objects, tree);
      const first = [...entries.values()].find(({ mode }) => mode === "100644");
      if (first !== undefined) await readBlob(objects, first.id);
      const id = await writeBlob(objects, "ours\n");
      return writeCheckTree(objects, entries.set("ours.txt", { mode: "100644", id }));
    });
    await this.#attempt(`${sink.name}: changed lines`, async () => {
      const [before, after] = [await readCheckTree(objects, base), await readCheckTree(objects, tree)];
      return changedLines(objects, { base: before, candidate: after }, () => false);
    });
    await this.#attempt(`${sink.name}: lay out`, () =>
      layOut(objects, tree, join(mkdtempSync(join(scratch, "laid-")), "tree")),
    );
    await this.#attempt(`${sink.name}: salvage`, () =>
      layOutPatched({
        ...this.#field.daemon,
        ...{ baseCommit: base, patch },
        folder: join(mkdtempSync(join(scratch, "salvaged-")), "tree"),
      }),
    );
    const branch = await this.#attempt(`${sink.name}: salvage to a branch`, () =>
      makeBranchOfPatch({
        ...this.#field.daemon,
        ...{ baseCommit: base, patch, folder: place.work, branch: newId("salvaged") },
        ...{ message: host`Salvage\n`, at: signature.committedAt },
      }),
    );
    if (branch !== null) expect(place.git("show", `${branch.commit}:a.txt`), sink.name).toBe("two");
    this.#trap.calls();
    await this.#attempt(`${sink.name}: continue`, async () => {
      const folder = await this.#run(base);
      const runId = basename(folder.root);
      await layStartPatch({ folder, runId, repository: "demo", baseCommit: base, outputs: [], patch }, context);
      await deleteWorktree({ folder, runId, mirror: this.#field.place.mirror });
    });
  }

  /** Brings what landed into a checkout of a person's that has the sink too. */
  async #pulled(sink: Sink, to: string): Promise<void> {
    const { daemon, place, base } = this.#field;
    const tree = mkdtempSync(join(scratch, "checkout-"));
    place.git("clone", "--quiet", place.work, tree);
    place.git("-C", tree, "reset", "--quiet", "--hard", base);
    const folders = { tree, fire: this.#trap.fire, outside: this.#outside, port: this.#trap.port, commit: base };
    sink.plant({ ...folders, gitDir: join(tree, ".git") });
    this.#trap.calls();
    await this.#attempt(`${sink.name}: into a checkout`, async () => {
      const checkout = checkoutAround(tree);
      return fastForward({ ...daemon, checkout, branch: checkedOutBranch(checkout), to });
    });
  }

  /** Lands the change and starts the next mission on it, so that the sink is part of the base. */
  async #landed(sink: Sink, patch: Uint8Array, change: DerivedChange | null): Promise<void> {
    const { daemon, base, remote, place } = this.#field;
    if (change === null) return;
    const evidence = {
      expectedTree: change.tree,
      expectedContentDigest: change.contentDigest,
      message: host`Land\n`,
      ...signature,
    };
    const built = await this.#attempt(`${sink.name}: commit`, () =>
      buildCommit({ ...daemon, baseCommit: base, patch, ...evidence }),
    );
    await this.#attempt(`${sink.name}: carry`, () =>
      appliesUnchanged({ ...daemon, oldBase: base, newBase: base, patch }),
    );
    if (built === null) return;
    const push = { ...daemon, ref: "refs/heads/main", commit: built.commit, expectedOld: base };
    await this.#attempt(`${sink.name}: sign`, () =>
      signCommit({ ...daemon, commit: built.commit, sign: async () => "-----BEGIN SSH SIGNATURE-----\nx" }),
    );
    await this.#attempt(`${sink.name}: push`, () => pushCommit(push));
    await this.#attempt(`${sink.name}: ask the remote`, async () => [
      await isLanded(push),
      await readRemoteBranch(push),
    ]);
    await this.#pulled(sink, built.commit);
    const next = await this.#attempt(`${sink.name}: fetch`, () => fetchBase(daemon));
    expect(next?.commit, sink.name).toBe(built.commit);
    await this.#attempt(`${sink.name}: read the base`, async () => {
      await listTree({ ...daemon, tree: built.commit });
      await readBlobs({ ...daemon, commit: built.commit, paths: [".gitattributes", ".gitmodules", "a.txt"] });
      await readLogTrailers({ gitDir: place.mirror, commit: built.commit, since: base, timeoutMs: daemon.timeoutMs });
      return readSmallFiles({ ...daemon, commit: built.commit, choose: (paths) => paths });
    });
    await this.#attempt(`${sink.name}: what became of it`, async () => {
      const call = { gitDir: place.mirror, timeoutMs: daemon.timeoutMs };
      expect(await parentOf(built.commit, call), sink.name).toBe(base);
      const [step] = await commitsOfBranch({ ...call, after: base, tip: built.commit });
      expect(step?.to, sink.name).toBe(built.commit);
      await readLineDiff({ ...call, from: base, to: built.commit });
      await isSameAt({ ...call, one: base, other: built.commit, paths: ["a.txt"] });
      await readMessages({ ...call, step: { from: base, to: built.commit }, commit: base });
    });
    await this.#attempt(`${sink.name}: read its past`, async () => {
      const call = { gitDir: place.mirror, timeoutMs: daemon.timeoutMs };
      expect((await readPast({ ...daemon, tip: built.commit })).commits.at(-1)?.id, sink.name).toBe(built.commit);
      await readSizes({ ...call, commit: built.commit });
      await originsOfLines({ ...call, commit: built.commit, path: "a.txt", ranges: [[1, 1]] });
    });
    await this.#attempt(`${sink.name}: take it back`, async () => {
      const call = { gitDir: place.mirror, timeoutMs: daemon.timeoutMs };
      expect(await commitBefore({ ...call, commit: built.commit, taskId: "t-none", patch }), sink.name).toBe(base);
      const inverse = await inverseOf({ ...daemon, commit: built.commit, before: base, onto: built.commit });
      expect(inverse.kind, sink.name).toBe("inverse");
    });
    await this.#attempt(`${sink.name}: look for TODO lines`, () =>
      findTodos({ gitDir: place.mirror, commit: built.commit, timeoutMs: daemon.timeoutMs }),
    );
    // The remote has tagged the base, so the history is searched.
    writeFileSync(join(remote, "refs", "tags", "v1.0.0"), `${base}\n`);
    const version = await this.#attempt(`${sink.name}: nearest version`, () =>
      nearestVersion({ ...daemon, commit: built.commit }),
    );
    expect(version, sink.name).toBe("1.0.0");
    await this.#attempt(`${sink.name}: next run`, async () => {
      const folder = await this.#run(built.commit);
      expect(readFileSync(join(folder.tree, "a.txt"), "utf8"), sink.name).toBe("two\n");
      await deleteWorktree({
        folder,
        runId: basename(folder.root),
        mirror: place.mirror,
      });
    });
    execFileSync("git", ["--git-dir", remote, "update-ref", "refs/heads/main", base]);
    await fetchBase(daemon);
    this.#trap.calls();
  }
}
