/** Operators by command line: each has a token, with or without the home, and a role; every refusal is next to the same action done right. */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiOf } from "./support/api.ts";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";
import { criterion } from "./support/refusals.ts";

let laboratory: Laboratory;
const files: Record<string, string> = {};
beforeAll(async () => {
  laboratory = await Laboratory.open({ policies: "approvals:\n  require_second_person: true\n" });
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
}, 60_000);
afterAll(() => laboratory[Symbol.asyncDispose]());

const submit = async () => {
  const intake = await laboratory.must("intake", "Add half()", "--again", "--repo", "small", ...criterion, "--json");
  return intake.json<{ mission_id: string }>().mission_id;
};
const as = (name: string, ...line: string[]) => laboratory.run(...line, "--token-file", files[name] ?? "");
/** The same without access to the home. */
const from = async (name: string, ...line: string[]) => {
  laboratory.environment["AEDEV_PORT"] = String(apiOf(laboratory.home).port);
  const answer = await as(name, ...line, "--home", join(laboratory.folder, "nowhere"));
  delete laboratory.environment["AEDEV_PORT"];
  return answer;
};

describe("an operator", () => {
  it("is added with a token that is printed once and is nowhere in the home", async () => {
    expect((await laboratory.must("policy", "check")).stderr).toContain("only the owner could approve");
    for (const [name, ...options] of [["anna"], ["ben", "--role", "viewer", "--github", "Ben-B"]]) {
      const added = await laboratory.must("operator", "add", name ?? "", ...options);
      expect(added.stdout).toMatch(/^aedev_[0-9a-f]{96}\s*$/);
      files[name ?? ""] = join(laboratory.folder, `${name}.token`);
      writeFileSync(files[name ?? ""] ?? "", added.stdout, { mode: 0o600 });
    }
    expect((await laboratory.must("policy", "check")).stderr).toBe("");
    const log = (await laboratory.must("events", "export")).stdout;
    expect(log).toContain("OperatorAdded");
    for (const file of Object.values(files)) expect(log).not.toContain(readFileSync(file, "utf8").trim().slice(6, 60));
    const { operators } = (await laboratory.must("operator", "list", "--json")).json<{ operators: object[] }>();
    expect(operators).toMatchObject([
      { name: "anna", role: "operator", token_works: true },
      { name: "ben", role: "viewer", github_login: "ben-b" },
    ]);
    expect((await laboratory.run("operator", "add", "anna")).stderr).toContain("there is an operator anna already");
  });

  it("approves the owner's mission, which the owner can't, and is named with the way", async () => {
    const mission = await submit();
    const own = await laboratory.run("mission", "approve", mission);
    expect([own.exitCode, own.stderr]).toEqual([1, expect.stringContaining("require_second_person")]);
    const viewer = await as("ben", "mission", "approve", mission);
    expect([viewer.exitCode, viewer.stderr]).toEqual([1, expect.stringContaining("needs the role operator")]);
    expect((await as("anna", "mission", "approve", mission)).exitCode).toBe(0);
    const shown = (await laboratory.must("mission", "show", mission)).stdout;
    expect(shown).toMatch(/submitted: .* by operator in the terminal/);
    expect(shown).toMatch(/approved by anna in the terminal/);
  });

  it("an operator with only a token decides through the port, and is told which verbs need the home", async () => {
    const [approved, rejected] = [await submit(), await submit()];
    expect((await from("anna", "mission", "approve", approved)).stdout).toContain(`${approved} approved`);
    expect((await from("anna", "mission", "reject", rejected)).exitCode).toBe(0);
    const reading = await from("anna", "status", "--json");
    expect([reading.exitCode, reading.stdout]).toEqual([1, expect.stringContaining("home-needed")]);
  });

  it("sends the token to nobody who only listens on the port, and accepts none from a file that others can read", async () => {
    const heard: string[] = [];
    const impostor = createServer((request, response) => {
      heard.push(JSON.stringify([request.url, request.headers]));
      response.end('{"proof":"00"}');
    });
    await new Promise<void>((listening) => impostor.listen(0, "127.0.0.1", listening));
    laboratory.environment["AEDEV_PORT"] = String((impostor.address() as AddressInfo).port);
    const nowhere = join(laboratory.folder, "nowhere");
    const answer = await as("anna", "mission", "approve", "m-0123456789abcdef", "--home", nowhere);
    delete laboratory.environment["AEDEV_PORT"];
    impostor.close();
    expect([answer.exitCode, answer.stderr]).toEqual([1, expect.stringContaining("is not the daemon that made")]);
    expect(heard).toHaveLength(1);
    expect(heard.join()).not.toContain(readFileSync(files["anna"] ?? "", "utf8").slice(6, 70));
    files["open"] = join(laboratory.folder, "open.token");
    writeFileSync(files["open"], readFileSync(files["anna"] ?? ""), { mode: 0o644 });
    expect((await as("open", "mission", "approve", "m-x")).stderr).toContain("can be read by other users");
  });

  it("can do nothing once removed", async () => {
    const mission = await submit();
    await laboratory.must("operator", "remove", "anna");
    const late = await as("anna", "mission", "approve", mission);
    expect([late.exitCode, late.stderr]).toEqual([1, expect.stringContaining("does not accept the token")]);
    expect((await laboratory.run("operator", "remove", "anna")).stderr).toContain("no operator anna");
  });
});
