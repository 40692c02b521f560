/** Changes that ask under every profile: a new package, a lockfile without its manifest, a package by path or alias. */
import { describe, expect, it } from "vitest";
import { dependencySiblings, deriveDependencyChanges } from "../../../src/findings/dependencies/dependency-changes.ts";
import { unreadFormats } from "../../../src/findings/dependencies/formats.ts";
import { readNames } from "../../../src/findings/dependencies/readers/file-names.ts";
import { comparisonsOf } from "./comparisons-of.ts";

const entry = (name: string, version: string) => ({
  version,
  resolved: `https://registry.example/${name}/-/${name}-${version}.tgz`,
  integrity: `sha512-${name}${version}`,
});
interface Project {
  manifest: object;
  packages: Record<string, object>;
}
const locked = (
  dependencies: Record<string, string>,
  versions: Record<string, string>,
  more: Record<string, object> = {},
): Project => ({
  manifest: { dependencies },
  packages: {
    "": { dependencies },
    ...Object.fromEntries(
      Object.entries(versions).map(([name, version]) => [`node_modules/${name}`, entry(name, version)]),
    ),
    ...more,
  },
});
const filesOf = (before: Project, after: Project) => [
  { path: "package.json", before: JSON.stringify(before.manifest), after: JSON.stringify(after.manifest) },
  {
    path: "package-lock.json",
    before: JSON.stringify({ lockfileVersion: 3, packages: before.packages }),
    after: JSON.stringify({ lockfileVersion: 3, packages: after.packages }),
  },
];
const suspicionsOf = (
  files: Parameters<typeof deriveDependencyChanges>[0],
  comparisons?: Parameters<typeof deriveDependencyChanges>[1],
) =>
  deriveDependencyChanges(files, comparisons).changes.flatMap(({ name, suspicious }) =>
    suspicious === null ? [] : [`${name}: ${suspicious}`],
  );
const suspicions = (before: Project, after: Project) => suspicionsOf(filesOf(before, after));

const base = locked({ left: "^1.0.0", right: "^2.0.0" }, { left: "1.0.0", right: "2.0.0", deep: "1.0.0" });

describe("npm", () => {
  it("does not ask about a new version of a known npm package in its manifest, nor about its dependencies", () => {
    const after = locked({ left: "^1.1.0", right: "^2.0.0" }, { left: "1.1.0", right: "2.0.0", deep: "1.0.1" });
    expect(suspicions(base, after)).toEqual([]);
    expect(suspicions(base, base)).toEqual([]);
    expect(suspicionsOf([{ path: "src/a.js", before: "1", after: "2" }])).toEqual([]);
  });
  it("asks about an npm lockfile that changes without its manifest", () => {
    const alone = "*: the lockfile changed without its manifest";
    const moved = locked({ left: "^1.0.0", right: "^2.0.0" }, { left: "1.0.0", right: "2.0.0", deep: "1.0.9" });
    expect(suspicions(base, moved)).toEqual([alone]);
    const formatted = { ...moved, manifest: { ...moved.manifest, description: "only this changed" } };
    expect(suspicions(base, formatted)).toEqual([alone]);
    expect(suspicionsOf(filesOf(base, moved).slice(1))).toEqual([alone]);
  });
  it("asks about a direct npm dependency that moves although only another one's specifier changed", () => {
    const decoy = locked({ left: "^1.1.0", right: "^2.0.0" }, { left: "1.1.0", right: "2.0.9", deep: "1.0.0" });
    expect(suspicions(base, decoy)).toEqual(["right: moved without its specifier"]);
  });
  it("asks about an npm package whose name is one letter from a known one, direct or not", () => {
    const direct = locked({ leftt: "^1.0.0", right: "^2.0.0" }, { leftt: "1.0.0", right: "2.0.0", deep: "1.0.0" });
    expect(suspicions(base, direct)).toEqual(["leftt: new package", "leftt: new package"]);
    const deep = locked(
      { left: "^1.1.0", right: "^2.0.0" },
      { left: "1.1.0", right: "2.0.0", deep: "1.0.0", deeep: "1.0.0" },
    );
    expect(suspicions(base, deep)).toEqual(["deeep: new package"]);
  });
  it.each([
    "npm:other@1",
    "file:../left",
    "link:../left",
    "git+https://h/left.git",
    "workspace:*",
    "u/left",
    "catalog:",
  ])("asks about the npm specifier %s", (specifier) => {
    const after = locked({ left: specifier, right: "^2.0.0" }, { left: "1.0.0", right: "2.0.0", deep: "1.0.0" });
    expect(suspicions(base, after)).toContain("left: specifier is not a registry version");
  });
  it("an npm lockfile may change with a manifest of its workspace, but with no other package.json", () => {
    const member = (version: string) => ({ "packages/one": { dependencies: { inner: version } } });
    const versions = { left: "1.0.0", right: "2.0.0" };
    const asked = { left: "^1.0.0", right: "^2.0.0" };
    const before = locked(asked, { ...versions, inner: "3.0.0" }, member("^3.0.0"));
    const after = locked(asked, { ...versions, inner: "3.1.0" }, member("^3.1.0"));
    const manifest = (path: string) => ({
      path,
      before: JSON.stringify({ dependencies: { inner: "^3.0.0" } }),
      after: JSON.stringify({ dependencies: { inner: "^3.1.0" } }),
    });
    expect(suspicionsOf([...filesOf(before, after), manifest("packages/one/package.json")])).toEqual([]);
    expect(suspicionsOf([...filesOf(before, after), manifest("fixtures/one/package.json")])).toEqual([
      "*: the lockfile changed without its manifest",
    ]);
  });
  it("an npm package may move if one section or manifest changes it and another keeps it", () => {
    const peer = { peerDependencies: { left: ">=1" } };
    const withPeer = (project: Project): Project => ({
      manifest: { ...project.manifest, ...peer },
      packages: { ...project.packages, "": { ...project.packages[""], ...peer } },
    });
    const after = locked({ left: "^1.1.0", right: "^2.0.0" }, { left: "1.1.0", right: "2.0.0", deep: "1.0.0" });
    expect(suspicions(withPeer(base), withPeer(after))).toEqual([]);
  });
  it("an npm manifest with a doubled key counts as unreadable, because package managers read it differently", () => {
    const text = (extra: string) => `{"dependencies":{"left":"^1.0.0"${extra}}}`;
    const changed = (after: string) => suspicionsOf([{ path: "package.json", before: text(""), after }]);
    expect(changed(text(',"left":"^1.0.0"'))).toEqual(["*: not a JSON object"]);
    expect(changed(text("").replace("^1.0.0", "^1.0.1"))).toEqual([]);
  });
});

