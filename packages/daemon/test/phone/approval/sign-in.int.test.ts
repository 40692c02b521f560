/** Signing in on the approval page, over real HTTP and a real log: who decided is named, and what needs sign-in can't be had without it. */
import type { OperatorRole } from "@aedev/contracts";
import type { ApprovalRules } from "@aedev/contracts/events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newOperatorToken } from "../../../src/control/operator-token.ts";
import { landingPlace } from "../../../src/control/permitted-writes.ts";
import { composeMessage } from "../../../src/phone/message/compose-message.ts";
import { createReplyReader } from "../../../src/phone/reply/read-replies.ts";
import { submit } from "./asked-home.ts";
import { form, openPhone, type Phone } from "./phone.ts";

let phone: Phone;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  phone = await openPhone();
  for (const [name, role] of [
    ["anna", "operator"],
    ["eva", "viewer"],
  ] as const)
    await addOperator(name, role);
});
afterAll(() => phone[Symbol.asyncDispose]());

async function addOperator(name: string, role: OperatorRole) {
  const { token, digest } = newOperatorToken(Buffer.alloc(32, 1));
  tokens[name] = token;
  const body = { name, role, token_digest: digest, github_login: null, is_owner: false };
  await submit(phone.control, { kind: "AddOperator", ...body });
}

let policies = 0;
async function setRules(rules: Partial<ApprovalRules>) {
  policies += 1;
  const approvals = { require_second_person: false, require_sign_in_above: "high", ...rules } as const;
  const policy = phone.control.blobs.put("{}", "application/json");
  await submit(phone.control, { kind: "LoadPolicy", digest: String(policies).padStart(64, "0"), policy, approvals });
}
const typed = (operator_token: string) => form({ operator_token });
const deciderOf = async (type: string) =>
  (await phone.control.log.listEvents()).findLast((event) => event.type === type)?.data;

describe("a change above the level of the policy", () => {
  it("a change above the policy's level is approved only by the operator whose token was typed; a rejection needs no token", async () => {
    await setRules({ require_sign_in_above: "none" });
    const { subject, approval } = await phone.asked();
    const page = (await phone.ask(approval, { action: "look" })).body;
    expect(page.match(/name="operator_token"[^>]*required/g)).toHaveLength(1);
    expect((await phone.tap(approval)).body).toContain("needs sign-in");
    const wrong = `${tokens["anna"]?.slice(0, -1)}${tokens["anna"]?.endsWith("0") ? "1" : "0"}`;
    for (const [text, said] of [
      [wrong, "not the token of an operator"],
      [tokens["eva"] ?? "", "role viewer"],
    ] as const) {
      const answer = await phone.tap(approval, "approve", typed(text));
      expect([answer.status, answer.body.includes(said), answer.body.includes(text)]).toEqual([422, true, false]);
    }
    expect(phone.statusOf(subject)).toBe("asked");
    expect((await phone.tap(approval, "approve", typed(` ${tokens["anna"]} `))).status).toBe(200);
    expect(await deciderOf("LandingApproved")).toMatchObject({ by: "operator:anna", way: "phone-page" });
    expect(JSON.stringify(await phone.control.log.listEvents())).not.toContain(tokens["anna"]);
    const other = await phone.asked();
    expect((await phone.tap(other.approval, "reject")).status).toBe(200);
    expect(await deciderOf("TaskRejected")).toMatchObject({ by: "phone", way: "phone-page" });
  });

  it("the message about a change above the policy's level has no approve button, and a written token does not approve it", async () => {
    const labels = (state: Parameters<typeof composeMessage>[0], id: string) =>
      composeMessage(state, { about: { kind: "approval", approval_id: id } } as never, (task) =>
        landingPlace(task, phone.control),
      );
    const reader = createReplyReader(phone.control);
    const reply = async (token: string) =>
      (await reader.read(JSON.stringify({ id: "x1", event: "message", message: token }))).tap?.answer;
    await setRules({ require_sign_in_above: "none" });
    const above = await phone.asked();
    const message = labels(phone.control.log.state, above.approval.approval_id);
    expect(message?.buttons.map(({ label }) => label)).toEqual(["View", "Change…", "Reject"]);
    expect(JSON.stringify(message)).toContain("sign-in");
    expect(await reply(phone.token(above.approval))).toMatchObject({ status: 422, code: "sign-in-needed" });
    await setRules({});
    const below = await phone.asked();
    const usual = labels(phone.control.log.state, below.approval.approval_id);
    expect(usual?.buttons.map(({ label }) => label)).toEqual(["Approve", "Change…", "Reject"]);
    expect(await reply(phone.token(below.approval))).toMatchObject({ status: 200 });
    expect(await deciderOf("LandingApproved")).toMatchObject({ by: "phone", way: "phone-reply" });
  });
});

it("under require_second_person the author can't approve on the page, and sending back needs sign-in too", async () => {
  const { subject, approval } = await phone.asked();
  await setRules({ require_second_person: true });
  const page = (await phone.ask(approval, { action: "look" })).body;
  expect(page.match(/name="operator_token"[^>]*required/g)).toHaveLength(2);
  const back = form({ words: "also for zero" });
  const returned = (await phone.tap(approval, "change", back)).body;
  expect(returned).toContain("must name who wrote them");
  expect(returned).toContain("also for zero");
  expect(phone.statusOf(subject)).toBe("asked");
  expect((await phone.tap(approval, "approve", typed(tokens["anna"] ?? ""))).status).toBe(200);
  await setRules({});
});

it("a removed operator's token decides nothing on the page any more, and tries are limited", async () => {
  await setRules({ require_sign_in_above: "none" });
  await addOperator("ben", "operator");
  await submit(phone.control, { kind: "RemoveOperator", name: "ben" });
  const { approval } = await phone.asked();
  const answers: string[] = [];
  for (let tried = 0; tried < 11; tried += 1)
    answers.push((await phone.tap(approval, "approve", typed(tokens["ben"] ?? ""))).body);
  expect(answers[0]).toContain("not the token of an operator");
  expect(answers.at(-1)).toContain("too many sign-ins");
  // Another approval has its own attempts.
  const other = await phone.asked();
  expect((await phone.tap(other.approval, "approve", typed(tokens["anna"] ?? ""))).status).toBe(200);
  await setRules({});
});
