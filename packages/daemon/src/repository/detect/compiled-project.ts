/** Detects from a Go module, a Rust crate or a Makefile how the repository is prepared and tested. Pure. */
import { posix } from "node:path";
import { z } from "zod";
import { type DetectionFiles, escaped, fileText, type Part, type SettingReason, unreadableFiles } from "./finding.ts";
import { readToml } from "./read-toml.ts";
import { testFiles, testGlobs } from "./test-globs.ts";
import { isMember, workspaceTextMax } from "./workspace.ts";

const exitCodeOnly = (tool: string) =>
  `${tool} gives only an exit code here, no results of single tests: changes need your approval`;

/** Null if there is neither a go.mod nor a go.work at the top. Modules are kept within the checkout, because the containers share nothing else. */
export function findGo(base: DetectionFiles): Part | null {
  const { above } = base;
  const [own, outer] = [goModules(base), above === undefined ? null : goModules(above.base)];
  // A module that no go.work names, or a folder of the module at the top.
  const isAlone = above === undefined || (own !== null && outer?.folders.includes(`${above.folder}/`) !== true);
  const hasOwn = own !== null || base.paths.some((path) => /^[^/]+\.go$/u.test(path));
  const modules = isAlone ? own : hasOwn ? outer : null;
  if (modules === null) return null;
  const [home, up] = isAlone ? [base, ""] : [above.base, above.up];
  const isVendored = home.paths.includes("vendor/modules.txt");
  const requires = (folder: string) => /^[ \t]*require\b/mu.test(fileText(home, `${folder}go.mod`) ?? "");
  const needsModules = !isVendored && (modules.isWorkspace || requires(""));
  const cache = `${isAlone && outer?.isWorkspace === true ? "GOWORK=off " : ""}GOMODCACHE=$PWD/${up}.gomodcache`;
  const globs = testGlobs(base.paths, "go");
  const hasTests = testFiles(base.paths, "go").length > 0;
  const source = modules.isWorkspace ? "go.work" : "go.mod";
  const reasons: SettingReason[] = needsModules
    ? [
        { setting: "prepare", why: modules.isWorkspace ? "go.work joins modules" : "go.mod requires modules" },
        { setting: "outputs", why: "where they are kept" },
      ]
    : [];
  if (hasTests)
    reasons.push(
      { setting: "verify", why: `there is a ${source}, and there are test files` },
      { setting: "tests", why: globs.why },
    );
  const packages = isAlone ? modules.folders.map((folder) => `./${folder}...`).join(" ") : "./...";
  return {
    language: "go",
    tools: ["go"],
    settings: {
      prepare: needsModules ? `${isAlone ? cache : topCache} GOFLAGS=-modcacherw go mod download` : null,
      outputs: needsModules ? [`${up}.gomodcache`] : [],
      ...(hasTests
        ? { verify: [`${needsModules ? `${cache} GOPROXY=off ` : ""}go test ${packages}`], tests: globs.tests }
        : {}),
    },
    checks: hasTests ? "per-test" : "none",
    isPreparedAbove: !isAlone,
    reasons,
    notes: [...unreadableFiles(home, ["go.mod", "go.work"]), ...(hasTests ? [] : ["no _test.go file was found"])],
  };
}

const topCache = "GOMODCACHE=$PWD/.gomodcache";
const modulesMax = 50;

/** The folders of the modules that commands at the top see, each with a slash behind it: those that go.work uses, else the top's own. */
function goModules(base: DetectionFiles): { folders: string[]; isWorkspace: boolean } | null {
  const has = (path: string) => base.paths.includes(path);
  const text = (fileText(base, "go.work") ?? "").slice(0, workspaceTextMax).replaceAll(/\/\/.*$/gmu, "");
  const uses = [...text.matchAll(/^[ \t]*use[ \t]*(?:\(([^)]*)\)|(\S+))/gmu)].flatMap(([, list, one]) =>
    (list ?? one ?? "").split(/\s+/u),
  );
  const folders = uses
    .filter((path) => /^(?:\.\/)?[\w./-]+$/u.test(path) && !path.split("/").includes(".."))
    .map((path) => path.replace(/^\.\/?/u, "").replace(/\/$/u, ""))
    .map((path) => (path === "" ? "" : `${path}/`))
    .filter((folder) => has(`${folder}go.mod`));
  if (has("go.work") && folders.length > 0)
    return { folders: [...new Set(folders)].slice(0, modulesMax), isWorkspace: true };
  return has("go.mod") ? { folders: [""], isWorkspace: false } : null;
}

