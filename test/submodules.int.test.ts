/** `aedev repo add --submodules` saves exactly what a person sees and confirms. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openWithoutEngine } from "./support/home-without-engine.ts";
import { type Laboratory, smallProject } from "./support/laboratory.ts";
import { withSubmodule } from "./support/with-submodule.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await openWithoutEngine();
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const add = (bare: string, name: string, ...flags: string[]) =>
  laboratory.run("repo", "add", bare, "--name", name, "--no-try", ...flags);
const settingsOf = async (name: string) =>
  (await laboratory.must("repo", "show", name, "--json")).json<{ settings: { submodules?: unknown } }>().settings;

it("repo add saves the folder and the address of each submodule only once they were shown and confirmed", async () => {
  const { bare, lib } = await withSubmodule(laboratory, "reader");
  const plain = await add(bare, "reader", "--yes");
  expect(plain.stderr).toContain("are empty folders without --submodules");
  expect(await settingsOf("reader")).not.toHaveProperty("submodules");

  const unconfirmed = await add(bare, "reader", "--submodules");
  expect(unconfirmed.exitCode).not.toBe(0);
  expect(unconfirmed.stderr).toContain(`submodule data  ${lib}`);
  expect(unconfirmed.stderr).toMatch(/only from addresses that you confirm[\s\S]*--submodules --yes/u);
  expect(await settingsOf("reader")).not.toHaveProperty("submodules");

  const confirmed = await add(bare, "reader", "--submodules", "--yes");
  expect(confirmed.stderr).toContain(`submodule data  ${lib}`);
  expect(confirmed.stdout).toMatch(/submodules: +data \(/u);
  expect(await settingsOf("reader")).toMatchObject({ submodules: [{ path: "data", url: lib }] });
  // Other settings don't change it.
  await add(bare, "reader", "--tests", "test/**");
  expect(await settingsOf("reader")).toHaveProperty("submodules");
  await add(bare, "reader", "--no-submodules");
  expect(await settingsOf("reader")).not.toHaveProperty("submodules");
});

it("repo add registers a new repository with the submodules that it shows", async () => {
  const { bare, lib } = await withSubmodule(laboratory, "new");
  const refused = await add(bare, "new", "--submodules", "--verify", "node --test");
  expect(refused.exitCode).not.toBe(0);
  expect((await laboratory.run("repo", "show", "new")).exitCode).not.toBe(0);
  await add(bare, "new", "--submodules", "--yes");
  expect(await settingsOf("new")).toMatchObject({ submodules: [{ path: "data", url: lib }] });
});

it("repo add says that there is no submodule to fetch, and why each is left out", async () => {
  const without = await add(await laboratory.remote("without", smallProject), "without", "--submodules", "--yes");
  expect(without.exitCode).not.toBe(0);
  expect(without.stderr).toContain("no submodule that can be fetched");
  const { bare, pin } = await withSubmodule(laboratory, "hostile");
  await pin("ext::sh -c 'touch /tmp/aedev-submodule'");
  const hostile = await add(bare, "hostile", "--submodules", "--yes");
  expect(hostile.exitCode).not.toBe(0);
  expect(hostile.stderr).toMatch(/data is not fetched: .*run commands/u);
});
