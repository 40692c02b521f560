/** The opt-in to submodules: a person sees the folder and the address of each submodule before any is fetched, and exactly these are saved. */
import { escapeLine, type Submodule } from "@aedev/contracts";
import type { Detection } from "@aedev/contracts/api";
import { type Refused, refused } from "../command-line/answer.ts";
import { canAsk, type Session } from "../terminal/session.ts";
import { isYes } from "../terminal/yes.ts";
import { addCommand } from "./add-command.ts";
import type { Given } from "./given.ts";

const lineLengthMax = 300;

/** The setting by `--submodules` and `--no-submodules`: unchanged if neither was given. `--yes` confirms what is shown. */
export async function confirmSubmodules(
  session: Session,
  given: Given,
  found: Detection | null,
): Promise<{ kind: "confirmed"; settings: { submodules?: Submodule[] } } | Refused> {
  const { terminal, json } = session;
  if (given.submodules === undefined) return { kind: "confirmed", settings: {} };
  if (!given.submodules) return { kind: "confirmed", settings: { submodules: [] } };
  const { offered, left_out } = found?.submodules ?? { offered: [], left_out: [] };
  const leftOut = left_out.map(({ path, why }) => `${escapeLine(path, lineLengthMax)} is not fetched: ${why}`);
  if (offered.length === 0)
    return refused(
      "no-submodules",
      found === null
        ? "the base can't be read now, so its submodules are not known"
        : ["the base has no submodule that can be fetched", ...leftOut].join("\n  "),
      "leave out --submodules",
    );
  const lines = offered.map(
    ({ path, url }) => `submodule ${escapeLine(path, lineLengthMax)}  ${escapeLine(url, lineLengthMax)}`,
  );
  if (!json) terminal.complain(`${[...lines, ...leftOut.map((line) => `note: ${line}`)].join("\n")}\n`);
  if (given.isAccepting) return { kind: "confirmed", settings: { submodules: offered } };
  if (canAsk(session) && isYes(await terminal.ask("Fetch their pinned commits from these addresses? [y/N] ")))
    return { kind: "confirmed", settings: { submodules: offered } };
  return refused(
    "not-confirmed",
    "nothing is saved: submodules are fetched only from addresses that you confirm",
    `${addCommand({ ...given, settings: { ...given.settings, submodules: offered } })} --yes`,
  );
}
