/** A specification and questions are decided by separate taps, and an answer is not an approval. */
import { entityById, openSubjects } from "@aedev/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerCommand } from "../../../src/clarification/answer-command.ts";
import { sendBackCommand } from "../../../src/clarification/send-back-command.ts";
import type { Control } from "../../../src/control/control.ts";
import { readSpecification } from "../../../src/control/read-blobs.ts";
import {
  askAboutSpecification,
  askAboutTests,
  askCodersQuestion,
  askForClarity,
  requestApproval,
  submit,
} from "./asked-home.ts";
import { form, openPhone, type Phone } from "./phone.ts";

let phone: Phone;
let control: Control;
beforeAll(async () => {
  phone = await openPhone();
  control = phone.control;
});
afterAll(() => phone[Symbol.asyncDispose]());

const missionOf = (id: string) => entityById(control.log.stateWith({ missions: [id] }).missions, id);

describe("a specification", () => {
  it("a tap with words sends a specification back and adds them to it; the other buttons then say so", async () => {
    const subject = await askAboutSpecification(control);
    const approval = await requestApproval(control, subject);
    const before = missionOf(subject.mission_id)?.specification.digest;
    expect((await phone.tap(approval, "change")).status).toBe(422);
    expect((await phone.tap(approval, "change", form({ words: " \n " }))).status).toBe(422);
    // Words in one button's form belong to no other decision.
    const page = await phone.ask(approval, { action: "change" });
    expect([...page.body.matchAll(/<form /g)]).toHaveLength(1);
    expect(page.body).toMatch(/Files and names in scope.*<code>lib\/add\.js<\/code>/s);
    const sent = await phone.tap(
      approval,
      "change",
      form({ words: "- lib/add.js keeps its exports <b>", decision: "approve" }),
    );
    expect([sent.status, missionOf(subject.mission_id)?.stage]).toEqual([200, "awaiting_approval"]);
    for (const action of ["approve", "change", "reject"] as const) {
      const late = await phone.tap(approval, action, form({ words: "and more" }));
      expect([late.status, late.body]).toEqual([409, expect.stringContaining("Your decision: send back")]);
    }
    const digest = missionOf(subject.mission_id)?.specification.digest;
    expect(digest).not.toBe(before);
    const [next] = openSubjects(control.log.state).filter(({ mission_id }) => mission_id === subject.mission_id);
    expect(next).toEqual({ ...subject, spec_digest: digest });
    if (next === undefined) throw new Error("nothing is asked any more");
    const again = await requestApproval(control, next);
    const shown = await phone.ask(again, { action: "look" });
    expect(shown.body).toContain("lib/add.js keeps its exports &lt;b&gt;");
    expect((await phone.tap(again)).status).toBe(200);
    expect(missionOf(subject.mission_id)?.stage).toBe("approved");
  });

  it("buttons of a specification that was changed at the terminal give 410", async () => {
    const subject = await askAboutSpecification(control);
    const approval = await requestApproval(control, subject);
    const command = sendBackCommand(control, {
      mission_id: subject.mission_id,
      digest: null,
      words: "only lib/add.js",
    });
    if (command.kind === "refused") throw new Error(command.reason);
    await submit(control, command);
    for (const action of ["approve", "change", "reject"] as const)
      expect((await phone.tap(approval, action, form({ words: "x" }))).status).toBe(410);
    expect(missionOf(subject.mission_id)?.stage).toBe("awaiting_approval");
  });
});

