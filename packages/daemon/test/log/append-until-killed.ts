/** A process of the tests: appends to the log at its first argument for as long as it lives and prints the id of each answered command. */
import { writeSync } from "node:fs";
import { decide } from "@aedev/core";
import { openEventLog } from "../../src/log/event-log.ts";
import { configure } from "./story.ts";

const [path = "", callers = "4"] = process.argv.slice(2);
const log = await openEventLog({ path, decide });

async function append(caller: number): Promise<void> {
  for (let number = 1; ; number += 1) {
    const id = `c-${process.pid}-${caller}-${number}`;
    const answer = await log.submit(configure(id, `alpha-${caller}`));
    if (answer.kind === "done") writeSync(1, `${id}\n`);
  }
}

await Promise.all(Array.from({ length: Number(callers) }, (_, caller) => append(caller)));
