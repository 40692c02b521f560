/** A specification and questions are decided by separate taps, and an answer is not an approval. */
import { entityById } from "@aedev/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Control } from "../../../src/control/control.ts";
import { askAboutSpecification, askCodersQuestion, askForClarity, requestApproval } from "./asked-home.ts";
import { form, openPhone, type Phone } from "./phone.ts";

let phone: Phone;
let control: Control;
beforeAll(async () => {
  phone = await openPhone();
  control = phone.control;
});
afterAll(() => phone[Symbol.asyncDispose]());

const missionOf = (id: string) => entityById(control.log.stateWith({ missions: [id] }).missions, id);

describe("a specification and a question", () => {
  it("are decided by a separate tap", async () => {
    const first = await askAboutSpecification(control);
    const approval = await requestApproval(control, first);
    const page = await phone.ask(approval, { action: "look" });
    expect(page.body).toContain("Approve and start work");
    expect((await phone.ask(approval, { action: "answer", choice: 0 }, { method: "POST" })).status).toBe(403);
    expect((await phone.tap(approval)).status).toBe(200);
    expect(missionOf(first.mission_id)?.stage).toBe("approved");
    const second = await askAboutSpecification(control);
    const long = await phone.tap(await requestApproval(control, second), "reject", form({ words: "x".repeat(2_001) }));
    expect([long.status, missionOf(second.mission_id)?.stage]).toEqual([409, "awaiting_approval"]);
    expect(
      (await phone.tap(await requestApproval(control, second), "reject", form({ words: "too much" }))).status,
    ).toBe(200);
    expect(missionOf(second.mission_id)?.stage).toBe("rejected");
  });

  it("take no secret from the phone: the place is named, the value is not, and the button still works", async () => {
    const secret = ["sk", "live", "qZ7Kp2vXw9LrT4mNsB8c"].join("_");
    const subject = await askCodersQuestion(control, "Which key is for payments?");
    const approval = await requestApproval(control, subject);
    const refused = await phone.tap(approval, "answer", form({ answer: `The key is ${secret}` }));
    expect([refused.status, refused.body]).toEqual([409, expect.stringContaining("answer, line 1, column 12")]);
    expect(refused.body).not.toContain(secret);
    expect((await phone.tap(approval, "answer", form({ answer: "The key is $STRIPE_KEY" }))).status).toBe(200);
    const specification = await askAboutSpecification(control);
    const rejection = await requestApproval(control, specification);
    expect((await phone.tap(rejection, "reject", form({ words: `not with ${secret}` }))).status).toBe(409);
    expect(missionOf(specification.mission_id)?.stage).toBe("awaiting_approval");
    expect((await phone.tap(rejection, "reject", form({ words: "not with <token>" }))).status).toBe(200);
  });

  it("of a coder shows the coder's text marked as such, without links, and only answer buttons", async () => {
    const text = `May I tap Approve for you? https://evil.example/x <b>\u202e${"x".repeat(500)}`;
    const subject = await askCodersQuestion(control, text);
    const approval = await requestApproval(control, subject);
    const { body } = await phone.ask(approval, { action: "look" });
    expect(body).toContain("The coder asks, in its own words");
    expect(body).not.toMatch(/evil\.example|\u202e|<b>|x{300}|<a |class="approve"/);
    for (const action of ["approve", "reject"] as const) expect((await phone.tap(approval, action)).status).toBe(403);
    expect((await phone.tap(approval, "answer")).status).toBe(409);
    expect((await phone.tap(approval, "answer", form({ answer: "  " }))).status).toBe(409);
    expect((await phone.ask(approval, { action: "answer", choice: 7 }, { method: "POST" })).status).toBe(403);
    const tooLong = await phone.tap(approval, "answer", form({ answer: "x".repeat(2_001) }));
    expect([tooLong.status, tooLong.body]).toEqual([409, expect.stringContaining("at most 2000 characters")]);
    expect(phone.statusOf(subject as { task_id: string })).toBe("held");
    expect((await phone.tap(approval, "answer", form({ answer: "Yes, the smaller one" }))).status).toBe(200);
    const task = entityById(control.log.state.tasks, subject.kind === "question" ? (subject.task_id ?? "") : "");
    expect(task).toMatchObject({ status: "planned", next_cause: "answer", evidence: null, approval: null });
    expect(task?.answers.at(-1)?.text).toBe("Yes, the smaller one");
  });

  it("of clarification are answered one by one, also at the same instant, and no answer is lost", async () => {
    const subjects = await askForClarity(control, "make it nice");
    expect(subjects.length).toBeGreaterThanOrEqual(2);
    const approvals = await Promise.all(subjects.map((subject) => requestApproval(control, subject)));
    const [first] = approvals;
    if (first === undefined) throw new Error("there is no question");
    const { body } = await phone.ask(first, { action: "look" });
    expect(body).toContain("Before work starts");
    expect(body).not.toMatch(/coder asks|class="(approve|reject)"/);
    const refused = await phone.tap(first, "answer", form({ answer: "TBD" }));
    expect([refused.status, (await phone.tap(first)).status]).toEqual([409, 403]);
    const mission = () => entityById(control.log.state.missions, first.subject.mission_id);
    expect(mission()?.answers).toEqual([]);
    const answers = await Promise.all(
      approvals.map((approval) => phone.ask(approval, { action: "answer", choice: 1 }, { method: "POST" })),
    );
    expect(answers.map(({ status }) => status)).toEqual(approvals.map(() => 200));
    expect(mission()).toMatchObject({ stage: "awaiting_approval", clarity: { questions: [], stuck: false } });
    const specification = Buffer.from(control.blobs.get(mission()?.specification.digest ?? "")).toString("utf8");
    const said = mission()?.answers.map(({ text }) => text) ?? [];
    expect(said).toHaveLength(approvals.length);
    for (const text of said) expect(specification).toContain(JSON.stringify(text));
    expect((await phone.tap(first, "answer", form({ answer: "another answer, too late" }))).status).toBe(409);
  });

  it("takes a choice by its button", async () => {
    const subject = await askCodersQuestion(control, "Which way?");
    const approval = await requestApproval(control, subject);
    const first = await phone.ask(
      approval,
      { action: "answer", choice: 0 },
      { method: "POST", ...form({ answer: "ignored" }) },
    );
    expect(first.status).toBe(200);
    const task = entityById(control.log.state.tasks, subject.kind === "question" ? (subject.task_id ?? "") : "");
    expect(task?.answers.at(-1)?.text).toBe("Yes");
    expect((await phone.ask(approval, { action: "answer", choice: 1 }, { method: "POST" })).status).toBe(409);
  });
});
