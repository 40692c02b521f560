/** Missions that a phone submits by a link, over real HTTP: what the link takes, what it refuses, and that it can do nothing else. */
import { randomBytes } from "node:crypto";
import { entityById } from "@aedev/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Control, newId } from "../../../src/control/control.ts";
import { mintLinkToken } from "../../../src/phone/approval/phone-link.ts";
import { approvalKey } from "../../../src/phone/approval/token.ts";
import { requestApproval } from "../../../src/phone/request-approval.ts";
import { addressOf, type Sent, send } from "./ask.ts";
import { askAboutSpecification, countEvents, hostile, submit } from "./asked-home.ts";
import { form, openPhone, type Phone } from "./phone.ts";
import { tokenVariants } from "./token-variants.ts";

let phone: Phone;
let control: Control;
let token = "";
beforeAll(async () => {
  phone = await openPhone();
  control = phone.control;
  await askAboutSpecification(control);
  token = await makeLink();
});
afterAll(() => phone[Symbol.asyncDispose]());

async function makeLink(expiresInMs = 60_000): Promise<string> {
  const link_id = newId("l");
  await submit(control, {
    kind: "MakePhoneLink",
    link_id,
    expires_at: new Date(Date.now() + expiresInMs).toISOString(),
  });
  const link = control.log.state.system.phone_links?.find((made) => made.link_id === link_id);
  if (link === undefined) throw new Error("no link was made");
  return mintLinkToken(approvalKey(control.home), link);
}
const open = (given: string, sent: Sent = {}) => send(phone.port, addressOf("new", given), sent);
const written = {
  repo: "repo",
  text: `Refuse negative ages in lib/age.js ${hostile}`,
  criteria: "age(-1) throws a RangeError, shown by a new test\r\n\r\nall existing tests pass",
};
const post = (fields: Record<string, string>, given = token) => open(given, { method: "POST", ...form(fields) });
const missions = () => Object.values(control.log.state.missions).filter(({ author }) => author.startsWith("phone/"));
const request = () => randomBytes(16).toString("hex");

