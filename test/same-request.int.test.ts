/** The text of an open mission is asked about on every way in before it costs anything, with a real daemon. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";
import { talk } from "./support/talk.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  await registerSmallProject(laboratory, "other");
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const criterion = ["--criterion", "add(-1, 2) returns 1, in a new test"];
const intake = (text: string, ...flags: string[]) =>
  laboratory.run("intake", text, ...(flags.includes("--repo") ? [] : ["--repo", "small"]), ...criterion, ...flags);
const idOf = ({ stdout }: { stdout: string }) => (JSON.parse(stdout) as { mission_id: string }).mission_id;
const missions = async () =>
  (await laboratory.must("mission", "list", "--json")).json<{ missions: unknown[] }>().missions.length;

describe("a request with the text of an open mission", () => {
  it("is refused if nobody can be asked, with the mission, its status and the command; white space, case and a full stop don't matter", async () => {
    const id = idOf(await intake("Make add() right for negative numbers in lib/add.js", "--json"));
    const before = await missions();
    const plain = await intake("  make ADD() right for\nnegative numbers in lib/add.js.  ");
    expect(plain.exitCode).toBe(1);
    expect(plain.stderr.replaceAll(/\s+/g, " ")).toMatch(
      new RegExp(`mission ${id} of \\S+ has the same text and is open: it awaits your approval.*aedev intake --again`),
    );
    const refused = await intake("Make add() right for negative numbers in lib/add.js", "--json");
    expect(refused.exitCode).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: {
        code: "same-request",
        hint: "to submit it all the same: aedev intake --again …",
        same: { mission_id: id, status: "awaiting_approval" },
      },
    });
    expect(await missions()).toBe(before);
    expect((await intake("Make add() right for negative numbers in lib/add.js", "--again")).exitCode).toBe(0);
    expect((await intake("Make add() right for large numbers in lib/add.js")).exitCode).toBe(0);
    expect((await intake("Make add() right for negative numbers in lib/add.js", "--repo", "other")).exitCode).toBe(0);
    expect(await missions()).toBe(before + 3);
  });

  it("is asked about at a terminal: Enter submits nothing, and a yes submits it", async () => {
    const text = "Make add() right for fractions in lib/add.js";
    const line = ["intake", text, "--repo", "small", ...criterion];
    idOf(await intake(text, "--json"));
    const before = await missions();
    const no = await talk(laboratory, line, [""]);
    expect(no).toMatchObject({ exit: 1, out: "", left: 0 });
    expect(no.screen).toMatch(/has the same text[\s\S]*Submit it all the same\? \[y\/N\] [\s\S]*nothing was submitted/);
    expect(await missions()).toBe(before);
    const yes = await talk(laboratory, line, ["y", ""]);
    expect(yes).toMatchObject({ exit: 0, left: 0 });
    expect(yes.out).toContain("awaiting your approval");
    expect(await missions()).toBe(before + 1);
  });

  it("is accepted after that mission was cancelled", async () => {
    const text = "Make add() right for infinity in lib/add.js";
    const id = idOf(await intake(text, "--json"));
    expect((await intake(text)).exitCode).toBe(1);
    await laboratory.must("mission", "cancel", id);
    expect((await intake(text)).exitCode).toBe(0);
  });

  it("is accepted once if it is submitted several times at the same moment", async () => {
    const text = "Make add() right for very small numbers in lib/add.js";
    const all = await Promise.all([1, 2, 3].map(() => intake(text, "--json")));
    expect(all.map(({ exitCode }) => exitCode).toSorted()).toEqual([0, 1, 1]);
  });

  it("makes a file of missions refused as a whole, unless it is wanted again", async () => {
    const file = join(laboratory.folder, "missions.yaml");
    const mission = (text: string) =>
      `- text: ${text}\n  repo: small\n  criteria: ["add(-1, 2) returns 1, in a new test"]\n`;
    writeFileSync(file, `${mission("Add a third() to lib/third.js")}${mission("Add a fourth() to lib/fourth.js")}`);
    await laboratory.must("intake", "--file", file);
    const before = await missions();
    const twice = await laboratory.run("intake", "--file", file);
    expect(twice.exitCode).toBe(1);
    expect(twice.stderr).toContain("has the same text");
    expect(twice.stderr).toContain("--again");
    expect(await missions()).toBe(before);
    await laboratory.must("intake", "--file", file, "--again");
    expect(await missions()).toBe(before + 2);
  });

  it("is still recognized after the daemon restarted and its views were rebuilt", async () => {
    const text = "Make add() right for strings in lib/add.js";
    const id = idOf(await intake(text, "--json"));
    await laboratory.must("daemon", "restart");
    await laboratory.must("events", "rebuild");
    expect((await intake(text)).stderr).toContain(id);
    expect((await laboratory.run("events", "verify")).exitCode).toBe(0);
  });
});
