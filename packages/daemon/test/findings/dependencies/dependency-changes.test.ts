/** Changed dependencies: each supply-chain attack is suspicious, and an honest update is not. */
import { describe, expect, it } from "vitest";
import { dependencySiblings, deriveDependencyChanges } from "../../../src/findings/dependencies/dependency-changes.ts";
import { comparisonsOf } from "./comparisons-of.ts";

const integrity = "sha512-q1w2e3r4";
const tarball = (name: string, version: string) =>
  `https://registry.example/${name}/-/${name.slice(name.lastIndexOf("/") + 1)}-${version}.tgz`;
const entry = (name: string, version: string, changes: object = {}) => ({
  version,
  resolved: tarball(name, version),
  integrity,
  ...changes,
});
function project(dependencies: Record<string, string>, entries: Record<string, object>, manifest: object = {}) {
  const packages = Object.fromEntries(Object.entries(entries).map(([name, value]) => [`node_modules/${name}`, value]));
  return {
    manifest: JSON.stringify({ name: "x", dependencies, ...manifest }),
    lock: JSON.stringify({ lockfileVersion: 3, packages: { "": { name: "x", dependencies }, ...packages } }),
  };
}
type Project = ReturnType<typeof project>;
const base = project({ a: "^1.0.0" }, { a: entry("a", "1.0.0") });
const changesOf = (after: Project, before: Project = base) =>
  deriveDependencyChanges([
    { path: "package.json", before: before.manifest, after: after.manifest },
    { path: "package-lock.json", before: before.lock, after: after.lock },
  ]).changes;
const suspicions = (after: Project, before: Project = base) =>
  changesOf(after, before).flatMap((change) => change.suspicious ?? []);

