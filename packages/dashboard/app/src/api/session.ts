/**
 * What this browser keeps of its session, and whether the daemon is the one that it signed in to. The key goes only to a daemon that has proved itself: anybody
 * may listen on the port while the daemon is down.
 */
import type { ErrorDocument, RouteAnswer } from "@aedev/contracts/api";
import { signal } from "@preact/signals";
import { methodAndPath } from "./route-table.ts";

type Session = Pick<RouteAnswer<"signIn">, "session_id" | "key" | "proof_key">;

const storedName = "aedev.session";
const noncesBytes = 32;

export function keepSession({ session_id, key, proof_key }: Session): void {
  localStorage.setItem(storedName, JSON.stringify({ session_id, key, proof_key }));
}

export function forgetSession(): void {
  localStorage.removeItem(storedName);
}

/** Null: nobody is signed in here. */
export function keptSession(): Session | null {
  return JSON.parse(localStorage.getItem(storedName) ?? "null") as Session | null;
}

/** The daemon does not know this browser, or not any more. */
export const isSignedOut = signal(false);

let proved: Promise<"proved" | "signed-out" | "no"> | null = null;

/** The daemon has to prove itself again: the connection to it was lost. */
export function distrust(): void {
  proved = null;
}

/** Whether the daemon knows this session. It is asked once for each connection. */
export async function proofOfDaemon(): Promise<"proved" | "signed-out" | "no"> {
  proved ??= askForProof().catch(() => "no" as const);
  const found = await proved;
  if (found !== "proved") proved = null;
  if (found === "signed-out") isSignedOut.value = true;
  return found;
}

async function askForProof(): Promise<"proved" | "signed-out" | "no"> {
  const session = keptSession();
  if (session === null) return "signed-out";
  const nonce = hexOf(crypto.getRandomValues(new Uint8Array(noncesBytes)));
  const query = new URLSearchParams({ session_id: session.session_id, nonce });
  const response = await fetch(`${methodAndPath.proveToBrowser[1]}?${query}`, { credentials: "omit" });
  // Another program on the port, or a proxy whose daemon is down, may answer 404 too.
  const answer = (await response.json()) as RouteAnswer<"proveToBrowser"> | ErrorDocument;
  if ("error" in answer) return answer.error.code === "unknown-browser-session" ? "signed-out" : "no";
  const { proof } = answer;
  const key = await crypto.subtle.importKey(
    "raw",
    bytesOf(session.proof_key),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const text = new TextEncoder().encode(`aedev daemon ${location.port} ${nonce}`);
  const expected = hexOf(new Uint8Array(await crypto.subtle.sign("HMAC", key, text)));
  return proof === expected ? "proved" : "no";
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../gu) ?? [], (pair) => Number.parseInt(pair, 16));
}
