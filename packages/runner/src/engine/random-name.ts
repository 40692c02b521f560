/** Random names for everything that code in a container can see, so that it learns nothing from them and can't know them in advance (SECURITY T29). */
import { randomBytes } from "node:crypto";

/** 16 hexadecimal digits. */
export function randomName(): string {
  return randomBytes(8).toString("hex");
}
