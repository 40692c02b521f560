/** Records the calls that tests make of Go functions, and makes them again on two versions, with this machine's Go. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bareRuns, drawSurroundings, readOutcomes } from "../../../src/checks/replay/bare-runs.ts";
import { callingProgram, goModuleOf, recorderPackage } from "../../../src/checks/replay/go-program.ts";
import { unchangedFunctions } from "../../../src/checks/replay/go-unchanged.ts";
import { instrumentGo } from "../../../src/checks/replay/instrument-go.ts";
import { judgeCalls } from "../../../src/checks/replay/judge-calls.ts";
import { aboutLanguage } from "../../../src/checks/replay/languages.ts";
import { type RecordedCalls, readCalls } from "../../../src/checks/replay/recorded-calls.ts";

export const hasGo = spawnSync("go", ["version"]).status === 0;

/** Content by path. */
export type GoFiles = Readonly<Record<string, string>>;
const own = "x5f3a";
const isSource = (path: string) => aboutLanguage.go.isSource(path);

export class GoPlaces {
  readonly #folder = mkdtempSync(join(tmpdir(), "go-"));
  #count = 0;

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A new folder with the files. */
  place(files: GoFiles): string {
    this.#count += 1;
    const folder = join(this.#folder, `place-${this.#count}`);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return folder;
  }

  /** What is recorded while the files' tests run, of the files that `base` has otherwise or not at all. */
  record(files: GoFiles, base: GoFiles, { isSetUp = false } = {}): RecordedCalls & { tested: string } {
    const tested = this.place(files);
    const target = join(tested, "records");
    const paths = changedFiles(files, base);
    const { module } = moduleOf(files, paths);
    const importPath = `${module.name}/${own}`;
    for (const path of paths) {
      const text = files[path] ?? "";
      const recording = instrumentGo(text, text, { own, importPath, path, isSetUp });
      if (recording !== null) writeFileSync(join(tested, path), recording.text);
    }
    const added = Object.fromEntries(recorderPackage(module, { own, target, root: tested }));
    for (const [path, text] of Object.entries(added)) {
      mkdirSync(dirname(join(tested, path)), { recursive: true });
      writeFileSync(join(tested, path), text);
    }
    execFileSync("go", ["test", "./..."], { cwd: tested, stdio: "pipe" });
    return { ...readCalls(readFileSync(target, "utf8"), new Set(paths)), tested };
  }

  /** How each function is judged, by its name: outcome, and why it is left out or where it differs. */
  judge(code: { base: GoFiles; candidate: GoFiles }, options?: { isSetUp?: boolean }) {
    const recorded = this.record(code.candidate, code.base, options);
    const drawn = drawSurroundings();
    const paths = changedFiles(code.candidate, code.base);
    const runs = (["base", "candidate"] as const).flatMap((of) => {
      const files = code[of];
      const { module } = moduleOf(files, paths);
      const all = read(files, Object.keys(files)).filter((one) => one !== null);
      const members = paths.flatMap((path) => {
        const own = all.filter((one) => dirname(one.path) === dirname(path));
        const { importPath } = moduleOf(code.candidate, [path]);
        const functions = own.flatMap((one) => one.functions);
        return functions.length === 0 ? [] : [{ packageName: own[0]?.packageName ?? "", functions, path, importPath }];
      });
      const shared = recorderPackage(module, { own, target: "/dev/null", root: "" });
      const program = Object.fromEntries([...shared, ...callingProgram(module, { own, files: members })]);
      const built = this.place({ ...files, ...program });
      execFileSync("go", ["build", "-o", "again", `./${own}/main`], { cwd: built, stdio: "pipe" });
      const roots = { usual: this.place(files), elsewhere: this.place(files), tested: recorded.tested };
      return bareRuns(of, { roots, programs: new Map([["go", join(built, "again")]]), recorded, hashSeed: "5", drawn });
    });
    const starter = this.place({ "runs.go": aboutLanguage.go.startRuns, "runs.json": JSON.stringify({ runs }) });
    const ended = spawnSync("go", ["run", "runs.go", "runs.json"], {
      cwd: starter,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    for (const { cwd } of runs) if (!cwd.startsWith(this.#folder)) rmSync(cwd, { recursive: true, force: true });
    const outcomes = readOutcomes(ended.stdout, runs);
    const unchanged = unchangedFunctions({
      changed: read(code.candidate, paths),
      before: read(
        code.base,
        Object.keys(code.base).filter((path) => code.base[path] !== code.candidate[path]),
      ),
      same: read(
        code.base,
        Object.keys(code.base).filter((path) => code.base[path] === code.candidate[path]),
      ),
    });
    return { ...judgeCalls(recorded, outcomes, unchanged), recorded, outcomes };
  }
}

function read(files: GoFiles, paths: readonly string[]) {
  return paths.filter(isSource).map((path) => {
    const text = files[path] ?? "";
    const found = instrumentGo(text, text, { own: "", importPath: "", path, isSetUp: false });
    return found === null ? null : { ...found, path };
  });
}

function changedFiles(files: GoFiles, base: GoFiles): string[] {
  return Object.keys(files).filter((path) => isSource(path) && files[path] !== base[path]);
}

function moduleOf(files: GoFiles, [path = "go.mod"]: readonly string[]) {
  const found = goModuleOf(path, (manifest) => files[manifest] ?? null);
  if (found === null) throw new Error(`no module for ${path}`);
  return found;
}
