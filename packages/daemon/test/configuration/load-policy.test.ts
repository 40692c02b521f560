/** The shipped policy as it is, the operator's overlay, and the repository's. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Fault } from "@aedev/contracts";
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

it("the shipped policy has the risk factors with their weights and bands", () => {
  const { policy, digest } = loadPolicy({ home });
  const weights = Object.entries(policy.risk.factors).map(([name, factor]) => `${name} ${factor.weight}`);
  expect(weights).toEqual([
    ...["changed_lines_per_50 4", "files_touched_per_3 3", "forbidden_path_touch 100", "sensitive_path_touch 30"],
    ...["workflow_change 40", "dependency_change 25", "test_change_without_code 10", "code_change_without_test 20"],
    ...[
      "low_test_coverage 16",
      "auth_security_files 40",
      "network_code_change 15",
      "database_migration 30",
      "ci_failure 50",
    ],
    ...["validator_disagreement 40", "large_deletion 20"],
  ]);
  expect(policy.risk.bands).toEqual({ low_max: 15, medium_max: 55 });
  expect(policy.profiles).toEqual({ default: "safe", merges: { safe: "none", balanced: "low", aggressive: "medium" } });
  expect(policy.paths.forbidden).toEqual([".env*", "secrets/**", "*.pem", "*.key"]);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
});

it("the shipped path lists match what they mean and nothing else", () => {
  const { paths, risk } = loadPolicy({ home }).policy;
  const hits: [path: string, globs: readonly string[]][] = [
    ["src/auth/login.ts", risk.factors.auth_security_files.globs],
    ["db/migrations/001.sql", risk.factors.database_migration.globs],
    [".GitHub/workflows/ci.yml", risk.factors.workflow_change.globs],
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
  const every = [
    ...Object.values(risk.factors).flatMap((factor) => ("globs" in factor ? factor.globs : [])),
    ...Object.values(paths).flat(),
  ];
  for (const path of ["index.js", "test/proto.js", "src/author.ts", "lib/keyboard.js", "src/sessionize.js"])
    expect(findGlob(path, every), path).toBeNull();
});

it("the policy takes the operator's overlay, or another file in its place", () => {
  const before = loadPolicy({ home });
  writeFileSync(join(home, "policies.yaml"), "risk: {bands: {low_max: 20}}\n");
  const after = loadPolicy({ home });
  expect(after.policy.risk.bands).toEqual({ low_max: 20, medium_max: 55 });
  expect(after.digest).not.toBe(before.digest);
  writeFileSync(join(home, "other.yaml"), "");
  expect(loadPolicy({ home, operatorFile: join(home, "other.yaml") }).digest).toBe(before.digest);
});

it("a wrong key is reported with file and key path", () => {
  const file = join(home, "policies.yaml");
  writeFileSync(file, "risk: {factors: {foo: {weight: 1}}}\n");
  expect(messageOf(() => loadPolicy({ home }))).toBe(`${file}: risk.factors.foo: unknown key`);
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
