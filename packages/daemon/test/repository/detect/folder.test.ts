/** Detection of one folder of a monorepo: its own commands, the fetch step where the lockfile is, and which folders can be registered alone. */
import { describe, expect, it } from "vitest";
import { detectRepository, wantedFiles } from "../../../src/repository/detect/detect-repository.ts";
import type { DetectedRepository } from "../../../src/repository/detect/finding.ts";
import { folderProblem } from "../../../src/repository/detect/folder.ts";
import { isMember } from "../../../src/repository/detect/workspace.ts";

type Files = Readonly<Record<string, string>>;
const given = { overlay: {}, image: null, runnerImage: "aedev-runner:0" };
function detect(files: Files, folder: string | null, overlay: object = {}): DetectedRepository {
  const paths = Object.keys(files);
  const texts = new Map(wantedFiles(paths, folder).map((path) => [path, files[path] ?? null]));
  return detectRepository({ paths, texts }, { ...given, overlay, folder });
}
const json = JSON.stringify;
const member = (test: string) => json({ name: "a", scripts: { test }, devDependencies: { x: "1" } });
const nodeMembers = {
  "packages/a/package.json": member("vitest"),
  "packages/a/src/a.test.ts": "",
  "packages/b/package.json": member("mocha"),
  "packages/b/test/b.js": "",
};
const npmTop = { "package.json": json({ workspaces: ["packages/*"] }), "package-lock.json": "{}" };

describe("a folder of a Node workspace", () => {
  it("a folder of a Node workspace gets its packages fetched at the top, and its own tests run in the folder", () => {
    const { settings, checks, needsImage } = detect({ ...npmTop, ...nodeMembers }, "packages/a");
    expect({ ...settings, checks, needsImage }).toEqual({
      prepare: "npm ci --ignore-scripts",
      build: null,
      inputs: [],
      outputs: ["node_modules", "packages/a/node_modules", "packages/b/node_modules"],
      verify: ["cd packages/a && npx vitest run"],
      tests: ["packages/a/**/*.test.*"],
      image: null,
      folder: "packages/a",
      checks: "per-test",
      needsImage: null,
    });
  });

  it.each<[string, Files, string]>([
    [
      "pnpm",
      {
        "package.json": "{}",
        "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
        "pnpm-workspace.yaml": "packages:\n  - 'packages/*' # all\n  - '!packages/c'\ncatalog:\n  x: 1\n",
      },
      "npx -y pnpm@9 install --frozen-lockfile --ignore-scripts",
    ],
    [
      "Yarn 1",
      { "package.json": json({ workspaces: { packages: ["packages/**"] } }), "yarn.lock": "# yarn lockfile v1\n" },
      "npx -y yarn@1.22.22 install --frozen-lockfile --ignore-scripts",
    ],
  ])("a folder of %s is recognized", (_name, top, prepare) => {
    expect(detect({ ...top, ...nodeMembers }, "packages/b").settings).toMatchObject({
      prepare,
      verify: ["cd packages/b && npx mocha"],
      tests: ["packages/b/test/**"],
    });
  });

  it.each<[string, Files]>([
    ["that the workspace does not name", { ...npmTop, "package.json": json({ workspaces: ["apps/*"] }) }],
    [
      "that the workspace leaves out",
      { ...npmTop, "package.json": json({ workspaces: ["packages/*", "!packages/a"] }) },
    ],
    ["below no workspace", { "package.json": "{}", "package-lock.json": "{}" }],
    ["with no manifest above it", {}],
  ])("a folder %s is fetched for itself", (_name, top) => {
    expect(detect({ ...top, ...nodeMembers }, "packages/a").settings).toMatchObject({
      prepare: "cd packages/a && npm install --ignore-scripts --no-package-lock",
      outputs: ["packages/a/node_modules"],
    });
  });

  it("a folder with its own lockfile is fetched by that", () => {
    const files = { ...npmTop, ...nodeMembers, "packages/a/package-lock.json": "{}" };
    expect(detect(files, "packages/a").settings.prepare).toBe("cd packages/a && npm ci --ignore-scripts");
  });

  it("alternatives are proposed for a folder as well", () => {
    const files = {
      ...npmTop,
      ".gitignore": "",
      "packages/a/package.json": json({
        name: "a",
        main: "dist/index.js",
        scripts: { test: "lint && mocha", build: "tsc" },
        devDependencies: { x: "1" },
      }),
      "packages/a/test/a.js": "",
    };
    const { alternatives } = detect(files, "packages/a");
    expect(alternatives.map(({ settings }) => settings)).toContainEqual({
      build: "cd packages/a && npm run build",
      outputs: ["node_modules", "packages/a/node_modules", "packages/a/dist"],
      verify: ["cd packages/a && npx mocha"],
    });
  });
});

