/** The approval page and its listener: everything that a decision needs, escaped, in one page without a script; and no other route. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { renderApprovalPage } from "@aedev/dashboard";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Control } from "../../../src/control/control.ts";
import { approvalPageDocument } from "../../../src/phone/approval/approval-page-document.ts";
import { type ApprovalListener, openApprovalListener } from "../../../src/phone/approval/listener.ts";
import { approvalKey, mintToken } from "../../../src/phone/approval/token.ts";
import { claimOf } from "../../../src/phone/approval/use-token.ts";
import { type TemporaryFolder, temporaryFolder } from "../../log/story.ts";
import { addressOf, send } from "./ask.ts";
import {
  askAboutChange,
  askAboutPlan,
  askAboutSpecification,
  askCodersQuestion,
  hostile,
  openControl,
  requestApproval,
} from "./asked-home.ts";

let folder: TemporaryFolder;
let control: Control & AsyncDisposable;
let listener: ApprovalListener;

beforeAll(async () => {
  folder = temporaryFolder();
  control = await openControl(folder.at("home"));
  const opened = await openApprovalListener(control);
  if (opened === null) throw new Error("the listener did not open");
  listener = opened;
});
afterAll(async () => {
  await listener.close();
  await control[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

async function openApprovalPage(subject: Awaited<ReturnType<typeof askAboutChange>>) {
  const approval = await requestApproval(control, subject);
  const token = mintToken(approvalKey(control.home), approval, { action: "look" });
  const address = addressOf(approval.approval_id, token);
  return { approval, address, ...(await send(listener.port, address)) };
}

describe("the page", () => {
  it("a change's page shows why it asks, what will happen, diff, tests, verdicts, risk and specification", async () => {
    const { body, approval } = await openApprovalPage(await askAboutChange(control));
    for (const text of [
      "Close the hole",
      "the profile is safe",
      "becomes one commit",
      "<code>main of /r</code>",
      "Nothing lands, and the task ends",
      "Land this change on main of repo?",
      "<del>-exports.add = (a, b) =&gt; Math.abs(a) + b;</del>",
      "<ins>+exports.add = (a, b) =&gt; a + b; //",
      "Failed before, pass now: 1",
      "adds negative numbers",
      "Passed before, still pass: 2",
      "Newly failing: 0",
      "Vanished: 0",
      ">2 of 2 passed<",
      ">openai<",
      ">gemini<",
      "<dd><p>7.6 % chance of harm (low)</p>",
      "changed files",
      "Make add() right for negative numbers",
      "default: no criterion was given",
      "Which file?",
      "use the existing sign()",
      approval.expires_at,
    ])
      expect(body).toContain(text);
  });

  it("the page of a specification or a coder's question shows what is asked, and only its own buttons", async () => {
    const specification = await openApprovalPage(await askAboutSpecification(control));
    expect(specification.body).toContain("Start work on this in repo?");
    expect(specification.body).toContain("default: no criterion was given");
    const question = await openApprovalPage(await askCodersQuestion(control, "Round half up or half even?"));
    expect(question.body).toContain("Round half up or half even?");
    expect(question.body).toContain("Decide yourself, in the smallest way that meets the criteria (default)");
    expect(question.body).not.toMatch(/class="(button )?(approve|reject)"|\.(approve|change|reject)\./);
  });

  it("the page of a plan shows what each part asks for, and never sends the whole back", async () => {
    const { body } = await openApprovalPage(await askAboutPlan(control));
    for (const text of [
      "Start work on this plan of 2 parts?",
      "<h2>half: Add half() to lib/add.js",
      "half(2) returns 1",
      "<p>half (same files)</p>",
      "third(2) returns 1",
      "No other part starts.",
      "aedev mission send-back PART --reason TEXT",
    ])
      expect(body).toContain(text);
    expect(body).toMatch(/\.approve\..*\.reject\./s);
    expect(body).not.toContain(".change.");
  });

  it("the page is one self-contained document without script, link or address, whatever is in it", async () => {
    const pages = [
      await openApprovalPage(await askAboutChange(control)),
      await openApprovalPage(await askAboutSpecification(control)),
      await openApprovalPage(await askAboutPlan(control)),
      await openApprovalPage(await askCodersQuestion(control, `Shall I? ${hostile}`)),
    ];
    for (const { status, body, headers } of pages) {
      expect(status).toBe(200);
      expect(body).toMatch(/^<!doctype html>\n<html lang="en">/);
      expect(body).toContain('name="viewport"');
      expect(body).not.toMatch(
        /<(script|img|iframe|link|a|svg|object|base)\b|\bon\w+=(?!alert\(1\)&gt;)|(src|href)=(?!x on)|javascript:/i,
      );
      // Apart from line breaks and tabs, no control, bidirectional or zero-width character is left.
      expect(body).not.toMatch(/[^\P{C}\n\t]/u);
      expect([...body.matchAll(/<h1>/g)]).toHaveLength(1);
      const ids = [...body.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const [, id] of body.matchAll(/<textarea id="([^"]+)"/g)) expect(body).toContain(`<label for="${id}">`);
      const style = /<style>([\s\S]*)<\/style>/.exec(body)?.[1] ?? "";
      const digest = createHash("sha256").update(style).digest("base64");
      expect(headers).toMatchObject({
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": `default-src 'none'; style-src 'sha256-${digest}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
      });
      expect(
        Object.keys(headers).filter((name) => /^(set-cookie|access-control-|server|x-powered-by|location)/.test(name)),
      ).toEqual([]);
    }
    expect(pages[0]?.body).toContain("&lt;img src=x onerror=alert(1)&gt;&quot;\\u{202e}\\u{1b}]8;;http://evil\\u{7}");
  });

  it("the page cuts what is too long, and says how much", async () => {
    const approval = await requestApproval(control, await askAboutChange(control));
    const token = mintToken(approvalKey(control.home), approval, { action: "look" });
    const claim = claimOf(control, { token });
    if (claim === null) throw new Error("the token is not valid");
    const lines = Array.from({ length: 5_000 }, (_, line) => `+line ${line} ${"x".repeat(1_000)}`).join("\n");
    const patch = Buffer.from(`diff --git a/a b/a\n${lines}\n`);
    const long = { ...control, blobs: { ...control.blobs, get: (digest: string) => sized(digest, patch) } };
    const page = renderApprovalPage(approvalPageDocument(long, claim));
    expect(page.length).toBeLessThan(400_000);
    expect(page).toMatch(/omitted: [\d,]+ lines/);
    expect(page).toContain("characters omitted)");
    expect(page).toContain("--entry patch");
    expect(renderApprovalPage(approvalPageDocument(control, claim))).not.toContain("omitted");
  });
});

/** The story's blobs, with another patch. */
function sized(digest: string, patch: Buffer): Uint8Array {
  const bytes = control.blobs.get(digest);
  return Buffer.from(bytes).toString("utf8").startsWith("diff --git") ? patch : bytes;
}

