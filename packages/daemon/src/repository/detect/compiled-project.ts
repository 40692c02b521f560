/** Detects from a Go module, a Rust crate or a Makefile how the repository is prepared and tested. Pure. */
import { type DetectionFiles, escaped, fileText, type Part, type SettingReason, unreadableFiles } from "./finding.ts";
import { testFiles, testGlobs } from "./test-globs.ts";

const exitCodeOnly = (tool: string) =>
  `${tool} gives only an exit code here, no results of single tests: changes need your approval`;

/** Null if there is neither a go.mod nor a go.work at the top. Modules are kept within the checkout, because the containers share nothing else. */
export function findGo(base: DetectionFiles): Part | null {
  const modules = goModules(base);
  if (modules === null) return null;
  const isVendored = base.paths.includes("vendor/modules.txt");
  const requires = (folder: string) => /^[ \t]*require\b/mu.test(fileText(base, `${folder}go.mod`) ?? "");
  const needsModules = !isVendored && (modules.isWorkspace || requires(""));
  const cache = "GOMODCACHE=$PWD/.gomodcache";
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
  const packages = modules.folders.map((folder) => `./${folder}...`).join(" ");
  return {
    language: "go",
    tools: ["go"],
    settings: {
      prepare: needsModules ? `${cache} GOFLAGS=-modcacherw go mod download` : null,
      outputs: needsModules ? [".gomodcache"] : [],
      ...(hasTests
        ? { verify: [`${needsModules ? `${cache} GOPROXY=off ` : ""}go test ${packages}`], tests: globs.tests }
        : {}),
    },
    checks: hasTests ? "per-test" : "none",
    reasons,
    notes: [...unreadableFiles(base, ["go.mod", "go.work"]), ...(hasTests ? [] : ["no _test.go file was found"])],
  };
}

const modulesMax = 50;

/** The folders of the modules that commands at the top see, each with a slash behind it: those that go.work uses, else the top's own. */
function goModules(base: DetectionFiles): { folders: string[]; isWorkspace: boolean } | null {
  const has = (path: string) => base.paths.includes(path);
  const text = (fileText(base, "go.work") ?? "").replaceAll(/\/\/.*$/gmu, "");
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
  const lock = fileText(base, "Cargo.lock");
  const isLocked = base.paths.includes("Cargo.lock");
  const needsCrates =
    lock === undefined
      ? /^\[(.*\.)?(dev-|build-)?dependencies[\].]/mu.test(fileText(base, "Cargo.toml") ?? "")
      : /^source = /mu.test(lock);
  const isPrepared = needsCrates || !isLocked;
  const home = "CARGO_HOME=$PWD/.cargo-home";
  const locked = isLocked ? " --locked" : "";
  const globs = testGlobs(base.paths, "rust");
  return {
    language: "rust",
    tools: ["cargo"],
    settings: {
      prepare: needsCrates ? `${home} cargo fetch${locked}` : isLocked ? null : "cargo generate-lockfile --offline",
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
          ]
        : [],
      // Tests run on a read-only checkout, where cargo can't write the lockfile that it needs.
      outputs: [...(needsCrates ? [".cargo-home"] : []), ...(isLocked ? [] : ["Cargo.lock"])],
      verify: [`${needsCrates ? `${home} ` : ""}cargo test --offline${locked}`],
      tests: globs.tests,
    },
    checks: "per-test",
    reasons: [
      ...(isPrepared
        ? ([
            { setting: "prepare", why: needsCrates ? "Cargo.toml has dependencies" : "there is no Cargo.lock" },
            { setting: "inputs", why: "cargo reads a manifest only if the crate's root file exists too" },
            { setting: "outputs", why: "where they are kept" },
          ] as const)
        : []),
      { setting: "verify", why: "there is a Cargo.toml" },
      { setting: "tests", why: globs.why },
    ],
    notes: [
      ...unreadableFiles(base, ["Cargo.toml", "Cargo.lock"]),
      "tests inside source files can't be told from code: changes to them count as code",
    ],
  };
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
