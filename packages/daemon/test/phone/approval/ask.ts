/** Sends plain HTTP to an approval listener, as a phone, a browser or an attacker would. */
import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

export interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]> | undefined;
  readonly body?: string | Buffer | undefined;
}
export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export function send(port: number, path: string, { method = "GET", headers = {}, body }: Sent = {}): Promise<Received> {
  return new Promise((resolve, reject) => {
    const call = request({ agent, host: "127.0.0.1", port, path, method, headers }, (answer) => {
      text(answer).then(
        (received) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: received }),
        reject,
      );
    });
    call.on("error", reject);
    call.end(body);
  });
}

/** The address of an approval with a token, percent-encoded byte by byte if that is not plain text. */
export function addressOf(approvalId: string, token: string): string {
  const isBytes = [...token].every((character) => character.charCodeAt(0) < 256);
  const bytes = Buffer.from(token, isBytes ? "latin1" : "utf8");
  const encoded = [...bytes].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[-_.A-Za-z0-9]/.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
  });
  return `/a/${approvalId}?token=${encoded.join("")}`;
}