describe("a folder in another language", () => {
  it("a Python folder uses its own manifest, or that of the top if it has none", () => {
    const own = { "api/requirements.txt": "pytest\n", "api/app.py": "", "api/tests/test_a.py": "def test_a(): pass\n" };
    expect(detect({ ...own, "requirements.txt": "flask\n" }, "api").settings).toMatchObject({
      prepare:
        "mkdir -p api && cd api && python3 -m venv --system-site-packages .venv && .venv/bin/pip install -r requirements.txt",
      outputs: ["api/.venv"],
      verify: ["cd api && .venv/bin/python -m pytest"],
      tests: ["api/tests/**", "api/**/test_*.py"],
    });
    const { "api/requirements.txt": _, ...bare } = own;
    expect(detect({ ...bare, "requirements.txt": "flask\n" }, "api").settings).toMatchObject({
      prepare: "python3 -m venv --system-site-packages .venv && .venv/bin/pip install -r requirements.txt",
      outputs: [".venv"],
      verify: ["cd api && ../.venv/bin/python -m pytest"],
    });
  });

  it("a folder of a uv workspace is synchronized at the top, and imports its siblings by their path", () => {
    const files = {
      "pyproject.toml":
        '[project]\nname = "all"\n[tool.uv.workspace]\nmembers = ["packages/*"]\nexclude = ["packages/c"]\n[dependency-groups]\ntest = ["pytest"]\n',
      "uv.lock": "",
      "packages/a/pyproject.toml": '[project]\nname = "my-a"\nversion = "1.0"\ndependencies = ["my-b"]\n',
      "packages/a/src/my_a/__init__.py": "",
      "packages/a/tests/test_a.py": "def test_a(): pass\n",
      "packages/b/pyproject.toml": "",
      "packages/b/src/my_b/__init__.py": "",
      "packages/c/pyproject.toml": "",
      "packages/c/src/my_c/__init__.py": "",
    };
    const { settings } = detect(files, "packages/a");
    expect(settings.prepare).toMatch(
      /^uv sync --frozen --no-install-workspace --all-packages --group test && m=.*my_a-1\.0\.dist-info/u,
    );
    expect(settings).toMatchObject({
      outputs: [".venv"],
      verify: ["cd packages/a && PYTHONPATH=src:../b/src ../../.venv/bin/python -m pytest"],
    });
    expect(detect(files, "packages/c").settings.prepare).toBeNull();
  });

  it("a Go folder is tested as a module of the go.work above it, as a module alone, or as part of the top's module", () => {
    const module = { "x/go.mod": "module x\nrequire y v1\n", "x/a_test.go": "package x\n" };
    expect(detect({ ...module, "go.work": "go 1.22\nuse ./x\n" }, "x").settings).toMatchObject({
      prepare: "GOMODCACHE=$PWD/.gomodcache GOFLAGS=-modcacherw go mod download",
      outputs: [".gomodcache"],
      verify: ["cd x && GOMODCACHE=$PWD/../.gomodcache GOPROXY=off go test ./..."],
      tests: ["x/**/*_test.go"],
    });
    const alone = {
      outputs: ["x/.gomodcache"],
      verify: ["cd x && GOMODCACHE=$PWD/.gomodcache GOPROXY=off go test ./..."],
    };
    expect(detect(module, "x").settings).toMatchObject(alone);
    expect(detect({ ...module, "go.mod": "module top\n" }, "x").settings).toMatchObject(alone);
    const beside = detect({ ...module, "go.work": "use ./z\n", "z/go.mod": "module z\n" }, "x").settings;
    expect(beside.verify).toEqual(["cd x && GOWORK=off GOMODCACHE=$PWD/.gomodcache GOPROXY=off go test ./..."]);
    expect(beside.prepare).toBe("cd x && GOWORK=off GOMODCACHE=$PWD/.gomodcache GOFLAGS=-modcacherw go mod download");
    const part = detect({ "go.mod": "module top\n", "x/a.go": "", "x/a_test.go": "" }, "x").settings;
    expect(part).toMatchObject({ prepare: null, verify: ["cd x && go test ./..."] });
  });

  it("a Rust folder is tested as a member of the workspace above it, or as a crate alone", () => {
    const crate = { "c/Cargo.toml": '[package]\nname = "c"\n[dependencies]\nx = "1"\n', "c/src/lib.rs": "" };
    const top = { "Cargo.toml": '[workspace]\nmembers = ["c"]\n', "Cargo.lock": 'source = "registry"\n' };
    expect(detect({ ...crate, ...top }, "c").settings).toMatchObject({
      prepare: "CARGO_HOME=$PWD/.cargo-home cargo fetch --locked",
      outputs: [".cargo-home"],
      verify: ["cd c && CARGO_HOME=$PWD/../.cargo-home cargo test --offline --locked"],
    });
    expect(detect({ ...crate, ...top }, "c").settings.inputs).toContain("**/src/lib.rs");
    const alone = detect(crate, "c").settings;
    expect(alone).toMatchObject({
      prepare: "cd c && CARGO_HOME=$PWD/.cargo-home cargo fetch",
      outputs: ["c/.cargo-home", "c/Cargo.lock"],
      verify: ["cd c && CARGO_HOME=$PWD/.cargo-home cargo test --offline"],
    });
    expect(alone.inputs).toContain("c/**/Cargo.toml");
  });

  it("a Rust folder with its own lockfile, outside the workspace above it, is fetched by that", () => {
    const crate = {
      "c/Cargo.toml": '[package]\nname = "c"\n',
      "c/Cargo.lock": 'source = "registry"\n',
      "c/src/lib.rs": "",
    };
    const alone = { prepare: "cd c && CARGO_HOME=$PWD/.cargo-home cargo fetch --locked", outputs: ["c/.cargo-home"] };
    for (const workspace of ['members = ["a"]', 'members = ["*"]\nexclude = ["c"]']) {
      const top = { "Cargo.toml": `[workspace]\n${workspace}\n`, "Cargo.lock": "" };
      expect(detect({ ...crate, ...top }, "c").settings).toMatchObject(alone);
    }
    const member = { "Cargo.toml": '[workspace]\nmembers = ["*"]\n', "Cargo.lock": "" };
    expect(detect({ ...crate, ...member }, "c").settings.prepare).toBeNull();
  });

  it("a Java folder is built as a module of the manifest at the top", () => {
    const top = "<project><modules><module>m</module></modules></project>";
    const files = { "pom.xml": top, "m/pom.xml": "", "m/src/test/java/ATest.java": "" };
    const { settings } = detect(files, "m");
    expect(settings).toMatchObject({
      outputs: [".m2"],
      inputs: ["pom.xml", "**/pom.xml", ".mvn/**"],
      writable: ["target", "m/target"],
    });
    expect(settings.verify[0]).toMatch(/^cd m && mvn -f \.\.\/pom\.xml -pl m -am -o .*repo\.local=\$PWD\/\.\.\/\.m2 /u);
    expect(settings.prepare).toMatch(/^for p in .*repo\.local=\$PWD\/\.m2 test/u);
    const nested = {
      ...files,
      "m/pom.xml": "<module>n</module>",
      "m/n/pom.xml": "",
      "m/n/src/test/java/ATest.java": "",
    };
    expect(detect(nested, "m/n").settings.verify[0]).toMatch(/^cd m\/n && mvn -f \.\.\/\.\.\/pom\.xml -pl m\/n /u);
  });

  it("a Java folder is built alone if no manifest above names it", () => {
    const files = { "pom.xml": "<module>other</module>", "m/pom.xml": "", "m/src/test/java/ATest.java": "" };
    const { settings } = detect(files, "m");
    expect(settings).toMatchObject({ outputs: ["m/.m2"], writable: ["m/target"] });
    expect(settings.verify[0]).toMatch(/^cd m && mvn -o -B -q -Denforcer\.skip /u);
    expect(settings.prepare).toContain("mvn -B -q -Denforcer.skip ");
  });

  it("a Ruby or PHP folder has its tests run there", () => {
    const spec = detect({ "rb/Gemfile": "", "rb/spec/a_spec.rb": "" }, "rb").settings;
    expect(spec).toMatchObject({ verify: [expect.stringMatching(/^cd rb && rspec /u)], tests: ["rb/spec/**"] });
    const php = detect({ "p/composer.json": "{}", "p/phpunit.xml": "", "p/tests/ATest.php": "" }, "p").settings;
    expect(php).toMatchObject({
      prepare: "cd p && composer dump-autoload --dev --no-scripts --no-plugins --no-interaction",
      inputs: ["p/composer.json", "p/composer.lock"],
      outputs: ["p/vendor"],
      verify: ['cd p && phpunit --do-not-cache-result --log-junit "$AEDEV_JUNIT_FILE" --bootstrap vendor/autoload.php'],
    });
  });

  it("a folder with a Makefile has its target run there", () => {
    expect(detect({ "c/Makefile": "test:\n\ttrue\n" }, "c").settings.verify).toEqual(["cd c && make test"]);
  });
});

