/** The key of an approval's subject: each subject has one key, and no two subjects share a key. */

import { type ApprovalSubject, approvalSubjectSchema, subjectKey } from "@aedev/contracts/events";
import { describe, expect, it } from "vitest";
import { codersQuestion, landing, question, specification } from "./asked.ts";

const raise = {
  kind: "budget",
  mission_id: "m-aaaaaaaaaaaaaaaa",
  task_id: "t-aaaaaaaaaaaaaaaa",
  hold_id: "h-aaaaaaaaaaaaaaaa",
  budget: "limits.day_usd",
  raise_to: "40",
};

describe("the key of a subject", () => {
  it("gives a subject the same key however its fields are ordered", () => {
    for (const subject of [landing, specification, question, codersQuestion]) {
      const turned = Object.fromEntries(Object.entries(subject).reverse());
      expect(subjectKey(approvalSubjectSchema.parse(turned))).toBe(subjectKey(subject));
    }
  });

  it("gives subjects different keys if any part of the question differs", () => {
    const all: unknown[] = [
      landing,
      { ...landing, task_id: "t-bbbbbbbbbbbbbbbb" },
      { ...landing, change_digest: "1".repeat(64) },
      { ...landing, bundle_digest: "1".repeat(64) },
      { ...landing, policy_digest: "1".repeat(64) },
      specification,
      { ...specification, mission_id: "m-bbbbbbbbbbbbbbbb" },
      { ...specification, spec_digest: "1".repeat(64) },
      question,
      { ...question, question_id: "where" },
      { ...question, round: 2 },
      { ...question, mission_id: "m-bbbbbbbbbbbbbbbb" },
      codersQuestion,
      { ...codersQuestion, round: 2 },
      raise,
      { ...raise, hold_id: "h-bbbbbbbbbbbbbbbb" },
    ];
    const subjects: ApprovalSubject[] = all.map((one) => approvalSubjectSchema.parse(one));
    expect(new Set(subjects.map(subjectKey)).size).toBe(subjects.length);
  });

  it("uses the hold's key for a raise, so that a newer offer with another amount replaces the older one", () => {
    const keys = [raise, { ...raise, raise_to: "80" }].map((one) => subjectKey(approvalSubjectSchema.parse(one)));
    expect(new Set(keys).size).toBe(1);
    for (const wrong of ["", "0", "40.0", "040", "+40", "4e1", "none", "-1", "1.2.3", "12345678901234"])
      expect(approvalSubjectSchema.safeParse({ ...raise, raise_to: wrong }).success, wrong).toBe(false);
    for (const budget of ["limits.run_timeout", "limits.memory", "repair.task_tokens"])
      expect(approvalSubjectSchema.safeParse({ ...raise, budget }).success, budget).toBe(false);
  });

  it("refuses a subject with an unknown field or a missing digest", () => {
    const { policy_digest: _policy, ...without } = landing as Extract<ApprovalSubject, { kind: "landing" }>;
    for (const wrong of [{ ...landing, status: "approved" }, without, { ...question, round: -1 }, { kind: "all" }])
      expect(approvalSubjectSchema.safeParse(wrong).success).toBe(false);
    expect(approvalSubjectSchema.safeParse(landing).success).toBe(true);
  });
});
