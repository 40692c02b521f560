/** The tables of holds and reasons, in the words of `aedev hold show`. */
import { holdCodes, holdMeanings, reasonMeanings } from "@aedev/contracts";
import { holdResumes } from "../../packages/contracts/src/hold-code.ts";
import { askForAnother, decideOnIt, readTheDiff } from "../../packages/contracts/src/meanings/reason-meanings.ts";

const continues = { never: "you", probe: "probe", instant: "time" };

/** In order of precedence: of several holds, the first one is shown. */
export function holdTable(): string {
  const rows = holdCodes.map((code) => {
    const { means, helps } = holdMeanings[code];
    return `| \`${code}\` | ${continues[holdResumes[code]]} | ${means} | ${shortened(helps)} |`;
  });
  return ["| hold | continues | what it means | what usually helps |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** The text above the table says once what each of these means. */
const inShort = new Map([
  [readTheDiff, "*Decide*"],
  [decideOnIt, "*Approve or reject*"],
  [askForAnother, "*Try again*"],
]);

export function reasonTable(): string {
  const rows = Object.entries(reasonMeanings).map(
    ([code, { means, helps }]) => `| \`${code}\` | ${means} | ${inShort.get(helps) ?? shortened(helps)} |`,
  );
  return ["| reason | what it means | what usually helps |", "| --- | --- | --- |", ...rows].join("\n");
}

/** The commands that the block above each table lists, as the word in italics that stands for each there. */
function shortened(helps: string): string {
  const words: Readonly<Record<string, string>> = {
    "hold release <hold>": "release",
    "task retry <task>": "retry",
    "task reject <task>": "reject",
    "task approve <task>": "approve",
    "task diff <task>": "diff",
    "task logs <task>": "logs",
    "task send-back <task> --reason TEXT": "send back",
    "evidence show <task>": "evidence",
    "evidence show <task> --entry checks": "checks",
  };
  return helps.replaceAll(/`aedev ([^`]+)`/g, (text, command: string) =>
    words[command] === undefined ? text : `*${words[command]}*`,
  );
}
