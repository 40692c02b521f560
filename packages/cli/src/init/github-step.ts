/** The credential for GitHub, which is optional: aedev offers to store a token that other programs on this machine use, and requires none. It never shows a value. */
import { Fault } from "@aedev/contracts";
import { readGhToken } from "./gh-token.ts";
import { fromEnvironment, type InitCredential, keep } from "./secret-steps.ts";
import { conclude, type InitRun, isPresent, readInitSetup } from "./step.ts";

const name = "github credential";
const token: InitCredential = {
  secret: "AEDEV_GITHUB_TOKEN",
  name,
  help: "aedev secrets set AEDEV_GITHUB_TOKEN (docs/GITHUB.md)",
  wrong: [{ pattern: /^sk-/, says: "that is a key of a model's vendor" }],
};
/** The variables that GitHub's own programs read for github.com. */
const usualVariables = ["GITHUB_TOKEN", "GH_TOKEN"];
const broad =
  "A token for the repositories that aedev works on, without workflows and administration, is better: docs/GITHUB.md.";

/** Without a person, only a secret under aedev's own name is used. */
export async function gitHubStep(run: InitRun): Promise<void> {
  const setup = await readInitSetup(run);
  if (setup.secrets[token.secret] === "environment") {
    await fromEnvironment(run, token);
    return;
  }
  if (setup.secrets[token.secret] === "empty")
    return conclude(run, {
      name,
      status: "skipped",
      found: `${token.secret} is set but empty in this environment`,
      help: `unset ${token.secret}, or give it a value`,
    });
  const stored = [token.secret, "AEDEV_GITHUB_APP_KEY"].find((secret) => isPresent(setup, secret));
  if (stored !== undefined)
    return conclude(run, { name, status: "kept", found: `${stored} is kept in the home`, help: null });
  if (run.dialogue === null) return;
  if (await takeOffered(run, setup.gitHubHost))
    return conclude(run, { name, status: "set", found: `${token.secret} is kept in the home`, help: null });
  const found = "none: repositories on GitHub are reached by ssh, or if they are public";
  conclude(run, { name, status: "skipped", found, help: token.help ?? null });
}

/** Asks about each token on this machine, and stores the first that the person accepts. */
async function takeOffered(run: InitRun, host: string): Promise<boolean> {
  const { environment } = run.session;
  const variables = host === "github.com" ? usualVariables : [];
  for (const variable of variables)
    if (await takeIfWanted(run, { from: `${variable} is in this environment`, value: environment[variable] ?? "" }))
      return true;
  const value = (await readGhToken(host, environment)) ?? "";
  return takeIfWanted(run, { from: `gh is logged in to ${host}`, value });
}

async function takeIfWanted(run: InitRun, { from, value }: { from: string; value: string }): Promise<boolean> {
  const { dialogue } = run;
  if (dialogue === null || value === "") return false;
  dialogue.say(`\n${broad}`);
  if (!(await dialogue.askYes(`${from}; store its token in the home as ${token.secret}?`, false))) return false;
  try {
    await keep(run, token, value);
    return true;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    dialogue.say(`  it is not accepted: ${error.message}`);
    return false;
  }
}
