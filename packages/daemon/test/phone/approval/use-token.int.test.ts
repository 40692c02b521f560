/** Refuses what is not valid, in the order 403, 409, 410; the unchanged token works afterwards. */
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { approvalsAbout } from "@aedev/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Control } from "../../../src/control/control.ts";
import { mintToken } from "../../../src/phone/approval/token.ts";
import { addressOf, send } from "./ask.ts";
import { askAboutChange, askCodersQuestion, requestApproval, submit } from "./asked-home.ts";
import { form, openPhone, type Phone } from "./phone.ts";
import { tokenVariants } from "./token-variants.ts";

let phone: Phone;
let control: Control;
beforeAll(async () => {
  phone = await openPhone();
  control = phone.control;
});
afterAll(() => phone[Symbol.asyncDispose]());

describe("what is not valid", () => {
  it("every variant of a token gives 403, and the unchanged one works afterwards", async () => {
    const { approval } = await phone.asked();
    const { approval: other } = await phone.asked();
    const question = await requestApproval(control, await askCodersQuestion(control, "Which way?"));
    const tokens = [
      phone.token(approval),
      phone.token(approval, { action: "change" }),
      phone.token(approval, { action: "reject" }),
      phone.token(other),
      phone.token(question, { action: "answer", choice: 1 }),
    ];
    const variants = [
      ...tokenVariants(tokens),
      ...tokens.slice(3).map((of) => ({ name: "another approval's", token: of })),
      ...(["approve", "change", "reject"] as const).flatMap((action) => [
        { name: "another home's key", token: mintToken(randomBytes(32), approval, { action }) },
        { name: "another epoch", token: phone.token({ ...approval, epoch: 2 }, { action }) },
        { name: "another subject", token: phone.token({ ...approval, subject: other.subject }, { action }) },
        {
          name: "a later expiry",
          token: phone.token({ ...approval, expires_at: "2099-01-01T00:00:00.000Z" }, { action }),
        },
        { name: "a decision of another kind", token: phone.token(approval, { action: "answer" }) },
        { name: "a choice", token: phone.token(approval, { action: "answer", choice: 0 }) },
        { name: "a view", token: phone.token(approval, { action: "look" }) },
      ]),
    ];
    expect(variants.length).toBeGreaterThanOrEqual(2_000);
    const position = control.log.head.position;
    const queue = [...variants];
    const wrong: string[] = [];
    const bodies = new Set<string>();
    const worker = async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        const answer = await send(phone.port, addressOf(approval.approval_id, next.token), { method: "POST" });
        if (answer.status !== 403) wrong.push(`${next.name}: ${answer.status}`);
        bodies.add(answer.body);
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    process.stdout.write(`approval tokens: ${variants.length} variants sent\n`);
    expect(wrong).toEqual([]);
    // One constant page for every cause.
    expect(bodies.size).toBe(1);
    expect(control.log.head.position).toBe(position);
    expect((await phone.tap(approval)).status).toBe(200);
  });

  it("a token at another address, twice, beside others, or in a header or body gives 403", async () => {
    const { subject, approval } = await phone.asked();
    const { approval: other } = await phone.asked();
    const good = phone.token(approval);
    const path = addressOf(approval.approval_id, good);
    const paths = [
      addressOf(other.approval_id, good),
      addressOf("a-0000000000000000", good),
      addressOf("constructor", good),
      `/a/${approval.approval_id}`,
      `/a/${approval.approval_id}?`,
      `${path}&token=${good}`,
      `${path}&token=`,
      `${path}&action=reject`,
      `${path}&x`,
      path.replace("?token=", "?token[]="),
      path.replace("?token=", "?TOKEN="),
      path.replace("?token=", "??token="),
    ];
    for (const method of ["GET", "POST"])
      for (const wrong of paths)
        expect([wrong, (await send(phone.port, wrong, { method })).status]).toEqual([wrong, 403]);
    const { headers, body } = form({ token: good });
    const elsewhere = { ...headers, authorization: `Bearer ${good}`, cookie: `token=${good}` };
    const bare = await send(phone.port, `/a/${approval.approval_id}`, { method: "POST", headers: elsewhere, body });
    expect(bare.status).toBe(403);
    const long = addressOf(approval.approval_id, "a".repeat(60_000));
    expect((await send(phone.port, long, { method: "POST" })).status).toBe(403);
    expect(phone.statusOf(subject)).toBe("asked");
    expect((await send(phone.port, path, { method: "POST" })).status).toBe(200);
  });

  it("a token that has expired, or whose request was replaced by a newer one, gives 410", async () => {
    const subject = await askAboutChange(control);
    const short = await requestApproval(control, subject, 1_000);
    expect((await phone.ask(short, { action: "look" })).status).toBe(200);
    await delay(1_100);
    expect([(await phone.tap(short)).status, (await phone.ask(short, { action: "look" })).status]).toEqual([410, 410]);
    const second = await requestApproval(control, subject);
    const third = await requestApproval(control, subject);
    expect([
      (await phone.tap(short)).status,
      (await phone.tap(second)).status,
      (await phone.tap(second, "reject")).status,
    ]).toEqual([410, 410, 410]);
    expect((await phone.tap(second, "look")).status).toBe(403);
    expect(approvalsAbout(control.log.state, subject)).toHaveLength(3);
    expect((await phone.tap(third)).status).toBe(200);
    expect([
      (await phone.tap(short)).status,
      (await phone.tap(second)).status,
      (await phone.tap(third)).status,
    ]).toEqual([409, 409, 409]);
  });

  it("a token gives 409 if the terminal decided before, and 410 if the change is another one by now", async () => {
    const { subject, approval } = await phone.asked();
    const { task_id, change_digest: digest } = subject;
    await submit(control, { kind: "ApproveLanding", task_id, digest });
    expect([(await phone.tap(approval)).status, (await phone.tap(approval, "reject")).status]).toEqual([409, 409]);
    const again = await phone.asked();
    const specification = control.blobs.put("another text", "text/plain");
    await submit(control, {
      kind: "RequestChange",
      task_id: again.subject.task_id,
      digest: null,
      words: "not this way",
      specification,
    });
    expect((await phone.tap(again.approval)).status).toBe(410);
    expect(phone.statusOf(again.subject)).toBe("planned");
  });

  it("a token gives 409 once the mission has ended, and the page says what was decided", async () => {
    const { approval, subject } = await phone.asked();
    const earlier = await phone.asked();
    expect((await phone.tap(approval, "reject")).status).toBe(200);
    await submit(control, { kind: "CancelMission", mission_id: earlier.subject.mission_id });
    expect(control.log.state.tasks[subject.task_id]).toBeUndefined();
    for (const ended of [approval, earlier.approval])
      expect([(await phone.tap(ended)).status, (await phone.ask(ended, { action: "look" })).status]).toEqual([
        409, 409,
      ]);
    expect((await phone.ask(approval, { action: "look" })).body).toContain("Your decision: reject");
    expect([phone.statusOf(subject), phone.statusOf(earlier.subject)]).toEqual(["rejected", "cancelled"]);
  });
});