describe("a link for new missions", () => {
  it("a link shows a form on GET, and on POST submits a mission that waits for its approval", async () => {
    const page = await open(token);
    expect(page.status).toBe(200);
    expect(page.body).toContain('<option value="repo">repo</option>');
    expect(page.body).not.toMatch(/<script|class="(approve|reject)"/);
    expect(page.headers).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
    expect((await open(token, { method: "HEAD" })).body).toBe("");
    expect(missions()).toEqual([]);
    const done = await post({ ...written, request: request() });
    expect([done.status, done.body]).toEqual([200, expect.stringContaining("It waits for its approval.")]);
    expect(done.body).not.toContain("<img");
    const [mission, ...more] = missions();
    expect(more).toEqual([]);
    expect(mission).toMatchObject({ stage: "awaiting_approval", repository: "repo", task_ids: [] });
    expect(mission?.criteria.map(({ text }) => text)).toEqual([
      "age(-1) throws a RangeError, shown by a new test",
      "all existing tests pass",
    ]);
    // Nobody sits at a terminal before this mission, so its message waits for nothing.
    const subject = {
      kind: "specification",
      mission_id: mission?.mission_id,
      spec_digest: mission?.specification.digest,
    };
    expect(await requestApproval(subject as never, control)).toMatchObject({ kind: "RequestApproval" });
  });

  it("a link makes one mission of one form, however often it is sent", async () => {
    const before = missions().length;
    const fields = { ...written, text: "Refuse an empty name in lib/name.js", request: request() };
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(fields)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await post({ ...fields, text: "Something else in lib/age.js" })).status).toBe(200);
    expect(missions()).toHaveLength(before + 1);
  });

  it("a text that a mission has already comes back with that mission and a button to submit anyway; the remote is not named", async () => {
    const fields = { ...written, text: "Refuse a name of one letter in lib/name.js" };
    expect((await post({ ...fields, request: request() })).status).toBe(200);
    const before = missions();
    const back = await post({ ...fields, text: `${fields.text}.`, request: request() });
    expect(back.status).toBe(422);
    expect(back.body).toContain(
      `mission ${before.at(-1)?.mission_id} has the same text already: awaiting your approval`,
    );
    expect(back.body).toContain('<button name="again" value="1">Submit it all the same</button>');
    expect(back.body).not.toContain("git ");
    expect((await open(token)).body).not.toContain("all the same");
    expect(missions()).toHaveLength(before.length);
    expect((await post({ ...fields, again: "1", request: request() })).status).toBe(200);
    expect(missions()).toHaveLength(before.length + 1);
  });

  it("a link's form asks about what is unclear", async () => {
    const { status, body } = await post({ repo: "repo", text: "make it nice", request: request() });
    expect([status, body]).toEqual([200, expect.stringMatching(/It waits for the answers to \d questions?\./)]);
  });

  it("a form that can't be taken comes back with the reason; no secret comes back or is stored", async () => {
    const before = control.log.head.position;
    const secret = ["sk", "live", "qZ7Kp2vXw9LrT4mNsB8c"].join("_");
    for (const [fields, why] of [
      [{ ...written, repo: "nobody" }, "choose one of the repositories"],
      [{ ...written, repo: "constructor" }, "choose one of the repositories"],
      [{ ...written, text: " \n" }, "write what you want done"],
      [{ ...written, text: "改".repeat(20_001) }, "at most 20000 characters"],
      [{ ...written, criteria: "x".repeat(2_001) }, "Not taken"],
      [{ ...written, criteria: "a\n".repeat(65) }, "at most 64 lines"],
      [{ repo: "repo", text: "What does lib/age.js do?" }, "Not taken"],
      [{ ...written, text: `The key is ${secret}` }, "text, line 1, column 12"],
    ] as const) {
      const { status, body } = await post(fields);
      expect({ why, status }).toEqual({ why, status: 422 });
      expect(body).toContain(why);
      expect(body).not.toContain(secret);
    }
    expect((await post({ ...written, text: " ", repo: "repo" })).body).toContain("age(-1) throws a RangeError");
    expect((await open(token, { method: "POST", body: "{}" })).status).toBe(422);
    expect((await open(token, { method: "POST", body: Buffer.alloc(384 * 1024 + 1) })).status).toBe(413);
    expect(control.log.head.position).toBe(before);
    expect((await post({ ...written, text: "改".repeat(19_000), request: request() })).status).toBe(200);
  });

  it("a link's token opens no approval, and no other token opens the link", async () => {
    const approval = (await phone.asked()).approval;
    const position = control.log.head.position;
    const variants = tokenVariants([token, phone.token(approval, { action: "look" })]);
    const others = [
      ...variants.filter((_, index) => index % 9 === 0).map((variant) => variant.token),
      phone.token(approval),
      "",
    ];
    expect(others.length).toBeGreaterThan(150);
    for (const other of others) expect([other, (await post(written, other)).status]).toEqual([other, 403]);
    for (const method of ["GET", "POST"]) {
      expect((await send(phone.port, `/a/${approval.approval_id}?token=${token}`, { method })).status).toBe(403);
      expect((await send(phone.port, "/a/new", { method })).status).toBe(403);
      expect((await send(phone.port, `/a/new?token=${token}&x=1`, { method })).status).toBe(403);
      expect((await send(phone.port, `/a/new/x?token=${token}`, { method })).status).toBe(404);
    }
    expect(control.log.head.position).toBe(position);
    expect((await open(token)).status).toBe(200);
  });

  it("a revoked or expired link gives 410, and what it submitted stays", async () => {
    const other = await makeLink();
    expect((await post({ ...written, again: "1", request: request() }, other)).status).toBe(200);
    const mine = missions().at(-1);
    const link_id = mine?.author.replace("phone/", "") ?? "";
    await submit(control, { kind: "RevokePhoneLink", link_id });
    for (const sent of [{}, { method: "POST", ...form(written) }]) {
      const { status, body } = await open(other, sent);
      expect([status, body]).toEqual([410, expect.stringContaining("was revoked")]);
    }
    expect(entityById(control.log.state.missions, mine?.mission_id ?? "")?.stage).toBe("awaiting_approval");
    const past = await makeLink(-1_000);
    expect([(await open(past)).status, (await post(written, past)).status]).toEqual([410, 410]);
    expect((await open(token)).status).toBe(200);
  });

  it("a link leaves no token in the log", async () => {
    const events = JSON.stringify(await control.log.listEvents());
    expect(events).toContain('"PhoneLinkMade"');
    expect(events).not.toContain(token);
    expect(events).not.toContain(token.split(".").at(-1));
    expect(await countEvents(control, "PhoneLinkRevoked")).toBe(1);
  });
});
