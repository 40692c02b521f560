/** What registries say about updates: servers on loopback speak each registry's protocol, and the child process asks them. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { DependencyRecord, PackageEcosystem, Registry } from "@aedev/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changedFile, gateTexts, honestFix } from "../../../../core/test/gate/sample-policy.ts";
import { deriveDependencyChanges } from "../../../src/findings/dependencies/dependency-changes.ts";
import { readDependencies } from "../../../src/findings/dependencies/read-dependencies.ts";
import { deriveDependencyRecords } from "../../../src/findings/registries/dependency-records.ts";
import { comparisonsOf } from "../dependencies/comparisons-of.ts";

/** The address of an archive at the host of the source. */
const archiveOf = (reference: string) => `https://api.github.com/repos/left/left/zipball/${reference}`;
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
  "/deep": {
    time: released,
    versions: { "1.0.0": npm("deep1.0.0"), "1.0.1": npm("deep1.0.1", { dependencies: { circle: "1" } }) },
  },
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
  "/circle": {
    time: released,
    versions: { "1.0.0": npm("circle1.0.0"), "1.0.1": npm("circle1.0.1", { dependencies: { deep: "1" } }) },
  },
  "/broken": "{",
  "/away": null,
};

let registry: Registry;
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? "");
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
const listOf = (files: Files) => Object.entries(files).map(([path, [before, after]]) => ({ path, before, after }));
async function recordsOf(
  files: Files,
  registries: readonly Registry[] = [registry],
  comparisons: Awaited<ReturnType<typeof readDependencies>> = comparisonsOf(listOf(files)),
) {
  const origin = `http://127.0.0.1:${registry.port}`;
  const own = { origin, archives: origin, known: [] };
  const places = ["npm", "pypi", "crates"] satisfies PackageEcosystem[];
  return await deriveDependencyRecords({
    ...{ files: listOf(files), comparisons, registries, now },
    own: Object.fromEntries(places.map((place) => [place, own])),
  });
}
const first = async (files: Files, registries?: readonly Registry[]) =>
  (await recordsOf(files, registries))?.packages[0];

