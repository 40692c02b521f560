/** The button that raises a budget: over real HTTP and by the reply topic, once, for that budget and amount, in a real config.yaml. */
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import type { ApprovalRules } from "@aedev/contracts/events";
import { type ApprovalState, entityById, type Notice, newestRaise } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfiguration } from "../../../src/configuration/load-configuration.ts";
import type { Control } from "../../../src/control/control.ts";
import { newOperatorToken } from "../../../src/control/operator-token.ts";
import { landingPlace } from "../../../src/control/permitted-writes.ts";
import { mintToken } from "../../../src/phone/approval/token.ts";
import { useToken } from "../../../src/phone/approval/use-token.ts";
import { composeMessage } from "../../../src/phone/message/compose-message.ts";
import { offerRaise } from "../../../src/phone/offer-raise.ts";
import { createReplyReader } from "../../../src/phone/reply/read-replies.ts";
import { raiseBudget } from "../../../src/reader/raise-budget.ts";
import { addressOf, send } from "./ask.ts";
import { holdForBudget, submit } from "./asked-home.ts";
import { form, openPhone, type Phone } from "./phone.ts";

const usedUp = "usd ($20.00 of $20.00: limits.day_usd)";
const dollar = 1_000_000_000;
let phone: Phone;
let file: string;
beforeEach(async () => {
  phone = await openPhone();
  await submit(phone.control, { kind: "ConfigureNotifier", digest: "1".repeat(64) });
  file = homeLayout(phone.control.home).configuration;
  configure("# mine\nlimits: { day_usd: 20, mission_usd: 7 }\n");
});
afterEach(() => phone[Symbol.asyncDispose]());

function configure(text: string) {
  writeFileSync(file, text, { mode: 0o600 });
}
const limits = () => {
  const { day, mission } = loadConfiguration({ home: phone.control.home, environment: {} }).budgets.usd;
  return { day: day === null ? null : day / dollar, mission: mission === null ? null : mission / dollar };
};
const asBefore = { day: 20, mission: 7 };
const statusOf = (task_id: string) => phone.control.log.state.tasks[task_id]?.status;
interface Offered {
  readonly task_id: string;
  readonly hold_id: string;
  readonly approval: ApprovalState;
}
/** A held task with the offer that its message makes. */
async function offered(detail = usedUp): Promise<Offered> {
  const held = await holdForBudget(phone.control, detail);
  await offerRaise(held, phone.control);
  const approval = newestRaise(phone.control.log.state, held.hold_id);
  if (approval === undefined) throw new Error("nothing was offered");
  return { ...held, approval };
}
const message = ({ task_id, hold_id }: Offered) => {
  const notice: Notice = {
    ...{ notice_id: `hold/${hold_id}`, key: hold_id, priority: 4, stream: `task/${task_id}` },
    about: { kind: "hold", task_id, hold_id },
  };
  return composeMessage(phone.control.log.state, notice, (task) => landingPlace(task, phone.control));
};
const setRules = async (rules: Partial<ApprovalRules>) => {
  const approvals = { require_second_person: false, require_sign_in_above: "high", ...rules } as const;
  const policy = phone.control.blobs.put("{}", "application/json");
  await submit(phone.control, { kind: "LoadPolicy", digest: "9".repeat(64), policy, approvals });
};

