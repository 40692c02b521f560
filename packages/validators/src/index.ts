/** The judgement plane, as the others see it: how it is started. All else goes over its channel. */
import { fileURLToPath } from "node:url";

/** Path of the forked process's entry; control forks it under `judgementPermissions` of core/wire. */
export const judgementEntry: string = fileURLToPath(new URL("./main.ts", import.meta.url));
