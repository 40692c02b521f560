/** Detects how a Go module, a Rust crate or a project with a Makefile is prepared and tested. Pure. */
import type { RepositorySettings } from "@aedev/contracts";
import { parseToml } from "@aedev/host/parse-toml";
import { z } from "zod";
import { cargoInputs, crateFolders } from "./cargo-targets.ts";
import {
  type DetectionFiles,
  escapedText,
  fileText,
  type Part,
  preparedRoot,
  type SettingReason,
  unreadableFiles,
} from "./finding.ts";
import { testFiles, testGlobs } from "./test-globs.ts";
import { isMember, workspaceTextMax } from "./workspace.ts";

const exitCodeOnly = (tool: string) =>
  `${tool} gives only an exit code here, no results of single tests: changes need your approval`;

/** Null without a go.mod or go.work at the top. Modules are stored in the checkout, because the containers share nothing else. */
export function findGo(base: DetectionFiles): Part | null {
  const place = goPlace(base);
  if (place === null) return null;
  const { root, toRoot, modules, isShared, environment } = place;
  const isVendored = root.paths.includes("vendor/modules.txt");
  const requires = (folder: string) => /^[ \t]*require\b/mu.test(fileText(root, `${folder}go.mod`) ?? "");
  const needsModules = !isVendored && (modules.isWorkspace || requires(""));
  const cache = (path: string) => `${environment}GOMODCACHE=$PWD/${path}.gomodcache`;
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
  const packages = isShared ? "./..." : modules.folders.map((folder) => `./${folder}...`).join(" ");
  return {
    language: "go",
    tools: ["go"],
    settings: {
      prepare: needsModules ? `${cache("")} GOFLAGS=-modcacherw go mod download` : null,
      outputs: needsModules ? [`${toRoot}.gomodcache`] : [],
      ...(hasTests
        ? { verify: [`${needsModules ? `${cache(toRoot)} GOPROXY=off ` : ""}go test ${packages}`], tests: globs.tests }
        : {}),
    },
    checks: hasTests ? "per-test" : "none",
    isPreparedAtTop: isShared,
    reasons,
    notes: [...unreadableFiles(root, ["go.mod", "go.work"]), ...(hasTests ? [] : ["no _test.go file was found"])],
  };
}

interface GoModules {
  readonly folders: readonly string[];
  readonly isWorkspace: boolean;
}
interface GoPlace {
  readonly root: DetectionFiles;
  readonly toRoot: string;
  /** The modules that commands at the root see. */
  readonly modules: GoModules;
  /** True for a folder of the top's module, or a module that the top's go.work names. */
  readonly isShared: boolean;
  /** Goes before go's commands, because a module that the top's go.work does not name must not be built with it. */
  readonly environment: string;
}

/** Null if there is no Go project. */
function goPlace(base: DetectionFiles): GoPlace | null {
  const { above } = base;
  const [own, outer] = [goModules(base), above === undefined ? null : goModules(above.base)];
  const isShared = above !== undefined && (own === null || outer?.folders.includes(`${above.folder}/`) === true);
  const isGo = own !== null || base.paths.some((path) => /^[^/]+\.go$/u.test(path));
  const modules = isShared ? outer : own;
  if (!isGo || modules === null) return null;
  const { files: root, toRoot } = preparedRoot(base, isShared);
  return {
    root,
    toRoot,
    modules,
    isShared,
    environment: !isShared && outer?.isWorkspace === true ? "GOWORK=off " : "",
  };
}

const modulesMax = 50;

