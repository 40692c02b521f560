/** Submodules that a person confirmed, on real git: which are offered, what is fetched of them, and what hostile repositories get. */
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { homeLayout, submoduleStore } from "@aedev/host/home-layout";
import { expect, it } from "vitest";
import {
  bareRemote,
  commitTo,
  git,
  gitText,
  type PlannedTree,
  temporaryFolder,
  timeoutMs,
} from "../../../../test/support/git-repositories.ts";
import { fetchBase } from "../../src/git/mirror.ts";
import { offeredSubmodules, placeSubmodules } from "../../src/git/submodules.ts";

const section = (path: string, url: string, name = path) => `[submodule "${name}"]\n\tpath = ${path}\n\turl = ${url}\n`;
const link = (commit: string) => ({ mode: "160000", content: commit }) as const;

/** A repository with these files beside its submodule `lib`, fetched into a new home's mirror. */
async function fetched(lib: string, { url = lib, files = {} }: { url?: string; files?: PlannedTree } = {}) {
  const pinned = gitText(lib, ["rev-parse", "main"]);
  const remote = bareRemote({ ".gitmodules": section("lib", url), lib: link(pinned), ...files });
  const home = temporaryFolder();
  const options = { home, repository: "demo", timeoutMs, url: remote };
  const refetch = async () => ({ ...options, commit: (await fetchBase(options)).commit });
  return { remote, pinned, place: await refetch(), refetch };
}
const storeIn = (home: string, store: string) => submoduleStore(homeLayout(home).mirror("demo"), store);
const library = () => bareRemote({ "data.txt": "one\n", "deep/more.txt": "two\n" });

it("each submodule is offered with its address, a relative one resolved against the repository's own", async () => {
  const lib = library();
  const { place } = await fetched(lib);
  expect(await offeredSubmodules(place)).toEqual({ submodules: [{ path: "lib", url: lib }], left_out: [] });
  const relative = await fetched(lib, { url: "../other/./lib.git" });
  const asked = (url: string) => offeredSubmodules({ ...relative.place, url });
  const at = async (url: string) => (await asked(url)).submodules[0]?.url;
  expect(await at("https://git.example/group/app.git")).toBe("https://git.example/group/other/lib.git");
  expect(await at("git@git.example:group/app.git")).toBe("git@git.example:group/other/lib.git");
  expect(await at("ssh://git@git.example/group/app.git/")).toBe("ssh://git@git.example/group/other/lib.git");
  expect(await at("/srv/git/app.git")).toBe("/srv/git/other/lib.git");
});

