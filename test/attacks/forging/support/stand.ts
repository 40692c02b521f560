/** Decides about cases: lays out each base as a repository, takes the case's changes through everything that decides, and puts the decision into lines. */
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Registry, reasonText } from "@aedev/contracts";
import { gitEvidenceDiffFlags } from "@aedev/host/git/git-safety";
import type { Decided as GateDecided } from "../../../../packages/daemon/src/backtest/decide-task.ts";
import type { CoderChange } from "../../../../packages/daemon/src/backtest/given-planes.ts";
import { decidedRow, type KnownCase } from "../../../support/decisions/decided-row.ts";
import { openDecisionStand } from "../../../support/decisions/stand.ts";
import { resolver, withoutTypes } from "./proof.ts";
import type { Base, Case, Files } from "./read-cases.ts";

export interface Decision {
  readonly answer: "merge" | "ask" | "hold";
  /** The hold's code and every reason, one per line. */
  readonly reasons: string;
  /** The earlier decisions that led to answered runs for tests, in order. */
  readonly earlier: readonly Decided[];
}

type Decided = Omit<Decision, "earlier">;

export interface Stand {
  /**
   * The decision about the case's change under the profile `balanced`. If a run for tests follows and the case has an answer to it, the answer becomes the
   * change; without one the run would repeat the change, so the earlier decision stands.
   */
  decide(one: Case): Promise<Decision>;
  /** A tar archive of one of the case's changes and the proof's files. */
  archive(one: Case, change: Files): Buffer;
  close(): Promise<void>;
}

interface Remote {
  readonly work: string;
  readonly commit: string;
}

/** `isIndependent`: each base's other run writes tests before a change merges (ADR 0044); each case's base must have one. */
export async function openStand(
  imageOf: (base: Base) => Promise<string | null>,
  { isIndependent, registries }: { isIndependent: boolean; registries?: readonly Registry[] },
): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), "forging-"));
  const stand = await openDecisionStand(join(folder, "home"), {
    isIndependent,
    ...(registries === undefined ? {} : { registries }),
  });
  const { control } = stand;
  const remotes = new Map<string, Promise<Remote>>();

  async function remoteOf(base: Base): Promise<Remote> {
    const work = join(folder, base.name);
    mkdirSync(work);
    git(work, "init", "--quiet", "--initial-branch=main");
    writeFiles(work, base.files);
    git(work, "add", "--all", "--force");
    git(work, "commit", "--quiet", "--message=import");
    const url = join(folder, `${base.name}.git`);
    git(folder, "clone", "--quiet", "--bare", work, url);
    const settings = {
      prepare: base.keys.get("prepare") ?? null,
      inputs: wordsOf(base, "inputs"),
      outputs: wordsOf(base, "outputs"),
      verify: [requiredKey(base, "verify")],
      tests: wordsOf(base, "tests"),
      image: await imageOf(base),
    };
    await stand.register({ name: base.name, url, settings });
    return { work, commit: git(work, "rev-parse", "HEAD").toString().trim() };
  }
  const known = (base: Base): Promise<Remote> => {
    const remote = remotes.get(base.name) ?? remoteOf(base);
    remotes.set(base.name, remote);
    return remote;
  };

  /** Writes the change into the working copy and returns its tree. */
  function treeOf({ work, commit }: Remote, ...changes: readonly Files[]): string {
    git(work, "checkout", "--quiet", "--force", commit);
    git(work, "clean", "-fdxq");
    for (const change of changes) writeFiles(work, change);
    git(work, "add", "--all", "--force");
    return git(work, "write-tree").toString().trim();
  }

  return {
    async decide(one) {
      const remote = await known(one.base);
      const changeOf = (files: Files): CoderChange => {
        const tree = treeOf(remote, files);
        const bytes = git(remote.work, "diff-tree", "-p", "--binary", ...gitEvidenceDiffFlags, remote.commit, tree);
        return { tree, patch: control.blobs.put(bytes, "text/x-diff") };
      };
      const mission = {
        repository: one.base.name,
        request: requiredKey(one.base, "request"),
        criterion: requiredKey(one.base, "criterion"),
      };
      const started = performance.now();
      const decision = await stand.decide(mission, {
        usual: changeOf(one.change),
        forTests: one.improved.map(changeOf),
        forIndependentTests: one.corrected.map(changeOf),
        independent: one.base.independent.map(changeOf),
      });
      const rows = process.env["AEDEV_ROWS"];
      if (rows !== undefined) {
        const known: KnownCase & { seconds: number } = {
          ...{ source: "forging", repository: one.base.name, case: one.id, kind: one.class },
          label: one.kind === "forged" ? "forged" : "right",
          layer: isIndependent ? "independent" : "visible",
          seconds: (performance.now() - started) / 1000,
        };
        appendFileSync(rows, `${JSON.stringify(decidedRow(known, decision, control.blobs))}\n`);
      }
      return { ...textOf(decision), earlier: decision.earlier.map(textOf) };
    },
    archive(one, change) {
      const work = mkdtempSync(join(folder, "proof-"));
      git(work, "init", "--quiet", "--initial-branch=main");
      for (const files of [one.base.files, change, one.proof, resolver]) writeFiles(work, withoutTypes(files));
      git(work, "add", "--all", "--force");
      const bytes = git(work, "archive", "--format=tar", git(work, "write-tree").toString().trim());
      rmSync(work, { recursive: true, force: true });
      return bytes;
    },
    async close() {
      await stand.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function textOf({ answer, code, detail, gate }: GateDecided): Decided {
  if (gate === null) return { answer, reasons: `${code}\n${detail ?? ""}` };
  const risk = gate.shares.filter(({ points }) => points > 0);
  const lines = [
    ...(code === null ? [] : [code]),
    ...gate.reasons.map((reason) => reasonText(reason)),
    ...risk.map(({ factor, points, why }) => `risk: ${factor} ${points}, ${why}`),
  ];
  return { answer, reasons: lines.join("\n") };
}

function requiredKey(base: Base, key: string): string {
  const value = base.keys.get(key);
  if (value === undefined) throw new Error(`the base ${base.name} has no ${key}`);
  return value;
}

function wordsOf(base: Base, key: string): string[] {
  return (base.keys.get(key) ?? "").split(" ").filter((word) => word !== "");
}

function writeFiles(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const place = join(folder, path);
    if (content === null) rmSync(place);
    else {
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, content);
    }
  }
}

function git(folder: string, ...args: string[]): Buffer {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
  const env = { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  return execFileSync("git", [...identity, ...args], { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
}
