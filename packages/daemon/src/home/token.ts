/** The API's bearer token: made by `aedev init` and replaced at each start of the daemon, so that a leaked token ends with its process. */
import { randomBytes } from "node:crypto";
import { writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";

/** A token file's text. */
export function newToken(): string {
  return `${randomBytes(32).toString("hex")}\n`;
}

/** Writes a new token into the home (0600) and returns it. The caller holds the home's lock. */
export function renewToken(home: string): string {
  const text = newToken();
  writeDurably(homeLayout(home).token, text);
  return text.trim();
}
