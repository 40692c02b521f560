/** A whole policy document and a change with full evidence, for tests that alter one part. */

import {
  boundedProvenness,
  type ChangedFile,
  type Checks,
  type History,
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
  dependencies: { asks_from: "major", min_age_days: 7 },
  paths: {
    forbidden: [".env*"],
    never_by_itself: [...alwaysAskedPaths],
    control_files: ["Makefile"],
    documentation: ["*.md"],
  },
  risk: {
    source: "set by hand for tests",
    bounds: { low: 0.1, medium: 0.3, hold: 0.995 },
    start: -0.2,
    against: {
      same_behaviour: { weight: -2.4 },
      same_results: { weight: -0.8 },
      added_tests_notice: { weight: -2 },
      updates_confirmed: { weight: -2 },
      tests_can_fail: { weight: -1 },
      new_tests_fail_on_base: { weight: -0.7 },
      ways_covered: { weight: -0.4 },
      same_outside_tests: { weight: -0.3 },
      independent_tests_pass: { weight: -1.2 },
      implementations_agree: { weight: -0.8 },
      judges_pass: { weight: -0.6 },
      safer_history: { weight: -0.03, per: 1, most: -0.3 },
    },
    for: {
      riskier_history: { weight: 0.03, per: 1, most: 1 },
      sensitive_paths: { weight: 3 },
      authentication_paths: { weight: 3 },
      network_paths: { weight: 0.3 },
      document_used: { weight: 0.3 },
      tests_without_code: { weight: 0.2 },
      code_without_test: { weight: 1.6 },
      untested_ways: { weight: 1.2, per: 1, most: 2.4 },
      minor_untested_ways: { weight: 0.15, per: 1, most: 1.2 },
      nothing_proven: { weight: 1.6 },
      unneeded_code: { weight: 1.8, per: 1, most: 3.6 },
      new_tests_green_on_base: { weight: 2.6 },
      new_tests_skipped: { weight: 2.6 },
      only_skipped_tests: { weight: 2.6 },
      tests_notice_nothing: { weight: 2.6 },
      changed_tests: { weight: 2.6, per: 1, most: 5.2 },
      edited_tests: { weight: 0.4, per: 1, most: 0.8 },
      moved_tests: { weight: 2.6 },
      lost_assertions: { weight: 3 },
      test_finding: { weight: 2.6, per: 1, most: 5.2 },
      test_settings: { weight: 2.6 },
      shared_by_tests: { weight: 2.6 },
      test_support: { weight: 2.6 },
      unwatched: { weight: 2.6 },
      replay_unsure: { weight: 2.6 },
      independent_tests_fail: { weight: 4, per: 1, most: 6 },
      implementations_differ: { weight: 2.6, per: 1, most: 3.9 },
      independent_tests_missing: { weight: 2.4 },
      judge_flip: { weight: 3.4 },
    },
    paths: { sensitive: ["billing/**"], authentication: ["auth/**"], network: ["net/**"] },
  },
  profiles: { default: "safe", merges: { safe: "none", balanced: "low", aggressive: "medium" }, merges_kinds: [] },
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
  second_implementation: "never",
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
  sensitive: [],
  authentication: [],
  network: [],
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

/** A past in which changes like this one needed a fix more often than usual, by so many thousandths of log-odds. */
export function pastWith(shift: number, deviation = 0): History {
  const metrics = { ns: 1, nd: 1, nf: 1, entropy: 0, la: 6, ld: 2, lt: 90, fix: 1, ndev: 2, age: 9, nuc: 8 } as const;
  return { metrics, usual: -1200, shift, deviation, commits: 400, calibrated_by: 300 };
}

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
    history: pastWith(0),
    watched: watchedNothing,
    missingEvidence: [],
    verdicts: [verdict("openai", "pass"), verdict("gemini", "pass")],
    requestedJudges: ["openai", "gemini"],
    unqualified: [],
    policy: samplePolicy,
    profile: "balanced",
    writes: "allowed",
    closedLanes: { repository: "shop", lanes: [] },
    riskAcknowledged: false,
    ...changes,
  };
}

export function gateTexts(input: GateInput) {
  const answer = gate(input);
  return { ...answer, reasons: answer.reasons.map((reason) => reasonText(reason)) };
}
