/** What an update of packages needs to merge without a person, each condition beside its other side. */
import type { DependencyRecord } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import type { GateInput } from "../../../src/gate/hard-gates.ts";
import { repositoryOverlaySchema, tightenPolicy } from "../../../src/gate/policy/repository-overlay.ts";
import { changedFile, gateTexts as gate, honestFix, samplePolicy } from "../sample-policy.ts";

const paths = ["package.json", "package-lock.json"];
const good: DependencyRecord = {
  ...{ file: "package-lock.json", name: "left", from: "1.0.0", to: "1.0.1", step: "patch", age_days: 30 },
  ...{
    hash: "equal",
    new_install_script: false,
    licence: ["MIT", "MIT"],
    withdrawn: null,
    required: true,
    unknown: null,
  },
};
const changed = { file: "package-lock.json", name: "left", from: "1.0.0", to: "1.0.1", suspicious: null };

/** An update without a test, of which nothing was shown but that the base's tests pass. */
function update(record: Partial<DependencyRecord>, more: Partial<GateInput> = {}): GateInput {
  const honest = honestFix();
  const { checks, provenness, pathReport } = honest;
  if (checks === null || provenness === null || pathReport === null) throw new Error("the sample has no evidence");
  return honestFix({
    checks: { ...checks, new_tests: "none", fail_to_pass: [] },
    provenness: { ...provenness, proven: 0, coverage: null, coverage_missing: "no-code" },
    testChanges: { files: [], settings: [], code_findings: [], only_adds_functions: [], only_adds_rows: [] },
    pathReport: { ...pathReport, files: paths.map((path) => changedFile(path)) },
    dependencyChanges: { changes: [changed] },
    dependencyRecords: { files: paths, packages: [{ ...good, ...record }] },
    ...more,
  });
}
const asked = (record: Partial<DependencyRecord>, more?: Partial<GateInput>) => {
  const { answer, reasons } = gate(update(record, more));
  return `${answer}: ${reasons.join("\n")}`;
};
const withRules = (asks_from: "patch" | "minor" | "major", min_age_days: number) => ({
  policy: { ...samplePolicy, dependencies: { asks_from, min_age_days } },
});

describe("an update as its registry has it", () => {
  it.each([
    ["a patch release", {}],
    ["a minor release", { step: "minor" }],
    ["a release that is just old enough", { age_days: 7 }],
    ["a package with a program at installation, as before", { new_install_script: false }],
    ["a file that never has hashes", { hash: "none" }],
    ["a registry that tells no licence", { licence: [null, null] }],
  ] as const)("merges without a test: %s", (_, record) => {
    expect(gate(update(record as Partial<DependencyRecord>))).toMatchObject({ answer: "merge", reasons: [] });
  });
});

describe("an update in a file that also decides how tests run", () => {
  const files = ["pyproject.toml"];
  const ofFile = (rule: string, updated: readonly string[] = files) => {
    const honest = update({});
    if (honest.pathReport === null || honest.testChanges === null) throw new Error("the sample has no evidence");
    return gate({
      ...honest,
      pathReport: {
        ...honest.pathReport,
        files: files.map((path) => changedFile(path)),
        never_by_itself: [{ path: "pyproject.toml", rule }],
      },
      testChanges: { ...honest.testChanges, settings: [{ path: "pyproject.toml", kind: "runner" }] },
      dependencyRecords: { files: [...updated], packages: [{ ...good, file: "pyproject.toml" }] },
      dependencyChanges: { changes: [{ ...changed, file: "pyproject.toml" }] },
    });
  };

  it("merges if nothing else in it changes, and asks otherwise", () => {
    expect(ofFile("control file pyproject.toml")).toMatchObject({ answer: "merge", reasons: [] });
    expect(ofFile("control file pyproject.toml", []).answer).toBe("ask");
    expect(ofFile("outside of lib").answer).toBe("ask");
  });
});