describe("npm", () => {
  it("lists an honest npm update without suspicion, and asks about a new package", () => {
    const updated = project(
      { a: "^1.1.0", "@s/b": "~2.0.0" },
      { a: entry("a", "1.1.0", { integrity: "sha512-x" }), "@s/b": entry("@s/b", "2.0.1") },
    );
    expect(changesOf(updated)).toEqual([
      { file: "package.json", name: "a", from: "^1.0.0", to: "^1.1.0", suspicious: null },
      { file: "package.json", name: "@s/b", from: null, to: "~2.0.0", suspicious: "new package" },
      { file: "package-lock.json", name: "a", from: "1.0.0", to: "1.1.0", suspicious: null },
      { file: "package-lock.json", name: "@s/b", from: null, to: "2.0.1", suspicious: "new package" },
    ]);
    expect(changesOf(base)).toEqual([]);
  });
  it("suspects an npm specifier that is not for the registry", () => {
    for (const specifier of ["git+ssh://h/x", "github:u/r", "u/r", "https://h/x.tgz", "file:../x", "npm:b@1", "link:x"])
      expect(suspicions(project({ a: specifier }, { a: entry("a", "1.0.0") })), specifier).toContain(
        "specifier is not a registry version",
      );
  });
  it("suspects an npm lockfile entry with something wrong or missing", () => {
    const tricks: [changes: object, why: RegExp][] = [
      [{ resolved: "https://evil.example/b/-/b-1.0.0.tgz" }, /new source https:\/\/evil\.example/],
      [{ resolved: "http://registry.example/b/-/b-1.0.0.tgz" }, /no source/],
      [{ resolved: "git+ssh://git@github.com/u/b.git#1" }, /no source/],
      [{ resolved: tarball("c", "1.0.0") }, /another package's/],
      [{ resolved: "https://registry.example/odd.tgz" }, /another package's/],
      [{ integrity: undefined }, /missing integrity/],
      [{ integrity: "sha1-abc" }, /weak integrity/],
      [{ hasInstallScript: true }, /install scripts/],
      [{ name: "c" }, /alias/],
      [{ link: true }, /link to a folder/],
    ];
    const withB = (changes: object) =>
      suspicions(project({ a: "^1.0.0", b: "^1.0.0" }, { a: entry("a", "1.0.0"), b: entry("b", "1.0.0", changes) }));
    expect(withB({})).toEqual(["new package", "new package"]);
    for (const [changes, why] of tricks) expect(withB(changes).join(), JSON.stringify(changes)).toMatch(why);
  });
  it("suspects an npm lockfile with other bytes or another source for the same version", () => {
    const other = project({ a: "^1.0.0" }, { a: entry("a", "1.0.0", { integrity: "sha512-other" }) });
    const alone = "the lockfile changed without its manifest";
    expect(suspicions(other)).toEqual(["different integrity hash for the same version", alone]);
    const known = project(
      { a: "^1.0.0", b: "1" },
      { a: entry("a", "1.0.0"), b: { ...entry("b", "1.0.0"), resolved: "https://r.example/b/-/b-1.0.0.tgz" } },
    );
    const moved = project(
      { a: "^1.0.0", b: "1" },
      {
        a: { ...entry("a", "1.0.0"), resolved: "https://r.example/a/-/a-1.0.0.tgz" },
        b: { ...entry("b", "1.0.0"), resolved: "https://r.example/b/-/b-1.0.0.tgz" },
      },
    );
    expect(suspicions(moved, known)).toEqual(["changed source", alone]);
  });
  it("suspects overrides, resolutions and bundling in an npm manifest", () => {
    for (const manifest of [
      { overrides: { a: "2" } },
      { resolutions: { a: "2" } },
      { pnpm: { overrides: {} } },
      { bundledDependencies: ["a"] },
    ])
      expect(suspicions({ ...base, manifest: project({ a: "^1.0.0" }, {}, manifest).manifest })).toHaveLength(1);
  });
  it("suspects an npm lockfile that no longer fits its manifest, but not one that never did", () => {
    const manifestOnly = { ...base, manifest: project({ a: "^1.0.0", b: "1" }, {}).manifest };
    expect(suspicions(manifestOnly)).toEqual(["new package", "the lockfile does not match the manifest"]);
    const extra = {
      ...base,
      lock: project({ a: "^1.0.0", b: "1" }, { a: entry("a", "1.0.0"), b: entry("b", "1.0.0") }).lock,
    };
    expect(suspicions(extra)).toEqual([
      "new package",
      "the lockfile changed without its manifest",
      "the lockfile does not match the manifest",
    ]);
    const described = { ...manifestOnly, manifest: manifestOnly.manifest.replace('"x"', '"y"') };
    expect(suspicions(described, manifestOnly)).toEqual([]);
  });
  it("suspects an unreadable npm file and a removed lockfile", () => {
    expect(suspicions({ ...base, lock: "{" })).toContain("not a JSON object");
    expect(suspicions({ ...base, manifest: "[]" })).toContain("not a JSON object");
    const removed = deriveDependencyChanges([{ path: "package-lock.json", before: base.lock, after: null }]);
    expect(removed.changes[0]?.suspicious).toBe("the lockfile was removed");
  });
  it("reads the nested form of old npm lockfiles too", () => {
    const lock = (dependencies: object) => JSON.stringify({ lockfileVersion: 1, dependencies });
    const manifest = (version: string) => JSON.stringify({ dependencies: { a: version } });
    const files = (after: object) =>
      deriveDependencyChanges([
        { path: "package.json", before: manifest("^1.0.0"), after: manifest("^1.0.1") },
        { path: "package-lock.json", before: lock({ a: entry("a", "1.0.0") }), after: lock(after) },
      ]).changes;
    expect(files({ a: entry("a", "1.0.1") })).toEqual([
      { file: "package.json", name: "a", from: "^1.0.0", to: "^1.0.1", suspicious: null },
      { file: "package-lock.json", name: "a", from: "1.0.0", to: "1.0.1", suspicious: null },
    ]);
    const nested = {
      a: { ...entry("a", "1.0.0"), dependencies: { b: entry("b", "1.0.0", { resolved: "https://e.example/b.tgz" }) } },
    };
    expect(files(nested).find((change) => change.name === "b")?.suspicious).toMatch(
      /new source.*install scripts unknown/,
    );
  });
});

describe("other formats", () => {
  it("lists changed packages of pip's requirement files", () => {
    const changes = (after: string) => {
      const files = [{ path: "requirements.txt", before: "a==1\n", after }];
      return deriveDependencyChanges(files, comparisonsOf(files)).changes;
    };
    expect(changes("a==2 # new\nb>=1,<2\n")).toEqual([
      { file: "requirements.txt", name: "a", from: "==1", to: "==2", suspicious: null },
      { file: "requirements.txt", name: "b", from: null, to: ">=1,<2", suspicious: "new package" },
    ]);
    for (const line of ["--index-url https://e.example", "-e ./x", "b @ https://e.example/b.whl", "git+https://e/x"])
      expect(changes(`a==1\n${line}\n`)[0]?.suspicious, line).not.toBeNull();
  });
  it("lists a changed manifest in an unread format, and nothing if no manifest changed", () => {
    for (const path of [
      "go.mod",
      "sub/Cargo.lock",
      "pnpm-lock.yaml",
      "web/yarn.lock",
      "poetry.lock",
      "uv.lock",
      "pdm.lock",
      "go.sum",
      "pyproject.toml",
      "vendor/x/a.go",
      "Package.json",
      "sub/pip.conf",
      ".bundle/config",
      "NuGet.Config",
      "native/binding.gyp",
    ])
      for (const after of ["b", "", null])
        expect(deriveDependencyChanges([{ path, before: "a", after }]).changes, path).toEqual([
          { file: path, name: "*", from: null, to: null, suspicious: "aedev does not read this format" },
        ]);
    expect(deriveDependencyChanges([{ path: "go.mod", before: "a", after: "a" }]).changes).toEqual([]);
    expect(deriveDependencyChanges([{ path: "src/a.js", before: "a", after: "b" }]).changes).toEqual([]);
  });
});

it("asks for a manifest's lockfiles and a lockfile's manifest", () => {
  const siblings = dependencySiblings(["a/package.json", "src/x.js"]);
  expect(siblings).toEqual(expect.arrayContaining(["a/package-lock.json", "pnpm-lock.yaml", "a/.npmrc", ".npmrc"]));
  expect(dependencySiblings(["src/x.js"])).toEqual([]);
  expect(dependencySiblings(["package-lock.json", "package.json"])).not.toContain("package-lock.json");
  expect(dependencySiblings(["a/Cargo.lock"])).toEqual(["a/Cargo.toml"]);
});
