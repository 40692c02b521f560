/** The home's lock, which allows one writer: an operating-system lock on a file, which the kernel frees when its holder dies. No pid is trusted. */
import { Fault } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import { openExclusively, sqliteCode } from "../log/sqlite/database.ts";

export interface HomeLock extends Disposable {
  release(): void;
}

/** Takes the lock at once, or throws a Fault `home-locked`. Keep the result: its garbage collection would free the lock. */
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
    throw new Fault("home-locked", "the daemon of this home is running", {
      hint: "aedev daemon stop",
      retry: true,
      cause,
    });
  }
}
