/** Benchmarks `aedev status` against the smallest program of the same Node, alternating, with the daemon down and up. Wall time of whole processes. */
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { Laboratory } from "../../test/support/laboratory.ts";
import { atMost, type Figure, median } from "./figure.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const node = `${root}node_modules/node/bin/node`;
const rounds = 40;
/** Rounds that are not counted, because they fill Node's compile cache and the system's file cache. */
const warmUps = 3;
const timesMax = 6;

export async function benchStatus(): Promise<Figure[]> {
  await using down = await Laboratory.open();
  await using up = await Laboratory.open();
  await up.must("daemon", "start");
  const took = { nothing: [] as number[], down: [] as number[], up: [] as number[] };
  for (let round = -warmUps; round < rounds; round += 1) {
    const turn = {
      nothing: await timeOf(node, ["-e", "0"], down.environment),
      down: await timeOf(`${root}bin/aedev`, ["status"], down.environment),
      up: await timeOf(`${root}bin/aedev`, ["status"], up.environment),
    };
    if (round < 0) continue;
    took.nothing.push(turn.nothing);
    took.down.push(turn.down);
    took.up.push(turn.up);
  }
  const nothing = median(took.nothing);
  return (["down", "up"] as const).map((state) => {
    const detail = `${median(took[state]).toFixed(0)} ms, node -e 0 ${nothing.toFixed(0)} ms, ${rounds} turns`;
    const value = median(took[state]) / nothing;
    return atMost(`aedev status, daemon ${state}`, { limit: timesMax, value, unit: " × node -e 0", detail });
  });
}

async function timeOf(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const start = performance.now();
  await execa(file, args, { env: { ...environment }, extendEnv: false, stdin: "ignore" });
  return performance.now() - start;
}
