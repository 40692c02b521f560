/** What registries say about updates: servers on loopback speak each registry's protocol, and the child process asks them. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { DependencyRecord, PackageEcosystem, Registry } from "@aedev/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareReadings } from "../../../src/findings/dependencies/compare-readings.ts";
import { readDependencies } from "../../../src/findings/dependencies/read-dependencies.ts";
import { readerOf } from "../../../src/findings/dependencies/readers/readers.ts";
import { deriveDependencyRecords } from "../../../src/findings/registries/dependency-records.ts";

const now = new Date("2026-06-30T12:00:00Z");
const [old, young] = ["2026-05-01T00:00:00Z", "2026-06-28T00:00:00Z"];

/** A tar archive with a crate's manifest, and a build script if it is to have one. */
function crateOf(version: string, isBuilt: boolean): Buffer {
  const files = {
    [`left-${version}/Cargo.toml`]: `[package]\nname = "left"\nversion = "${version}"\nlicense = "MIT"\n`,
    ...(isBuilt ? { [`left-${version}/build.rs`]: "fn main() {}\n" } : {}),
  };
  const parts = Object.entries(files).flatMap(([path, text]) => {
    const head = Buffer.alloc(512);
    head.write(path);
    head.write(text.length.toString(8).padStart(11, "0"), 124);
    return [head, Buffer.from(text.padEnd(512, "\0"))];
  });
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(1024)]));
}
const crates = { "1.0.0": crateOf("1.0.0", false), "1.0.1": crateOf("1.0.1", false), "1.0.2": crateOf("1.0.2", true) };
const sumOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const released: Record<string, string> = { "1.0.0": old, "1.0.1": old, "1.0.2": young };
const npm = (version: string, more: object = {}) => ({
  dist: { integrity: `sha512-npm${version}` },
  license: "MIT",
  ...more,
});
const wheel = (version: string, packagetype: string) => [
  {
    digests: { sha256: `py${version}` },
    packagetype,
    upload_time_iso_8601: released[version],
    yanked: false,
    yanked_reason: null,
  },
];

const answers: Record<string, unknown> = {
  "/left": {
    time: released,
    versions: {
      "1.0.0": npm("1.0.0"),
      "1.0.1": npm("1.0.1", { dependencies: { deep: "1" } }),
      "1.0.2": npm("1.0.2", { scripts: { postinstall: "node x" }, license: "BUSL-1.1", deprecated: "use right" }),
    },
  },
  "/deep": { time: released, versions: { "1.0.0": npm("deep1.0.0"), "1.0.1": npm("deep1.0.1") } },
  "/pypi/left/json": {
    releases: {
      "1.0.0": wheel("1.0.0", "bdist_wheel"),
      "1.0.1": wheel("1.0.1", "bdist_wheel"),
      "1.0.2": wheel("1.0.2", "sdist"),
    },
  },
  "/le/ft/left": Object.entries(crates)
    .map(([vers, bytes]) =>
      JSON.stringify({ vers, cksum: sumOf(bytes), yanked: false, pubtime: released[vers], deps: [] }),
    )
    .join("\n"),
  ...Object.fromEntries(Object.entries(crates).map(([version, bytes]) => [`/crates/left/${version}/download`, bytes])),
  ...Object.fromEntries(
    Object.entries(released).flatMap(([version, Time]) => [
      [`/left.example/!left/@v/v${version}.info`, { Time }],
      [
        `/sumdb/sum.golang.org/lookup/left.example/!left@v${version}`,
        `1\nleft.example/Left v${version} h1:go${version}=\nleft.example/Left v${version}/go.mod h1:mod${version}=\n`,
      ],
    ]),
  ),
  "/broken": "{",
  "/away": null,
};

let registry: Registry;
const server = createServer((request, response) => {
  const answer = answers[request.url ?? ""];
  if (answer === null) response.writeHead(302, { location: "/left" }).end();
  else if (answer === undefined) response.writeHead(404).end();
  else response.end(typeof answer === "string" || Buffer.isBuffer(answer) ? answer : JSON.stringify(answer));
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  registry = { host: "127.0.0.1", port: (server.address() as AddressInfo).port, secure: false, private: true };
});
afterAll(() => server.close());

