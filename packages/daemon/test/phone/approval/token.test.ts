/** The token as text: only what the key made is read, and what is read is what was granted. */
import { randomBytes } from "node:crypto";
import { type ApprovalId, missionIdSchema, sha256Schema, taskIdSchema } from "@aedev/contracts";
import type { ApprovalSubject } from "@aedev/contracts/events";
import type { ApprovalState } from "@aedev/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bindingOf, type Grant, mintToken, tokenLengthMax, verifyToken } from "../../../src/phone/approval/token.ts";
import { tokenVariants } from "./token-variants.ts";

const key = randomBytes(32);
const mission_id = missionIdSchema.parse("m-aaaaaaaaaaaaaaaa");
const task_id = taskIdSchema.parse("t-aaaaaaaaaaaaaaaa");
const digest = (letter: string) => sha256Schema.parse(letter.repeat(64));
const landing: ApprovalSubject = {
  kind: "landing",
  mission_id,
  task_id,
  change_digest: digest("d"),
  bundle_digest: digest("e"),
  policy_digest: digest("a"),
};
const approval: ApprovalState = {
  approval_id: "a-0123456789abcdef" as ApprovalId,
  subject: landing,
  expires_at: "2026-01-02T03:04:05.678Z",
  epoch: 1,
  requested_at: "2026-01-01T03:04:05.678Z",
  used: null,
  pushed_at: null,
};
const grants: Grant[] = [
  { action: "approve" },
  { action: "change" },
  { action: "reject" },
  { action: "look" },
  { action: "answer" },
  ...[0, 1, 2, 3].map((choice): Grant => ({ action: "answer", choice })),
];

describe("a token", () => {
  it("a token says what was granted, is safe in a URL and short", () => {
    for (const grant of grants) {
      const token = mintToken(key, { ...approval, approval_id: `a-${"z".repeat(32)}` as ApprovalId }, grant);
      expect(token).toMatch(/^[-_.A-Za-z0-9]+$/);
      expect(token.length).toBeLessThanOrEqual(tokenLengthMax);
      expect(verifyToken(key, mintToken(key, approval, grant))).toEqual({
        approval_id: approval.approval_id,
        action: grant.action,
        choice: grant.choice ?? null,
        expires_at: approval.expires_at,
        binding: bindingOf(approval),
      });
    }
    expect(new Set(grants.map((grant) => mintToken(key, approval, grant))).size).toBe(grants.length);
  });

  it("a token is not read after any change, under another key, or as anything but a text", () => {
    const tokens = grants.map((grant) => mintToken(key, approval, grant));
    const variants = tokenVariants(tokens);
    expect(variants.filter(({ token }) => verifyToken(key, token) !== null)).toEqual([]);
    const otherKey = randomBytes(32);
    expect(tokens.filter((token) => verifyToken(otherKey, token) !== null)).toEqual([]);
    for (const value of [undefined, null, 7, {}, tokens, [tokens[0]], new String(tokens[0])])
      expect(verifyToken(key, value)).toBeNull();
    expect(tokens.filter((token) => verifyToken(key, token) === null)).toEqual([]);
  });

  it("a token is read from no text that was not made with the key", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint16Array({ maxLength: 300 }).map((units) => String.fromCharCode(...units)),
          fc.base64String({ minLength: 40, maxLength: 200 }),
        ),
        (text) => {
          expect(verifyToken(key, text)).toBeNull();
        },
      ),
    );
  });

  it("a token is bound to everything that was asked, and to this epoch of the home", () => {
    const others: Pick<ApprovalState, "subject" | "epoch">[] = [
      { subject: landing, epoch: 2 },
      { subject: { ...landing, change_digest: digest("1") }, epoch: 1 },
      { subject: { ...landing, bundle_digest: digest("1") }, epoch: 1 },
      { subject: { ...landing, policy_digest: digest("1") }, epoch: 1 },
      { subject: { ...landing, task_id: taskIdSchema.parse("t-bbbbbbbbbbbbbbbb") }, epoch: 1 },
      { subject: { kind: "specification", mission_id, spec_digest: digest("d") }, epoch: 1 },
      { subject: { kind: "question", mission_id, task_id, question_id: "coder-1", round: 1 }, epoch: 1 },
      { subject: { kind: "question", mission_id, task_id, question_id: "coder-1", round: 2 }, epoch: 1 },
      { subject: { kind: "question", mission_id, task_id: null, question_id: "coder-1", round: 2 }, epoch: 1 },
    ];
    expect(new Set([approval, ...others].map(bindingOf)).size).toBe(others.length + 1);
    // The order of keys does not make it another thing.
    const { kind, ...rest } = landing;
    expect(bindingOf({ subject: { ...rest, kind } as ApprovalSubject, epoch: 1 })).toBe(bindingOf(approval));
  });
});