describe("a specification and a question", () => {
  it("specification and question are decided by separate taps", async () => {
    const first = await askAboutSpecification(control);
    const approval = await requestApproval(control, first);
    const page = await phone.ask(approval, { action: "look" });
    expect(page.body).toContain("Start work on this in repo?");
    expect((await phone.ask(approval, { action: "answer", choice: 0 }, { method: "POST" })).status).toBe(403);
    expect((await phone.tap(approval)).status).toBe(200);
    expect(missionOf(first.mission_id)?.stage).toBe("approved");
    const second = await askAboutSpecification(control);
    const long = await phone.tap(await requestApproval(control, second), "reject", form({ words: "x".repeat(2_001) }));
    expect([long.status, missionOf(second.mission_id)?.stage]).toEqual([422, "awaiting_approval"]);
    expect(
      (await phone.tap(await requestApproval(control, second), "reject", form({ words: "too much" }))).status,
    ).toBe(200);
    expect(missionOf(second.mission_id)?.stage).toBe("rejected");
  });

  it("answers take no secret from the phone: its place is named, its value is not, and the button still works", async () => {
    const secret = ["sk", "live", "qZ7Kp2vXw9LrT4mNsB8c"].join("_");
    const subject = await askCodersQuestion(control, "Which key is for payments?");
    const approval = await requestApproval(control, subject);
    const refused = await phone.tap(approval, "answer", form({ answer: `The key is ${secret}` }));
    expect([refused.status, refused.body]).toEqual([422, expect.stringContaining("answer, line 1, column 12")]);
    expect(refused.body).not.toContain(secret);
    expect((await phone.tap(approval, "answer", form({ answer: "The key is $STRIPE_KEY" }))).status).toBe(200);
    const specification = await askAboutSpecification(control);
    const rejection = await requestApproval(control, specification);
    expect((await phone.tap(rejection, "reject", form({ words: `not with ${secret}` }))).status).toBe(422);
    expect(missionOf(specification.mission_id)?.stage).toBe("awaiting_approval");
    expect((await phone.tap(rejection, "reject", form({ words: "not with <token>" }))).status).toBe(200);
  });

  it("a coder's question shows the coder's text, marked, without links and with only answer buttons", async () => {
    const text = `May I tap Approve for you? https://evil.example/x <b>\u202e${"x".repeat(500)}`;
    const subject = await askCodersQuestion(control, text);
    const approval = await requestApproval(control, subject);
    const { body } = await phone.ask(approval, { action: "look" });
    expect(body).toContain("The coder asks, in its own words");
    expect(body).not.toMatch(/evil\.example|\u202e|<b>|x{300}|<a |class="approve"/);
    for (const action of ["approve", "change", "reject"] as const)
      expect((await phone.tap(approval, action)).status).toBe(403);
    expect((await phone.tap(approval, "answer")).status).toBe(422);
    expect((await phone.tap(approval, "answer", form({ answer: "  " }))).status).toBe(422);
    expect((await phone.ask(approval, { action: "answer", choice: 7 }, { method: "POST" })).status).toBe(403);
    const tooLong = await phone.tap(approval, "answer", form({ answer: "x".repeat(2_001) }));
    expect([tooLong.status, tooLong.body]).toEqual([422, expect.stringContaining("at most 2000 characters")]);
    expect(phone.statusOf(subject as { task_id: string })).toBe("held");
    expect((await phone.tap(approval, "answer", form({ answer: "Yes, the smaller one" }))).status).toBe(200);
    const task = entityById(control.log.state.tasks, subject.kind === "question" ? (subject.task_id ?? "") : "");
    expect(task).toMatchObject({ status: "planned", next_cause: "answer", evidence: null, approval: null });
    expect(task?.answers.at(-1)?.text).toBe("Yes, the smaller one");
  });

  it("clarification's questions are answered on one page; what can't be taken comes back, and the token still works", async () => {
    const [subject, ...more] = await askForClarity(control, "make it nice");
    if (subject?.kind !== "question" || more.length > 0) throw new Error("one round of questions was expected");
    const approval = await requestApproval(control, subject);
    const mission = () => missionOf(subject.mission_id);
    const ids = mission()?.clarity.questions.map(({ id }) => id) ?? [];
    expect(ids.length).toBeGreaterThanOrEqual(2);
    const { body } = await phone.ask(approval, { action: "look" });
    expect(body).toContain("Before work starts");
    expect(body).not.toMatch(/coder asks|class="(approve|reject)"/);
    // Only a sufficient default is preselected.
    const defaults = mission()?.clarity.questions.map(({ id, default: usual }) => [id, usual !== ""]);
    expect(defaults).toEqual([
      ["criteria", false],
      ["outcome", false],
      ["target", true],
    ]);
    for (const [id, isChosen] of defaults ?? [])
      expect(body.includes(`name="choice-${id}" value="0" checked`)).toBe(isChosen);

    const second = ids[1] ?? "";
    const bad = { answer: "TBD", [`choice-${second}`]: "1", [`answer-${second}`]: "still <b>this</b>" };
    const refused = await phone.tap(approval, "answer", form(bad));
    expect([refused.status, (await phone.tap(approval)).status]).toEqual([422, 403]);
    expect(refused.body).toMatch(/role="alert">Not taken: [^<]*TBD/);
    expect(refused.body).toContain("TBD</textarea>");
    expect(refused.body).toContain("still &lt;b&gt;this&lt;/b&gt;</textarea>");
    expect(refused.body).toContain(`name="choice-${second}" value="1" checked`);
    expect(mission()?.answers).toEqual([]);

    const all = Object.fromEntries(ids.map((id) => [`choice-${id}`, "1"]));
    const answers = await Promise.all(Array.from({ length: 4 }, () => phone.tap(approval, "answer", form(all))));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
    expect(mission()).toMatchObject({ stage: "awaiting_approval", clarity: { questions: [], stuck: false } });
    const specification = Buffer.from(control.blobs.get(mission()?.specification.digest ?? "")).toString("utf8");
    const said = mission()?.answers.map(({ text }) => text) ?? [];
    expect(said).toHaveLength(ids.length);
    for (const text of said) expect(specification).toContain(JSON.stringify(text));
    expect((await phone.tap(approval, "answer", form({ answer: "another answer, too late" }))).status).toBe(409);
  });

  it("clarification's questions are for one round and one specification: an answer at the terminal asks again", async () => {
    const [subject] = await askForClarity(control, "make it nice");
    if (subject?.kind !== "question") throw new Error("a question was expected");
    const approval = await requestApproval(control, subject);
    const choice = await phone.ask(approval, { action: "answer", choice: 1 });
    expect([choice.status, [...choice.body.matchAll(/<form /g)].length]).toEqual([200, 1]);
    const other = missionOf(subject.mission_id)?.clarity.questions.at(-1);
    const given = { mission_id: subject.mission_id, answers: [{ id: other?.id ?? "", text: other?.choices[1] ?? "" }] };
    const command = answerCommand(control, given);
    if (command.kind === "refused") throw new Error(command.reason);
    await submit(control, command);
    expect((await phone.ask(approval, { action: "answer", choice: 1 }, { method: "POST" })).status).toBe(410);
    const [again] = openSubjects(control.log.state).filter(({ mission_id }) => mission_id === subject.mission_id);
    if (again === undefined) throw new Error("nothing is asked any more");
    const next = await requestApproval(control, again);
    expect((await phone.ask(next, { action: "answer", choice: 1 }, { method: "POST" })).status).toBe(200);
  });

  it("a question takes a choice by its button", async () => {
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

describe("a question about tests that the request breaks", () => {
  const taskOf = (id: string | null) => entityById(control.log.stateWith({ tasks: [id ?? ""] }).tasks, id ?? "");
  const allowed = (id: string | null) => {
    const task = taskOf(id);
    return task === undefined ? undefined : readSpecification(control, task).allowed_tests;
  };

  it("a question about broken tests is answered by one tap, which lets exactly that test change", async () => {
    const subject = await askAboutTests(control, "test/add.test.js > doubles <b>");
    if (subject.kind !== "question") throw new Error("a question is asked");
    const approval = await requestApproval(control, subject);
    const { body } = await phone.ask(approval, { action: "look" });
    expect(body).toContain("The coder says that your request breaks `doubles &lt;b&gt;`; allow that test to change?");
    expect(body).toContain("Your request and the tests");
    expect(body).not.toMatch(/ checked|\(default\)|in its own words/);
    expect((await phone.ask(approval, { action: "answer", choice: 0 }, { method: "POST" })).status).toBe(200);
    expect(taskOf(subject.task_id)?.next_cause).toBe("answer");
    expect(allowed(subject.task_id)).toEqual(["test/add.test.js > doubles <b>"]);
  });

  it("the tap that keeps the test holds the task", async () => {
    const subject = await askAboutTests(control, "doubles");
    if (subject.kind !== "question") throw new Error("a question is asked");
    const approval = await requestApproval(control, subject);
    expect((await phone.ask(approval, { action: "answer", choice: 1 }, { method: "POST" })).status).toBe(200);
    expect(taskOf(subject.task_id)?.hold?.detail).toBe("you kept a test that the request breaks: doubles");
    expect(allowed(subject.task_id)).toBeUndefined();
  });

  it("a question about broken tests takes other words as part of the request, and needs some", async () => {
    const subject = await askAboutTests(control, "doubles");
    if (subject.kind !== "question") throw new Error("a question is asked");
    const approval = await requestApproval(control, subject);
    expect((await phone.tap(approval, "answer", form({ answer: " " }))).status).toBe(422);
    expect((await phone.tap(approval, "answer", form({ answer: "only behind a flag" }))).status).toBe(200);
    const task = taskOf(subject.task_id);
    expect(task && readSpecification(control, task).instructions).toContain("only behind a flag");
    expect(allowed(subject.task_id)).toBeUndefined();
  });
});
