/** `aedev events`: the newest events, or with `--follow` each new one as it is appended. */
import { createInterface } from "node:readline";
import { type ExportedEvent, exportedEventSchema } from "@aedev/contracts/events";
import { type Answer, done } from "../../command-line/answer.ts";
import { parseCount } from "../../command-line/duration.ts";
import type { Verb } from "../../command-line/verb.ts";
import { stream } from "../../daemon-client/daemon-link.ts";
import { requireHome } from "../../daemon-client/home.ts";
import { eventLine } from "../../render/event-line.ts";
import { jsonLine } from "../../render/json-text.ts";
import type { Session } from "../../terminal/session.ts";

export const verb: Verb = {
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
