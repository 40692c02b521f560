/** Names for what code in a container can see: they say nothing (SECURITY T29), and code under test can't know them in advance. */
import { randomBytes } from "node:crypto";

/** 16 hexadecimal digits. */
export function randomName(): string {
  return randomBytes(8).toString("hex");
}
