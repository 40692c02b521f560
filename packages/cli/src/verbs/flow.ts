/** `aedev flow`: lists, shows, runs and keeps flows. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { counted, escapeLine, shellWord } from "@aedev/contracts";
import { writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { done, refused, usageFault } from "../command-line/answer.ts";
import type { Verb, VerbInput } from "../command-line/verb.ts";
import { requireHome } from "../daemon-client/home.ts";
import { flowNameSchema, parseFlow, repositoryParameter } from "../intake/flow.ts";
import { findFlow, findFlows } from "../intake/flow-files.ts";
import { meantRepository } from "../intake/meant-repository.ts";
import { readIntakeFile } from "../intake/missions-file.ts";
import { runFlow, setValues } from "../intake/run-flow.ts";
import { againOption } from "../intake/same-request.ts";
import { yamlText } from "../intake/yaml-text.ts";
import { columns } from "../render/columns.ts";
import type { Session } from "../terminal/session.ts";

const flowArgument = { name: "<flow>", summary: "its name, or the path of a file such as .aedev/flows/release.yaml" };

const listVerb: Verb = {
  summary: "List the flows: those that aedev brings, your own, and those of the checkout around this folder.",
  examples: ["aedev flow list", "aedev flow list --json"],
  async run({ home }) {
    requireHome(home);
    const flows = findFlows(home, process.cwd()).map(({ name, from, flow }) =>
      typeof flow === "string"
        ? { name, from, problem: flow }
        : { name, from, summary: flow.summary, parameters: flow.parameters },
    );
    const rows = flows.map((flow) => [
      flow.name,
      flow.from,
      "problem" in flow ? "" : Object.keys(flow.parameters).join(" "),
      "problem" in flow ? `can't be used: ${escapeLine(flow.problem, 200)}` : escapeLine(flow.summary, 200),
    ]);
    return done({ flows }, columns(["FLOW", "FROM", "PARAMETERS", "WHAT"], rows, "there are no flows"));
  },
};

const showVerb: Verb = {
  summary: "Show a flow: its parameters and the parts that it makes.",
  arguments: [flowArgument],
  examples: ["aedev flow show implement", "aedev flow show .aedev/flows/release.yaml"],
  async run({ home }, input) {
    requireHome(home);
    const name = input.argument(0);
    const { summary, parameters, plan } = findFlow(home, { name, folder: process.cwd() });
    const rows = Object.entries(parameters).map(([key, { summary: what, default: usual }]) => [
      key,
      usual === undefined ? "needed" : `default ${JSON.stringify(usual)}`,
      escapeLine(what, 200),
    ]);
    const sets = Object.entries(parameters).flatMap(([key, { default: usual }]) =>
      usual === undefined ? [`--set ${key}="…"`] : [],
    );
    const text = [
      escapeLine(summary, 200),
      "",
      columns(["PARAMETER", "", "WHAT"], rows, "it has no parameters"),
      "",
      yamlText(plan),
      "",
      `run it: ${[`aedev flow run ${shellWord(name)} --repo REPOSITORY`, ...sets].join(" ")}`,
    ];
    return done({ name, summary, parameters, plan }, text.join("\n"));
  },
};

const runVerb: Verb = {
  summary:
    "Submit the missions that a flow makes. They are clarified and approved like every mission. At a terminal you are asked for what is missing.",
  arguments: [flowArgument],
  options: [
    { flags: "--repo <name>", summary: "the repository (default: the only one, or the one of the current folder)" },
    { flags: "--set <name=value>", summary: "the value of a parameter; repeat for more", repeat: true },
    { flags: "--dry-run", summary: "print the plan and submit nothing" },
    againOption,
  ],
  examples: [
    'aedev flow run implement --repo tool --set what="Add median(numbers) in lib/stats.js" --set shown="median([3, 1, 2]) returns 2"',
    "aedev flow run upgrade --set package=zod --set version=4.6.7 --dry-run",
    "aedev flow run .aedev/flows/release.yaml",
  ],
  async run(session, input) {
    requireHome(session.home);
    const name = input.argument(0);
    const flow = findFlow(session.home, { name, folder: process.cwd() });
    const values = { ...setValues(input), [repositoryParameter]: await repositoryOf(session, input) };
    return runFlow(session, { name, flow, values, again: input.flag("again"), dryRun: input.flag("dryRun") });
  },
};

const saveVerb: Verb = {
  summary: "Keep a file as a flow of yours: a plan's file, or a flow's. It is checked first.",
  arguments: [
    { name: "<name>", summary: "letters a-z, digits and '-'" },
    { name: "<file>", summary: "a plan's file, with a `summary` and, for its parameters, `parameters`" },
  ],
  options: [{ flags: "--replace", summary: "put it in place of your flow of this name" }],
  examples: ["aedev flow save release release.yaml", "aedev flow save release release.yaml --replace"],
  async run({ home }, input) {
    requireHome(home);
    const [name, file] = [input.argument(0), input.argument(1)];
    if (!flowNameSchema.safeParse(name).success)
      throw usageFault(
        `${escapeLine(name, 60)} is no name of a flow`,
        "use letters a-z, digits and '-', such as weekly-upgrade",
      );
    const text = readIntakeFile(file);
    const flow = parseFlow(text, file);
    const folder = homeLayout(home).flows;
    const path = join(folder, `${name}.yaml`);
    if (existsSync(path) && !input.flag("replace"))
      return refused("not-confirmed", `you already have a flow ${name}`, "give --replace, or another name");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeDurably(path, text);
    const count = counted(Object.keys(flow.parameters).length, "parameter");
    return done(
      { name, path, parameters: flow.parameters },
      `${name} is kept, with ${count}\nnext: aedev flow run ${name}`,
    );
  },
};

async function repositoryOf(session: Session, input: VerbInput): Promise<string> {
  return input.text("repo") ?? (await meantRepository(session, process.cwd()));
}

export const verbs = { list: listVerb, show: showVerb, run: runVerb, save: saveVerb };