describe("a tap", () => {
  it("a tap raises the budget to that amount and releases its holds; a second one is too late and raises nothing", async () => {
    const one = await offered();
    const two = await offered("usd (limits.day_usd)");
    const other = await offered("usd ($7.00 of $7.00: limits.mission_usd)");
    const page = await phone.ask(one.approval, { action: "look" });
    expect(page).toMatchObject({ status: 200 });
    for (const said of ["Raise limits.day_usd to $40?", "$0.00 today", "$20 now", "2 holds"])
      expect(page.body).toContain(said);
    expect(page.body).not.toContain("<img");
    expect((await phone.ask(one.approval, { action: "raise" })).body).toContain(">Raise to $40</button>");
    expect([limits(), statusOf(one.task_id)]).toEqual([asBefore, "held"]);

    expect(await phone.tap(one.approval, "raise")).toMatchObject({ status: 200 });
    expect(limits()).toEqual({ day: 40, mission: 7 });
    expect(phone.control.budgets().limits.usd.day).toBe(40 * dollar);
    expect(readFileSync(file, "utf8")).toContain("# mine");
    expect([one, two, other].map(({ task_id }) => statusOf(task_id))).toEqual(["planned", "planned", "held"]);
    const released = (await phone.control.log.listEvents()).filter(({ type }) => type === "HoldReleased");
    expect(released.map(({ data }) => data)).toEqual(
      [one, two].map(({ hold_id }) => ({
        ...{ hold_id, raised: { budget: "limits.day_usd", raise_to: "40" } },
        ...{ by: "phone", way: "phone-page" },
      })),
    );

    const { position } = phone.control.log.head;
    configure("limits: { day_usd: 20, mission_usd: 7 }\n");
    const late = [await phone.tap(one.approval, "raise"), await phone.tap(two.approval, "raise")];
    expect(late.map(({ status }) => status)).toEqual([409, 409]);
    expect(late[0]?.body).toContain("Your decision: raise the budget");
    expect((await phone.ask(one.approval, { action: "look" })).status).toBe(409);
    expect([limits(), phone.control.log.head.position]).toEqual([asBefore, position]);
  });

  it("a tap counts once if it comes in both ways at once, and by the reply topic alone too", async () => {
    const { approval } = await offered();
    const token = phone.token(approval, { action: "raise" });
    const answers = await Promise.all([
      phone.tap(approval, "raise"),
      phone.tap(approval, "raise"),
      useToken(phone.control, { token, way: "phone-reply" }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    const reader = createReplyReader(phone.control);
    const reply = async (id: string, text: string) =>
      (await reader.read(JSON.stringify({ id, event: "message", message: text }))).tap?.answer;
    const next = await offered("usd ($7.00 of $7.00: limits.mission_usd)");
    const tapped = phone.token(next.approval, { action: "raise" });
    expect(await reply("x1", `${tapped.slice(0, -1)}${tapped.endsWith("A") ? "B" : "A"}`)).toBeUndefined();
    expect(limits()).toEqual({ day: 40, mission: 7 });
    expect(await reply("x2", tapped)).toMatchObject({ status: 200 });
    expect(await reply("x3", tapped)).toMatchObject({ status: 409 });
    expect(limits()).toEqual({ day: 40, mission: 14 });
  });

  it("a tap with another scope, subject, amount, key, epoch or expiry is refused, or too late, and raises nothing", async () => {
    const { task_id, approval } = await offered();
    const other = await offered("usd ($7.00 of $7.00: limits.mission_usd)");
    const { approval: landing } = await phone.asked();
    const altered = (change: object) => ({ ...approval, subject: { ...approval.subject, ...change } }) as ApprovalState;
    const tokens = [
      ...(["approve", "change", "reject", "answer", "revert", "look"] as const).map((action) =>
        phone.token(approval, { action }),
      ),
      ...[landing, other.approval].map((foreign) => phone.token(foreign, { action: "raise" })),
      phone.token(altered({ raise_to: "4000" }), { action: "raise" }),
      phone.token(altered({ budget: "limits.mission_usd" }), { action: "raise" }),
      phone.token(altered({ hold_id: other.hold_id }), { action: "raise" }),
      phone.token({ ...approval, epoch: approval.epoch + 1 }, { action: "raise" }),
      phone.token({ ...approval, expires_at: "2099-01-01T00:00:00.000Z" }, { action: "raise" }),
      mintToken(randomBytes(32), approval, { action: "raise" }),
    ];
    const before = { limits: limits(), position: phone.control.log.head.position };
    for (const token of tokens) {
      const { status } = await send(phone.port, addressOf(approval.approval_id, token), { method: "POST" });
      expect(status).toBe(403);
    }
    // A token that raises a budget approves no landing.
    expect((await phone.tap(landing, "raise")).status).toBe(403);
    const expired = await holdForBudget(phone.control, usedUp);
    const subject = {
      ...approval.subject,
      ...expired,
      mission_id: phone.control.log.state.tasks[expired.task_id]?.mission_id,
    };
    const late = {
      approval_id: "a-eeeeeeeeeeeeeeee",
      subject: subject as never,
      expires_at: new Date(Date.now() - 1).toISOString(),
    };
    await submit(phone.control, { kind: "RequestApproval", ...late });
    const old = entityById(phone.control.log.state.approvals, late.approval_id);
    if (old === undefined) throw new Error("it was not requested");
    expect((await phone.tap(old, "raise")).status).toBe(410);
    expect([limits(), statusOf(task_id), statusOf(expired.task_id)]).toEqual([before.limits, "held", "held"]);
    const types = (await phone.control.log.listEvents()).map(({ type }) => type);
    expect(types.filter((type) => type === "ApprovalUsed" || type === "HoldReleased")).toEqual([]);
    // The positive control.
    expect((await phone.tap(approval, "raise")).status).toBe(200);
    expect(limits()).toEqual({ day: 40, mission: 7 });
  });

  it("a tap is too late for an ended hold: at the terminal, for another hold, or after a newer offer", async () => {
    const { hold_id, task_id, approval } = await offered();
    configure("limits: { day_usd: 30, mission_usd: 7 }\n");
    await offerRaise({ task_id, hold_id }, phone.control);
    const newer = newestRaise(phone.control.log.state, hold_id);
    expect(newer?.subject.raise_to).toBe("60");
    expect((await phone.tap(approval, "raise")).status).toBe(410);
    await submit(phone.control, { kind: "ReleaseHold", hold_id });
    expect((await phone.tap(newer as ApprovalState, "raise")).status).toBe(409);
    await submit(phone.control, {
      kind: "HoldTask",
      task_id,
      code: "HOLD-BUDGET",
      detail: usedUp,
      hold_id: "h-gggggggggggggggg",
    });
    expect((await phone.tap(newer as ApprovalState, "raise")).status).toBe(410);
    expect([limits().day, statusOf(task_id)]).toEqual([30, "held"]);
  });
});

describe("the budget", () => {
  it("a budget that a crash left raised before the tap was recorded is not raised again, and the tap still releases the hold", async () => {
    const { task_id, approval } = await offered();
    raiseBudget({ home: phone.control.home, environment: {}, key: "limits.day_usd", amount: "40" });
    const written = readFileSync(file, "utf8");
    expect((await phone.tap(approval, "raise")).status).toBe(200);
    expect([readFileSync(file, "utf8"), statusOf(task_id)]).toEqual([written, "planned"]);
  });

  it("a budget is never lowered: a higher one set meanwhile stays", async () => {
    const { task_id, approval } = await offered();
    configure("limits: { day_usd: 100, mission_usd: 7 }\n");
    expect((await phone.tap(approval, "raise")).status).toBe(200);
    expect([limits().day, statusOf(task_id)]).toEqual([100, "planned"]);
    const next = await offered("usd ($7.00 of $7.00: limits.mission_usd)");
    configure("limits: { day_usd: 100, mission_usd: null }\n");
    expect((await phone.tap(next.approval, "raise")).status).toBe(200);
    expect([limits().mission, statusOf(next.task_id)]).toEqual([null, "planned"]);
  });

  it("a budget is not raised if config.yaml does not decide it or does not load; the tap is refused and can be repeated", async () => {
    const { task_id, approval } = await offered();
    const { budgets } = phone.control;
    const overridden = budgets().limits;
    Object.assign(phone.control, {
      budgets: () => ({ ...budgets(), limits: { ...overridden, usd: { ...overridden.usd, day: 5 * dollar } } }),
    });
    const refused = await phone.tap(approval, "raise");
    expect([refused.status, refused.body.includes("is not what config.yaml says")]).toEqual([409, true]);
    Object.assign(phone.control, { budgets });
    configure("limits: { day_usd: never }\n");
    const broken = await phone.tap(approval, "raise");
    expect([broken.status, broken.body.includes("limits.day_usd")]).toEqual([409, true]);
    expect(readFileSync(file, "utf8")).toBe("limits: { day_usd: never }\n");
    expect(statusOf(task_id)).toBe("held");
    configure("limits: { day_usd: 20, mission_usd: 7 }\n");
    expect((await phone.tap(approval, "raise")).status).toBe(200);
    expect([limits().day, statusOf(task_id)]).toEqual([40, "planned"]);
  });

  it("a tap that the log refuses raises nothing: without required sign-in, or while the log is not trusted", async () => {
    const { task_id, approval } = await offered();
    await setRules({ require_second_person: true });
    const page = await phone.ask(approval, { action: "look" });
    expect(page.body).toMatch(/name="operator_token"[^>]*required/);
    const unsigned = await phone.tap(approval, "raise");
    expect([unsigned.status, unsigned.body.includes("whoever raises a budget must be named here")]).toEqual([
      422,
      true,
    ]);
    await setRules({});
    const { trust } = phone.control;
    const untrusted = { ...trust, refusal: () => ({ kind: "refused", code: "log-untrusted", reason: "no" }) as const };
    Object.assign(phone.control, { trust: untrusted });
    expect((await phone.tap(approval, "raise")).status).toBe(409);
    Object.assign(phone.control, { trust });
    expect([limits(), statusOf(task_id)]).toEqual([asBefore, "held"]);
  });

  it("the budget is reported as raised if the hold ended in another way at that moment", async () => {
    const { hold_id, approval } = await offered();
    const { log } = phone.control;
    const racing: Control = {
      ...phone.control,
      log: {
        ...{ state: log.state, stateWith: log.stateWith },
        async submit(command: Parameters<typeof log.submit>[0]) {
          await submit(phone.control, { kind: "ReleaseHold", hold_id });
          return log.submit(command);
        },
      } as never,
    };
    const answer = await useToken(racing, { token: phone.token(approval, { action: "raise" }), way: "phone-page" });
    expect(answer).toMatchObject({ status: 409, message: expect.stringContaining("The budget was raised") });
    expect(limits().day).toBe(40);
  });
});

it("where sign-in is needed, an operator who may approve raises the budget by name, and a viewer does not", async () => {
  const tokens: Record<string, string> = {};
  for (const [name, role] of [
    ["anna", "operator"],
    ["eva", "viewer"],
  ] as const) {
    const { token, digest } = newOperatorToken(Buffer.alloc(32, name.length));
    tokens[name] = token;
    const body = { name, role, token_digest: digest, github_login: null, is_owner: false };
    await submit(phone.control, { kind: "AddOperator", ...body });
  }
  await setRules({ require_sign_in_above: "none" });
  const { task_id, approval } = await offered();
  const signed = (name: string) => phone.tap(approval, "raise", form({ operator_token: tokens[name] ?? "" }));
  const viewer = await signed("eva");
  expect([viewer.status, viewer.body.includes("role viewer")]).toEqual([422, true]);
  expect([limits(), statusOf(task_id)]).toEqual([asBefore, "held"]);
  expect((await signed("anna")).status).toBe(200);
  const released = (await phone.control.log.listEvents()).findLast(({ type }) => type === "HoldReleased");
  expect(released?.data).toMatchObject({ by: "operator:anna", way: "phone-page" });
  expect(limits().day).toBe(40);
});

describe("an offer", () => {
  it("an offer is made once for an amount, and again when it has expired or another amount is due", async () => {
    const held = await offered();
    const count = () => Object.keys(phone.control.log.state.approvals).length;
    await offerRaise(held, phone.control);
    expect(count()).toBe(1);
    configure("limits: { day_usd: 21, mission_usd: 7 }\n");
    await offerRaise(held, phone.control);
    expect([count(), newestRaise(phone.control.log.state, held.hold_id)?.subject.raise_to]).toEqual([2, "42"]);
    expect(message(held)?.buttons.map(({ label, grant }) => [label, grant.action])).toEqual([
      ["Raise to $42", "raise"],
      ["View", "look"],
    ]);
    expect(message(held)?.text).toContain("The button raises limits.day_usd to $42 and releases this hold.");
    expect(message(held)?.commands).toEqual(["aedev budget raise limits.day_usd 42"]);
    await setRules({ require_sign_in_above: "none" });
    expect(message(held)?.buttons.map(({ grant }) => grant.action)).toEqual(["look"]);
  });

  it("no offer is made without a way back, for a hold that is gone, or where no amount helps", async () => {
    const { control } = phone;
    const made = async (detail: string, on: Control = control) => {
      const held = await holdForBudget(control, detail);
      await offerRaise(held, on);
      return newestRaise(control.log.state, held.hold_id) !== undefined;
    };
    const { configuration } = control;
    const notifications = { ...configuration.notifications, publicUrl: null, replyTopic: null };
    expect(await made(usedUp, { ...control, configuration: { ...configuration, notifications } })).toBe(false);
    expect(await made("usd (no price of m-1: limits.day_usd)")).toBe(false);
    expect(await made("minutes (limits.run_timeout)")).toBe(false);
    expect(await made("runs (3 of 3: limits.day_runs)")).toBe(false);
    const { task_id } = await holdForBudget(control, usedUp);
    await offerRaise({ task_id, hold_id: "h-gggggggggggggggg" }, control);
    expect(Object.keys(control.log.state.approvals)).toEqual([]);
    expect(await made(usedUp)).toBe(true);
  });
});
