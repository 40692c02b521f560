/** The repository of a mission without `--repo`. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { initialState, type State } from "@aedev/core";
import { stateAfter } from "@aedev/core/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { git, temporaryFolder } from "../../../../test/support/git-repositories.ts";
import { openFakeDaemon } from "../fake-daemon.ts";
import { makeHome, run } from "../outside.ts";

const { home, remove, daemonAt } = makeHome();
const one = stateAfter("registered", initialState);
const [registered] = Object.values(one.repositories);
if (registered === undefined) throw new Error("the story registers a repository");
const folder = temporaryFolder();
const other = Object.assign(structuredClone(registered), { name: "other", url: folder });
const two: State = { ...one, repositories: { ...one.repositories, other } };
const before = process.cwd();
beforeAll(() => {
  git(folder, ["init", "--quiet"]);
  mkdirSync(join(folder, "deep/er"), { recursive: true });
});
afterAll(() => {
  process.chdir(before);
  remove();
});

async function submitted(state: State, line: readonly string[], stdin?: string) {
  await using fake = await openFakeDaemon(({ method, path }) =>
    method === "POST" && path === "/api/missions" ? { status: 200, body: {} } : undefined,
  );
  daemonAt({ port: fake.port });
  const { addressesOf } = await import("@aedev/daemon");
  const ran = await run(["intake", ...line, "--no-input"], {
    home,
    state,
    daemon: { addressesOf },
    ...(stdin === undefined ? {} : { stdin }),
  });
  const body = fake.asked.find(({ method }) => method === "POST")?.body as { repo: string; text: string } | undefined;
  return { ran, repo: body?.repo, text: body?.text };
}

it("chooses the only repository", async () => {
  expect((await submitted(one, ["fix it"])).repo).toBe(registered.name);
  expect((await submitted(one, ["fix it", "--repo", "named"])).repo).toBe("named");
});

it("chooses the repository whose working copy contains the current folder, at any depth; elsewhere lists the names", async () => {
  process.chdir(join(folder, "deep/er"));
  expect((await submitted(two, ["fix it"])).repo).toBe("other");
  process.chdir("/");
  const { ran, repo } = await submitted(two, ["fix it"]);
  expect(repo).toBeUndefined();
  expect(ran).toMatchObject({ exit: 2, err: expect.stringContaining(`--repo with one of: ${registered.name}, other`) });
  expect((await submitted(initialState, ["fix it"])).ran).toMatchObject({
    exit: 2,
    err: expect.stringContaining("aedev repo add"),
  });
});

it("reads the mission's text from standard input for -", async () => {
  expect(await submitted(one, ["-"], "\nFix the total\n\nin lib/total.js\n")).toMatchObject({
    text: "Fix the total\n\nin lib/total.js",
  });
  expect((await submitted(one, ["-"], " \n")).ran).toMatchObject({
    exit: 2,
    err: expect.stringContaining("standard input is empty"),
  });
});
