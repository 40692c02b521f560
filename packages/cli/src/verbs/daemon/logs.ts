/** `aedev daemon logs`: prints the logs of the daemon and its planes, live with `--follow`, with the daemon up or down. */
import { setTimeout as delay } from "node:timers/promises";
import type { LogRecord } from "@aedev/daemon";
import { done, usageFault } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";
import { jsonLine } from "../../render/json-text.ts";

const linesByDefault = 100;
const linesMax = 100_000;
const pollMs = 250;

export const verb: Verb = {
  summary: "Print the newest records of the daemon's and its planes' logs.",
  options: [
    { flags: "--lines <n>", summary: `how many records (default ${linesByDefault})` },
    { flags: "--follow", summary: "print new records until you end it; with --json one document per line" },
  ],
  examples: ["aedev daemon logs", "aedev daemon logs --lines 20 --json", "aedev daemon logs --follow"],
  async run({ home, json, terminal, entries }, input) {
    requireHome(home);
    const lines = Number(input.text("lines") ?? linesByDefault);
    if (!Number.isInteger(lines) || lines < 1 || lines > linesMax)
      throw usageFault(`--lines needs a number from 1 to ${linesMax}`, "aedev daemon logs --help");
    const { followLogs, readLogs } = await entries.daemon();
    if (!input.flag("follow")) {
      const records = await readLogs({ home, lines });
      return done({ records }, records.length === 0 ? "nothing was logged yet" : records.map(recordText).join("\n"));
    }
    const next = await followLogs({ home });
    for (let records = await readLogs({ home, lines }); ; records = next()) {
      for (const record of records) terminal.write(json ? jsonLine(record) : `${recordText(record)}\n`);
      await delay(pollMs);
    }
  },
};

function recordText({ at, level, process, message, fields }: LogRecord): string {
  const others = Object.entries(fields).map(([name, value]) => ` ${name}=${String(value)}`);
  const text = `${message.replaceAll("\n", "\n    ")}${others.join("")}`;
  return at === null ? text : `${at} ${level.padEnd(5)} ${process.padEnd(9)} ${text}`;
}
