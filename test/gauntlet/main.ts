/** The gauntlet's command line: tries each listed repository in turn, and prints a row for each and the totals. See scripts/gauntlet. */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { SetUpProposal } from "@aedev/contracts";
import { missionsRowText, missionsTotalsText } from "./missions-totals.ts";
import { type Listed, readList } from "./read-list.ts";
import { rowText, totalsText } from "./totals.ts";
import { tryMissions } from "./try-missions.ts";
import { tryRepository } from "./try-repository.ts";
import { readProposals, setUpRowText, setUpTotalsText, trySetUp } from "./try-set-up.ts";

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

/** Tries one after another, printing and saving after each. */
async function tryEach<T>(
  all: readonly Listed[],
  tryOne: (listed: Listed) => Promise<T>,
  rowOf: (result: T) => string,
): Promise<T[]> {
  if (all.length === 0) {
    process.stderr.write("gauntlet: no repository of the list is meant\n");
    process.exit(1);
  }
  const results: T[] = [];
  for (const listed of all) {
    const result = await tryOne(listed);
    results.push(result);
    say(rowOf(result));
    save(results);
  }
  return results;
}

if (values.missions) {
  const results = await tryEach(chosen, (listed) => tryMissions(listed, { from }), missionsRowText);
  say(missionsTotalsText(results));
  if (results.some(({ cheat }) => cheat?.status === "landed")) process.exitCode = 1;
} else if (values["set-up"]) {
  const proposals = readProposals(readFileSync(new URL("./set-ups.yaml", import.meta.url), "utf8"));
  const proposed = chosen.filter(({ address }) => proposals.has(address));
  const results = await tryEach(
    proposed,
    (listed) => trySetUp(listed, { from, proposal: proposals.get(listed.address) as SetUpProposal }),
    setUpRowText,
  );
  say(setUpTotalsText(results));
} else {
  const results = await tryEach(
    chosen,
    (listed) => tryRepository(listed, { from, isOrdinary: values.ordinary }),
    rowText,
  );
  say(totalsText(results));
}
