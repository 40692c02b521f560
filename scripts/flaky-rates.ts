/** Prints how often a change is asked about because of a flaky test, for contracts/src/failure-rates.ts: `npx -y pnpm@12.21.0 flaky:rates`. */
import { measureFlaky } from "../test/support/flaky-rates.ts";

const [seed, changes] = [1, 4000];
const rates = [
  [0.1, 0.1],
  [1 / 3, 1 / 3],
  [0.5, 0.5],
  [0.1, 0.6],
  [0.1, 0.8],
  [0.1, 0.9],
  [1 / 3, 0.6],
  [1 / 3, 0.8],
  [1 / 3, 0.9],
] as const;
const percent = (share: number) => `${Math.round(share * 100)} %`;

for (const [base, after] of rates) {
  const { asked, more, most } = await measureFlaky({ base, after }, { changes, seed });
  process.stdout.write(`| ${[percent(base), percent(after), percent(asked), more.toFixed(1), most].join(" | ")} |\n`);
}