describe("pip", () => {
  const pip = (files: Parameters<typeof deriveDependencyChanges>[0]) => suspicionsOf(files, comparisonsOf(files));
  const changed = (after: string, before = "a==1.0\n") => pip([{ path: "requirements.txt", before, after }]);
  it("does not ask about a new version of a pip package, but about a new package", () => {
    expect(changed("a==1.1\n")).toEqual([]);
    expect(changed("a==1.0\nb==1.0\n")).toEqual(["b: new package"]);
    expect(changed("a[extra]==1.0\n")).toEqual(["*: more than versions of packages changes"]);
  });
  it.each([
    ["a comment that seems to continue", "a==1.0\n# note \\\nb==1.0\n"],
    ["a line separator", "a==1.0\u2028b==1.0\n"],
    ["a form feed", "a==1.0\fb==1.0\n"],
    ["a next-line character", "a==1.0\u0085b==1.0\n"],
  ])("finds a new pip package after %s", (_title, text) => {
    expect(changed(text)).toEqual(["b: new package"]);
  });
  it("reads a continued line and a comment as pip does", () => {
    expect(changed("a==\\\n1.1\n# b==1.0\n")).toEqual([]);
    expect(changed("a==1.1 # note \\\nb==1.0\n")).toEqual([]);
  });
  it("asks about a pip file that changes without the file it is compiled from", () => {
    const compiled = { path: "requirements.txt", before: "a==1.0\n", after: "a==1.1\n" };
    const source = (after: string) => ({ path: "requirements.in", before: "a\n", after });
    expect(dependencySiblings(["requirements.txt"])).toEqual(["requirements.in"]);
    expect(pip([compiled, source("a\n")])).toEqual(["*: the lockfile changed without its manifest"]);
    expect(pip([compiled, { ...source("a\n"), before: null, after: null as never }])).toEqual([]);
    expect(pip([compiled])).toEqual([]);
  });
  it.each(["dev-requirements.txt", "requirements/test.txt", "constraints.txt", "sub/test_requirements.txt"])(
    "reads %s as a file of pip",
    (path) => {
      expect(pip([{ path, before: "a==1\n", after: "a==1\nb==1\n" }])).toEqual(["b: new package"]);
      expect(pip([{ path, before: "a==1\n", after: "a==1\n" }])).toEqual([]);
    },
  );
});

/** A path that matches a pattern of the table. */
const exampleOf = (glob: string) => glob.replaceAll("/**", "/x").replaceAll("**", "x").replaceAll("*", "a");

describe.each(Object.entries(unreadFormats))("%s", (_ecosystem, globs) => {
  it.each(globs)("asks about every change to %s, at any depth, and about nothing else", (glob) => {
    for (const path of [exampleOf(glob), `sub/${exampleOf(glob)}`, exampleOf(glob).toUpperCase()]) {
      for (const after of ["b", null])
        expect(suspicionsOf([{ path, before: "a", after }]), path).toEqual(["*: aedev does not read this format"]);
      expect(suspicionsOf([{ path, before: null, after: "b" }]), path).toHaveLength(1);
      expect(suspicionsOf([{ path, before: "a", after: "a" }]), path).toEqual([]);
    }
    expect(suspicionsOf([{ path: `about-${exampleOf(glob).split("/").at(-1)}.md`, before: "a", after: "b" }])).toEqual(
      [],
    );
  });
});

it.each(readNames.filter((name) => !/^(package|npm-shrinkwrap)/.test(name)))(
  "asks about %s if it could not be read",
  (name) => {
    expect(suspicionsOf([{ path: `sub/${name}`, before: "a", after: "b" }])).toEqual([
      "*: aedev does not read this format",
    ]);
  },
);
