/**
 * Benchmarks the model gateway: the time to the first byte, compared with calling the endpoint directly, and the throughput of a long answer, compared with a
 * plain HTTP proxy on a unix socket. Endpoint and client are one process; the measured process between them is started with the execution plane's flags. Rounds
 * alternate, with a pause between them.
 */
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { smallProcessFlags } from "../../packages/daemon/src/planes/small-process.ts";
import { atLeast, atMost, type Figure, median } from "./figure.ts";
import { type Answered, type AskedPlace, promptBytes, type Size } from "./model-endpoint.ts";

const rounds = 60;
const longRounds = 15;
const pauseMs = 50;
const firstByteMsMax = 5;
const throughputMin = 0.8;

const beside = (name: string) => fileURLToPath(new URL(`./${name}`, import.meta.url));

export async function benchGateway(): Promise<Figure[]> {
  const folder = mkdtempSync(join(process.cwd(), ".bench-"));
  const endpoint = fork(beside("model-endpoint.ts"), { stdio: "inherit" });
  const port = await new Promise<number>((resolve) => endpoint.once("message", (message) => resolve(Number(message))));
  const between = fork(beside("gateway-process.ts"), [folder, String(port)], { execArgv: [...smallProcessFlags] });
  await new Promise((resolve) => between.once("message", resolve));
  try {
    const ask = (place: AskedPlace) => (size: Size) =>
      new Promise<Answered>((resolve, reject) => {
        endpoint.once("message", (answered: Answered | { error: string }) =>
          "error" in answered ? reject(new Error(answered.error)) : resolve(answered),
        );
        setTimeout(() => endpoint.send({ place, size }), pauseMs);
      });
    const direct = ask({ port, host: "127.0.0.1" });
    const raw = ask({ socketPath: join(folder, "raw.sock") });
    const through = ask({ socketPath: join(folder, "gateway.sock") });
    const copied = ask({ socketPath: join(folder, "copy.sock") });
    return [
      await firstByte({ direct, through }),
      await throughput("long", { raw, copied, through }),
      await throughput("paced", { raw, copied, through }),
    ];
  } finally {
    between.kill();
    endpoint.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Ask = (size: Size) => Promise<Answered>;

async function firstByte({ direct, through }: { direct: Ask; through: Ask }): Promise<Figure> {
  const took = { direct: [] as number[], through: [] as number[] };
  for (let round = -5; round < rounds; round += 1) {
    const [plain, metered] = [(await direct("short")).firstByteMs, (await through("short")).firstByteMs];
    if (round < 0) continue;
    took.direct.push(plain);
    took.through.push(metered);
  }
  const later = median(took.through.map((ms, round) => ms - (took.direct[round] ?? 0)));
  const ms = (values: readonly number[]) => `${median(values).toFixed(1)} ms`;
  const detail = `${ms(took.through)}, directly ${ms(took.direct)}; request of ${promptBytes / 1000} kB; ${rounds} turns`;
  return atMost("gateway: first byte later by", { limit: firstByteMsMax, value: later, unit: " ms", detail });
}

/** `long`: as fast as the machine can, which shows the gateway's full overhead. `paced`: a source of 50 MB/s, about a hundred times as fast as a model. */
async function throughput(
  size: "long" | "paced",
  { raw, copied, through }: { raw: Ask; copied: Ask; through: Ask },
): Promise<Figure> {
  const rates = { raw: [] as number[], copied: [] as number[], through: [] as number[] };
  const rate = ({ sizeBytes, totalMs }: Answered) => sizeBytes / totalMs / 1000;
  for (let round = -1; round < longRounds; round += 1) {
    const turn = { raw: rate(await raw(size)), copied: rate(await copied(size)), through: rate(await through(size)) };
    if (round >= 0) for (const name of ["raw", "copied", "through"] as const) rates[name].push(turn[name]);
  }
  const value = median(rates.through.map((metered, round) => metered / (rates.raw[round] ?? 1)));
  const mb = (name: keyof typeof rates) => `${median(rates[name]).toFixed(0)} MB/s`;
  const detail = `${mb("through")}, raw HTTP proxy ${mb("raw")}; only copying bytes ${mb("copied")}; ${longRounds} turns`;
  const name = size === "long" ? "gateway: throughput" : "gateway: throughput, 50 MB/s source";
  return atLeast(name, { limit: throughputMin, value, unit: " × raw proxy", detail });
}
