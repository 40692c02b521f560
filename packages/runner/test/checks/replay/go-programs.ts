/** Prepares the programs that record and repeat calls of Go functions, and runs both on two versions with this machine's Go. */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CommandPlan } from "../../../src/checks/command/plan.ts";
import { namedConstants } from "../../../src/checks/explore/named-constants.ts";
import { bareRuns, drawSurroundings, readOutcomes } from "../../../src/checks/replay/bare-runs.ts";
import { judgeCalls } from "../../../src/checks/replay/judge-calls.ts";
import { aboutLanguage, replayLanguageOf } from "../../../src/checks/replay/languages.ts";
import { otherCalls } from "../../../src/checks/replay/other-calls.ts";
import { type PreparedGo, prepareGo } from "../../../src/checks/replay/prepare-go.ts";
import { type RecordedCalls, readCalls } from "../../../src/checks/replay/recorded-calls.ts";
import type { CheckEntries, Objects } from "../../../src/tree/check-tree.ts";

export const hasGo = spawnSync("go", ["version"]).status === 0;

/** Content by path. */
export type GoFiles = Readonly<Record<string, string>>;

/** Prepares the replay of changed files whose tests `command` runs, recording in `target`. Trees are in memory; git only reads blobs together. */
export function prepared(
  { base, candidate }: { base: GoFiles; candidate: GoFiles },
  { command = "go test ./...", target = "/t", mode = "100644" } = {},
): Promise<PreparedGo> {
  const blobs = new Map<string, Buffer>();
  const entriesOf = (files: GoFiles): CheckEntries =>
    new Map(
      Object.entries(files).map(([path, text]) => {
        const id = `${path}:${blobs.size}`;
        blobs.set(id, Buffer.from(text));
        return [path, { mode: path.endsWith("go.mod") ? mode : "100644", id }];
      }),
    );
  const git: Objects["git"] = async (_site, args, { input = "" }) => {
    const found = String(input)
      .split("\n")
      .flatMap((id) => blobs.get(id) ?? []);
    const parts = args.includes("--batch=x")
      ? found.flatMap((blob) => [Buffer.from("x\n"), blob, Buffer.from("\n")])
      : found.map(({ length }) => Buffer.from(`${length}\n`));
    const stdout = Buffer.concat(parts);
    return { exitCode: 0, stdout, text: stdout.toString(), cause: "" };
  };
  const plan = { command, runner: { name: "go" } } as CommandPlan;
  const objects = { gitDir: "", git };
  const changed = Object.entries(candidate).filter(
    ([path, text]) => replayLanguageOf(path) === "go" && base[path] !== text,
  );
  return prepareGo({
    checkContext: { objects, plans: [plan] },
    base: entriesOf(base),
    candidate: entriesOf(candidate),
    texts: new Map(changed),
    target,
    own: "x5f3a",
  });
}

export class GoPlaces {
  readonly #folder = mkdtempSync(join(tmpdir(), "go-"));
  #count = 0;

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Makes a new folder with the files. */
  place(files: GoFiles): string {
    this.#count += 1;
    const folder = join(this.#folder, `place-${this.#count}`);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return folder;
  }

  /** Runs the candidate's tests and returns the recorded calls. */
  async record(code: { base: GoFiles; candidate: GoFiles }) {
    const target = join(this.place({}), "..", `records-${this.#count}`);
    const { replay } = await prepared(code, { target });
    if (replay === null) throw new Error("nothing can be recorded");
    const recording = { ...code.candidate, ...Object.fromEntries(replay.texts), ...Object.fromEntries(replay.added) };
    const tested = this.place(recording);
    execFileSync("go", ["test", "./..."], { cwd: tested, stdio: "pipe" });
    const paths = new Set(replay.texts.keys());
    const changed = [...new Set([...Object.keys(code.base), ...Object.keys(code.candidate)])].filter(
      (path) => /(?<!_test)\.go$/u.test(path) && code.base[path] !== code.candidate[path],
    );
    const [before, now] = [code.base, code.candidate].map((files) => changed.map((path) => files[path] ?? ""));
    const constants = namedConstants(before ?? [], now ?? []);
    const recorded: RecordedCalls = readCalls(readFileSync(target, "utf8"), paths);
    return { ...recorded, others: otherCalls(recorded.calls, constants), tested, replay };
  }

  /** Returns the judgement of each function. */
  async judge(code: { base: GoFiles; candidate: GoFiles }) {
    const { replay, others, ...recorded } = await this.record(code);
    const drawn = drawSurroundings();
    const runs = (["base", "candidate"] as const).flatMap((of) => {
      const root = this.place(code[of]);
      const added = this.place(Object.fromEntries(replay.programs[of]));
      const replaced = [...replay.programs[of].keys()].map((path) => [join(root, path), join(added, path)]);
      const [overlay, binary] = [join(added, "overlay.json"), join(added, "again")];
      writeFileSync(overlay, JSON.stringify({ Replace: Object.fromEntries(replaced) }));
      execFileSync("sh", ["-c", replay.build({ root, overlay, binary })], { stdio: "pipe" });
      const roots = { usual: root, elsewhere: this.place(code[of]), tested: recorded.tested };
      return bareRuns(of, {
        roots,
        programs: new Map([["go", binary]]),
        recorded,
        others,
        hashSeed: "5",
        drawn,
        isEverywhere: true,
      });
    });
    const starter = this.place({ "runs.go": aboutLanguage.go.startRuns, "runs.json": JSON.stringify({ runs }) });
    const ended = spawnSync("go", ["run", "runs.go", "runs.json"], {
      cwd: starter,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    for (const { cwd } of runs) if (!cwd.startsWith(this.#folder)) rmSync(cwd, { recursive: true, force: true });
    const outcomes = readOutcomes(ended.stdout, runs);
    return { ...judgeCalls(recorded, others, outcomes), recorded, outcomes };
  }
}
