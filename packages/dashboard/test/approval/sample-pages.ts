/** Documents of approval pages whose foreign texts are all the given text. */
import {
  type BudgetPage,
  checksSchema,
  type LandingPage,
  type MissionId,
  type NewMissionPage,
  type QuestionPage,
  type RepositoryName,
  type SpecificationPage,
  specificationSchema,
} from "@aedev/contracts";

const tokens = { approve: "token-to-approve", change: "token-to-change", reject: "token-to-reject" };

function head(text: string) {
  return {
    mission_title: `Title ${text}`.slice(0, 120),
    repository: "repo",
    expires_at: "2026-01-02T15:04:05.678Z",
    returned: { problem: text, fields: { words: text, answer: text, "choice-q1": "1" } },
  };
}

function specification(text: string) {
  return specificationSchema.parse({
    schema: 1,
    mission_id: "m-0000000000000000",
    repository: "repo",
    title: text.slice(0, 120),
    text,
    criteria: [
      { id: "c1", text },
      { id: "c2", text: "a new test shows it", default: true },
    ],
    clarifications: [{ question: text.slice(0, 500), answer: text }],
    instructions: [text],
  });
}

export function landingPage(text: string): LandingPage {
  return {
    ...head(text),
    kind: "landing",
    sign_in: "none",
    reasons: [{ kind: "never-alone", path: text, rule: text }],
    specification: specification(text),
    change_digest: "d".repeat(64),
    files: [
      {
        ...{ path: text, renamed_from: null, added: 1, removed: 0, omitted: 0 },
        lines: [{ kind: "added", before: null, after: 1, text }],
      },
    ],
    files_omitted: 0,
    capture_notes: [`1 new file was not taken because the base ignores it: ${text}`],
    patch_command: "aedev evidence show t-1 --entry patch",
    checks: checksSchema.parse({
      status: "green",
      newly_failing: [],
      vanished: [text],
      fail_to_pass: [text],
      pass_to_pass: 1,
      reasons: [text.slice(0, 500)],
    }),
    provenness: {
      ...{ selection: "all", tests_executing_change: 3, proven: 1, unproven_more: 0, stayed_green_more: 0 },
      unproven: [{ test: text, reason: "no-assertion" }],
      stayed_green: [text],
      coverage: {
        ...{ changed_lines: 3, covered_lines: 1, missed: 1, missed_minor: 0, unmeasured_more: 0 },
        ways: [{ path: text, line: 1, kind: "false", is_minor: false }],
        unmeasured: [{ path: text, why: "language" }],
      },
      coverage_missing: null,
      unneeded: { tried: 2, untried: 1, parts: [{ path: text, line: 1, before: text.slice(0, 100), after: "" }] },
      added_tests: null,
      edited_tests: null,
    },
    independent_tests: null,
    second_implementation: null,
    replay: {
      functions: [
        {
          ...{
            path: text,
            name: text.slice(0, 200),
            on_base: false,
            calls: 1,
            skipped: 0,
            outcome: "unsure",
            left_out: null,
          },
          difference: { place: "another-day", input: text, expected: text, found: text },
        },
      ],
      ...{ more: 0, unrecorded: [{ path: text, why: "not-loaded" }], not_replayed: null },
    },
    test_changes: [text],
    verdicts: [{ family: "openai", model: text.slice(0, 100), verdict: "pass", detail: null }],
    risk: {
      ...{ risk_score: -2500, score_kind: "log-odds", level: "low" },
      shares: [{ factor: "riskier_history", points: 40, why: text }],
    },
    commit: { title: text, branch: "main", remote: "/r", may_push: true, way: "push", take_in: null },
    tokens,
  };
}

export function specificationPage(text: string): SpecificationPage {
  return {
    ...head(text),
    kind: "specification",
    sign_in: "none",
    specification: specification(text),
    specification_digest: "5".repeat(64),
    plan: null,
    left_out: [text],
    places: [text],
    folder: text,
    tokens,
  };
}

/** Two parts, of which the second waits for the first. */
export function planPage(text: string): SpecificationPage {
  const part = {
    mission_id: "m-0000000000000001" as MissionId,
    repository: "repo" as RepositoryName,
    title: text.slice(0, 120),
    files: [],
    after: [],
    implied: [],
    folder: null,
    specification: specification(text),
  };
  const parts = [
    { ...part, name: "first", files: [text] },
    { ...part, name: "second", implied: ["first"], folder: text },
  ];
  return {
    ...specificationPage(text),
    plan: { on_failure: "stop", parts },
    tokens: { ...tokens, change: null },
  };
}

export function questionPage(text: string, asked_by: QuestionPage["asked_by"]): QuestionPage {
  return {
    ...head(text),
    kind: "question",
    asked_by,
    questions: [
      { text, default: text, choices: ["one", text], choice_field: "choice-q1", text_field: "answer" },
      ...(asked_by === "coder"
        ? []
        : [{ text, default: "none of them", choices: [text], choice_field: "choice-q2", text_field: "answer-q2" }]),
    ],
    answer_token: "token-to-answer",
    choice: null,
  };
}

export function newMissionPage(text: string): NewMissionPage {
  return {
    repositories: ["lib", "shop"],
    token: "token-of-link",
    request: "0".repeat(32),
    expires_at: "2026-01-02T15:04:05.678Z",
    returned: { problem: text, fields: { repo: "shop", text, criteria: text } },
  };
}

export function budgetPage(text: string): BudgetPage {
  return {
    ...head(text),
    kind: "budget",
    raised: { budget: "limits.day_usd", raise_to: "40" },
    limit: 20_000_000_000,
    used: 20_130_000_000,
    used_at_least: false,
    holds: [{ hold_id: "h-0000000000000000", mission_title: text, detail: text }],
    sign_in: "none",
    raise_token: "token-to-raise",
  };
}
