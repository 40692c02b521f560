/** The tables of holds and reasons, in the words of `aedev hold show`. */
import { holdCodes, holdMeanings, reasonMeanings } from "@aedev/contracts";
import { holdResumes } from "../../packages/contracts/src/hold-code.ts";
import { readTheDiff } from "../../packages/contracts/src/meanings/reason-meanings.ts";

const continues = { never: "you", probe: "probe", instant: "time" };

/** In order of precedence: of several holds, the first one is shown. */
export function holdTable(): string {
  const rows = holdCodes.map((code) => {
    const { means, helps } = holdMeanings[code];
    return `| \`${code}\` | ${continues[holdResumes[code]]} | ${means} | ${helps} |`;
  });
  return ["| hold | continues | what it means | what usually helps |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** The text above the table says once what *Decide* means. */
export function reasonTable(): string {
  const rows = Object.entries(reasonMeanings).map(
    ([code, { means, helps }]) => `| \`${code}\` | ${means} | ${helps === readTheDiff ? "*Decide*" : helps} |`,
  );
  return ["| reason | what it means | what usually helps |", "| --- | --- | --- |", ...rows].join("\n");
}