describe("an update with something odd", () => {
  it.each<[string, Partial<DependencyRecord>, RegExp]>([
    [
      "a major release",
      { step: "major" },
      /left in package-lock\.json: 1\.0\.0 to 1\.0\.1: the policy asks from a major/,
    ],
    ["an older version", { step: "back" }, /goes back to an older version/],
    ["no two releases", { step: "unclear" }, /not two releases of one form/],
    ["a young release", { age_days: 6 }, /released 6 days ago, and the policy wants 7 days/],
    ["a release of today", { age_days: 0 }, /released today/],
    ["a release of unknown age", { age_days: null }, /does not record when/],
    ["the hash of another archive", { hash: "other" }, /its hash in the lockfile is not the registry's/],
    ["a hash that was not compared", { hash: null }, /could not be compared/],
    ["a new program at installation", { new_install_script: true }, /now runs a program of its own/],
    ["an unknown program at installation", { new_install_script: null }, /whether it runs a program .* is unknown/],
    ["another licence", { licence: ["MIT", "AGPL-3.0"] }, /licence changes from MIT to AGPL-3\.0/],
    ["a withdrawn release", { withdrawn: "yanked" }, /withdrawn or deprecated: yanked/],
    ["a package that nothing requires", { required: false }, /neither its manifest nor a package/],
    ["a package that nothing is known to require", { required: null }, /whether .* needs it is unknown/],
    ["a silent registry", { unknown: "its registry did not answer" }, /its registry did not answer/],
  ])("asks about %s", (_, record, reason) => {
    const text = asked(record);
    expect(text).toMatch(/^ask: /);
    expect(text).toMatch(reason);
  });

  it("asks if more than versions changes in a file with a changed package", () => {
    expect(asked({}, { dependencyRecords: { files: ["package.json"], packages: [good] } })).toMatch(
      /more than versions of known packages changes/,
    );
  });
  it("asks for a test if code changes beside it", () => {
    const beside = (more: readonly string[]) => {
      const { pathReport } = update({});
      if (pathReport === null) throw new Error("the sample has no evidence");
      return asked({}, { pathReport: { ...pathReport, files: [...paths, ...more].map((path) => changedFile(path)) } });
    };
    expect(beside(["index.js"])).toMatch(/^ask: no test of the base was shown able to fail/);
    expect(beside([])).toBe("merge: ");
  });
});

describe("an update beside tested code", () => {
  const { pathReport } = honestFix();
  const files = [...(pathReport?.files ?? []), ...paths.map((path) => changedFile(path))];
  const beside = (dependencyRecords: GateInput["dependencyRecords"], more: Partial<GateInput> = {}) =>
    gate(
      honestFix({
        pathReport: pathReport === null ? null : { ...pathReport, files },
        dependencyChanges: { changes: [changed] },
        dependencyRecords,
        ...more,
      }),
    );
  it("merges if the registry confirms the update", () => {
    expect(beside({ files: paths, packages: [good] })).toMatchObject({ answer: "merge", reasons: [] });
  });
  it.each(["safe", "balanced", "aggressive"] as const)("asks under %s if no registry was asked", (profile) => {
    for (const unknown of [null, undefined]) {
      const { answer, reasons } = beside(unknown, { profile });
      expect(answer).toBe("ask");
      expect(reasons.join("\n")).toMatch(/left in package-lock\.json: .*not compared with its registry/);
    }
  });
  it("asks for each dependency of which the registry knows nothing, and for no other reason", () => {
    const { reasons } = beside(null);
    expect(reasons).toHaveLength(1);
    expect(beside(null, { dependencyChanges: { changes: [] } }).reasons).toEqual([]);
  });
});

describe("the policy's rules for updates", () => {
  it("name the first part of a version that asks", () => {
    expect(asked({}, withRules("patch", 7))).toMatch(/^ask: .*from a patch version on/);
    expect(asked({ step: "minor" }, withRules("minor", 7))).toMatch(/^ask: .*from a minor version on/);
    expect(asked({}, withRules("minor", 7))).toBe("merge: ");
  });
  it("name the age that a release must have", () => {
    expect(asked({ age_days: 29 }, withRules("major", 30))).toMatch(/^ask: /);
    expect(asked({ age_days: 0 }, withRules("major", 0))).toBe("merge: ");
  });
  it("are only tightened by a repository", () => {
    const tightened = (dependencies: object) =>
      tightenPolicy(withRules("minor", 7).policy, repositoryOverlaySchema.parse({ dependencies })).dependencies;
    expect(tightened({ asks_from: "major", min_age_days: 0 })).toEqual({ asks_from: "minor", min_age_days: 7 });
    expect(tightened({ asks_from: "patch", min_age_days: 30 })).toEqual({ asks_from: "patch", min_age_days: 30 });
    expect(tightened({})).toEqual({ asks_from: "minor", min_age_days: 7 });
  });
});
