/** Cached results of a base: they read back unchanged, and a broken, foreign or incomplete entry counts as missing. */
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandResult } from "@aedev/contracts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { planCommand } from "../../../src/checks/command/plan.ts";
import { baseKey, clearUnfinished, entriesMax, keepBase, readBase } from "../../../src/checks/matrix/base-cache.ts";
import { ownCodeDigest } from "../../../src/checks/matrix/own-code.ts";
import type { CheckContext } from "../../../src/checks/pass/pass.ts";
import { limits } from "../laboratory.ts";

const sha256 = (text: string | Uint8Array) => createHash("sha256").update(text).digest("hex");
const user = { uid: 1000, gid: 1000, chown: false };
const key = sha256("key");
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "aedev-checked-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const command: CommandResult = {
  command: "npm test",
  exit_code: 0,
  timed_out: false,
  duration_ms: 5,
  output_tail: "ok",
  omitted_bytes: 0,
  format: "tap",
  tests: [{ id: "a", result: "pass" }],
  sentinel: "failed-as-it-must",
  incomplete: null,
  runs: 1,
  exit_codes: [],
};
const found = (more: Partial<CommandResult> = {}) => ({
  cell: { ran: true, why_not: null, commands: [{ ...command, ...more }], cached: null },
  reached: [new Set(["test/b.js", "test/a.js"])],
  recorded: [{ files: new Map([["test/a.js", { calls: 3, failures: 0, hidden: 0 }]]), refuted: [], isBroken: false }],
  watched: null,
});
const place = () => join(home, "checked", `${key}.json`);

describe("a cached base result", () => {
  it("reads back whole, with its key and the files whose sentinel was reported", async () => {
    expect(await readBase(key, { home, sha256 })).toBeNull();
    keepBase(key, found(), { home, sha256 });
    const read = await readBase(key, { home, sha256 });
    expect(read?.cell).toEqual({ ...found().cell, cached: key });
    expect(read?.reached).toEqual(found().reached);
    expect(read?.recorded[0]?.files.get("test/a.js")).toMatchObject({ calls: 3, failures: 0 });
    expect(await readBase(sha256("other"), { home, sha256 })).toBeNull();
  });

  it("is old after an hour, and if the clock went back", async () => {
    const keep = (atMs: number) => {
      vi.setSystemTime(atMs);
      keepBase(key, found(), { home, sha256 });
    };
    const now = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now });
    keep(now - 3_500_000);
    vi.setSystemTime(now);
    expect((await readBase(key, { home, sha256 }))?.isOld).toBe(false);
    vi.setSystemTime(now + 200_000);
    expect((await readBase(key, { home, sha256 }))?.isOld).toBe(true);
    keep(now + 60_000);
    vi.setSystemTime(now);
    expect((await readBase(key, { home, sha256 }))?.isOld).toBe(true);
    vi.useRealTimers();
  });

  it("is not stored with more runs than a cell may count", async () => {
    keepBase(key, found({ runs: 11, exit_codes: Array(11).fill(0) }), { home, sha256 });
    expect(await readBase(key, { home, sha256 })).toBeNull();
    keepBase(key, found({ runs: 10, exit_codes: Array(10).fill(0) }), { home, sha256 });
    expect(await readBase(key, { home, sha256 })).not.toBeNull();
  });

  it.each<[string, (text: string) => string]>([
    ["another result", (text) => text.replace('"pass"', '"fail"')],
    ["another exit code", (text) => text.replace('"exit_code":0', '"exit_code":1')],
    ["another list of files", (text) => text.replace("test/b.js", "test/c.js")],
    ["a cut end", (text) => text.slice(0, -10)],
    ["another time", (text) => text.replace(/"kept_at":\d/, '"kept_at":9')],
    ["a field more", (text) => text.replace('{"digest"', '{"also":1,"digest"')],
    ["nothing", () => ""],
  ])("is not trusted with %s, and is replaced by a new run's result", async (_title, spoil) => {
    keepBase(key, found(), { home, sha256 });
    const text = readFileSync(place(), "utf8");
    expect(spoil(text)).not.toBe(text);
    writeFileSync(place(), spoil(text));
    expect(await readBase(key, { home, sha256 })).toBeNull();
    keepBase(key, found(), { home, sha256 });
    expect(await readBase(key, { home, sha256 })).not.toBeNull();
  });

  it("is not trusted under another key's name", async () => {
    keepBase(key, found(), { home, sha256 });
    const other = sha256("other");
    writeFileSync(join(home, "checked", `${other}.json`), readFileSync(place()));
    expect(await readBase(other, { home, sha256 })).toBeNull();
    expect(await readBase(key, { home, sha256 })).not.toBeNull();
  });

  it.each<[string, Partial<CommandResult>]>([
    ["stopped", { timed_out: true, exit_code: null }],
    ["not believed", { incomplete: "the sentinel is not reported" }],
    ["without an exit code", { exit_code: null }],
    ["red after one run", { exit_code: 1, tests: [{ id: "a", result: "fail" }] }],
  ])("is not stored if it was %s", async (_title, more) => {
    keepBase(key, found(more), { home, sha256 });
    expect(await readBase(key, { home, sha256 })).toBeNull();
    keepBase(key, found({ exit_code: 1, runs: 2, exit_codes: [1, 1] }), { home, sha256 });
    expect(await readBase(key, { home, sha256 })).not.toBeNull();
  });

  it("is removed if there are too many, the least recently used first", async () => {
    const keys = Array.from({ length: entriesMax }, (_, index) => sha256(`${index}`));
    for (const [index, one] of keys.entries()) {
      keepBase(one, found(), { home, sha256 });
      utimesSync(join(home, "checked", `${one}.json`), 1000 + index, 1000 + index);
    }
    expect(await readBase(keys[0] ?? "", { home, sha256 })).not.toBeNull();
    keepBase(key, found(), { home, sha256 });
    expect(readdirSync(join(home, "checked"))).toHaveLength(entriesMax);
    expect(await readBase(keys[0] ?? "", { home, sha256 })).not.toBeNull();
    expect(await readBase(keys[1] ?? "", { home, sha256 })).toBeNull();
    writeFileSync(join(home, "checked", `${keys[0]}.json.12-0123abcd.new`), "{");
    clearUnfinished(home);
    expect(readdirSync(join(home, "checked")).filter((name) => !name.endsWith(".json"))).toEqual([]);
  });
});

