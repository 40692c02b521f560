/** `aedev repo`: registers repositories and changes their settings. */
import { type LaneKind, laneKindSchema, laneKinds } from "@aedev/contracts";
import { done, usageFault } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { change, changeVerb } from "../daemon-client/changes.ts";
import { requireHome } from "../daemon-client/home.ts";
import { readHome } from "../daemon-client/read-home.ts";
import { repositoryParameter } from "../intake/flow.ts";
import { findFlow } from "../intake/flow-files.ts";
import { runFlow, setValues } from "../intake/run-flow.ts";
import { columns } from "../render/columns.ts";
import { lanesText, resumedText } from "../render/home-text.ts";
import { repositoryText, resultsWay, writesOf } from "../render/repository-text.ts";
import { addRepository } from "../repo/add-repository.ts";
import { addOptions, givenIn } from "../repo/given.ts";

const addVerb: Verb = {
  summary:
    "Register a repository: find its commands, try them in the sandbox and save them. For a known name, change only the settings you give.",
  arguments: [
    {
      name: "[path-or-url]",
      summary:
        "working copy (its origin, if it has one), bare repository, address, or owner/name on GitHub (default: this folder)",
    },
  ],
  options: addOptions,
  examples: [
    "aedev repo add",
    "aedev repo add ../tool --yes --allow-writes",
    "aedev repo add ../monorepo --path packages/core",
    "aedev repo add octo/hello --landing pull-request",
    "aedev repo add https://example.org/tool.git --image tool-checks",
    "aedev repo add ../tool --name tool --prepare 'npm ci' --verify 'npm test' --tests 'test/**'",
    "aedev repo add ../tool --name tool --allow-writes",
    "aedev repo add ../tool --set-up-run",
    "aedev repo add ../tool --no-try",
  ],
  run: (session, input) => addRepository(session, givenIn(input)),
};

const listVerb: Verb = {
  summary: "List the repositories.",
  examples: ["aedev repo list", "aedev repo list --json"],
  async run(session) {
    const repositories = await readHome(session, (home) => home.repositories());
    const rows = repositories.map((repository) => {
      const { name, url, profile, paused } = repository;
      return [name, url, profile, writesOf(repository), resultsWay(repository), paused ? "paused" : ""];
    });
    return done(
      { repositories },
      columns(
        ["NAME", "ADDRESS", "PROFILE", "WRITES", "LANDING", "PAUSED"],
        rows,
        "no repositories yet: aedev repo add <path-or-url> --name NAME",
      ),
    );
  },
};

const showVerb: Verb = {
  summary: "Show a repository's settings.",
  arguments: [{ name: "<name>", summary: "its name" }],
  examples: ["aedev repo show tool", "aedev repo show tool --json"],
  async run(session, input) {
    const repository = await readHome(session, (home) => home.repository(input.argument(0)));
    return done(repository, repositoryText(repository));
  },
};

const removeVerb = changeVerb("removeRepository", {
  summary:
    "Remove a repository. Its log and evidence stay; its mirror is deleted a day after its last use by aedev gc.",
  arguments: [{ name: "<name>", summary: "its name" }],
  options: [{ flags: "--cancel-open", summary: "cancel its open missions; without this they refuse the removal" }],
  examples: ["aedev repo remove tool", "aedev repo remove tool --cancel-open"],
  input: (input) => ({ params: { name: input.argument(0) }, body: { cancel_open: input.flag("cancelOpen") } }),
  text: ({ name }) => `${name} is removed`,
});

const pauseVerb = changeVerb("pauseRepository", {
  summary: "Pause new runs and landings in a repository; runs in progress continue.",
  arguments: [{ name: "<name>", summary: "its name" }],
  examples: ["aedev repo pause tool"],
  input: (input) => ({ params: { name: input.argument(0) }, body: {} }),
  text: ({ name }) => `${name} is paused; next: aedev repo resume ${name}`,
});

const resumeVerb = changeVerb("resumeRepository", {
  summary: "Resume runs and landings in a paused repository.",
  arguments: [{ name: "<name>", summary: "its name" }],
  examples: ["aedev repo resume tool"],
  input: (input) => ({ params: { name: input.argument(0) }, body: {} }),
  text: (resumed) => resumedText(resumed, "repository"),
});

const laneVerb: Verb = {
  summary:
    "Show how many changes merged without your approval, and how many of them went wrong. --reopen lets closed kinds merge again and counts them from zero.",
  arguments: [
    { name: "<name>", summary: "its name" },
    { name: "[kind]", summary: `${laneKinds.join(", ")} (default: all)` },
  ],
  options: [
    { flags: "--reopen", summary: "let these changes merge by themselves again" },
    { flags: "--reason <text>", summary: "why, for the log; needed with --reopen" },
  ],
  examples: [
    "aedev repo lane shop",
    "aedev repo lane shop --json",
    'aedev repo lane shop behaviour --reopen --reason "the flaky check is gone"',
  ],
  async run(session, input) {
    const name = input.argument(0);
    const kind = laneKindIn(input.arguments()[1]);
    if (!input.flag("reopen")) {
      const { lanes = [] } = await readHome(session, (home) => home.repository(name));
      const chosen = lanes.filter((lane) => kind === undefined || lane.kind === kind);
      return done({ repository: name, lanes: chosen }, lanesText(chosen, name));
    }
    const reason = input.text("reason") ?? "";
    if (reason.trim() === "") throw usageFault("--reopen needs --reason TEXT", "aedev repo lane --help");
    return change(session, "reopenLane", {
      input: { params: { name }, body: { ...(kind === undefined ? {} : { lane: kind }), reason } },
      text: ({ lanes = [] }) => lanesText(lanes, name),
    });
  },
};

function laneKindIn(word: string | undefined): LaneKind | undefined {
  if (word === undefined) return undefined;
  const found = laneKindSchema.safeParse(word);
  if (found.success) return found.data;
  throw usageFault(`a kind is one of ${laneKinds.join(", ")}, not ${JSON.stringify(word)}`, "aedev repo lane --help");
}

const interviewVerb: Verb = {
  summary:
    "Answer five questions on a repository. Their answers become a mission that writes PROJECT.md and, if you want, a first mission after it (the flow interview).",
  arguments: [{ name: "<repository>", summary: "its name" }],
  options: [
    { flags: "--set <name=value>", summary: "an answer, if nobody can be asked; repeat for more", repeat: true },
  ],
  examples: [
    "aedev repo interview tool",
    'aedev repo interview tool --set what="A CSV parser" --set users="our importers" --set verified="npm test"',
  ],
  async run(session, input) {
    requireHome(session.home);
    const name = "interview";
    const flow = findFlow(session.home, { name, folder: process.cwd() });
    const values = { ...setValues(input), [repositoryParameter]: input.argument(0) };
    return runFlow(session, { name, flow, values, again: false, dryRun: false, asksAll: true });
  },
};

export const verbs = {
  add: addVerb,
  list: listVerb,
  show: showVerb,
  remove: removeVerb,
  pause: pauseVerb,
  resume: resumeVerb,
  lane: laneVerb,
  interview: interviewVerb,
};
