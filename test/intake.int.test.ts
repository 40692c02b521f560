/** A request is accepted whole or refused at once: nothing is accepted that could not be read again. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const criterion = "a new test fails before the change and passes after it";
const intake = (text: string, criteria = criterion) =>
  laboratory.run("intake", text, "--again", "--repo", "small", "--criterion", criteria, "--json");
const titleOf = async (id: string) =>
  (await laboratory.must("mission", "show", id, "--json")).json<{ title: string }>().title;

it("intake cuts a long title between characters", async () => {
  const short = await intake("Fix add()");
  expect(await titleOf(short.json<{ mission_id: string }>().mission_id)).toBe("Fix add()");
  const long = await intake(`${"a".repeat(117)}😀 and more, so that the line is too long`);
  expect({ exitCode: long.exitCode, stderr: long.stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(await titleOf(long.json<{ mission_id: string }>().mission_id)).toBe(`${"a".repeat(117)}😀…`);
  const between = await intake(`${"a".repeat(118)}😀 and more, so that the line is too long`);
  expect(await titleOf(between.json<{ mission_id: string }>().mission_id)).toBe(`${"a".repeat(118)}…`);
});

it("intake refuses a criterion that is longer than the specification may contain, and half a character", async () => {
  const longest = await intake("Fix add()", "x".repeat(2000));
  expect(longest.exitCode).toBe(0);
  const longer = await intake("Fix add()", "x".repeat(2001));
  expect(longer.exitCode).toBe(2);
  expect(longer.stderr).toContain("a criterion has 2001 characters; 2000 at most");

  const port = (JSON.parse(readFileSync(join(laboratory.home, "run/daemon.json"), "utf8")) as { port: number }).port;
  const token = readFileSync(join(laboratory.home, "token"), "utf8").trim();
  const submit = (body: string) =>
    fetch(`http://127.0.0.1:${port}/api/missions`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body,
    });
  const past = await submit(`{"repo":"small","text":"Fix add()","criterion":["${"x".repeat(2001)}"]}`);
  expect(past.status).toBe(409);
  expect(await past.text()).toContain("criteria.0.text");
  const answer = await submit(`{"repo":"small","again":true,"text":"Fix \\ud83d add()","criterion":["${criterion}"]}`);
  expect(answer.status).toBe(200);
});
