/** Opens the home for reading, in the same way whether the daemon is up or down. */
import { Fault } from "@aedev/contracts";
import type { HomeReader } from "@aedev/daemon";
import type { Session } from "../terminal/session.ts";
import { hasHome, requireHome } from "./home.ts";

/** Opens the home for `use` and always closes it afterwards. */
export async function readHome<T>(session: Session, use: (home: HomeReader) => T | Promise<T>): Promise<T> {
  const { home, environment, entries, tokenFile } = session;
  if (tokenFile !== undefined && !hasHome(home))
    throw new Fault("home-needed", `this needs the files of the home, and ${home} is none that you can read`, {
      hint: "with a token alone you can submit, answer, approve, reject, cancel and release; reading is at the API: docs/OPERATORS.md",
    });
  requireHome(home);
  using reader = await (await entries.daemon()).openHome({ home, environment });
  return await use(reader);
}
