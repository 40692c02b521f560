/** The home's lock: one writer per home. An operating-system lock on a file, which the kernel frees when its holder dies; no pid is trusted. */
import { Fault } from "@aedev/core/wire";
import { openExclusively, sqliteCode } from "../log/sqlite/database.ts";
import { homeLayout } from "./layout.ts";

export interface HomeLock extends Disposable {
  release(): void;
}

/** Takes the lock at once or throws a Fault `HOME-LOCKED`. Keep what it returns: losing it to the garbage collector would free the lock. */
export function takeLock(home: string): HomeLock {
  const held = openHeld(homeLayout(home).lock);
  const release = () => void held.close();
  return { release, [Symbol.dispose]: release };
}

function openHeld(path: string): ReturnType<typeof openExclusively> {
  try {
    return openExclusively(path);
  } catch (cause) {
    if (sqliteCode(cause)?.startsWith("SQLITE_BUSY") !== true) throw cause;
    throw new Fault("HOME-LOCKED", "the daemon of this home is running", {
      hint: "aedev daemon stop",
      retry: true,
      cause,
    });
  }
}
