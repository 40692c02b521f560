/** Taps and views over real HTTP and a real log: a token decides once and only what it is for, and viewing decides nothing. */
import { randomBytes } from "node:crypto";
import { entityById } from "@aedev/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Control } from "../../../src/control/control.ts";
import type { Grant } from "../../../src/phone/approval/token.ts";
import { type Sent, send } from "./ask.ts";
import { countEvents } from "./asked-home.ts";
import { form, openPhone, type Phone } from "./phone.ts";

let phone: Phone;
let control: Control;
beforeAll(async () => {
  phone = await openPhone();
  control = phone.control;
});
afterAll(() => phone[Symbol.asyncDispose]());

describe("a tap", () => {
  it("a tap decides once; a replay of it and a tap on the other button are too late", async () => {
    const { subject, approval } = await phone.asked();
    expect((await phone.tap(approval)).status).toBe(200);
    expect(phone.statusOf(subject)).toBe("landing");
    const position = control.log.head.position;
    const replay = await phone.tap(approval);
    const others = await Promise.all([
      phone.tap(approval, "change", form({ words: "x" })),
      phone.tap(approval, "reject"),
    ]);
    for (const late of [replay, ...others])
      expect([late.status, late.body]).toEqual([
        409,
        expect.stringMatching(/already decided.*Your decision: approve, 20/),
      ]);
    expect(replay.body).toContain(`aedev task show ${subject.task_id}`);
    expect(control.log.head.position).toBe(position);
    const events = await control.log.listEvents();
    const used = events.find(({ type, stream }) => type === "ApprovalUsed" && stream.endsWith(approval.approval_id));
    expect(used).toMatchObject({
      actor: "phone",
      data: { action: "approve", by: "phone", way: "phone-page" },
    });
  });

  it("a tap counts once if it arrives eight times at the same moment", async () => {
    const { subject, approval } = await phone.asked();
    const before = await countEvents(control, "LandingApproved");
    const answers = await Promise.all(Array.from({ length: 8 }, () => phone.tap(approval)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 7 }, () => 409)]);
    expect(await countEvents(control, "LandingApproved")).toBe(before + 1);
    expect(phone.statusOf(subject)).toBe("landing");
  });

  it("a tap rejects with or without a reason, or sends back with instructions under a new specification", async () => {
    const words = "use the existing helper\r\nand nothing else";
    for (const [sent, reason] of [
      [{ body: "{}" }, null],
      [form({ words, decision: "send-back" }), "use the existing helper\nand nothing else"],
      [form({ words: " " }), null],
    ] as const) {
      const rejected = await phone.asked();
      expect((await phone.tap(rejected.approval, "reject", sent)).status).toBe(200);
      expect(phone.statusOf(rejected.subject)).toBe("rejected");
      const events = await control.log.listEvents();
      const event = events.find(
        ({ type, stream }) => type === "TaskRejected" && stream.endsWith(rejected.subject.task_id),
      );
      expect(event?.data).toEqual({ by: "phone", way: "phone-page", reason });
    }
    const sentBack = await phone.asked();
    expect((await phone.tap(sentBack.approval, "change", form({ words }))).status).toBe(200);
    const task = entityById(
      control.log.stateWith({ tasks: [sentBack.subject.task_id] }).tasks,
      sentBack.subject.task_id,
    );
    expect(task).toMatchObject({ status: "planned", next_cause: "words" });
    const specification = Buffer.from(control.blobs.get(task?.specification.digest ?? "")).toString("utf8");
    expect(specification).toContain("use the existing helper\\nand nothing else");
  });

  it("a tap sends back only with text; without it the page comes back, with that form alone", async () => {
    const { subject, approval } = await phone.asked();
    const position = control.log.head.position;
    for (const sent of [{}, form({}), form({ words: " \r\n " }), form({ answer: "x" })]) {
      const { status, body } = await phone.tap(approval, "change", sent);
      expect(status).toBe(422);
      expect(body).toMatch(/role="alert">Not taken: write what should change/);
      expect([...body.matchAll(/action="\?token=1\.[^.]+\.(\w+)\./g)].map(([, action]) => action)).toEqual(["change"]);
    }
    expect([phone.statusOf(subject), control.log.head.position]).toEqual(["asked", position]);
    const sent = await phone.tap(approval, "change", form({ words: "use the existing helper" }));
    expect([sent.status, phone.statusOf(subject)]).toEqual([200, "planned"]);
    for (const action of ["approve", "change", "reject"] as const) {
      const late = await phone.tap(approval, action, form({ words: "x" }));
      expect([late.status, late.body]).toEqual([409, expect.stringContaining("Your decision: send back")]);
      expect(late.body).toContain("aedev task show");
      expect(late.body).not.toMatch(/aedev task (?:approve|reject|send-back)/);
    }
    expect(phone.statusOf(subject)).toBe("planned");
  });

  it("a tap takes any body, content type, Host and Origin, because the token alone decides", async () => {
    const requests: Sent[] = [
      { body: "" },
      { body: "{}", headers: { "content-type": "application/json" } },
      { body: "{broken", headers: { "content-type": "application/json; charset=latin-9" } },
      { body: randomBytes(16 * 1024), headers: { "content-type": "a strange type;;" } },
      { body: "words=no&action=reject", headers: { "content-type": "text/plain" } },
      { headers: { host: "evil.example", origin: "https://evil.example", "sec-fetch-site": "cross-site" } },
      { headers: { origin: "null", cookie: "a=b", "x-forwarded-for": "10.0.0.1" } },
      { ...form({ action: "reject", decision: "reject" }), headers: { "content-type": "multipart/form-data" } },
      { body: "x", headers: { "transfer-encoding": "chunked", "content-encoding": "gzip" } },
    ];
    for (const sent of requests) {
      const { subject, approval } = await phone.asked();
      const { status } = await phone.tap(approval, "approve", sent);
      expect({ sent: JSON.stringify(sent.headers), status, task: phone.statusOf(subject) }).toEqual({
        sent: JSON.stringify(sent.headers),
        status: 200,
        task: "landing",
      });
    }
    const { subject, approval } = await phone.asked();
    expect((await phone.tap(approval, "approve", { body: Buffer.alloc(96 * 1024 + 1) })).status).toBe(413);
    expect(phone.statusOf(subject)).toBe("asked");
    expect((await phone.tap(approval, "approve", form({ words: "not for an approval".repeat(200) }))).status).toBe(200);
    expect(phone.statusOf(subject)).toBe("landing");
  });

  it("a tap uses nothing up if the decision itself is refused", async () => {
    const { subject, approval } = await phone.asked();
    expect((await phone.tap(approval, "reject", form({ words: "x".repeat(2001) }))).status).toBe(422);
    expect(phone.statusOf(subject)).toBe("asked");
    // As many words as a person may write, in the script whose form is the longest.
    expect((await phone.tap(approval, "change", form({ words: "改".repeat(2000) }))).status).toBe(200);
  });
});

describe("a view", () => {
  it("a view changes nothing, by GET, HEAD or a preview, with any of the tokens", async () => {
    const { subject, approval } = await phone.asked();
    const position = control.log.head.position;
    for (const action of ["look", "approve", "change", "reject"] as const) {
      for (const headers of [{}, { "user-agent": "facebookexternalhit/1.1" }, { purpose: "prefetch" }]) {
        expect((await phone.ask(approval, { action }, { headers })).status).toBe(200);
        const head = await phone.ask(approval, { action }, { method: "HEAD", headers });
        expect([head.status, head.body]).toEqual([200, ""]);
        // Only the request's own method counts, not one in the address or a header.
        const override = { ...headers, "x-http-method-override": "POST" };
        expect((await phone.ask(approval, { action }, { headers: override })).status).toBe(200);
      }
    }
    expect((await phone.tap(approval, "look")).status).toBe(403);
    expect(control.log.head.position).toBe(position);
    expect(phone.statusOf(subject)).toBe("asked");
    expect((await phone.tap(approval)).status).toBe(200);
    expect((await phone.ask(approval, { action: "look" })).status).toBe(409);
  });

  it("a view offers what its own token allows, and each button works", async () => {
    const { approval } = await phone.asked();
    const offered = async (grant: Grant) => {
      const { body } = await phone.ask(approval, grant);
      return [...body.matchAll(/action="\?token=([^"]+)"/g)].map(([, found]) => found?.split(".")[2]);
    };
    expect(await offered({ action: "look" })).toEqual(["approve", "change", "reject"]);
    expect(await offered({ action: "approve" })).toEqual(["approve"]);
    expect(await offered({ action: "change" })).toEqual(["change"]);
    expect(await offered({ action: "reject" })).toEqual(["reject"]);
    const { body } = await phone.ask(approval, { action: "look" });
    const address = /action="(\?token=1\.[^"]+\.approve\.[^"]+)"/.exec(body)?.[1] ?? "";
    const answer = await send(phone.port, `/a/${approval.approval_id}${address}`, { method: "POST" });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain("It lands on main of repo.");
  });
});