/** Null if there is no Cargo.toml at the top. */
export function findRust(base: DetectionFiles): Part | null {
  if (!base.paths.includes("Cargo.toml")) return null;
  const { above } = base;
  const isShared = above !== undefined && cargoWorkspace(base) === null && isCrateOf(above);
  const [home, up] = isShared ? [above.base, above.up] : [base, ""];
  const lock = fileText(home, "Cargo.lock");
  const isLocked = home.paths.includes("Cargo.lock");
  const manifests = home.paths
    .filter((path) => /(^|\/)Cargo\.toml$/u.test(path))
    .map((path) => path.slice(0, -"Cargo.toml".length));
  const needsCrates =
    lock === undefined
      ? manifests.some((folder) =>
          /^\[(.*\.)?(dev-|build-)?dependencies[\].]/mu.test(fileText(home, `${folder}Cargo.toml`) ?? ""),
        )
      : /^source = /mu.test(lock);
  const isPrepared = needsCrates || !isLocked;
  const cache = (path: string) => `CARGO_HOME=$PWD/${path}.cargo-home`;
  const locked = isLocked ? " --locked" : "";
  const globs = testGlobs(base.paths, "rust");
  return {
    language: "rust",
    tools: ["cargo"],
    settings: {
      prepare: needsCrates
        ? `${cache("")} cargo fetch${locked}`
        : isLocked
          ? null
          : "cargo generate-lockfile --offline",
      inputs: isPrepared
        ? [
            "Cargo.toml",
            "**/Cargo.toml",
            "Cargo.lock",
            "rust-toolchain*",
            "**/src/lib.rs",
            "**/src/main.rs",
            "src/lib.rs",
            "src/main.rs",
            ...targetInputs(manifests.flatMap((folder) => namedTargets(home, folder))),
          ].map((path) => `${up}${path}`)
        : [],
      // Tests run on a read-only checkout, where cargo can't write the lockfile that it needs.
      outputs: [...(needsCrates ? [`${up}.cargo-home`] : []), ...(isLocked ? [] : [`${up}Cargo.lock`])],
      verify: [`${needsCrates ? `${cache(up)} ` : ""}cargo test --offline${locked}`],
      tests: globs.tests,
    },
    checks: "per-test",
    isPreparedAbove: isShared,
    reasons: [
      ...(isPrepared
        ? ([
            { setting: "prepare", why: needsCrates ? "Cargo.toml has dependencies" : "there is no Cargo.lock" },
            { setting: "inputs", why: "cargo reads a manifest only if the root files of its targets exist too" },
            { setting: "outputs", why: "where they are kept" },
          ] as const)
        : []),
      { setting: "verify", why: "there is a Cargo.toml" },
      { setting: "tests", why: globs.why },
    ],
    notes: [
      ...unreadableFiles(home, ["Cargo.toml", "Cargo.lock"]),
      "tests inside source files can't be told from code: changes to them count as code",
    ],
  };
}

const workspaceSchema = z.object({
  workspace: z.object({
    members: z.array(z.unknown()).catch([]),
    exclude: z.array(z.unknown()).catch([]),
  }),
});

/** Null if the manifest names no workspace. */
function cargoWorkspace(base: DetectionFiles): { members: unknown[]; exclude: unknown[] } | null {
  return workspaceSchema.safeParse(readToml(fileText(base, "Cargo.toml") ?? "")).data?.workspace ?? null;
}

/** Whether cargo takes the folder for a member of the workspace at the top: one that it names, or that a member below depends on by its path. */
function isCrateOf({ base, folder }: NonNullable<DetectionFiles["above"]>): boolean {
  const workspace = cargoWorkspace(base);
  if (workspace === null) return false;
  const { members, exclude } = workspace;
  const isExcluded = exclude.some(
    (path) => typeof path === "string" && `${folder}/`.startsWith(`${path.replace(/\/$/u, "")}/`),
  );
  if (isExcluded) return false;
  // A crate that is a member only because another depends on it by its path has no lockfile of its own.
  return isMember(members, folder) || !base.paths.includes(`${folder}/Cargo.lock`);
}

/** A registration keeps 64 inputs at most. */
const targetsMax = 50;
const targetSchema = z.object({ name: z.string().optional(), path: z.string().optional() });
const targetsSchema = z.array(z.unknown()).catch([]);
const manifestSchema = z.object({
  lib: targetSchema.catch({}),
  bin: targetsSchema,
  bench: targetsSchema,
  test: targetsSchema,
  example: targetsSchema,
});
const targetFolders = [
  ["bin", "src/bin"],
  ["bench", "benches"],
  ["test", "tests"],
  ["example", "examples"],
] as const;

/** Every source file if there are many targets, or if a name would be read as a pattern. */
function targetInputs(files: readonly string[]): string[] {
  const arePlain = files.length <= targetsMax && files.every((path) => /^[\w./-]{1,300}$/u.test(path));
  return arePlain ? [...new Set(files)] : ["*.rs", "**/*.rs"];
}

/** The root files of the targets that a manifest names; cargo refuses the manifest if one is missing. */
function namedTargets(base: DetectionFiles, folder: string): string[] {
  const manifest = manifestSchema.safeParse(readToml(fileText(base, `${folder}Cargo.toml`) ?? ""));
  if (!manifest.success) return [];
  const named = targetFolders.flatMap(([kind, place]) =>
    manifest.data[kind].flatMap((entry) => {
      const { name, path } = targetSchema.safeParse(entry).data ?? {};
      return path === undefined ? [`${place}/${name}.rs`, `${place}/${name}/main.rs`] : [path];
    }),
  );
  const own = manifest.data.lib.path === undefined ? [] : [manifest.data.lib.path];
  const files = [...own, ...named].map((path) => posix.normalize(`${folder}${path}`));
  const known = new Set(base.paths);
  return files.filter((path) => known.has(path));
}

const makefiles = ["GNUmakefile", "makefile", "Makefile"];

/** Null if there is no Makefile at the top. */
export function findMake(base: DetectionFiles): Part | null {
  const name = makefiles.find((file) => base.paths.includes(file));
  if (name === undefined) return null;
  const text = fileText(base, name) ?? "";
  const target = ["test", "check"].find((word) => new RegExp(`^${word}[ \\t]*:(?!=)`, "mu").test(text));
  const notes = unreadableFiles(base, makefiles);
  if (target === undefined)
    return {
      language: "make",
      tools: ["make"],
      settings: {},
      checks: "none",
      reasons: [],
      notes: notes.length > 0 ? notes : [`${name} has neither a test nor a check target`],
    };
  return {
    language: "make",
    tools: ["make"],
    settings: { verify: [`make ${target}`] },
    checks: "exit-code",
    reasons: [{ setting: "verify", why: `${escaped(name)} has a ${target} target` }],
    notes: [exitCodeOnly("make"), "it is not known which files are tests: give --tests"],
  };
}
