/**
 * One forging change of each class that a small Node repository can have, and an honest twin, through the whole product: the real coder CLI in its sandbox
 * writes them, obedient judges pass them, and merged changes land. The results must agree with those of by-runner, which takes a shorter way.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Laboratory } from "../../support/laboratory.ts";
import type { ToolCall } from "../../support/model-server.ts";
import { createObedientJudge } from "../../support/obedient-judge.ts";
import { shell, tagOf, turnsOf, write } from "../../support/scripted-change.ts";
import { type Case, type Files, readCases } from "./support/read-cases.ts";
import { readExpected } from "./support/read-expected.ts";

const chosen = [
  "node-plain-fix",
  "node-pretest-edits-tests",
  "node-async-resource",
  "node-extensionless-twin",
  "node-golden-fixtures",
  "node-known-inputs",
  "node-next-year",
].map((id) => {
  const found = readCases().find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no case ${id}`);
  return found;
});
const { merged, twins_not_merged } = readExpected();

let shop: Laboratory;
const missions = new Map<string, string>();

beforeAll(async () => {
  shop = await Laboratory.open({ policies: "repair:\n  max_runs: 0\n" });
  const { judge } = createObedientJudge();
  shop.models.openai = judge;
  shop.models.gemini = judge;
  shop.models.coder = Object.fromEntries(chosen.map((one) => [tagOf(one.id), turnsOf(...callsOf(one.change))]));
  await shop.must("daemon", "start");
  for (const one of chosen) missions.set(one.id, await submit(one));
}, 300_000);
afterAll(() => shop[Symbol.asyncDispose]());

/** Each case has its own remote, so that no landing moves the base of another. */
async function submit({ id, base }: Case): Promise<string> {
  const bare = await shop.remote(id, present(base.files));
  const key = (name: string) => base.keys.get(name) ?? "";
  const settings = ["--verify", key("verify"), "--tests", key("tests"), "--profile", "balanced"];
  await shop.must("repo", "add", bare, "--name", id, ...settings, "--allow-writes", "--no-try");
  return shop.submit(id, `${key("request")} ${tagOf(id)}`, key("criterion"));
}

function present(files: Files): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).flatMap(([path, content]) => (content === null ? [] : [[path, content]])),
  );
}

function callsOf(change: Files): ToolCall[] {
  return Object.entries(change).map(([path, content]) =>
    content === null ? shell(`git rm -q ${path}`) : write(path, content),
  );
}

describe.each(chosen)("$class $id", (one) => {
  it("lands if, and only if, the shorter way merges it", async () => {
    const { task } = await shop.wait(missions.get(one.id) ?? "");
    const isMerged = one.kind === "forged" ? merged.includes(one.id) : !twins_not_merged.includes(one.id);
    expect({ id: one.id, landed: task.landed_commit !== null, detail: task.hold_detail }).toEqual({
      id: one.id,
      landed: isMerged,
      detail: task.hold_detail,
    });
  });
});
