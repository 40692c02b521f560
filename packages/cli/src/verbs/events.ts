/** `aedev events`: prints, checks, accepts, rebuilds and exports the log. */

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { acceptLogCommand, escapeLine } from "@aedev/contracts";
import type { Verification } from "@aedev/contracts/api";
import { type ExportedEvent, exportedEventSchema } from "@aedev/contracts/events";
import { z } from "zod";
import { type Answer, done, refused, usageFault } from "../command-line/answer.ts";
import { parseCount } from "../command-line/duration.ts";
import type { Verb } from "../command-line/verb.ts";
import { call, findDaemon, stream } from "../daemon-client/daemon-link.ts";
import { requireHome } from "../daemon-client/home.ts";
import { escapeJson, eventLine, jsonLine } from "../render/json-text.ts";
import type { Session } from "../terminal/session.ts";

const showVerb: Verb = {
  summary: "Print the newest events; with --follow, also each new one.",
  options: [
    { flags: "--follow", summary: "print new events until interrupted; with --json one document per line" },
    { flags: "--limit <count>", summary: "how many of the newest (default 50)" },
  ],
  examples: ["aedev events", "aedev events --limit 500", "aedev events --follow --json"],
  async run(session, input) {
    requireHome(session.home);
    const limit = parseCount(input.text("limit") ?? "50", "--limit");
    if (input.flag("follow")) return follow(session, limit);
    const events = await newest(session, limit);
    return done({ events }, events.length === 0 ? "no events yet" : events.map(eventLine).join("\n"));
  },
};

async function newest({ home, entries }: Session, limit: number): Promise<ExportedEvent[]> {
  const lines: string[] = [];
  const write = (text: string) => void lines.push(text);
  await (await entries.daemon()).exportLog({ home, views: false, last: limit, write });
  return lines.map((line) => exportedEventSchema.parse(JSON.parse(line)));
}

async function follow(session: Session, limit: number): Promise<Answer> {
  const last = (await newest(session, 1))[0]?.position ?? 0;
  const response = await stream(session, "listEvents", { after: Math.max(0, last - limit) });
  for await (const line of createInterface({ input: response })) {
    if (line.trim() === "") continue;
    const event = exportedEventSchema.parse(JSON.parse(line));
    session.terminal.write(session.json ? jsonLine(event) : `${eventLine(event)}\n`);
  }
  return { kind: "streamed" };
}

const verifyVerb: Verb = {
  summary: "Check the log's chain, versions, views and signed head; exit code 1 names what is wrong.",
  options: [
    {
      flags: "--checkpoint <file>",
      summary: "a copy of the home's head.json, kept elsewhere, that the log must contain",
    },
    {
      flags: "--since-checkpoint",
      summary:
        "only the events after the checkpoint (else the signed head) and the views that they changed; older events, other views and the database file are not checked",
    },
    { flags: "--blobs", summary: "also every blob that an event names: it is there with its bytes, or it expired" },
  ],
  examples: [
    "aedev events verify",
    "aedev events verify --blobs",
    "aedev events verify --since-checkpoint",
    "aedev events verify --checkpoint /backup/head.json",
  ],
  async run(session, input) {
    const { home, entries } = session;
    requireHome(home);
    const file = input.text("checkpoint");
    // A mistyped name says nothing about the log.
    if (file !== undefined && !existsSync(file))
      return refused(
        "no-checkpoint",
        `there is no checkpoint at ${resolve(file)}`,
        "name a copy of the home's head.json",
      );
    const sinceHead = input.flag("sinceCheckpoint");
    const blobs = input.flag("blobs");
    if (file === undefined && !sinceHead && !blobs && (await findDaemon(session)) !== undefined) {
      const answer = await call(session, "verifyEvents", {});
      return answer.kind === "refused" ? answer : verificationAnswer(answer.document);
    }
    const options = { home, sinceHead, blobs, ...(file === undefined ? {} : { checkpoint: resolve(file) }) };
    return verificationAnswer(await (await entries.daemon()).verifyLog(options), sinceHead);
  },
};

