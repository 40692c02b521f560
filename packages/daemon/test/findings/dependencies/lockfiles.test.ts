/** The manifests and lockfiles of each package manager: an ordinary update is read whole, and each trick is named. */
import { describe, expect, it } from "vitest";
import { compareReadings, type FileComparison } from "../../../src/findings/dependencies/compare-readings.ts";
import { deriveDependencyChanges } from "../../../src/findings/dependencies/dependency-changes.ts";
import { readerOf } from "../../../src/findings/dependencies/readers/readers.ts";

/** A file's text with the version and the hash of the package `left`. */
type Template = (version: string, hash: string) => string;
interface Format {
  readonly manifest: string;
  readonly asks: Template;
  readonly lockfile: string;
  readonly locks: Template;
  /** What the text of the lockfile has for `left`, for edits. */
  readonly source?: readonly [from: string, to: string];
}
const packageJson: Template = (version) =>
  `{ "name": "x", "dependencies": { "left": "^${version}", "right": "^2.0.0" } }`;
const formats: Record<string, Format> = {
  pnpm: {
    ...{ manifest: "package.json", asks: packageJson, lockfile: "pnpm-lock.yaml" },
    locks: (version, hash) => `lockfileVersion: '9.0'
settings:
  autoInstallPeers: true
importers:
  .:
    dependencies:
      left:
        specifier: ^${version}
        version: ${version}
      right:
        specifier: ^2.0.0
        version: 2.0.0(left@${version})
packages:
  left@${version}:
    resolution: {integrity: sha512-${hash}}
    engines: {node: '>=4'}
  right@2.0.0:
    resolution: {integrity: sha512-cccc}
snapshots:
  left@${version}: {}
  right@2.0.0(left@${version}):
    dependencies:
      left: ${version}
`,
    source: ["{integrity: sha512-bbbb}", "{integrity: sha512-bbbb, tarball: https://evil.example/left.tgz}"],
  },
  "Yarn 1": {
    ...{ manifest: "package.json", asks: packageJson, lockfile: "yarn.lock" },
    locks: (version, hash) => `# yarn lockfile v1


left@^${version}:
  version "${version}"
  resolved "https://registry.example/left/-/left-${version}.tgz#0123456789"
  integrity sha512-${hash}

right@^2.0.0:
  version "2.0.0"
  resolved "https://registry.example/right/-/right-2.0.0.tgz#0123456789"
  integrity sha512-cccc
  dependencies:
    left "^1.0.0"
`,
    source: ["https://registry.example/left", "https://evil.example/left"],
  },
  "Yarn 4": {
    ...{ manifest: "package.json", asks: packageJson, lockfile: "yarn.lock" },
    locks: (version, hash) => `__metadata:
  version: 8
  cacheKey: 10c0

"left@npm:^${version}":
  version: ${version}
  resolution: "left@npm:${version}"
  checksum: 10c0/${hash}
  languageName: node
  linkType: hard

"right@npm:^2.0.0":
  version: 2.0.0
  resolution: "right@npm:2.0.0"
  checksum: 10c0/cccc
  languageName: node
  linkType: hard

"x@workspace:.":
  version: 0.0.0-use.local
  resolution: "x@workspace:."
  dependencies:
    left: "npm:^${version}"
  languageName: unknown
  linkType: soft
`,
    source: ['resolution: "left@npm:1.0.1"', 'resolution: "left@https://evil.example/left.tgz"'],
  },
  Bun: {
    ...{ manifest: "package.json", asks: packageJson, lockfile: "bun.lock" },
    locks: (version, hash) => `{
  "lockfileVersion": 1,
  "workspaces": { "": { "name": "x", "dependencies": { "left": "^${version}", "right": "^2.0.0", }, }, },
  "packages": {
    "left": ["left@${version}", "", {}, "sha512-${hash}"],
    "right": ["right@2.0.0", "", {}, "sha512-cccc"],
  },
}
`,
    source: ['"left@1.0.1", ""', '"left@1.0.1", "https://evil.example"'],
  },
  Cargo: {
    manifest: "Cargo.toml",
    asks: (version) =>
      `[package]\nname = "x"\n\n[dependencies]\nleft = "${version}"\nright = { version = "2.0.0", features = ["a"] }\n`,
    lockfile: "Cargo.lock",
    locks: (version, hash) =>
      `version = 4\n\n[[package]]\nname = "x"\nversion = "0.1.0"\ndependencies = ["left"]\n${["left", "right"]
        .map(
          (name) =>
            `\n[[package]]\nname = "${name}"\nversion = "${name === "left" ? version : "2.0.0"}"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "${name === "left" ? hash : "cccc"}"\n`,
        )
        .join("")}`,
    source: ["registry+https://github.com/rust-lang/crates.io-index", "git+https://evil.example/left"],
  },
  Go: {
    manifest: "go.mod",
    asks: (version) =>
      `module example.com/x\n\ngo 1.22\n\nrequire left.example/left v${version}\n\nrequire right.example/right v2.0.0 // indirect\n`,
    lockfile: "go.sum",
    locks: (version, hash) =>
      `left.example/left v${version} h1:${hash}=\nleft.example/left v${version}/go.mod h1:m${hash}=\nright.example/right v2.0.0 h1:cccc=\n`,
  },
  uv: {
    manifest: "pyproject.toml",
    asks: (version) =>
      `[project]\nname = "x"\ndependencies = ["left>=${version}", "right[extra]>=2.0.0 ; python_version > '3.8'"]\n`,
    lockfile: "uv.lock",
    locks: (version, hash) => `version = 1\nrequires-python = ">=3.9"\n
[[package]]
name = "left"
version = "${version}"
source = { registry = "https://pypi.example/simple" }
wheels = [{ url = "https://files.example/left-${version}.whl", hash = "sha256:${hash}", size = 1 }]

[[package]]
name = "right"
version = "2.0.0"
source = { registry = "https://pypi.example/simple" }
wheels = [{ url = "https://files.example/right-2.0.0.whl", hash = "sha256:cccc", size = 1 }]

[[package]]
name = "x"
version = "0.1.0"
source = { editable = "." }
`,
    source: ["https://files.example/left", "https://evil.example/left"],
  },
  Poetry: {
    manifest: "pyproject.toml",
    asks: (version) =>
      `[tool.poetry]\nname = "x"\n\n[tool.poetry.dependencies]\npython = "^3.9"\nleft = "^${version}"\nright = {version = "^2.0.0", extras = ["a"]}\n`,
    lockfile: "poetry.lock",
    locks: (version, hash) => `[[package]]
name = "left"
version = "${version}"
optional = false
files = [{file = "left-${version}.whl", hash = "sha256:${hash}"}]

[[package]]
name = "right"
version = "2.0.0"
optional = false
files = [{file = "right-2.0.0.whl", hash = "sha256:cccc"}]

[metadata]
lock-version = "2.0"
content-hash = "${hash}"
`,
    source: [
      'optional = false\nfiles = [{file = "left',
      'optional = false\nsource = {type = "legacy", url = "https://evil.example", reference = "e"}\nfiles = [{file = "left',
    ],
  },
  Bundler: {
    manifest: "Gemfile",
    asks: (version) => `source "https://gems.example"\ngem "left", "~> ${version}", require: false\ngem 'right'\n`,
    lockfile: "Gemfile.lock",
    locks: (version, hash) => `GEM
  remote: https://gems.example/
  specs:
    left (${version})
    right (2.0.0)
      left (>= 1.0)

PLATFORMS
  ruby

DEPENDENCIES
  left (~> ${version})
  right

CHECKSUMS
  left (${version}) sha256=${hash}
  right (2.0.0) sha256=cccc

BUNDLED WITH
   2.5.0
`,
    source: ["remote: https://gems.example/", "remote: https://evil.example/"],
  },
  Composer: {
    manifest: "composer.json",
    asks: (version) => `{ "require": { "php": "^8.1", "a/left": "^${version}", "a/right": "^2.0" } }`,
    lockfile: "composer.lock",
    locks: (version, hash) =>
      JSON.stringify({
        "content-hash": hash,
        packages: [
          ...[["a/left", version, hash] as const, ["a/right", "2.0.0", "cccc"] as const].map(
            ([name, at, reference]) => ({
              ...{ name, version: at },
              dist: { type: "zip", url: `https://archives.example/${name}/${reference}`, reference, shasum: "" },
            }),
          ),
        ],
        "packages-dev": [],
      }),
    source: ["https://archives.example/a/left", "https://evil.example/a/left"],
  },
};

