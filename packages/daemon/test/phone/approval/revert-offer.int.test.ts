/** The button that reverts a red change: over real HTTP and by the reply topic, once, for that change, and landing nothing. */
import { randomBytes } from "node:crypto";
import { type ApprovalState, type CommandBody, entityById } from "@aedev/core";
import { life } from "@aedev/core/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newId } from "../../../src/control/control.ts";
import { mintToken } from "../../../src/phone/approval/token.ts";
import { useToken } from "../../../src/phone/approval/use-token.ts";
import { addressOf, send } from "./ask.ts";
import { hostile, submit } from "./asked-home.ts";
import { openPhone, type Phone } from "./phone.ts";

let phone: Phone;
beforeAll(async () => {
  phone = await openPhone();
  await submit(phone.control, { kind: "ConfigureNotifier", digest: "1".repeat(64) });
});
afterAll(() => phone[Symbol.asyncDispose]());

/** A landed, red change with the approval of its revert offer. */
async function redChange(expiresInMs = 60_000): Promise<{ task_id: string; approval: ApprovalState }> {
  const { control } = phone;
  const { subject } = await phone.asked();
  const { task_id } = subject;
  const commit = randomBytes(20).toString("hex");
  await submit(control, { kind: "ApproveLanding", task_id, digest: null });
  await submit(control, {
    ...life["landing"],
    task_id,
    commit,
    message: control.blobs.put("Close it\n", "text/plain"),
  } as CommandBody);
  await submit(control, {
    ...{ kind: "RecordLanded", task_id, commit, ref: "refs/heads/main" },
    watch_until: new Date(Date.now() + 600_000).toISOString(),
  } as CommandBody);
  const approval_id = newId("a");
  await submit(control, {
    kind: "RecordOutcomes",
    repository: "repo",
    outcomes: [
      {
        task_id: task_id as never,
        commit,
        outcome: "red",
        evidence: { kind: "check", name: `ci ${hostile}`, url: null, before: "passed" },
      },
    ],
    offers: [{ task_id, approval_id, expires_at: new Date(Date.now() + expiresInMs).toISOString() }],
  });
  const approval = entityById(control.log.stateWith({ approvals: [approval_id] }).approvals, approval_id);
  if (approval === undefined) throw new Error("nothing was offered");
  return { task_id, approval };
}
const revertsOf = (task_id: string) =>
  phone.control.log.stateWith({ tasks: [task_id] }).tasks[task_id]?.reverted_by ?? [];

it("the button's page shows what was seen and decides nothing; a tap prepares the revert, and a second one is too late", async () => {
  const { task_id, approval } = await redChange();
  const page = await phone.ask(approval, { action: "look" });
  expect(page).toMatchObject({ status: 200 });
  expect(page.body).toContain("Prepare the revert");
  expect(page.body).toContain("You are asked again before it lands");
  expect(page.body).not.toContain("<img");
  expect((await phone.ask(approval, { action: "revert" })).status).toBe(200);
  expect(revertsOf(task_id)).toEqual([]);

  expect(await phone.tap(approval, "revert")).toMatchObject({ status: 200 });
  const [request] = revertsOf(task_id);
  expect(request).toMatchObject({ by: "phone", cause: "asked" });
  const revert = phone.control.log.state.tasks[request?.task_id ?? ""];
  expect(revert).toMatchObject({ status: "planned", reverts: { task_id, subject: "Close it" } });
  for (const status of [
    (await phone.tap(approval, "revert")).status,
    (await phone.ask(approval, { action: "look" })).status,
  ])
    expect(status).toBe(409);
  expect(revertsOf(task_id)).toHaveLength(1);
});

it("two taps on the same button at once, over HTTP and by the reply topic, make one revert", async () => {
  const { task_id, approval } = await redChange();
  const token = phone.token(approval, { action: "revert" });
  const answers = await Promise.all([
    phone.tap(approval, "revert"),
    phone.tap(approval, "revert"),
    useToken(phone.control, { token, way: "phone-reply" }),
  ]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
  expect(revertsOf(task_id)).toHaveLength(1);
});

it("a revert's tap is refused if its scope, subject, key, epoch or expiry was changed, or if it has expired", async () => {
  const { task_id, approval } = await redChange();
  const { approval: other } = await redChange();
  const { approval: landing } = await phone.asked();
  const tokens = [
    ...(["approve", "change", "reject", "answer", "look"] as const).map((action) => phone.token(approval, { action })),
    phone.token(landing, { action: "revert" }),
    phone.token(other, { action: "revert" }),
    phone.token({ ...approval, subject: other.subject }, { action: "revert" }),
    phone.token({ ...approval, epoch: approval.epoch + 1 }, { action: "revert" }),
    phone.token({ ...approval, expires_at: "2099-01-01T00:00:00.000Z" }, { action: "revert" }),
    mintToken(randomBytes(32), approval, { action: "revert" }),
  ];
  for (const token of tokens) {
    const { status } = await send(phone.port, addressOf(approval.approval_id, token), { method: "POST" });
    expect(status).toBe(403);
  }
  // A token that only reverts approves no landing.
  expect((await phone.tap(landing, "revert")).status).toBe(403);
  expect(revertsOf(task_id)).toEqual([]);
  const { approval: late } = await redChange(-1);
  expect((await phone.tap(late, "revert")).status).toBe(410);
  expect((await phone.tap(approval, "revert")).status).toBe(200);
});
