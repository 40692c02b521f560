/** Asks the Docker engine one read-only question with a deadline, to show the answer. Running containers is the execution plane's job. */
import { request } from "@aedev/host/node-http";
import { parseJson } from "@aedev/host/parse-json";

const answerBytesMax = 1024 * 1024;
const usualAddress = "unix:///var/run/docker.sock";

type Environment = NodeJS.ProcessEnv;

/** `found`: the engine's address and how the question ended. `body`: the answer's parsed JSON, or null. */
export interface EngineAnswer {
  readonly ok: boolean;
  readonly found: string;
  readonly body: unknown;
}

/** Sends one GET to the Docker engine at DOCKER_HOST (unix or tcp) or the default socket. It never throws: without an answer in time, the answer is not ok. */
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

/** The engine's address: DOCKER_HOST, or the default socket. */
export function engineAddress(environment: Environment): string {
  return environment["DOCKER_HOST"] || usualAddress;
}

function engineTarget(address: string): { socketPath: string } | { host: string; port: string } | null {
  if (address.startsWith("unix://")) return { socketPath: address.slice("unix://".length) };
  const url = URL.parse(address);
  return url !== null && /^(tcp|https?):$/.test(url.protocol) ? { host: url.hostname, port: url.port } : null;
}