describe("the key of a base", () => {
  const plan = (text: string) => planCommand(text, { scripts: {}, read: () => null });
  const checkContext = (more: Partial<CheckContext> = {}): CheckContext => ({
    isSealed: () => false,
    writable: [],
    straceMounts: [],
    objects: { gitDir: "/", git: () => Promise.reject(new Error("no git here")) },
    work: "/",
    plans: [plan("npx tape 'test/*.js'")],
    imageId: "sha256:1",
    limits,
    labels: {},
    outputs: null,
    isTest: () => true,
    testGlobs: ["test/**"],
    signal: undefined,
    progress: () => undefined,
    ...more,
  });
  const context = { sha256, user };
  const paths = ["test/a.js", "out/config.json"];
  it("changes if a command may not change a file that it could write, like a task's control files", () => {
    const keyOf = (more: Partial<CheckContext>) => baseKey(checkContext(more), { id: "tree", paths }, context);
    const isSealed = (path: string) => path === "out/config.json";
    expect(keyOf({ isSealed })).toBe(keyOf({}));
    expect(keyOf({ isSealed, writable: ["out"] })).not.toBe(keyOf({ writable: ["out"] }));
    expect(keyOf({ isSealed: (path) => path === "test/a.js", writable: ["out"] })).toBe(keyOf({ writable: ["out"] }));
  });

  it("is the same for the same base, and changes with everything that decides its results", () => {
    const same = baseKey(checkContext(), { id: "tree", paths }, context);
    expect(
      baseKey(checkContext({ labels: { "aedev.run": "other" }, work: "/other" }), { id: "tree", paths }, context),
    ).toBe(same);
    const others = [
      baseKey(checkContext(), { id: "other tree", paths }, context),
      baseKey(checkContext({ imageId: "sha256:2" }), { id: "tree", paths }, context),
      baseKey(checkContext({ plans: [plan("npx tape 'test/a*.js'")] }), { id: "tree", paths }, context),
      baseKey(checkContext({ plans: [plan("npx tape 'test/*.js'"), plan("true")] }), { id: "tree", paths }, context),
      baseKey(checkContext({ testGlobs: ["spec/**"] }), { id: "tree", paths }, context),
      baseKey(
        checkContext({ outputs: { archivePath: "/p/aa.tar", paths: ["node_modules"] } }),
        { id: "tree", paths },
        context,
      ),
      baseKey(
        checkContext({ outputs: { archivePath: "/p/bb.tar", paths: ["node_modules"] } }),
        { id: "tree", paths },
        context,
      ),
      baseKey(checkContext({ limits: { ...limits, check_timeout_ms: 1 } }), { id: "tree", paths }, context),
      baseKey(checkContext(), { id: "tree", paths }, { sha256, user: { ...user, uid: 0 } }),
    ];
    expect(new Set([same, ...others]).size).toBe(others.length + 1);
  });

  it("contains the digest of our own code", () => {
    const digested: string[] = [];
    baseKey(
      checkContext(),
      { id: "tree", paths },
      {
        sha256: (text) => sha256(digested[digested.push(String(text)) - 1] ?? ""),
        user,
      },
    );
    expect(JSON.parse(digested.at(-1) ?? "")).toMatchObject({ code: ownCodeDigest(sha256), tree: "tree" });
  });
});