describe("the repository's own file", () => {
  it("the repository's own file adds its commands to the folder's, and the fetch step stays the folder's own", () => {
    const files = { ...npmTop, ...nodeMembers };
    const { settings, notes } = detect(files, "packages/a", { verify: ["npm test"], prepare: "npm ci" });
    expect(settings).toMatchObject({ prepare: null, verify: ["cd packages/a && npx vitest run"] });
    expect(notes.join("\n")).toMatch(
      /sets prepare: read at every run.*\n.*its commands run besides those of the folder/u,
    );
  });
});

describe("a repository with no tests at the top", () => {
  it("a repository without tests at the top names the folders that can be registered alone, and no others", () => {
    const files = {
      ...nodeMembers,
      "docs/package.json": "{}",
      "tools/go.mod": "module t\n",
      "api/setup.py": "",
      "api/test_a.py": "import unittest\n",
    };
    expect(detect(files, null).notes).toEqual([
      "nothing at the top says how this repository is tested",
      "these folders have tests and can be registered alone: --path api, --path packages/a, --path packages/b",
    ]);
    expect(detect({ ...files, "package.json": "{}" }, null).notes.join("\n")).toContain("--path packages/a");
    expect(
      detect({ ...files, "package.json": json({ scripts: { test: "mocha" } }) }, null).notes.join("\n"),
    ).not.toContain("--path");
    expect(detect({ "docs/package.json": "{}" }, null).notes).toEqual([
      "nothing at the top says how this repository is tested",
    ]);
    expect(detect(files, "docs").notes.join("\n")).not.toContain("--path");
  });

  it("a folder whose name is not plain never gets into a command", () => {
    const odd = {
      "a b/package.json": member("mocha"),
      "$(x)/package.json": member("mocha"),
      "-x/package.json": member("mocha"),
    };
    expect(detect(odd, null).notes.join("\n")).not.toContain("--path");
  });
});

describe("a path that is no folder of the base", () => {
  const paths = ["packages/a/index.js", "link"];
  it.each([
    ["link", /a file or a link/],
    ["link/below", /a file or a link/],
    ["packages/a/index.js", /a file or a link/],
    ["packages/b", /no such folder/],
    ["pack", /no such folder/],
  ])("the path %j is refused as a folder, with the reason", (folder, why) => {
    expect(folderProblem(paths, folder)).toMatch(why);
  });

  it("a folder is no member of a workspace with an exclusion that is too long to compare", () => {
    expect(isMember(["packages/*"], "packages/a")).toBe(true);
    expect(isMember(["packages/*", "!packages/b"], "packages/a")).toBe(true);
    expect(isMember(["packages/*", `!packages/${"x".repeat(100)}`], "packages/a")).toBe(false);
  });

  it("a folder that exists on the base is accepted", () => {
    expect(["packages", "packages/a"].map((folder) => folderProblem(paths, folder))).toEqual([null, null]);
  });
});