type Files = Readonly<Record<string, readonly [before: string, after: string]>>;
async function recordsOf(files: Files, registries: readonly Registry[] = [registry]) {
  const origin = `http://127.0.0.1:${registry.port}`;
  const own = { origin, archives: origin, known: [] };
  const list = Object.entries(files).map(([path, [before, after]]) => ({ path, before, after }));
  const places = ["npm", "pypi", "crates", "go"] satisfies PackageEcosystem[];
  return await deriveDependencyRecords({
    ...{ files: list, comparisons: new Map(list.flatMap(compared)), registries, now },
    own: Object.fromEntries(places.map((place) => [place, own])),
  });
}
function compared({ path, before, after }: { path: string; before: string; after: string }) {
  const read = readerOf(path);
  const [old, young] = [read?.(before), read?.(after)];
  return old == null || young == null ? [] : [[path, compareReadings(old, young)] as const];
}
const first = async (files: Files, registries?: readonly Registry[]) =>
  (await recordsOf(files, registries))?.packages[0];

const good: Partial<DependencyRecord> = {
  ...{ from: "1.0.0", to: "1.0.1", step: "patch", age_days: 60, hash: "equal", new_install_script: false },
  ...{ withdrawn: null, required: true, unknown: null },
};
const manifest = (name: string, version: string) => JSON.stringify({ dependencies: { [name]: version } });
const lock = (packages: Record<string, readonly [version: string, hash: string]>) =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: Object.fromEntries(
      Object.entries(packages).map(([name, [version, integrity]]) => [`node_modules/${name}`, { version, integrity }]),
    ),
  });
const npmFiles = (version: string, hash = `sha512-npm${version}`): Files => ({
  "package.json": [manifest("left", "1.0.0"), manifest("left", version)],
  "package-lock.json": [lock({ left: ["1.0.0", "sha512-npm1.0.0"] }), lock({ left: [version, hash] })],
});

describe("npm's registry", () => {
  it("confirms a release with the hash of its archive", async () => {
    expect(await recordsOf(npmFiles("1.0.1"))).toMatchObject({
      files: ["package.json", "package-lock.json"],
      packages: [{ ...good, file: "package-lock.json", name: "left", licence: ["MIT", "MIT"] }],
    });
  });
  it("tells another archive, its age, programs at installation, licence and withdrawal", async () => {
    expect(await first(npmFiles("1.0.1", "sha512-other"))).toMatchObject({ hash: "other" });
    expect(await first(npmFiles("1.0.2"))).toMatchObject({
      ...{ age_days: 2, hash: "equal", new_install_script: true, licence: ["MIT", "BUSL-1.1"], withdrawn: "use right" },
    });
  });
  it("tells whether a package that moves requires another one", async () => {
    const withDeep = (version: string, hash: string): Files => ({
      "package.json": [manifest("left", "1.0.0"), manifest("left", version)],
      "package-lock.json": [
        lock({ left: ["1.0.0", "sha512-npm1.0.0"], deep: ["1.0.0", "sha512-npmdeep1.0.0"] }),
        lock({ left: [version, hash], deep: ["1.0.1", "sha512-npmdeep1.0.1"] }),
      ],
    });
    const deepOf = async (files: Files) => (await recordsOf(files))?.packages.find(({ name }) => name === "deep");
    expect(await deepOf(withDeep("1.0.1", "sha512-npm1.0.1"))).toMatchObject({ required: true, hash: "equal" });
    expect(await deepOf(withDeep("1.0.2", "sha512-npm1.0.2"))).toMatchObject({ required: false });
  });
  it("is asked about the manifest if no lockfile fixes its packages", async () => {
    expect(await first({ "package.json": [manifest("left", "^1.0.0"), manifest("left", "^1.0.1")] })).toMatchObject({
      ...{ ...good, hash: "none", file: "package.json" },
    });
  });
  it.each([
    ["the version does not exist", npmFiles("1.0.9"), /no such version/],
    [
      "the package does not exist",
      { "package.json": [manifest("lost", "1.0.0"), manifest("lost", "1.0.1")] },
      /answered 404/,
    ],
    [
      "its answer is broken",
      { "package.json": [manifest("broken", "1.0.0"), manifest("broken", "1.0.1")] },
      /can't be read/,
    ],
    ["it redirects", { "package.json": [manifest("away", "1.0.0"), manifest("away", "1.0.1")] }, /answered 302/],
    [
      "the name leads elsewhere",
      { "package.json": [manifest("../left", "1.0.0"), manifest("../left", "1.0.1")] },
      /odd form/,
    ],
  ] as const)("leaves a package unknown if %s", async (_, files, why) => {
    expect((await first(files))?.unknown).toMatch(why);
  });
  it("is not asked without the operator's permission, nor at a private address that may not be one", async () => {
    expect((await first(npmFiles("1.0.1"), []))?.unknown).toMatch(/not in prepare\.registries/);
    expect((await first(npmFiles("1.0.1"), [{ ...registry, private: false }]))?.unknown).toMatch(/this machine/);
  });
});