describe("the listener", () => {
  it("the listener answers 404 to everything but an approval's address", async () => {
    const { address, approval } = await openApprovalPage(await askAboutChange(control));
    const token = address.split("?")[1];
    for (const path of [
      ...["/", "/a", "/a/", "/health", "/api/missions", "/api/tasks", "/status-board", "/openapi.json", "/favicon.ico"],
      ...[
        `/A/${approval.approval_id}?${token}`,
        `/a/${approval.approval_id}/?${token}`,
        `//a/${approval.approval_id}?${token}`,
      ],
      ...[
        `/a/${approval.approval_id}/x?${token}`,
        `/x/../a/${approval.approval_id}?${token}`,
        "/a/%zz?token=x",
        "/%2e%2e/token",
      ],
    ])
      for (const method of ["GET", "POST"])
        expect([method, path, (await send(listener.port, path, { method })).status]).toEqual([method, path, 404]);
    for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
      expect([method, (await send(listener.port, address, { method })).status]).toEqual([method, 404]);
    expect((await send(listener.port, address)).status).toBe(200);
  });

  it("the listener answers a request for an icon like any other address, and never asks who it is", async () => {
    const { status, body, headers } = await send(listener.port, "/favicon.ico");
    expect(status).toBe(404);
    expect(body).toContain("There is no such page.");
    expect(headers).not.toHaveProperty("www-authenticate");
  });

  it("the listener's refusals have the same headers, and one page for all that is not valid", async () => {
    const { address, approval } = await openApprovalPage(await askAboutChange(control));
    const refused = [
      await send(listener.port, `/a/${approval.approval_id}?token=x`),
      await send(listener.port, "/a/a-0000000000000000?token=x"),
      await send(listener.port, address.replace(/.$/, "_"), {
        method: "POST",
        body: Buffer.alloc(100_000),
      }),
    ];
    expect(new Set(refused.map(({ body }) => body)).size).toBe(1);
    for (const { status, headers } of [...refused, await send(listener.port, "/nothing")]) {
      expect([403, 404]).toContain(status);
      expect(headers).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
      expect(headers["content-security-policy"]).toContain("default-src 'none'");
    }
    expect(refused[0]?.body).not.toContain(approval.subject.mission_id);
  });

  it("the listener stays closed without a public URL, and says which port is taken", async () => {
    await using closed = await openControl(folder.at("closed"), { AEDEV_APPROVAL_PORT: "0" });
    expect(await openApprovalListener(closed)).toBeNull();
    const environment = { AEDEV_PUBLIC_URL: "https://phone.example", AEDEV_APPROVAL_PORT: String(listener.port) };
    await using taken = await openControl(folder.at("taken"), environment);
    await expect(openApprovalListener(taken)).rejects.toMatchObject({ code: "port-refused" });
    expect((await send(listener.port, "/nothing")).status).toBe(404);
  });

  it("the listener drops a client that never ends its request, and serves others meanwhile", async () => {
    const { address, approval } = await openApprovalPage(await askAboutChange(control));
    const token = address.split("?")[1];
    const beginnings = [
      "",
      "GET /a/x",
      `POST /a/${approval.approval_id}?${token} HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nabc`,
    ];
    const ends = beginnings.map(async (text) => {
      const socket = connect(listener.port, "127.0.0.1");
      socket.on("error", () => socket.destroy());
      socket.resume().write(text);
      await once(socket, "close");
    });
    expect((await send(listener.port, address)).status).toBe(200);
    await Promise.all(ends);
    expect((await send(listener.port, address)).status).toBe(200);
  });

  it("the listener turns a flood away with 429, adds nothing to the log, and still serves holders of a token", async () => {
    await using home = await openControl(folder.at("flooded"));
    const flooded = await openApprovalListener(home);
    if (flooded === null) throw new Error("the listener did not open");
    try {
      const approval = await requestApproval(home, await askAboutChange(home));
      const position = home.log.head.position;
      const statuses = new Map<number, number>();
      let left = 14_000;
      const worker = async () => {
        for (; left > 0; left -= 1) {
          const { status } = await send(flooded.port, "/a/a-0000000000000000?token=x", { method: "POST" });
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          if ((statuses.get(429) ?? 0) > 50) left = 0;
        }
      };
      await Promise.all(Array.from({ length: 8 }, worker));
      expect([...statuses.keys()].toSorted()).toEqual([403, 429]);
      expect(statuses.get(403)).toBeGreaterThanOrEqual(10_000);
      expect(home.log.head.position).toBe(position);
      const token = mintToken(approvalKey(home.home), approval, { action: "approve" });
      const other = await requestApproval(home, await askAboutChange(home));
      const found = addressOf(other.approval_id, mintToken(approvalKey(home.home), other, { action: "look" }));
      const views = [];
      for (let count = 0; count < 400; count += 1) views.push((await send(flooded.port, found)).status);
      expect(new Set(views)).toEqual(new Set([200, 429]));
      const tap = await send(flooded.port, addressOf(approval.approval_id, token), { method: "POST" });
      expect(tap.status).toBe(200);
    } finally {
      await flooded.close();
    }
  });
});
