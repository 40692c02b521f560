/** Opens the home for reading, the same way with the daemon up and down. */
import type { HomeReader } from "@aedev/daemon";
import type { Session } from "../terminal/session.ts";
import { requireHome } from "./home.ts";

/** Opens the home for `use` and always closes it afterwards. */
export async function readHome<T>(session: Session, use: (home: HomeReader) => T | Promise<T>): Promise<T> {
  const { home, environment, entries } = session;
  requireHome(home);
  using reader = await (await entries.daemon()).openHome({ home, environment });
  return await use(reader);
}
