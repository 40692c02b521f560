/** Once a repository is registered without a profile, a person may see what `balanced` would have merged of its past commits, and then choose it. */
import type { RepositoryDocument } from "@aedev/contracts/api";
import { call } from "../daemon-client/daemon-link.ts";
import { backtestText } from "../render/backtest-text.ts";
import type { Session } from "../terminal/session.ts";
import { isYes } from "../terminal/yes.ts";
import { lastByDefault, runBacktest } from "./run-backtest.ts";

const profile = "balanced";

/** Asks at the terminal. Throws as `openBacktest` does. */
export async function offerBalanced(session: Session, { name, url, settings }: RepositoryDocument): Promise<void> {
  const { terminal } = session;
  const question = `See what ${profile} would have merged of the newest ${lastByDefault} commits? It runs their tests. Enter: no. [y/N] `;
  if (!isYes(await terminal.ask(question))) return;
  const found = await runBacktest(session, { repository: { name, settings }, profile, last: lastByDefault });
  terminal.complain(`${backtestText(found)}\n`);
  if (!isYes(await terminal.ask(`Use ${profile} here: low risk merges without you. [y/N] `))) return;
  const saved = await call(session, "registerRepository", { body: { path_or_url: url, name, profile } });
  terminal.complain(saved.kind === "refused" ? `aedev: ${saved.reason}\n` : `${name} has the profile ${profile}\n`);
}
