import { describe, expect, it } from "vitest";
import { callId } from "../../src/attack/coder-script.ts";
import { type AttackEntry, readAttackEntries } from "../../src/attack/entries.ts";
import { type HostSide, judgeEntries } from "../../src/attack/judge.ts";

const quiet: HostSide = {
  received: { requests: [], texts: [], tool_results: {} },
  connections: { address: 0, loopback: 0 },
  credential: "the-credential",
};
const attempt: AttackEntry = {
  group: "network",
  name: "a service",
  command: "reach it",
  refused: /unreachable/m,
  through: /reached/m,
  listener: "address",
  arrives: false,
};
const answers = (...texts: string[]): HostSide => ({
  ...quiet,
  received: { ...quiet.received, tool_results: Object.fromEntries(texts.map((text, at) => [callId(at), text])) },
});
const isRefused = (entry: AttackEntry, host: HostSide) => judgeEntries([entry], host).attempts[0]?.refused;

describe("judging an attempt", () => {
  it("counts an attempt as refused only if its refusal was seen and nothing contradicts it", () => {
    const refused = answers("Network is unreachable\n(exit 1)");
    expect(isRefused(attempt, refused)).toBe(true);
    expect(isRefused(attempt, quiet)).toBe(false);
    expect(isRefused(attempt, answers("(exit 0)"))).toBe(false);
    expect(isRefused(attempt, answers("unreachable, then reached\n(exit 0)"))).toBe(false);
    expect(isRefused(attempt, answers("unreachable the-credential\n(exit 0)"))).toBe(false);
    expect(isRefused(attempt, { ...refused, connections: { address: 1, loopback: 0 } })).toBe(false);
    expect(isRefused(attempt, { ...refused, connections: { address: 0, loopback: 1 } })).toBe(true);
  });

  it("counts a request that reached the model as got through, whatever the sandbox printed", () => {
    const asked: AttackEntry = {
      ...attempt,
      command: `node /tmp/ask.mjs '{"body":{}}'`,
      refused: /403/m,
      arrives: false,
    };
    const refused = answers("HTTP/1.1 403 Forbidden\n(exit 0)");
    expect(isRefused(asked, refused)).toBe(true);
    const arrived = { ...refused.received, texts: ['asked by a sandbox: {"body":{}}  '] };
    expect(isRefused(asked, { ...refused, received: arrived })).toBe(false);
    const header: AttackEntry = { ...asked, arrives: true, never_upstream: "stolen" };
    expect(isRefused(header, { ...refused, received: arrived })).toBe(true);
    const carried = { ...arrived, requests: [{ vendor: "anthropic", path: "/", credentials: "Bearer stolen" }] };
    expect(isRefused(header, { ...refused, received: carried })).toBe(false);
  });

  it("passes a control only if it was allowed and, if it calls the model, reached it", () => {
    const control: AttackEntry = {
      group: "gateway",
      name: "a call",
      command: "node /tmp/ask.mjs",
      passed: /^HTTP\/1\.1 200/m,
    };
    const allowed = answers("HTTP/1.1 200 OK\n(exit 0)");
    const passed = (host: HostSide) => judgeEntries([control], host).controls[0]?.passed;
    expect(passed({ ...allowed, received: { ...allowed.received, texts: ["asked by a sandbox: {}"] } })).toBe(true);
    expect(passed(allowed)).toBe(false);
    expect(passed(quiet)).toBe(false);
  });

  it("shows a command's output without the text that the coder's CLI adds after it", () => {
    const host = answers("no\n(exit 2)\n<system-reminder>\n1 tokens left\n</system-reminder>", "yes\n(exit 0)\n<x>");
    expect(judgeEntries([attempt, attempt], host).attempts.map(({ output }) => output)).toEqual(["no (exit 2)", "yes"]);
  });
});

describe("attack.yaml", () => {
  it("lists every kind of attempt in attack.yaml, with placeholders filled, and controls", () => {
    const places = { host_address: "10.0.0.9", host_port: "1", loopback_port: "2", home: "/home/x", pid: "77" };
    const entries = readAttackEntries(places);
    expect(entries.filter((entry) => "refused" in entry).length).toBeGreaterThanOrEqual(30);
    expect(entries.filter((entry) => "passed" in entry).length).toBeGreaterThanOrEqual(2);
    const commands = entries.map(({ command }) => command).join("\n");
    expect(commands).not.toContain("{{");
    for (const place of ["/dev/tcp/10.0.0.9/1", "/dev/tcp/127.0.0.1/2", "/home/x/token", "/proc/77/environ"])
      expect(commands).toContain(place);
  });
});
