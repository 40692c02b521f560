/** What the workflows of a base hint at, and what detection makes of it. */
import { describe, expect, it } from "vitest";
import { detectRepository, wantedFiles } from "../../../src/repository/detect/detect-repository.ts";
import { workflowHints } from "../../../src/repository/detect/workflow.ts";

const path = ".github/workflows/ci.yml";
const steps = (...runs: string[]) =>
  `on: push\njobs:\n  test:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n${runs
    .map((run) => `      - run: ${JSON.stringify(run)}\n`)
    .join("")}`;
const hints = (text: string) => workflowHints({ paths: [path], texts: new Map([[path, text]]) });
const none = { extras: [], groups: [], files: [], scripts: [], packages: [], isPeerCheckOff: false };
const detect = (files: Record<string, string>) => {
  const paths = Object.keys(files);
  const texts = new Map(wantedFiles(paths).map((wanted) => [wanted, files[wanted] ?? null]));
  return detectRepository({ paths, texts }, { overlay: {}, image: null, runnerImage: "aedev-runner:0" });
};

describe("a workflow's lines", () => {
  it.each([
    ["pip install -e '.[all,cov]'", { extras: ["all", "cov"] }],
    ['python -m pip install --upgrade pip\npip install ".[all]"', { extras: ["all"] }],
    ["uv sync --extra all --group=ci --frozen", { extras: ["all"], groups: ["ci"] }],
    ["poetry install --with ci,extra -E all", { extras: ["all"], groups: ["ci", "extra"] }],
    ["pip install \\\n  -r ci/requirements.txt pytest", { files: ["ci/requirements.txt"], packages: ["pytest"] }],
    ["npm ci && npm run build:all && npm test", { scripts: ["ci", "build:all", "test"] }],
    ["curl https://example.org | sh", {}],
    ["echo pip install -e .[$(id)]", {}],
  ])("a workflow's lines: %s", (run, expected) => expect(hints(steps(run))).toEqual({ ...none, ...expected }));

  it.each([
    ["no workflow", "- a\n- b\n"],
    ["no YAML", "a: [\n"],
    ["more than one document", `${steps("pip install .[all]")}---\na: 1\n`],
    ["aliases", `a: &a [1]\nb: *a\n${steps("pip install .[all]")}`],
    ["longer than 64 KiB", `${steps("pip install .[all]")}#${"x".repeat(64 * 1024)}`],
    ["deeply nested", `jobs: ${"[".repeat(20_000)}`],
  ])("a workflow has no lines if the file is %s", (_title, text) => {
    expect(hints(text)).toEqual(none);
    expect(hints(steps("pip install .[all]"))).toEqual({ ...none, extras: ["all"] });
  });

  it("a workflow's lines are read up to a bound, over many files", () => {
    const many = Array.from({ length: 500 }, (_, at) => `pip install .[extra${at}]`);
    expect(hints(steps(...many)).extras).toHaveLength(20);
    const files = Array.from({ length: 50 }, (_, at) => `.github/workflows/w${at}.yml`);
    expect(wantedFiles(files)).toHaveLength(8);
  });
});

describe("extras that only a workflow names", () => {
  const manifest = (more: string) =>
    `[project]\nname = "p"\ndependencies = ["pytest"]\n[project.optional-dependencies]\nall = ["rich"]\ndocs = ["sphinx"]\n${more}`;
  const wayOf = (files: Record<string, string>) =>
    detect({ "tests/test_a.py": "", ...files }).alternatives.find(({ why }) => why.includes("workflows"))?.settings;

  it("extras that only a workflow names are tried after what the manifests say", () => {
    const run = steps("pip install -e .[all,docs,absent]");
    const files = { "pyproject.toml": manifest(""), [path]: run };
    expect(detect({ "tests/test_a.py": "", ...files }).settings.prepare).not.toContain("rich");
    expect(wayOf(files)?.prepare).toMatch(/pip install 'pytest' 'rich'/u);
    expect(wayOf(files)?.prepare).not.toMatch(/sphinx|absent/u);
    expect(wayOf({ "pyproject.toml": manifest("") })).toBeUndefined();
    expect(wayOf({ ...files, [path]: steps("pip install -e .") })).toBeUndefined();
  });

  it("extras that only a workflow names are tried with uv's lockfile", () => {
    const files = { "pyproject.toml": manifest(""), "uv.lock": "", [path]: steps("uv sync --extra all") };
    expect(wayOf(files)?.prepare).toMatch(/^uv sync --frozen --no-install-project.* --extra all/u);
  });

  it("packages that a workflow, or nox's test sessions, name alone are tried", () => {
    const files = { "pyproject.toml": manifest(""), "tests/test_a.py": "import pytest\n" };
    const named = wayOf({
      ...files,
      [path]: steps("python -m pip install -U pip wheel 'hypothesis>=6' ruff && pytest"),
    });
    expect(named?.prepare).toMatch(/ && \.venv\/bin\/pip install 'hypothesis>=6'(?: &&|$)/u);
    const nox =
      '@nox.session\ndef tests(session):\n    session.install("-r", "dev.txt", "attrs", ".")\n\ndef docs(session):\n    session.install("rich")\n';
    expect(wayOf({ ...files, "noxfile.py": nox })?.prepare).toMatch(/ && \.venv\/bin\/pip install 'attrs'(?: &&|$)/u);
    expect(wayOf({ ...files, [path]: steps("pip install $PACKAGE ./a --index-url b -r c.txt") })).toBeUndefined();
  });

  it("a requirements file that the base has and a workflow names is tried", () => {
    const files = { "pyproject.toml": manifest(""), [path]: steps("pip install -r ci/requirements.txt") };
    expect(wayOf(files)).toBeUndefined();
    expect(wayOf({ ...files, "ci/requirements.txt": "rich\n" })?.prepare).toContain(
      "&& .venv/bin/pip install -r ci/requirements.txt",
    );
    const outside = { ...files, [path]: steps("pip install -r ../requirements.txt") };
    expect(wayOf({ ...outside, "requirements-dev.txt": "" })?.prepare ?? "").not.toContain("..");
  });
});

describe("scripts that only a workflow names", () => {
  it("scripts that only a workflow names are how it is tested if nothing else says so", () => {
    const scripts = { "unit:ci": "vitest --run", lint: "eslint ." };
    const files = { "package.json": JSON.stringify({ scripts }), [path]: steps("npm run lint", "npm run unit:ci") };
    expect(detect(files).settings.verify).toEqual(["npx vitest --run"]);
    expect(detect(files).reasons.find(({ setting }) => setting === "verify")?.why).toContain("unit:ci");
    expect(detect({ ...files, [path]: steps("npm run lint") }).settings.verify).toEqual([]);
    const own = { ...files, "package.json": JSON.stringify({ scripts: { ...scripts, test: "mocha" } }) };
    expect(detect(own).settings.verify).toEqual(["npx mocha"]);
  });

  it("scripts that only a workflow names are how it is built if no script has a usual name", () => {
    const scripts = { test: "mocha", "build:all": "tsc" };
    const built = (run: string) =>
      detect({ "package.json": JSON.stringify({ scripts }), [path]: steps(run) }).alternatives.find(
        ({ settings }) => settings.build,
      )?.settings.build;
    expect(built("npm run build:all")).toBe("npm run build:all");
    expect(built("npm run other")).toBeUndefined();
  });
});
