/** A process for tests: takes the lock of the home in its first argument, says so, and holds it while it lives. */
import { writeSync } from "node:fs";
import { takeLock } from "../../src/home/lock.ts";

const lock = takeLock(process.argv[2] ?? "");
writeSync(1, "held\n");
setInterval(() => void lock, 1000);