const cargo = (version: string, hash: string): Files => ({
  "Cargo.toml": ['[dependencies]\nleft = "1.0.0"\n', `[dependencies]\nleft = "${version}"\n`],
  "Cargo.lock": [lockOf("1.0.0", sumOf(crates["1.0.0"])), lockOf(version, hash)],
});
const lockOf = (version: string, hash: string) =>
  `[[package]]\nname = "left"\nversion = "${version}"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "${hash}"\n`;
const goFiles = (version: string, sum: string): Files => ({
  "go.mod": ["require left.example/Left v1.0.0\n", `require left.example/Left v${version}\n`],
  "go.sum": ["left.example/Left v1.0.0 h1:go1.0.0=\n", `left.example/Left v${version} ${sum}\n`],
});
const pip = (version: string, hash: string): Files => ({
  "requirements.txt": ["left==1.0.0 --hash=sha256:py1.0.0\n", `left==${version} --hash=sha256:${hash}\n`],
});

describe.each<[string, (version: string, hash: string) => Files, good: string, Partial<DependencyRecord>]>([
  ["crates.io", cargo, sumOf(crates["1.0.1"]), { licence: ["MIT", "MIT"] }],
  ["Go's proxy", goFiles, "h1:go1.0.1=", {}],
  ["PyPI", pip, "py1.0.1", {}],
])("%s", (_, files, hash, more) => {
  it("confirms a release with its hash, and no other hash", async () => {
    const record = await first(files("1.0.1", hash));
    expect({ ...record, from: record?.from.replace("v", ""), to: record?.to.replace("v", "") }).toMatchObject({
      ...good,
      ...more,
    });
    expect(await first(files("1.0.1", hash.startsWith("h1:") ? "h1:bad=" : "bad"))).toMatchObject({ hash: "other" });
  });
});

describe("a range that moves although its lockfile stays", () => {
  it("is compared as far as it moves", async () => {
    const same = lockOf("1.0.2", sumOf(crates["1.0.2"]));
    const files = (to: string): Files => ({
      "Cargo.toml": ['[dependencies]\nleft = ">=1.0.0"\n', `[dependencies]\nleft = ">=${to}"\n`],
      "Cargo.lock": [same, same],
    });
    expect(await recordsOf(files("1.0.1"))).toMatchObject({
      packages: [{ ...good, file: "Cargo.toml", hash: "none" }],
    });
    expect(await first(files("2.0.0"))).toMatchObject({ step: "major", unknown: "its registry has no such version" });
  });
});

describe("a program at installation", () => {
  it("is a build script of a crate, and the build of a Python package without a wheel", async () => {
    expect(await first(cargo("1.0.2", sumOf(crates["1.0.2"])))).toMatchObject({
      new_install_script: true,
      hash: "equal",
    });
    expect(await first(pip("1.0.2", "py1.0.2"))).toMatchObject({ new_install_script: true, hash: "equal" });
  });
});

describe("the child process that reads files", () => {
  it("reads ordinary files and leaves out a hostile one", async () => {
    const [before, after] = [manifest("left", "1.0.0"), manifest("left", "1.0.1")];
    const bomb = `a: &a [x]\n${Array.from({ length: 30 }, (_, index) => `b${index}: [*a, *a]\n`).join("")}`;
    const read = await readDependencies([
      { path: "package.json", before, after },
      { path: "pnpm-lock.yaml", before: "lockfileVersion: '9.0'\n", after: bomb },
      { path: "go.mod", before: null, after: "module x\n" },
    ]);
    expect([...read.keys()]).toEqual(["package.json"]);
  });
});
