/** One question to the Docker engine, read-only and with a deadline: for what control shows of it. What runs in it is the execution plane's. */
import { request } from "@aedev/host/node-http";
import { parseJson } from "@aedev/host/parse-json";

const answerBytesMax = 1024 * 1024;
const usualAddress = "unix:///var/run/docker.sock";

type Environment = NodeJS.ProcessEnv;

/** `found`: the address, and what came of the question. `body`: the answer as parsed JSON; null if there was none. */
export interface EngineAnswer {
  readonly ok: boolean;
  readonly found: string;
  readonly body: unknown;
}

/** One GET to the Docker engine at DOCKER_HOST (unix or tcp) or the default socket. Contract: never throws; no answer in time is an answer that is not ok. */
export function askEngine(
  environment: Environment,
  path: string,
  { timeoutMs }: { timeoutMs: number },
): Promise<EngineAnswer> {
  const address = engineAddress(environment);
  const target = engineTarget(address);
  const none = (found: string): EngineAnswer => ({ ok: false, found, body: null });
  if (target === null) return Promise.resolve(none(`${address}: not a unix:// or tcp:// address`));
  return new Promise((resolve) => {
    const call = request({ ...target, path }, (response) => {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      response.on("data", (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes <= answerBytesMax) chunks.push(chunk);
      });
      response.on("error", (error) => resolve(none(`${address}: ${error.message}`)));
      response.on("end", () => {
        const ok = response.statusCode === 200;
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({
          ok,
          found: `${address} ${ok ? "answers" : `answers ${response.statusCode}`}`,
          body: parseJson(text),
        });
      });
    });
    const deadline = setTimeout(() => call.destroy(new Error("no answer in time")), timeoutMs);
    call.on("close", () => clearTimeout(deadline));
    call.on("error", (error) => resolve(none(`${address}: ${error.message}`)));
    call.end();
  });
}

/** Where the engine is: DOCKER_HOST, or the default socket. */
export function engineAddress(environment: Environment): string {
  return environment["DOCKER_HOST"] || usualAddress;
}

function engineTarget(address: string): { socketPath: string } | { host: string; port: string } | null {
  if (address.startsWith("unix://")) return { socketPath: address.slice("unix://".length) };
  const url = URL.parse(address);
  return url !== null && /^(tcp|https?):$/.test(url.protocol) ? { host: url.hostname, port: url.port } : null;
}
