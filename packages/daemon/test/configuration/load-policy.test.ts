/** The shipped policy as it is, the operator's overlay, and the repository's. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Fault, harmChance } from "@aedev/contracts";
import { findGlob } from "@aedev/host/globs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readForeignYaml } from "../../src/configuration/foreign-yaml.ts";
import { loadPolicy, parseRepositoryOverlay, policyForRepository } from "../../src/configuration/load-policy.ts";

const root = resolve(import.meta.dirname, "../../../..");
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "aedev-policy-"));
});
afterEach(() => rmSync(home, { recursive: true }));

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Fault && error.code === "config-invalid") return error.message;
    throw error;
  }
  return "nothing was refused";
}

it("the shipped policy says where its weights come from, and each sign of a forged test alone passes the bound of balanced", () => {
  const { policy, digest } = loadPolicy({ home });
  const { bounds, start, against, source } = policy.risk;
  expect(source).toContain("patches");
  expect(bounds).toEqual({ low: 100, medium: 300, hold: 995 });
  const clean = [
    "tests_can_fail",
    "new_tests_fail_on_base",
    "judges_pass",
    "ways_covered",
    "same_outside_tests",
  ] as const;
  const best = clean.reduce((sum, name) => sum + against[name].weight, start);
  const isMerged = (logOdds: number) => harmChance(logOdds) * 1000 < bounds.low;
  expect(isMerged(best)).toBe(true);
  for (const name of ["changed_tests", "test_finding", "test_support", "shared_by_tests", "unwatched"] as const)
    expect(isMerged(best + policy.risk.for[name].weight), name).toBe(false);
  // Under aggressive, a change still asks if another run was to write tests and none count.
  expect(harmChance(best + policy.risk.for.independent_tests_missing.weight) * 1000).toBeGreaterThan(bounds.medium);
  expect(policy.profiles).toEqual({
    default: "safe",
    merges: { safe: "none", balanced: "low", aggressive: "medium" },
    merges_kinds: [],
  });
  expect(policy.paths.forbidden).toEqual([".env*", "secrets/**", "*.pem", "*.key"]);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
});

it("the shipped path lists match what they mean and nothing else", () => {
  const { paths, risk } = loadPolicy({ home }).policy;
  const hits: [path: string, globs: readonly string[]][] = [
    ["src/auth/login.ts", risk.paths.authentication],
    ["db/migrations/001.sql", paths.never_by_itself],
    [".GitHub/workflows/ci.yml", paths.never_by_itself],
    ["packages/a/jest.config.mjs", paths.control_files],
    ["tests/conftest.py", paths.control_files],
    ["pkg/.npmrc", paths.control_files],
    ["rollup.config.mjs", paths.control_files],
    ["packages/a/tsup.config.ts", paths.control_files],
    ["gulpfile.js", paths.control_files],
    ["setup.py", paths.control_files],
    // Both can bring the candidate's own test runner or plug-in.
    ["lib/node_modules/tape/index.js", paths.control_files],
    ["pyproject.toml", paths.control_files],
  ];
  for (const [path, globs] of hits) expect(findGlob(path, globs), path).not.toBeNull();
  const every = [...Object.values(risk.paths).flat(), ...Object.values(paths).flat()];
  for (const path of ["index.js", "test/proto.js", "src/author.ts", "lib/keyboard.js", "src/sessionize.js"])
    expect(findGlob(path, every), path).toBeNull();
});

it("the policy takes the operator's overlay, or another file in its place", () => {
  const before = loadPolicy({ home });
  writeFileSync(join(home, "policies.yaml"), "risk: {bounds: {low: 0.2}}\n");
  const after = loadPolicy({ home });
  expect(after.policy.risk.bounds).toEqual({ low: 200, medium: 300, hold: 995 });
  expect(after.digest).not.toBe(before.digest);
  writeFileSync(join(home, "other.yaml"), "");
  expect(loadPolicy({ home, operatorFile: join(home, "other.yaml") }).digest).toBe(before.digest);
});

it("a wrong key is reported with file and key path", () => {
  const file = join(home, "policies.yaml");
  writeFileSync(file, "risk: {for: {foo: {weight: 1}}}\n");
  expect(messageOf(() => loadPolicy({ home }))).toBe(`${file}: risk.for.foo: unknown key`);
  for (const time of ["999ms", "31d"]) {
    writeFileSync(file, `approvals: {expires_after: ${time}}\n`);
    expect(messageOf(() => loadPolicy({ home }))).toContain("approvals.expires_after: must be 1s to 30d");
  }
  writeFileSync(file, "approvals: {expires_after: 1s}\n");
  expect(loadPolicy({ home }).policy.approvals.expires_after_ms).toBe(1000);
  writeFileSync(file, "paths: {never_by_itself: [CLAUDE.md]}\n");
  expect(messageOf(() => loadPolicy({ home }))).toContain("may be extended, never shortened");
});

it("the base commit's .aedev.yaml may tighten the policy, and is refused if it would loosen it", async () => {
  const { policy, digest } = loadPolicy({ home });
  expect(policyForRepository(policy, await parseRepositoryOverlay(null)).digest).toBe(digest);
  const overlay = await parseRepositoryOverlay("verify: [npm test]\npaths: {forbidden: ['vault/**']}\n");
  const tightened = policyForRepository(policy, overlay);
  expect(tightened.policy.paths.forbidden).toContain("vault/**");
  expect(tightened.digest).not.toBe(digest);
  await expect(parseRepositoryOverlay("risk: {}")).rejects.toThrow(".aedev.yaml: risk: unknown key");
  await expect(parseRepositoryOverlay("- a")).rejects.toThrow(".aedev.yaml: ");
  expect(await parseRepositoryOverlay("image: node-checks")).toEqual({ image: "node-checks" });
  await expect(parseRepositoryOverlay("image: node-checks:with_bc")).rejects.toThrow(
    ".aedev.yaml: image: an image with Debian packages is agreed to by a person: aedev repo add PATH --image IMAGE",
  );
});

it("this repository's own .aedev.yaml makes changes to aedev's deciding parts ask", async () => {
  const overlay = await parseRepositoryOverlay(readFileSync(join(root, ".aedev.yaml"), "utf8"));
  const { paths } = policyForRepository(loadPolicy({ home }).policy, overlay).policy;
  for (const path of [
    ...["packages/core/src/decide.ts", "packages/daemon/src/main.ts", "packages/runner/docker/Dockerfile"],
    ...["packages/validators/src/judge.ts", "config/policies.yaml", "config/prompts/judge.md"],
  ])
    expect(findGlob(path, paths.never_by_itself), path).not.toBeNull();
  for (const path of ["packages/cli/src/main.ts", "docs/PHONE.md", "packages/core/test/decide.test.ts"])
    expect(findGlob(path, paths.never_by_itself), path).toBeNull();
});

it("a malicious .aedev.yaml is read in bounded time while other work continues, and a repeated key is refused", async () => {
  const characters = 64 * 1024;
  const keys = Array.from({ length: 9_000 }, (_, index) => `k${index}:\n`).join("");
  const hostile = [
    keys,
    "- a\n".repeat(16_000),
    "[".repeat(characters),
    "- ".repeat(4_000),
    `[${"a,".repeat(30_000)}]`,
    `a: ${"{a: ".repeat(2_000)}`,
    `${" \n".repeat(20_000)}a: b`,
    `a: "${"\\n\n ".repeat(10_000)}"`,
    `a: &a [${"*a,".repeat(20_000)}]`,
    `${"? ".repeat(20_000)}`,
    `a: |\n${" x\n".repeat(20_000)}`,
  ];
  for (const text of hostile) {
    // Ticks of this thread's loop while the other thread reads; a reader in this thread would leave none.
    let ticks = 0;
    let isReading = true;
    const count = () => {
      ticks += 1;
      if (isReading) setImmediate(count);
    };
    setImmediate(count);
    await parseRepositoryOverlay(text).then(
      () => expect.unreachable(text.slice(0, 20)),
      (error: Error) => expect(error.message, text.slice(0, 20)).toContain(".aedev.yaml"),
    );
    isReading = false;
    expect(ticks, text.slice(0, 20)).toBeGreaterThan(100);
  }
  const refused = (text: string) => expect(parseRepositoryOverlay(text)).rejects;
  await refused(`#${" ".repeat(characters)}`).toThrow("longer than 65536 characters");
  await refused("image: a\nimage: b\n").toThrow("Map keys must be unique: image");
  await refused("? [a]\n: b\n").toThrow("a key must be a plain word");
  expect(await parseRepositoryOverlay(`#${" ".repeat(characters - 20)}\nimage: a\n`)).toEqual({ image: "a" });
}, 60_000);

it("reading a .aedev.yaml that takes too long is given up", async () => {
  await expect(readForeignYaml("a: b", ".aedev.yaml", { timeoutMs: 0, memoryMegabytes: 256 })).rejects.toThrow(
    ".aedev.yaml: can't be read: reading it took longer than 0 s",
  );
});
