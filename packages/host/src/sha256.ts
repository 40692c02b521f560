/** SHA-256 in lower-case hex: the function that callers pass to core and contracts. */
import { hash } from "node:crypto";
import type { Sha256 } from "@aedev/contracts";

export const sha256: Sha256 = (content) => hash("sha256", content);
