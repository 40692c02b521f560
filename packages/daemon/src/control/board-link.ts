/** The address of the status board. If the board is not public, it has a key, made from the home's token, which opens only the board. */
import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { homeLayout } from "@aedev/host/home-layout";
import { loadConfiguration } from "../configuration/load-configuration.ts";

/** The link for the home's owner, while its daemon listens on `port`. Throws a Fault `config-invalid`. */
export function boardLink({ home, port }: { home: string; port: number }): string {
  const link = `http://127.0.0.1:${port}/status-board`;
  if (loadConfiguration({ home, environment: {} }).board.public) return link;
  return `${link}?key=${keyOf(readFileSync(homeLayout(home).token, "utf8").trim())}`;
}

/** Whether the address has the key of the home with this token. */
export function hasBoardKey(url: string, token: string): boolean {
  const given = /[?&]key=([0-9a-f]{64})(?:&|$)/.exec(url)?.[1];
  return given !== undefined && timingSafeEqual(Buffer.from(given), Buffer.from(keyOf(token)));
}

function keyOf(token: string): string {
  return createHash("sha256").update(`status board\n${token}`).digest("hex");
}
