/** `aedev events`: the newest events, or with `--follow` each new one as it is appended. */
import { createInterface } from "node:readline";
import { escapeText } from "@aedev/core";
import { type Answer, done } from "../../answer.ts";
import { parseCount } from "../../line/duration.ts";
import { eventLine, type ShownEvent, shownEventSchema } from "../../render/event-line.ts";
import { jsonLine } from "../../render/json-text.ts";
import { streamFromDaemon } from "../../session/daemon-link.ts";
import { requireHome } from "../../session/home.ts";
import type { Session } from "../../session/session.ts";
import type { Verb } from "../../verb.ts";

export const verb: Verb = {
  summary: "Print the newest events; with --follow, go on with each new one.",
  options: [
    { flags: "--follow", summary: "go on until interrupted; with --json one document a line" },
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

async function newest({ home, entries }: Session, limit: number): Promise<ShownEvent[]> {
  let kept: string[] = [];
  await (await entries.daemon()).exportLog({
    home,
    views: false,
    write: (text) => {
      kept.push(...text.split("\n").filter((line) => line !== ""));
      if (kept.length > limit + 1000) kept = kept.slice(kept.length - limit);
    },
  });
  return kept.slice(Math.max(0, kept.length - limit)).map((line) => shownEventSchema.parse(JSON.parse(line)));
}

async function follow(session: Session, limit: number): Promise<Answer> {
  const last = (await newest(session, 1))[0]?.position ?? 0;
  const response = await streamFromDaemon(session, `/api/events?follow=1&after=${Math.max(0, last - limit)}`);
  for await (const line of createInterface({ input: response })) {
    if (line.trim() === "") continue;
    const event = shownEventSchema.parse(JSON.parse(line));
    session.terminal.write(session.json ? jsonLine(event) : `${escapeText(eventLine(event))}\n`);
  }
  return { kind: "streamed" };
}