function verificationAnswer(document: Verification, sinceHead = false): Answer {
  const { ok, problems, warnings } = document;
  const notes = warnings.map((warning) => `note: ${escapeLine(warning, 500)}`);
  if (ok) {
    const answer = done(document, sinceHead ? "the log is whole since the last checkpoint" : "the log is whole");
    return notes.length === 0 ? answer : { ...answer, notice: notes.join("\n") };
  }
  const lines = problems.map((problem) => `  ${escapeLine(problem, 500)}`);
  return {
    ...done(document, lines.join("\n")),
    exit: 1,
    notice: [
      "aedev: the log is not whole\n  help: a changed view is restored by aedev events rebuild; a changed event only from a backup",
      ...notes,
    ].join("\n"),
  };
}

const example = `1284:${"5f2c".repeat(16)}`;

const acceptVerb: Verb = {
  summary:
    "Accept a log that is not trusted, as it is, so that work continues. Every approval that was requested before is void.",
  options: [
    { flags: "--tip <position:hash>", summary: "the log's last event, what you accept; to see it: aedev status" },
    { flags: "--reason <text>", summary: "why you accept it; the log keeps it" },
  ],
  examples: [
    "aedev events accept",
    `aedev events accept --tip ${example} --reason "restored the backup of Monday"`,
    `aedev events accept --tip ${example} --reason "…" --json`,
  ],
  async run(session, input) {
    const status = await call(session, "showStatus", {});
    if (status.kind === "refused") return status;
    const { untrusted } = status.document;
    if (untrusted === null)
      return refused("log-trusted", "the log is trusted; there is nothing to accept", "aedev status");
    const tip = input.text("tip");
    const reason = input.text("reason");
    const facts = `${untrusted.reasons.join("\n  ")}\n  it ends at position ${untrusted.position} with hash ${untrusted.hash}`;
    if (tip === undefined || reason === undefined)
      return refused("not-confirmed", `the log is not trusted:\n  ${facts}`, acceptLogCommand(untrusted));
    const [, position, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(tip) ?? [];
    if (position === undefined || hash === undefined)
      throw usageFault("--tip must be POSITION:HASH, as `aedev status` shows them", "aedev events accept");
    const answer = await call(session, "acceptLog", { body: { position: Number(position), hash, reason } });
    if (answer.kind === "refused") return answer;
    const { document } = answer;
    return done(
      document,
      `the log is accepted at position ${document.position}, in epoch ${document.epoch}; work continues`,
    );
  },
};

const rebuildVerb: Verb = {
  summary: "Rebuild the views from the log.",
  examples: ["aedev events rebuild"],
  async run(session) {
    const { home, entries } = session;
    requireHome(home);
    if ((await findDaemon(session)) === undefined) await (await entries.daemon()).rebuildViews({ home });
    else {
      const answer = await call(session, "rebuildEvents", {});
      if (answer.kind === "refused") return answer;
    }
    return done({ rebuilt: true }, "the views match the log");
  },
};

const exportVerb: Verb = {
  summary: "Print the log as JSON Lines, the same bytes each time.",
  options: [
    {
      flags: "--views",
      summary: "after the events, also what they come to: missions, tasks and so on as they are now",
    },
  ],
  examples: ["aedev events export > log.jsonl", "aedev events export --views"],
  async run({ home, entries, terminal, json }, input) {
    requireHome(home);
    const { exportLog } = await entries.daemon();
    const views = input.flag("views");
    if (json) {
      let text = "";
      await exportLog({
        home,
        views,
        write: (lines) => {
          text += lines;
        },
      });
      return done(documentOf(text, views), "");
    }
    await exportLog({ home, views, write: (text) => terminal.write(escapeJson(text)) });
    return { kind: "streamed" };
  },
};

function documentOf(text: string, withViews: boolean): object {
  const rows = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => z.looseObject({ view: z.string().optional() }).parse(JSON.parse(line)));
  const events = rows.filter((row) => row.view === undefined);
  return withViews ? { events, views: rows.filter((row) => row.view !== undefined) } : { events };
}

export const verbs = { "": showVerb, verify: verifyVerb, accept: acceptVerb, rebuild: rebuildVerb, export: exportVerb };
