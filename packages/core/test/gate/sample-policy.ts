/** A whole policy document and a change with full evidence, for tests that alter one part. */

import {
  boundedProvenness,
  type ChangedFile,
  type Checks,
  reasonText,
  type TestChanges,
  type Verdict,
  type WatchedPaths,
  withCoverage,
} from "@aedev/contracts";
import { gate } from "../../src/gate/gate.ts";
import type { GateInput } from "../../src/gate/hard-gates.ts";
import { alwaysAskedPaths } from "../../src/gate/policy/always-asked-paths.ts";
import { type Policy, policySourceSchema } from "../../src/gate/policy/policy-schema.ts";
import type { TouchedPaths } from "../../src/gate/risk/change-evidence.ts";

export const policyDocument = {
  paths: {
    forbidden: [".env*"],
    never_by_itself: [...alwaysAskedPaths],
    control_files: ["Makefile"],
    documentation: ["*.md"],
  },
  risk: {
    bands: { low_max: 15, medium_max: 55 },
    factors: {
      changed_lines_per_50: { weight: 4, unit: 50, ceiling: 40 },
      files_touched_per_3: { weight: 3, unit: 3, ceiling: 30 },
      forbidden_path_touch: { weight: 100 },
      sensitive_path_touch: { weight: 30, globs: ["infra/**"] },
      workflow_change: { weight: 40, globs: [".github/**"] },
      dependency_change: { weight: 25 },
      test_change_without_code: { weight: 10 },
      code_change_without_test: { weight: 20 },
      low_test_coverage: { weight: 16, minor_weight: 4, ceiling: 32 },
      auth_security_files: { weight: 40, globs: ["auth/**"] },
      network_code_change: { weight: 15, globs: ["net/**"] },
      database_migration: { weight: 30, globs: ["migrations/**"] },
      ci_failure: { weight: 50 },
      validator_disagreement: { weight: 40 },
      large_deletion: { weight: 20, lines: 200 },
    },
  },
  profiles: { default: "safe", merges: { safe: "none", balanced: "low", aggressive: "medium" } },
  judges: {
    families_required: 2,
    tries: 6,
    deadline: "5m",
    when_missing: "hold",
    timeout: "60s",
    prompt_bytes: "256KiB",
    answer_tokens: 8192,
    canary_share: 5,
    min_catch_rate: 0.5,
    min_confidence: 0.5,
    min_canaries: 60,
    require_qualified: false,
  },
  approvals: {
    expires_after: "12h",
    reminders: 2,
    require_second_person: false,
    require_sign_in_above: "high",
  },
  hold: { ttl: "3d", on_timeout: "keep" },
  independent_tests: false,
  repair: { max_runs: 2, task_tokens: 1_000_000, for_tests: true, continue_from: "tree" },
  clarification: {
    trigger_threshold: 50,
    max_questions: 4,
    draft_tokens: 200_000,
    signals: {
      no_acceptance_criteria: { weight: 60, words: ["it works"] },
      vague_description: { weight: 25, words: ["improve"] },
      no_target_surface: { weight: 20, words: ["README"] },
      unbounded_scope: { weight: 25, words: ["everything"] },
    },
  },
};

export const samplePolicy: Policy = policySourceSchema.parse(policyDocument);

export function changedFile(path: string, lines: { added?: number; deleted?: number } = {}): ChangedFile {
  return {
    path,
    status: "modified",
    old_mode: "100644",
    new_mode: "100644",
    old_id: "1".repeat(40),
    new_id: "2".repeat(40),
    added_lines: lines.added ?? 10,
    deleted_lines: lines.deleted ?? 0,
    binary: false,
  };
}

export function verdict(family: Verdict["family"], word: Verdict["verdict"], detail: string | null = null): Verdict {
  return {
    family,
    model: "a-model",
    verdict: word,
    detail,
    bundle_digest: "b".repeat(64),
    answer: null,
    usage: { input_tokens: 1, output_tokens: 1 },
    prompt_digest: "a".repeat(64),
    views: [],
  };
}

export const greenChecks: Checks = {
  status: "green",
  newly_failing: [],
  vanished: [],
  fail_to_pass: ["test/a.js > closes the hole"],
  pass_to_pass: 12,
  newly_skipped: [],
  flaky: [],
  newly_flaky: [],
  outdated: [],
  needs_own_control: [],
  gone: [],
  moved: [],
  untested: [],
  new_tests: "red-on-base",
  reasons: [],
};

export const touchesNothing: TouchedPaths = {
  sensitive_path_touch: [],
  workflow_change: [],
  auth_security_files: [],
  network_code_change: [],
  database_migration: [],
  documentation: [],
};

/** A changed test file of four assertions, with overrides. */
export function testFile(changes: Partial<TestChanges["files"][number]> = {}): TestChanges["files"][number] {
  return {
    path: "test/a.js",
    status: "modified",
    assertions_before: 4,
    assertions_after: 4,
    parser: "javascript",
    changed_tests: [],
    added_tests: [],
    findings: [],
    moved_assertions: 0,
    moved_tests: [],
    renamed_tests: [],
    support_changed: false,
    support_lost: false,
    among_code: false,
    ...changes,
  };
}

/** The record of checks that opened no file of interest. */
export const watchedNothing: WatchedPaths = {
  opened: [],
  probed: [],
  written: [],
  executed: [],
  support: [],
  modules: [],
  module_folders: [],
  omitted: 0,
};

/** The provenness of this many green tests, all shown able to fail. */
export function provenTests(proven: number) {
  return withCoverage(boundedProvenness({ proven, unproven: [], stayedGreen: [] }), "no-code");
}

/** A small honest fix with a test: 20 changed lines in two files, everything green, both families pass. */
export function honestFix(changes: Partial<GateInput> = {}): GateInput {
  return {
    specification: { text: "Close the hole.", criteria: [{ id: "c1", text: "a new test fails before" }] },
    checks: greenChecks,
    provenness: provenTests(12),
    replay: null,
    pathReport: {
      files: [changedFile("index.js", { added: 6, deleted: 2 }), changedFile("test/a.js", { added: 12 })],
      renames: [],
      forbidden: [],
      unsafe: [],
      never_by_itself: [],
    },
    secretReport: { scanner: "a scanner", findings: [] },
    dependencyChanges: { changes: [] },
    testChanges: {
      files: [testFile({ assertions_after: 6, added_tests: ["closes the hole"] })],
      settings: [],
      code_findings: [],
      only_adds_functions: [],
      only_adds_rows: [],
    },
    touched: touchesNothing,
    watched: watchedNothing,
    missingEvidence: [],
    verdicts: [verdict("openai", "pass"), verdict("gemini", "pass")],
    requestedJudges: ["openai", "gemini"],
    unqualified: [],
    policy: samplePolicy,
    profile: "balanced",
    writes: "allowed",
    riskAcknowledged: false,
    ...changes,
  };
}

export function gateTexts(input: GateInput) {
  const answer = gate(input);
  return { ...answer, reasons: answer.reasons.map((reason) => reasonText(reason)) };
}