/** The folders of the modules that commands at the top see, each with a trailing slash: those in go.work, else the top's own. */
function goModules(base: DetectionFiles): GoModules | null {
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
  const isShared = base.above !== undefined && cargoWorkspace(base) === null && isCrateOf(base.above);
  const { files: root, toRoot } = preparedRoot(base, isShared);
  const fetched = { needsCrates: needsCrates(root), isLocked: root.paths.includes("Cargo.lock") };
  const globs = testGlobs(base.paths, "rust");
  return {
    language: "rust",
    tools: ["cargo"],
    settings: { ...cargoSettings(root, { ...fetched, toRoot }), tests: globs.tests },
    checks: "per-test",
    isPreparedAtTop: isShared,
    reasons: [
      ...cargoReasons(fetched),
      { setting: "verify", why: "there is a Cargo.toml" },
      { setting: "tests", why: globs.why },
    ],
    notes: [
      ...unreadableFiles(root, ["Cargo.toml", "Cargo.lock"]),
      "tests inside source files can't be told from code: changes to them count as code",
    ],
  };
}

/** What the fetch step does: it fetches crates, only makes the lockfile, or does nothing. */
interface Fetched {
  readonly needsCrates: boolean;
  readonly isLocked: boolean;
}

function cargoSettings(
  root: DetectionFiles,
  { needsCrates, isLocked, toRoot }: Fetched & { toRoot: string },
): Pick<RepositorySettings, "prepare" | "inputs" | "outputs" | "verify"> {
  const cache = (path: string) => `CARGO_HOME=$PWD/${path}.cargo-home`;
  const locked = isLocked ? " --locked" : "";
  const lockfile = isLocked ? null : "cargo generate-lockfile --offline";
  const inputs = needsCrates || !isLocked ? cargoInputs(root) : [];
  return {
    prepare: needsCrates ? `${cache("")} cargo fetch${locked}` : lockfile,
    inputs: inputs.map((path) => `${toRoot}${path}`),
    // Tests run on a read-only checkout, where cargo can't write the lockfile that it needs.
    outputs: [...(needsCrates ? [`${toRoot}.cargo-home`] : []), ...(isLocked ? [] : [`${toRoot}Cargo.lock`])],
    verify: [`${needsCrates ? `${cache(toRoot)} ` : ""}cargo test --offline${locked}`],
  };
}

function cargoReasons({ needsCrates, isLocked }: Fetched): SettingReason[] {
  if (!needsCrates && isLocked) return [];
  return [
    { setting: "prepare", why: needsCrates ? "Cargo.toml has dependencies" : "there is no Cargo.lock" },
    { setting: "inputs", why: "cargo reads a manifest only if the root files of its targets exist too" },
    { setting: "outputs", why: "where they are kept" },
  ];
}

/** Without a lockfile, the manifests tell. */
function needsCrates(root: DetectionFiles): boolean {
  const lock = fileText(root, "Cargo.lock");
  if (lock !== undefined) return /^source = /mu.test(lock);
  return crateFolders(root).some((folder) =>
    /^\[(.*\.)?(dev-|build-)?dependencies[\].]/mu.test(fileText(root, `${folder}Cargo.toml`) ?? ""),
  );
}

const workspaceSchema = z.object({
  workspace: z.object({
    members: z.array(z.unknown()).catch([]),
    exclude: z.array(z.unknown()).catch([]),
  }),
});

/** Null if the manifest names no workspace. */
function cargoWorkspace(base: DetectionFiles): { members: unknown[]; exclude: unknown[] } | null {
  return workspaceSchema.safeParse(parseToml(fileText(base, "Cargo.toml") ?? "")).data?.workspace ?? null;
}

/** Whether cargo takes the folder for a member of the workspace at the top. */
function isCrateOf({ base, folder }: NonNullable<DetectionFiles["above"]>): boolean {
  const workspace = cargoWorkspace(base);
  if (workspace === null) return false;
  const { members, exclude } = workspace;
  const isExcluded = exclude.some(
    (path) => typeof path === "string" && `${folder}/`.startsWith(`${path.replace(/\/$/u, "")}/`),
  );
  if (isExcluded) return false;
  // A crate that is a member only as another one's path dependency has no lockfile of its own.
  return isMember(members, folder) || !base.paths.includes(`${folder}/Cargo.lock`);
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
    reasons: [{ setting: "verify", why: `${escapedText(name)} has a ${target} target` }],
    notes: [exitCodeOnly("make"), "it is not known which files are tests: give --tests"],
  };
}
