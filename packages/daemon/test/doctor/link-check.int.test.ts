/** What the doctor says about the sandbox's link, from the configuration and a runner's record in the home. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { linkCheck } from "../../src/doctor/link-check.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "aedev-link-check-"));
  mkdirSync(join(home, "run"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const address = "unix:///var/run/docker.sock";
const found = (choice: "auto" | "socket" | "exec", engine = "default") =>
  linkCheck({ home, choice, engine, address }).found;
const record = (text: string) => writeFileSync(join(home, "run", "sandbox-link.json"), text);

describe("the check of the sandbox's link", () => {
  it("the link check names the operator's choice before everything else", () => {
    record(JSON.stringify({ kind: "socket", why: "a probe reached it", engine: "default" }));
    expect(found("exec")).toContain("exec relay (system.sandbox_link is exec)");
    expect(found("socket")).toContain("mounted socket folder (system.sandbox_link is socket)");
  });

  it("the link check reports the link that a probe found on this engine, and why", () => {
    record(JSON.stringify({ kind: "exec", why: "a probe did not reach it: ECONNREFUSED", engine: "default" }));
    expect(found("auto")).toContain("exec relay (a probe did not reach it: ECONNREFUSED)");
    expect(found("auto", "tcp://other:2375")).toContain("expected");
  });

  it.each(["", "{", "[]", '{"kind":"network"}'])("the link check takes nothing from an invalid record: %j", (text) => {
    record(text);
    expect(found("auto")).toContain("the first run on");
  });
});
