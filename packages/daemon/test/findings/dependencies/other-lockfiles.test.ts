/** Lockfiles that are named and never merge by themselves: each trick beside an honest update of the same format. */
import { describe, expect, it } from "vitest";
import { deriveDependencyChanges } from "../../../src/findings/dependencies/dependency-changes.ts";

const pnpm = (entries: string) =>
  `lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      a:\n        specifier: ^1.0.0\n        version: 1.0.0\n\npackages:\n\n${entries}\nsnapshots:\n\n  a@1.0.0: {}\n`;
const pnpmEntry = (name: string, version: string, resolution: string) =>
  `  '${name}@${version}':\n    resolution: {${resolution}}\n    engines: {node: '>=4'}\n\n`;
const yarnEntry = (name: string, version: string, resolved: string, integrity = "integrity sha512-x") =>
  `"${name}@^${version}":\n  version "${version}"\n  resolved "${resolved}"\n  ${integrity}\n\n`;
const berryEntry = (name: string, version: string, resolution: string, more = "  checksum: 10c0/ab\n") =>
  `"${name}@npm:^${version}":\n  version: ${version}\n  resolution: "${name}@${resolution}"\n${more}\n`;
const cargoEntry = (name: string, version: string, source: string, checksum = 'checksum = "ab"\n') =>
  `[[package]]\nname = "${name}"\nversion = "${version}"\nsource = "${source}"\n${checksum}\n`;
const uvEntry = (name: string, version: string, source: string, hash = ', hash = "sha256:ab"') =>
  `[[package]]\nname = "${name}"\nversion = "${version}"\nsource = { ${source} }\nsdist = { url = "https://files.example/${name}.tar.gz"${hash} }\n\n`;
const registry = "registry+https://github.com/rust-lang/crates.io-index";
const npm = (name: string, version: string) => `https://registry.example/${name}/-/${name}-${version}.tgz`;

/** Format, what the base has, an honest update of it, and tricks with what names them. */
const cases: [path: string, base: string, honest: string, tricks: [after: string, why: RegExp][]][] = [
  [
    "pnpm-lock.yaml",
    pnpm(pnpmEntry("a", "1.0.0", "integrity: sha512-x")),
    pnpm(pnpmEntry("a", "1.1.0", "integrity: sha512-y")),
    [
      [pnpm(pnpmEntry("a", "1.0.0", "integrity: sha512-z")), /other bytes for the same version/],
      [pnpm(pnpmEntry("a", "1.0.0", "")), /missing integrity/],
      [
        pnpm(pnpmEntry("a", "1.1.0", "integrity: sha512-y, tarball: https://evil.example/a.tgz")),
        /new source https:\/\/evil\.example/,
      ],
      [
        pnpm(pnpmEntry("a", "1.0.0", "integrity: sha512-x") + pnpmEntry("@s/b", "2.0.0", "integrity: sha512-b")),
        /install scripts unknown/,
      ],
    ],
  ],
  [
    "yarn.lock",
    yarnEntry("a", "1.0.0", npm("a", "1.0.0")),
    yarnEntry("a", "1.1.0", npm("a", "1.1.0")),
    [
      [yarnEntry("a", "1.1.0", "https://evil.example/a.tgz"), /new source https:\/\/evil\.example; changed source/],
      [yarnEntry("a", "1.1.0", npm("a", "1.1.0"), ""), /missing integrity/],
      [yarnEntry("a", "1.0.0", npm("a", "1.0.0"), "integrity sha512-z"), /other bytes/],
    ],
  ],
  [
    "web/yarn.lock",
    berryEntry("a", "1.0.0", "npm:1.0.0"),
    berryEntry("a", "1.1.0", "npm:1.1.0", "  checksum: 10c0/cd\n"),
    [
      [berryEntry("a", "1.1.0", "https://github.com/u/a.git#commit=1"), /new source https:\/\/github\.com/],
      [berryEntry("a", "1.1.0", "npm:1.1.0", ""), /missing integrity/],
    ],
  ],
  [
    "Cargo.lock",
    cargoEntry("a", "1.0.0", registry),
    cargoEntry("a", "1.1.0", registry, 'checksum = "cd"\n'),
    [
      [cargoEntry("a", "1.1.0", "git+https://evil.example/a?rev=1#2"), /new source https:\/\/evil\.example/],
      [cargoEntry("a", "1.1.0", registry, ""), /missing integrity/],
    ],
  ],
  [
    "uv.lock",
    uvEntry("a", "1.0.0", 'registry = "https://pypi.org/simple"'),
    uvEntry("a", "1.1.0", 'registry = "https://pypi.org/simple"'),
    [
      [uvEntry("a", "1.1.0", 'git = "https://evil.example/a"'), /new source https:\/\/evil\.example/],
      [uvEntry("a", "1.1.0", 'registry = "https://pypi.org/simple"', ""), /missing integrity/],
    ],
  ],
  [
    "go.sum",
    "example.org/a v1.0.0 h1:ab=\n",
    "example.org/a v1.1.0 h1:cd=\n",
    [
      ["example.org/a v1.0.0 h1:zz=\n", /other bytes/],
      ["example.org/a v1.0.0 h1:ab=\nexample.org/b v1.0.0 h1:b=\n", /install scripts unknown/],
    ],
  ],
];

const changesOf = (path: string, before: string | null, after: string | null) =>
  deriveDependencyChanges([{ path, before, after }]).changes;

describe("a lockfile that aedev reads entry by entry", () => {
  it.each(cases)(
    "%s names an honest update without another suspicion than that it is not proven",
    (path, base, honest) => {
      const changes = changesOf(path, base, honest);
      expect(changes.map(({ name, suspicious }) => [name, suspicious === null])).toEqual([
        [expect.stringMatching(/^(example\.org\/)?a$/), true],
        ["*", false],
      ]);
      expect(changesOf(path, base, base)).toEqual([]);
    },
  );

  it.each(cases)("%s names each trick", (path, base, _honest, tricks) => {
    for (const [after, why] of tricks)
      expect(
        changesOf(path, base, after)
          .map(({ suspicious }) => suspicious ?? "")
          .join("\n"),
        after,
      ).toMatch(why);
  });

  it.each(cases)("%s asks whatever stands in it, and when it is removed", (path, base) => {
    for (const after of [
      null,
      "",
      "\0",
      "[[package]]\n".repeat(1000),
      base.replaceAll('"', "").replaceAll("1", "2"),
      `${base}${"x".repeat(100_000)}`,
    ])
      expect(
        changesOf(path, base, after).some(({ suspicious }) => suspicious !== null),
        String(after).slice(0, 40),
      ).toBe(true);
  });
});