it("the commit that the base pins is fetched once, and no other, without nested submodules", async () => {
  const nested = library();
  const lib = bareRemote({
    "data.txt": "one\n",
    ".gitmodules": section("inner", nested),
    inner: link(gitText(nested, ["rev-parse", "main"])),
  });
  const { place, pinned } = await fetched(lib);
  const tip = commitTo(lib, { files: { "data.txt": "two\n" } });
  const { submodules: chosen } = await offeredSubmodules(place);
  const { placed, unplaced } = await placeSubmodules({ ...place, chosen });
  expect(unplaced).toEqual([]);
  expect(placed).toEqual([{ path: "lib", commit: pinned, store: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  const store = storeIn(place.home, placed[0]?.store ?? "");
  expect(gitText(store, ["cat-file", "blob", `${pinned}:data.txt`])).toBe("one");
  expect(() => git(store, ["cat-file", "-e", tip])).toThrow();
  rmSync(lib, { recursive: true });
  expect(await placeSubmodules({ ...place, chosen })).toEqual({ placed, unplaced });
  // Nothing is chosen, so nothing is placed.
  expect(await placeSubmodules({ ...place, chosen: [] })).toEqual({ placed: [], unplaced: [] });
});

it("another address, path or repository in a later base is not followed; a new commit of a confirmed one is", async () => {
  const lib = library();
  const other = library();
  const { place, remote, refetch } = await fetched(lib);
  const { submodules: chosen } = await offeredSubmodules(place);
  const later = commitTo(lib, { files: { "data.txt": "later\n" } });
  commitTo(remote, { files: { lib: link(later) } });
  expect(await placeSubmodules({ ...(await refetch()), chosen })).toMatchObject({
    placed: [{ path: "lib", commit: later }],
    unplaced: [],
  });
  commitTo(remote, { files: { ".gitmodules": section("lib", other) } });
  expect(await placeSubmodules({ ...(await refetch()), chosen })).toEqual({
    placed: [],
    unplaced: [{ path: "lib", why: expect.stringContaining("another address") }],
  });
  commitTo(remote, { files: { ".gitmodules": section("lib2", lib), lib2: link(later) }, remove: ["lib"] });
  expect((await placeSubmodules({ ...(await refetch()), chosen })).placed).toEqual([]);
  // A new address of the repository itself changes where relative addresses lead.
  commitTo(remote, { files: { ".gitmodules": section("lib", lib), lib: link(later) }, remove: ["lib2"] });
  expect((await placeSubmodules({ ...(await refetch()), chosen })).placed).toHaveLength(1);
});

it.each([
  ["a command instead of an address", "ext::sh -c 'touch /tmp/aedev-owned'", /run commands/],
  ["an address that git would read as an option", "--upload-pack=touch", /option/],
  ["a protocol that is not used", "git://git.example/lib.git", /not one of/],
  ["a password", "https://me:hunter2@git.example/lib.git", /password/],
  ["a relative address above its host", "../../../../other.example/lib.git", /above/],
  ["a relative address with steps back within", "../a/../../../lib.git", /\.\./],
])("no submodule is offered with %s", async (_, url, why) => {
  const { place } = await fetched(library(), { url });
  const offered = await offeredSubmodules({ ...place, url: "https://git.example/group/app.git" });
  expect(offered).toEqual({ submodules: [], left_out: [{ path: "lib", why: expect.stringMatching(why) }] });
  expect(JSON.stringify(offered)).not.toContain("hunter2");
  // Even a stored one is not fetched.
  const chosen = [{ path: "lib", url }];
  expect((await placeSubmodules({ ...place, chosen })).placed).toEqual([]);
  expect(existsSync("/tmp/aedev-owned")).toBe(false);
});

it("a folder of this machine is offered only to a repository that is one, an ssh address only on the repository's host", async () => {
  const lib = library();
  const { place } = await fetched(lib);
  expect((await offeredSubmodules({ ...place, url: "https://git.example/app.git" })).left_out).toEqual([
    { path: "lib", why: expect.stringContaining("this machine") },
  ]);
  expect((await offeredSubmodules(place)).submodules).toHaveLength(1);
  const byFile = await fetched(lib, { url: `file://${lib}` });
  expect((await offeredSubmodules({ ...byFile.place, url: "ssh://git.example/app" })).submodules).toEqual([]);
  expect((await offeredSubmodules(byFile.place)).submodules).toEqual([{ path: "lib", url: lib }]);
  const bySsh = await fetched(lib, { url: "git@git.example:lib.git" });
  const over = async (url: string) => (await offeredSubmodules({ ...bySsh.place, url })).submodules.length;
  expect(await over("https://git.example/app.git")).toBe(1);
  expect(await over("https://elsewhere.example/app.git")).toBe(0);
});

it("a submodule is not offered if its path is missing in the base, leaves the tree, or is named twice", async () => {
  const lib = library();
  const names = [section("../outside", lib), section("/etc", lib), section(".git/hooks", lib), section("a.txt", lib)];
  const text = `${names.join("")}${section("lib", lib)}`;
  const { place } = await fetched(lib, { files: { ".gitmodules": text, "a.txt": "a\n" } });
  const offered = await offeredSubmodules(place);
  expect(offered.submodules).toEqual([{ path: "lib", url: lib }]);
  expect(offered.left_out.map(({ path }) => path)).toEqual(["../outside", "/etc", ".git/hooks", "a.txt"]);
  // In git's format a backslash is written twice.
  const modules = section("a\\\\b", lib) + section("lib", lib);
  const escaped = await fetched(lib, {
    files: { ".gitmodules": modules, "a\\b": link(gitText(lib, ["rev-parse", "main"])) },
  });
  expect((await offeredSubmodules(escaped.place)).submodules).toEqual([{ path: "lib", url: lib }]);
  const twice = await fetched(lib, { files: { ".gitmodules": section("lib", lib) + section("lib", library(), "b") } });
  expect((await offeredSubmodules(twice.place)).submodules).toEqual([]);
});

it(".gitmodules is read without its includes, and only if it is a file", async () => {
  const lib = library();
  const secret = join(temporaryFolder(), "config");
  writeFileSync(secret, section("lib", lib));
  const including = await fetched(lib, { files: { ".gitmodules": `[include]\n\tpath = ${secret}\n` } });
  expect(await offeredSubmodules(including.place)).toMatchObject({ submodules: [] });
  const linked = await fetched(lib, { files: { ".gitmodules": { mode: "120000", content: secret } } });
  expect(await offeredSubmodules(linked.place)).toMatchObject({ submodules: [] });
  const broken = await fetched(lib, { files: { ".gitmodules": "[submodule\n" } });
  expect(await offeredSubmodules(broken.place)).toMatchObject({ submodules: [] });
});

it("the repository's credential is used only on its own host", async () => {
  const { place } = await fetched(library(), { url: "https://one.invalid/lib.git" });
  const asked: string[] = [];
  const remotes = {
    plainHttpOrigin: null,
    credentialFor: async (url: string) => {
      asked.push(url);
      return null;
    },
    helpFor: () => "",
  };
  const chosen = [{ path: "lib", url: "https://one.invalid/lib.git" }];
  const from = (url: string) => placeSubmodules({ ...place, remotes, url, chosen });
  await expect(from("https://two.invalid/app.git")).rejects.toMatchObject({ code: "HOLD-FETCH-FAILED" });
  expect(asked).toEqual([]);
  await expect(from("https://one.invalid/app.git")).rejects.toMatchObject({ code: "HOLD-FETCH-FAILED" });
  expect(asked).toEqual(chosen.map(({ url }) => url));
});

it("a pinned commit that can't be fetched, or is larger than allowed, holds with the reason", async () => {
  const lib = library();
  const { place, remote, refetch } = await fetched(lib);
  const { submodules: chosen } = await offeredSubmodules(place);
  await expect(placeSubmodules({ ...place, chosen, bytesMax: 7 })).rejects.toMatchObject({
    code: "HOLD-FETCH-FAILED",
    detail: expect.stringMatching(/submodule lib .*larger/),
  });
  expect((await placeSubmodules({ ...place, chosen, bytesMax: 8 })).placed).toHaveLength(1);
  commitTo(remote, { files: { lib: link("1".repeat(40)) } });
  await expect(placeSubmodules({ ...(await refetch()), chosen })).rejects.toMatchObject({
    code: "HOLD-FETCH-FAILED",
    detail: expect.stringContaining("submodule lib"),
  });
});
