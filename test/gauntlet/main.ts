/** The gauntlet's command line: reads the list, tries each repository after the other, prints a row for each and the totals. See scripts/gauntlet. */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { missionsRowText, missionsTotalsText } from "./missions-totals.ts";
import { type Listed, readList } from "./read-list.ts";
import { type Result, rowText, totalsText } from "./totals.ts";
import { type MissionsResult, tryMissions } from "./try-missions.ts";
import { tryRepository } from "./try-repository.ts";
import { readProposals, type SetUpResult, setUpRowText, setUpTotalsText, trySetUp } from "./try-set-up.ts";

const { values } = parseArgs({
  options: {
    from: { type: "string" },
    half: { type: "string" },
    only: { type: "string", multiple: true },
    list: { type: "string" },
    ordinary: { type: "boolean", default: false },
    missions: { type: "boolean", default: false },
    "set-up": { type: "boolean", default: false },
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
const say = (text: string) => process.stdout.write(`${text}\n`);
const save = (results: readonly unknown[]) => {
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(results, null, 2));
};
const from = values.from ?? null;
if (values.missions) {
  const results: MissionsResult[] = [];
  for (const listed of chosen) {
    const result = await tryMissions(listed, { from });
    results.push(result);
    say(missionsRowText(result));
    save(results);
  }
  say(missionsTotalsText(results));
  if (results.some(({ cheat }) => cheat?.status === "landed")) process.exitCode = 1;
} else if (values["set-up"]) {
  const proposals = readProposals(readFileSync(new URL("./set-ups.yaml", import.meta.url), "utf8"));
  const results: SetUpResult[] = [];
  for (const listed of chosen) {
    const proposal = proposals.get(listed.address);
    if (proposal === undefined) continue;
    const result = await trySetUp(listed, { from, proposal });
    results.push(result);
    say(setUpRowText(result));
    save(results);
  }
  say(setUpTotalsText(results));
} else {
  const results: Result[] = [];
  for (const listed of chosen) {
    const result = await tryRepository(listed, { from, isOrdinary: values.ordinary });
    results.push(result);
    say(rowText(result));
    save(results);
  }
  say(totalsText(results));
}
if (chosen.length === 0) {
  process.stderr.write("gauntlet: no repository of the list is meant\n");
  process.exitCode = 1;
}
