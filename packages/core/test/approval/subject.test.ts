/** What an approval is about: one key per subject, and no two subjects with the same key. */

import { type ApprovalSubject, approvalSubjectSchema, subjectKey } from "@aedev/contracts/events";
import { describe, expect, it } from "vitest";
import { codersQuestion, landing, question, specification } from "./asked.ts";

describe("the key of a subject", () => {
  it("is the same for the same thing, however its fields are ordered", () => {
    for (const subject of [landing, specification, question, codersQuestion]) {
      const turned = Object.fromEntries(Object.entries(subject).reverse());
      expect(subjectKey(approvalSubjectSchema.parse(turned))).toBe(subjectKey(subject));
    }
  });

  it("differs if anything that was asked differs", () => {
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
    ];
    const subjects: ApprovalSubject[] = all.map((one) => approvalSubjectSchema.parse(one));
    expect(new Set(subjects.map(subjectKey)).size).toBe(subjects.length);
  });

  it("is of a subject that names nothing else: an unknown field or a missing digest is none", () => {
    const { policy_digest: _policy, ...without } = landing as Extract<ApprovalSubject, { kind: "landing" }>;
    for (const wrong of [{ ...landing, status: "approved" }, without, { ...question, round: -1 }, { kind: "all" }])
      expect(approvalSubjectSchema.safeParse(wrong).success).toBe(false);
    expect(approvalSubjectSchema.safeParse(landing).success).toBe(true);
  });
});