const good: Partial<DependencyRecord> = {
  ...{ from: "1.0.0", to: "1.0.1", step: "patch", age_days: 60, hash: "equal", new_install_script: false },
  ...{ withdrawn: null, required: true, unknown: null },
};
const manifest = (name: string, version: string) => JSON.stringify({ dependencies: { [name]: version } });
const lock = ({ left, ...more }: Record<string, readonly [version: string, hash: string]>) => {
  const installed = Object.entries({ ...(left === undefined ? {} : { left }), ...more });
  const entries = installed.map(([name, [version, integrity]]) => [`node_modules/${name}`, { version, integrity }]);
  const root = { dependencies: left === undefined ? {} : { left: left[0] } };
  return JSON.stringify({ lockfileVersion: 3, packages: { "": root, ...Object.fromEntries(entries) } });
};
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
  it("does not confirm two packages that only require each other", async () => {
    const entries = (left: string, others: string) =>
      lock({
        left: [left, `sha512-npm${left}`],
        ...{ deep: [others, `sha512-npmdeep${others}`], circle: [others, `sha512-npmcircle${others}`] },
      });
    const required = async (left: string) => {
      const records = await recordsOf({
        "package.json": [manifest("left", "1.0.0"), manifest("left", left)],
        "package-lock.json": [entries("1.0.0", "1.0.0"), entries(left, "1.0.1")],
      });
      return records?.packages.map((one) => one.required);
    };
    expect(await required("1.0.2")).toEqual([true, false, false]);
    expect(await required("1.0.1")).toEqual([true, true, true]);
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
const gemLock = (version: string, hash: string) =>
  `GEM\n  remote: https://rubygems.org/\n  specs:\n    left (${version})\n\nCHECKSUMS\n  left (${version}) sha256=${hash}\n`;
const gems = (version: string, hash: string): Files => ({
  Gemfile: ['gem "left", "1.0.0"\n', `gem "left", "${version}"\n`],
  "Gemfile.lock": [gemLock("1.0.0", "gem1.0.0"), gemLock(version, hash)],
});
const composerLock = (version: string, reference: string, url = archiveOf(reference)) => {
  const dist = { type: "zip", url, reference };
  return JSON.stringify({ packages: [{ name: "left/left", version, dist }] });
};
const composer = (version: string, reference: string): Files => ({
  "composer.json": ["1.0.0", version].map((one) => JSON.stringify({ require: { "left/left": one } })) as never,
  "composer.lock": [composerLock("1.0.0", "php1.0.0"), composerLock(version, reference)],
});

describe.each<[string, (version: string, hash: string) => Files, good: string, Partial<DependencyRecord>]>([
  ["crates.io", cargo, sumOf(crates["1.0.1"]), { licence: ["MIT", "MIT"] }],
  ["PyPI", pip, "py1.0.1", {}],
])("%s", (_, files, hash, more) => {
  it("confirms a release with its hash, and no other hash", async () => {
    const record = await first(files("1.0.1", hash));
    expect(record).toMatchObject({ ...good, ...more });
    expect(await first(files("1.0.1", "bad"))).toMatchObject({ hash: "other" });
  });
});

describe.each([
  ["Go", goFiles("1.0.1", "h1:go1.0.1="), /Go's registry does not record when/],
  ["Bundler", gems("1.0.1", "gem1.0.1"), /RubyGems does not say whether/],
  ["Composer", composer("1.0.1", "php1.0.1"), /Packagist does not record when/],
] as const)("an update of %s", (_, files, why) => {
  it("is unknown without a request, since its registry could not confirm it", async () => {
    const before = asked.length;
    const record = await first(files);
    expect(record).toMatchObject({ step: "patch", hash: null, age_days: null });
    expect(record?.unknown).toMatch(why);
    expect(asked.length).toBe(before);
    // An update that a registry can confirm is asked about.
    await first(npmFiles("1.0.1"));
    expect(asked.slice(before)).toEqual(["/left"]);
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

describe("a manifest whose lockfile stays", () => {
  const moved = [manifest("left", "^1.0.0"), manifest("left", "^1.0.1")] as const;
  const [before, after] = [lock({ left: ["1.0.0", "sha512-npm1.0.0"] }), lock({ left: ["1.0.1", "sha512-npm1.0.1"] })];
  const comparedIn = async (files: Files) => (await recordsOf(files))?.packages.map(({ file }) => file);
  it("is compared although a lockfile of another folder or ecosystem moves a package of that name", async () => {
    expect(
      await comparedIn({
        "a/package.json": moved,
        "a/package-lock.json": [before, before],
        "b/package-lock.json": [before, after],
      }),
    ).toEqual(["a/package.json", "b/package-lock.json"]);
    expect(
      await comparedIn({
        "package.json": moved,
        "package-lock.json": [before, before],
        "Cargo.lock": cargo("1.0.1", "x")["Cargo.lock"] ?? moved,
      }),
    ).toEqual(["package.json", "Cargo.lock"]);
    expect(
      await comparedIn({
        "a/package.json": moved,
        "a/package-lock.json": [before, before],
        "package-lock.json": [before, after],
      }),
    ).toEqual(["a/package.json", "package-lock.json"]);
  });
  it("is not compared twice if the lockfile of its folder or of the workspace above moves the package", async () => {
    expect(await comparedIn({ "a/package.json": moved, "a/package-lock.json": [before, after] })).toEqual([
      "a/package-lock.json",
    ]);
    expect(await comparedIn({ "a/package.json": moved, "package-lock.json": [before, after] })).toEqual([
      "package-lock.json",
    ]);
  });
  it("does not ask for what the lockfile of another folder moves", async () => {
    const files = {
      "a/package.json": moved,
      "a/package-lock.json": [before, before],
      "package-lock.json": [before, after],
    } as const;
    expect((await recordsOf(files))?.packages.map((one) => one.required)).toEqual([true, false]);
    const { "a/package-lock.json": _own, ...workspace } = files;
    expect((await recordsOf(workspace))?.packages.map((one) => one.required)).toEqual([true]);
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
  it("lets an update beside tested code ask if it dies, and merge if it answers", async () => {
    const files = npmFiles("1.0.1");
    const { pathReport, ...honest } = honestFix();
    if (pathReport === null) throw new Error("the sample has no path report");
    const answerWith = async (comparisons: Awaited<ReturnType<typeof readDependencies>>) => {
      const { answer, reasons } = gateTexts({
        ...honest,
        pathReport: {
          ...pathReport,
          files: [...pathReport.files, ...Object.keys(files).map((path) => changedFile(path))],
        },
        dependencyChanges: deriveDependencyChanges(listOf(files), comparisons),
        dependencyRecords: await recordsOf(files, [registry], comparisons),
      });
      return `${answer}: ${reasons.join()}`;
    };
    expect(await answerWith(await readDependencies(listOf(files)))).toBe("merge: ");
    const limits = { timeoutMs: 30_000, memoryMegabytes: 1024, answerBytesMax: 1 };
    const died = await readDependencies(listOf(files), limits);
    expect(died.size).toBe(0);
    expect(await answerWith(died)).toMatch(/^ask: dependency left in package\.json: .*not compared with its registry/);
  });
});