function compare(path: string, before: string, after: string): FileComparison {
  const read = readerOf(path);
  const [old, young] = [read?.(before), read?.(after)];
  if (old == null || young == null) throw new Error(`${path} can't be read`);
  return compareReadings(old, young);
}

/** What is suspicious about the change of both files. */
function suspicions({ manifest, lockfile }: Format, files: readonly [before: string, after: string][]): string {
  const [asks, locks] = files;
  if (asks === undefined || locks === undefined) throw new Error("two files change");
  const named = [
    { path: manifest, before: asks[0], after: asks[1] },
    { path: lockfile, before: locks[0], after: locks[1] },
  ];
  const comparisons = new Map(named.map((file) => [file.path, compare(file.path, file.before, file.after)]));
  const { changes } = deriveDependencyChanges(named, comparisons);
  return changes.flatMap(({ name, suspicious }) => (suspicious === null ? [] : [`${name}: ${suspicious}`])).join("\n");
}

describe.each(Object.entries(formats))("%s", (_, format) => {
  const { manifest, asks, lockfile, locks, source } = format;
  const [before, after] = [locks("1.0.0", "aaaa"), locks("1.0.1", "bbbb")];
  const asked: [string, string] = [asks("1.0.0", ""), asks("1.0.1", "")];
  const name = asks("1", "").match(/left\.example\/left|a\/left/)?.[0] ?? "left";

  it("an ordinary update is read whole", () => {
    const lock = compare(lockfile, before, after);
    expect(lock.isWhole).toBe(true);
    expect(
      lock.moves.map((move) => [move.name, move.from.replace("v", ""), move.to.replace("v", ""), move.step]),
    ).toEqual([[name, "1.0.0", "1.0.1", "patch"]]);
    const manifests = compare(manifest, ...asked);
    expect([manifests.isWhole, manifests.changed]).toEqual([true, [name]]);
    expect(suspicions(format, [asked, [before, after]])).toBe("");
  });
  it("equal texts have no change", () => {
    expect(compare(lockfile, after, after)).toMatchObject({ isWhole: true, changes: [], moves: [] });
  });
  it("a lockfile that changes alone is suspicious", () => {
    expect(
      suspicions(format, [
        [asked[1], asked[1]],
        [before, after],
      ]),
    ).toContain("changed without its manifest");
  });
  it("a package that moves although another one's range changes is suspicious", () => {
    const other = asks("1.0.0", "").replace(/2\.0(\.0)?|gem 'right'/, (found) =>
      found.startsWith("g") ? "gem 'right', '2.0.1'" : "2.0.1",
    );
    expect(
      suspicions(format, [
        [asked[0], other],
        [before, after],
      ]),
    ).not.toBe("");
  });
  it("another hash for the same version is suspicious", () => {
    expect(suspicions(format, [asked, [after, locks("1.0.1", "dddd")]])).toContain("different integrity hash");
  });
  it("a new and a removed package are suspicious", () => {
    const renamed = (text: string) => text.replaceAll("left", "lefft");
    const found = suspicions(format, [
      [asked[0], renamed(asked[1])],
      [before, renamed(after)],
    ]);
    expect(found).toMatch(/lefft: new package/);
    expect(found).toMatch(/left: removed package/);
  });
  it.runIf(source !== undefined)("another source is suspicious", () => {
    const [from, to] = source ?? ["", ""];
    expect(after).toContain(from);
    expect(suspicions(format, [asked, [before, after.replace(from, to)]])).toMatch(
      /new source|changed source|no source|more than/,
    );
  });
  it.runIf(lockfile !== "go.sum")("a missing hash is suspicious", () => {
    const bare = after.replace(/(?: {2}integrity )?(?:sha256[:=]|sha512-|10c0\/)?bbbb/g, "");
    expect(bare).not.toBe(after);
    expect(suspicions(format, [asked, [before, bare]])).toMatch(/(missing|weak) integrity|no source/);
  });
});

