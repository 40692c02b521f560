/**
 * A process for tests: appends to the log in its first argument while it lives, and prints the id of each answered command. Second argument: how many commands
 * are under way at once. Third: a number that makes this life's ids unique. With `early` as the fourth it has a bug: it answers before the commit.
 */
import { writeSync } from "node:fs";
import { decide } from "@aedev/core";
import { openEventLog } from "../../src/log/event-log.ts";
import { approveMission, configure, submitMission } from "./story.ts";

const [path = "", callers = "4", life = "1", bug = ""] = process.argv.slice(2);
const log = await openEventLog({ path, decide });

/** A repository's settings, then a mission, then its approval, which brings two events on two streams. */
function commandOf(caller: number, number: number) {
  const id = `c-${life}-${caller}-${number}`;
  const own = String((Number(life) * 100 + caller) * 1_000_000 + Math.floor(number / 3)).padStart(16, "0");
  if (number % 3 === 0) return configure(id, `alpha-${caller}`);
  if (number % 3 === 1) return submitMission(id, `m-${own}`, `Close hole ${own}`, `alpha-${caller}`);
  return approveMission(id, `m-${own}`, `t-${own}`);
}

async function append(caller: number): Promise<void> {
  for (let number = 0; ; number += 1) {
    const command = commandOf(caller, number);
    if (bug === "early") writeSync(1, `${command.command_id}\n`);
    const answer = await log.submit(command);
    if (answer.kind === "done" && bug === "") writeSync(1, `${command.command_id}\n`);
  }
}

await Promise.all(Array.from({ length: Number(callers) }, (_, caller) => append(caller)));
