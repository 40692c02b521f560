/** `aedev upgrade`: says how this installation is upgraded, and refuses where a newer version has used the home. It changes nothing itself. */
import { isPackaged, productRoot, productVersion } from "@aedev/host/product";
import { done } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { hasHome } from "../daemon-client/home.ts";
import { readHome } from "../daemon-client/read-home.ts";

export const verb: Verb = {
  summary: "Say how to upgrade this installation. A home that a newer version has used is refused by an older one.",
  examples: ["aedev upgrade", "aedev upgrade --json"],
  async run(session) {
    // Throws `log-newer`, whose hint is the answer.
    if (hasHome(session.home)) await readHome(session, () => undefined);
    const install = isPackaged ? "npm install -g ./aedev-*.tgz" : `git -C ${productRoot} pull`;
    const setup = isPackaged ? "aedev setup" : `${productRoot}/scripts/setup`;
    const commands = ["aedev backup DIR", "aedev daemon stop", install, setup, "aedev daemon start"];
    const version = productVersion();
    const text = [
      `aedev ${version}, in ${productRoot}`,
      ...(isPackaged
        ? [
            "aedev is not published in a registry: take the tarball of the newer version, or make it in a clone (npm pack in packages/aedev)",
          ]
        : []),
      "to upgrade it, one command after the other (CHANGELOG.md says what changes):",
      ...commands.map((command) => `  ${command}`),
      "the backup is the way back: an older version refuses a home that a newer one has used",
    ];
    return done({ version, commands }, text.join("\n"));
  },
};
