/** What a Go module, a Rust crate or a Makefile says about how the repository is prepared and proven. Pure. */
import { type BaseFiles, type Part, type Reason, shown, textOf, unreadable } from "./finding.ts";
import { testFiles, testGlobs } from "./test-globs.ts";

const exitCodeOnly = (tool: string) =>
  `${tool} gives only an exit code here, no results of single tests: a change at best asks`;

/** Null where there is no go.mod at the top. Modules are kept within the checkout, because the containers share nothing else. */
export function findGo(base: BaseFiles): Part | null {
  if (!base.paths.includes("go.mod")) return null;
  const isVendored = base.paths.includes("vendor/modules.txt");
  const needsModules = /^[ \t]*require\b/mu.test(textOf(base, "go.mod") ?? "") && !isVendored;
  const cache = "GOMODCACHE=$PWD/.gomodcache";
  const globs = testGlobs(base.paths, "go");
  const hasTests = testFiles(base.paths, "go").length > 0;
  const reasons: Reason[] = needsModules
    ? [
        { setting: "prepare", why: "go.mod requires modules" },
        { setting: "outputs", why: "where they are kept" },
      ]
    : [];
  if (hasTests)
    reasons.push(
      { setting: "verify", why: "there is a go.mod, and there are test files" },
      { setting: "tests", why: globs.why },
    );
  return {
    language: "go",
    tools: ["go"],
    settings: {
      prepare: needsModules ? `${cache} GOFLAGS=-modcacherw go mod download` : null,
      outputs: needsModules ? [".gomodcache"] : [],
      ...(hasTests
        ? { verify: [`${needsModules ? `${cache} GOPROXY=off ` : ""}go test ./...`], tests: globs.tests }
        : {}),
    },
    checks: hasTests ? "per-test" : "none",
    reasons,
    notes: [...unreadable(base, ["go.mod"]), ...(hasTests ? [] : ["no _test.go file was found"])],
  };
}

/** Null where there is no Cargo.toml at the top. */
export function findRust(base: BaseFiles): Part | null {
  if (!base.paths.includes("Cargo.toml")) return null;
  const lock = textOf(base, "Cargo.lock");
  const isLocked = base.paths.includes("Cargo.lock");
  const needsCrates =
    lock === undefined
      ? /^\[(.*\.)?(dev-|build-)?dependencies[\].]/mu.test(textOf(base, "Cargo.toml") ?? "")
      : /^source = /mu.test(lock);
  const home = "CARGO_HOME=$PWD/.cargo-home";
  const locked = isLocked ? " --locked" : "";
  const globs = testGlobs(base.paths, "rust");
  return {
    language: "rust",
    tools: ["cargo"],
    settings: {
      prepare: needsCrates ? `${home} cargo fetch${locked}` : null,
      inputs: needsCrates
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
      outputs: needsCrates ? [".cargo-home"] : [],
      verify: [`${needsCrates ? `${home} ` : ""}cargo test --offline${locked}`],
      tests: globs.tests,
    },
    checks: "per-test",
    reasons: [
      ...(needsCrates
        ? ([
            { setting: "prepare", why: "Cargo.toml has dependencies" },
            { setting: "inputs", why: "cargo reads a manifest only where the crate's root file is there too" },
            { setting: "outputs", why: "where they are kept" },
          ] as const)
        : []),
      { setting: "verify", why: "there is a Cargo.toml" },
      { setting: "tests", why: globs.why },
    ],
    notes: [
      ...unreadable(base, ["Cargo.toml", "Cargo.lock"]),
      "tests that stand in the code's own files can't be told from code: changes to them count as code",
    ],
  };
}

const makefiles = ["GNUmakefile", "makefile", "Makefile"];

/** Null where there is no Makefile at the top. */
export function findMake(base: BaseFiles): Part | null {
  const name = makefiles.find((file) => base.paths.includes(file));
  if (name === undefined) return null;
  const text = textOf(base, name) ?? "";
  const target = ["test", "check"].find((word) => new RegExp(`^${word}[ \\t]*:(?!=)`, "mu").test(text));
  const notes = unreadable(base, makefiles);
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
    reasons: [{ setting: "verify", why: `${shown(name)} has a ${target} target` }],
    notes: [exitCodeOnly("make"), "which files are tests is not known: give --tests"],
  };
}
