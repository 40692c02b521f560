/**
 * The client's side of an operator's token: reads it from its file, and makes the daemon prove itself before the token goes to the loopback port, where
 * any program may listen while the daemon is down (SECURITY T35).
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { Fault, operatorTokenPattern } from "@aedev/contracts";
import { parseJson } from "@aedev/host/parse-json";
import { assertPrivate } from "@aedev/host/private-home";
import { downFault } from "../command-line/answer.ts";
import { send } from "./http-request.ts";

const fileBytesMax = 4096;
const proofTimeoutMs = 5_000;
const usualPort = 7247;
/** The lengths of a token before the part that the daemon proves: `aedev_` and the random part. */
const [prefixLength, randomLength] = [6, 64];

/** The token in the file, which only this user may be able to read. */
export function readOperatorToken(path: string): string {
  assertPrivate(path);
  const text = readToken(path);
  if (operatorTokenPattern.test(text)) return text;
  throw new Fault("token-file", `${path} does not contain an operator's token`, {
    hint: `put the token that was printed when you were added into ${path}, mode 600`,
  });
}

function readToken(path: string): string {
  try {
    return statSync(path).size > fileBytesMax ? "" : readFileSync(path, "utf8").trim();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
    throw new Fault("token-file", `${path} can't be read (${code})`, {
      hint: "name the file with --token-file or AEDEV_TOKEN_FILE",
      cause,
    });
  }
}

/** The port of the API that a client without the home uses. */
export function apiPort({ AEDEV_PORT: given }: Readonly<Record<string, string | undefined>>): number {
  if (given === undefined || given === "") return usualPort;
  const port = Number(given);
  if (/^[0-9]+$/.test(given) && port >= 1 && port <= 65_535) return port;
  throw new Fault("config-invalid", `AEDEV_PORT is not a port: ${given}`, { hint: "give a number from 1 to 65535" });
}

/** Throws a fault unless the daemon that made the token listens on the port. */
export async function proveDaemon(token: string, port: number): Promise<void> {
  const random = token.slice(prefixLength, prefixLength + randomLength);
  const key = createHash("sha256").update(`aedev proof ${random}`).digest("hex");
  const nonce = randomBytes(32).toString("hex");
  const { proof } = Object(await ask(port, `/proof?${new URLSearchParams({ key, nonce })}`)) as { proof?: unknown };
  const secret = token.slice(prefixLength + randomLength);
  const expected = createHmac("sha256", secret).update(`aedev daemon ${port} ${nonce}`).digest();
  const given = Buffer.from(typeof proof === "string" ? proof : "", "hex");
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new Fault("daemon-unproved", `what listens on port ${port} is not the daemon that made this token`, {
    hint: "name the daemon's port with AEDEV_PORT; if its keys were replaced, an admin adds you again",
  });
}

async function ask(port: number, path: string): Promise<unknown> {
  try {
    const { body } = await send({ at: { port }, method: "GET", path, timeoutMs: proofTimeoutMs });
    return parseJson(body);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ECONNREFUSED")
      throw downFault(
        `nothing listens on port ${port}: the daemon is not running, or it has another port (AEDEV_PORT)`,
      );
    return null;
  }
}
