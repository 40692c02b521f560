/** A repository's `.aedev.yaml` adds to the policy and tightens it; it never loosens it. */
import { noSettings } from "@aedev/contracts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Policy, versionParts } from "../../../src/gate/policy/policy-schema.ts";
import {
  combineSettings,
  effectiveProfile,
  repositoryOverlaySchema,
  tightenPolicy,
} from "../../../src/gate/policy/repository-overlay.ts";
import { mergeBound } from "../../../src/gate/risk/estimate-harm.ts";
import { samplePolicy } from "../sample-policy.ts";
import { anyPolicy } from "../trial/any-policy.ts";

it("adds to the policy's path lists and removes nothing from them", () => {
  const { paths } = tightenPolicy(samplePolicy, { paths: { forbidden: ["vault/**"], control_files: ["run.sh"] } });
  expect(paths.forbidden).toEqual([".env*", "vault/**"]);
  expect(paths.control_files).toEqual(["Makefile", "run.sh"]);
  expect(tightenPolicy(samplePolicy, { paths: { forbidden: [] } })).toEqual(samplePolicy);
});

it("accepts a profile that merges less, and ignores a profile that merges more", () => {
  expect(effectiveProfile(samplePolicy, "aggressive", { profile: "balanced" })).toBe("balanced");
  expect(effectiveProfile(samplePolicy, "balanced", { profile: "aggressive" })).toBe("balanced");
  expect(effectiveProfile(samplePolicy, null, { profile: "aggressive" })).toBe("safe");
  expect(effectiveProfile(samplePolicy, "balanced", {})).toBe("balanced");
});

it("fills settings that the operator left open, and adds to the lists", () => {
  const added = {
    prepare: "npm ci",
    build: null,
    inputs: [],
    outputs: [],
    verify: ["npm test"],
    tests: [],
    image: null,
  };
  const overlay = { prepare: "curl evil", build: "make", verify: ["npm test", "npm run lint"], tests: ["test/**"] };
  expect(combineSettings(added, overlay)).toEqual({
    ...added,
    build: "make",
    verify: ["npm test", "npm run lint"],
    tests: ["test/**"],
  });
});

it("reads a mutation time with its unit, and prefers the operator's", () => {
  const overlay = repositoryOverlaySchema.parse({ mutation_time: "5m" });
  expect(combineSettings(noSettings, overlay)).toEqual({ ...noSettings, mutation_time_ms: 300_000 });
  expect(combineSettings({ ...noSettings, folder: "packages/a" }, overlay).folder).toBe("packages/a");
  expect(combineSettings({ ...noSettings, mutation_time_ms: 1_000 }, overlay).mutation_time_ms).toBe(1_000);
  expect(combineSettings(noSettings, {})).toEqual(noSettings);
  for (const time of ["5", "61m", "", 5])
    expect(repositoryOverlaySchema.safeParse({ mutation_time: time }).success).toBe(false);
});

it("tightens every policy of the schema or leaves it as it is, whatever the repository's file says", () => {
  const globs = fc.array(fc.constantFrom("vault/**", "run.sh", ".env*", "*.md"), { maxLength: 3 });
  const profile = fc.constantFrom("safe" as const, "balanced" as const, "aggressive" as const);
  const paths = fc.record({ forbidden: globs, never_by_itself: globs, control_files: globs }, { requiredKeys: [] });
  const part = fc.constantFrom(...versionParts);
  const dependencies = fc.record({ asks_from: part, min_age_days: fc.nat(30) }, { requiredKeys: [] });
  const overlays = fc.record({ profile, paths, dependencies }, { requiredKeys: [] });
  fc.assert(
    fc.property(anyPolicy, overlays, fc.option(profile), (policy, document, chosen) => {
      const overlay = repositoryOverlaySchema.parse(document);
      const tightened = tightenPolicy(policy, overlay);
      for (const list of ["forbidden", "never_by_itself", "control_files"] as const)
        expect(tightened.paths[list]).toEqual(
          expect.arrayContaining([...policy.paths[list], ...(overlay.paths?.[list] ?? [])]),
        );
      const { asks_from, min_age_days } = tightened.dependencies;
      expect(versionParts.indexOf(asks_from)).toBeLessThanOrEqual(versionParts.indexOf(policy.dependencies.asks_from));
      expect(min_age_days).toBeGreaterThanOrEqual(policy.dependencies.min_age_days);
      const { dependencies } = policy;
      expect({ ...tightened, dependencies, paths: { ...tightened.paths, ...lists(policy) } }).toEqual(policy);
      const operators = chosen ?? policy.profiles.default;
      const effective = effectiveProfile(policy, chosen, overlay);
      expect(mergeBound(policy, effective)).toBeLessThanOrEqual(mergeBound(policy, operators));
    }),
  );
});

/** The lists that a repository may extend. */
function lists({ paths: { forbidden, never_by_itself, control_files } }: Policy) {
  return { forbidden, never_by_itself, control_files };
}

it("refuses every key that would loosen the policy", () => {
  expect(repositoryOverlaySchema.safeParse({ verify: ["npm test"] }).success).toBe(true);
  for (const key of ["risk", "judges", "profiles", "approvals", "limits"])
    expect(repositoryOverlaySchema.safeParse({ [key]: {} }).success).toBe(false);
});

it("refuses every pattern that could keep the matcher busy for hours, and accepts every ordinary pattern", () => {
  const isTaken = (glob: string) =>
    [{ tests: [glob] }, { inputs: [glob] }, { paths: { forbidden: [glob] } }].map(
      (overlay) => repositoryOverlaySchema.safeParse(overlay).success,
    );
  const hostile = ["*a*a*a*b", "*a*a/*a*b", "**/a/**/a/**/b", "**a**b", "+(a|aa)b", "{a,aa}+b", "[a]+[a]+b", "a\\*b"];
  hostile.push("{a,aa}".repeat(20), "{a,{b,c}}{d,e}");
  for (const glob of hostile) expect(isTaken(glob), glob).toEqual([false, false, false]);
  const ordinary = [
    "test/**",
    "**/*.test.*",
    "packages/*/test/**",
    "**/src/{a,b}/*_test.go",
    "**/*.{test,spec}.{js,ts}",
    "a?/[ab]*.js",
    "c++/**",
  ];
  for (const glob of ordinary) expect(isTaken(glob), glob).toEqual([true, true, true]);
});

it("refuses an image with Debian packages, which a person has to agree to", () => {
  const imageOf = (image: string) => repositoryOverlaySchema.safeParse({ image }).success;
  expect(["python-checks", "registry.example/mine:with_bc", "node:24"].map(imageOf)).toEqual([true, true, true]);
  expect(["node-checks:with_bc", "python-checks:with_bc_gPP"].map(imageOf)).toEqual([false, false]);
});

it("reads how commits should look, and prefers the operator's setting", () => {
  const overlay = repositoryOverlaySchema.parse({ commits: { style: "conventional", types: ["feat", "fix"] } });
  expect(combineSettings(noSettings, overlay)).toEqual({ ...noSettings, commits: overlay.commits });
  expect(combineSettings(noSettings, {})).toEqual(noSettings);
  const own = { ...noSettings, commits: { style: "plain" } as const };
  expect(combineSettings(own, overlay).commits).toEqual({ style: "plain" });
  expect(repositoryOverlaySchema.safeParse({ commits: { style: "conventional", sign: true } }).success).toBe(false);
});
