/** The gauntlet's command line: reads the list, tries each repository after the other, prints a row for each and the totals. See scripts/gauntlet. */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Listed, readList } from "./read-list.ts";
import { type Result, rowText, totalsText } from "./totals.ts";
import { tryRepository } from "./try-repository.ts";

const { values } = parseArgs({
  options: {
    from: { type: "string" },
    half: { type: "string" },
    only: { type: "string", multiple: true },
    list: { type: "string" },
    ordinary: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const list = readFileSync(values.list ?? new URL("./repositories.yaml", import.meta.url), "utf8");
const isMeant = ({ name, address }: Listed, only: readonly string[]) =>
  only.some((one) => one === name || address.endsWith(`/${one}`));
const chosen = readList(list).filter(
  (listed) =>
    (values.half === undefined || listed.half === values.half) &&
    (values.only === undefined || isMeant(listed, values.only)),
);
const results: Result[] = [];
for (const listed of chosen) {
  const result = await tryRepository(listed, { from: values.from ?? null, isOrdinary: values.ordinary });
  results.push(result);
  process.stdout.write(`${rowText(result)}\n`);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(results, null, 2));
}
process.stdout.write(`${totalsText(results)}\n`);
if (chosen.length === 0) {
  process.stderr.write("gauntlet: no repository of the list is meant\n");
  process.exitCode = 1;
}