describe("a manifest", () => {
  it.each([
    [
      "package.json",
      '{"overrides":{},"dependencies":{"a":"1.0.0"}}',
      '{"overrides":{"b":"1"},"dependencies":{"a":"1.0.1"}}',
    ],
    ["go.mod", "module x\nrequire a v1.0.0\n", "module x\nrequire a v1.0.1\nreplace a => evil v1.0.1\n"],
    [
      "Cargo.toml",
      '[dependencies]\na = "1.0.0"\n',
      '[dependencies]\na = { version = "1.0.1", git = "https://evil.example" }\n',
    ],
    [
      "Cargo.toml",
      '[dependencies]\na = "1.0.0"\n',
      '[dependencies]\na = "1.0.1"\n\n[patch.crates-io]\na = { path = "a" }\n',
    ],
    [
      "pyproject.toml",
      '[project]\ndependencies = ["a==1.0.0"]\n',
      '[project]\ndependencies = ["a==1.0.1"]\n\n[tool.uv.sources]\na = { url = "https://evil.example" }\n',
    ],
    ["Gemfile", 'gem "a", "1.0.0"\n', 'gem "a", "1.0.1", git: "https://evil.example"\n'],
    ["Gemfile", 'gem "a", "1.0.0"\n', 'gem "a", "1.0.1"; system("id")\n'],
    ["Gemfile", 'gem "a", "1.0.0", path: "#{1}"\n', 'gem "a", "1.0.1", path: "#{`id`}"\n'],
    ["composer.json", '{"require":{"a/b":"1.0.0"}}', '{"require":{"a/b":"1.0.1"},"scripts":{"post-install-cmd":"id"}}'],
    ["requirements.txt", "a==1.0.0\n", "--index-url https://evil.example\na==1.0.1\n"],
  ])("is not read whole if %s changes more than versions", (path, before, after) => {
    expect(compare(path, before, after).isWhole).toBe(false);
  });
  it.each([
    ["^1.0.0", "^1.2.0", "minor"],
    ["~=1.4.2", "~=1.4.5", "patch"],
    ["^0.2.3", "^0.2.4", "patch"],
    ["^0.2.3", "^0.3.0", "major"],
    [">=1,<2", ">=1,<3", "major"],
    ["^1.0.0", "^0.9.0", "back"],
    ["^1.0.0", ">=1.0.0", "unclear"],
    ["^1.0.0", "*", "unclear"],
    ["1.0.0", "1.0.1-rc.1", "unclear"],
    ["1.0.0", "latest", "unclear"],
  ])("tells how far a range moves: %s to %s", (from, to, step) => {
    const text = (range: string) => JSON.stringify({ dependencies: { a: range } });
    expect(compare("package.json", text(from), text(to)).moves[0]?.step).toBe(step);
  });
  it("hashes of a requirements file go with their version", () => {
    const line = (version: string, hash: string) => `a==${version} \\\n    --hash=sha256:${hash}\n`;
    expect(compare("requirements.txt", line("1.0.0", "aa"), line("1.0.1", "bb"))).toMatchObject({
      isWhole: true,
      moves: [{ name: "a", from: "1.0.0", to: "1.0.1", hashes: ["sha256:bb"], step: "patch" }],
    });
    const [change] = compare("requirements.txt", line("1.0.0", "aa"), line("1.0.0", "bb")).changes;
    expect(change?.suspicious).toBe("different integrity hash for the same version");
  });
});

describe("npm's lockfile", () => {
  const lock = (version: string, more: object = {}) =>
    JSON.stringify({
      lockfileVersion: 3,
      packages: { "": { dependencies: { a: version } }, "node_modules/a": { version, integrity: "sha512-x", ...more } },
    });
  it("is read whole, but not if a command of a package changes", () => {
    expect(compare("package-lock.json", lock("1.0.0"), lock("1.0.1")).isWhole).toBe(true);
    const shadow = lock("1.0.1", { bin: { node: "evil.js" } });
    expect(compare("package-lock.json", lock("1.0.0"), shadow).isWhole).toBe(false);
  });
});
