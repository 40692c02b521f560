/** Runs a flow: asks a person for what is missing, and submits what it makes as a mission, or as a plan if it has several parts. */
import { escapeLine } from "@aedev/contracts";
import { routes } from "@aedev/contracts/api";
import type { Answer } from "../command-line/answer.ts";
import { doneWithData, usageFault } from "../command-line/answer.ts";
import type { VerbInput } from "../command-line/verb.ts";
import { call } from "../daemon-client/daemon-link.ts";
import { canAsk, type Session } from "../terminal/session.ts";
import { clarifyAtTerminal } from "./dialogue.ts";
import { type FilledPlan, type Flow, fillFlow, type Parameter, placeInFlow, repositoryParameter } from "./flow.ts";
import { clarityAnswer } from "./mission-clarity.ts";
import { wrongForm } from "./missions-document.ts";
import { submitPlan } from "./plan-file.ts";
import { submitUnlessSame } from "./same-request.ts";
import { yamlText } from "./yaml-text.ts";

export interface FlowRun {
  readonly name: string;
  readonly flow: Flow;
  readonly values: Readonly<Record<string, string>>;
  readonly again: boolean;
  /** Only print the plan. */
  readonly dryRun: boolean;
  /** Ask for every parameter that has no value, also for those with a default. */
  readonly asksAll?: true;
}

/** Exits 4 if questions are open. */
export async function runFlow(session: Session, run: FlowRun): Promise<Answer> {
  const values = canAsk(session) ? await askForRest(session, run) : run.values;
  const plan = fillFlow(run, values);
  if (run.dryRun) return doneWithData(plan, yamlText(plan));
  const command = `aedev flow run ${run.name} --again`;
  const [only, ...others] = plan.tasks;
  if (only === undefined) throw usageFault(`${run.name} has no part with these values`, `aedev flow show ${run.name}`);
  if (others.length > 0)
    return submitPlan(session, plan, { path: `flow ${run.name}`, again: run.again, anyway: command });
  return submitMission(session, { name: run.name, plan, only, again: run.again, command });
}

async function askForRest(session: Session, { flow, values, asksAll }: FlowRun): Promise<Record<string, string>> {
  const all: Record<string, string> = { ...values };
  for (const [name, parameter] of Object.entries(flow.parameters)) {
    if (name in all || (parameter.default !== undefined && asksAll !== true)) continue;
    const typed = await askFor(session, name, parameter);
    if (typed !== "") all[name] = typed;
  }
  return all;
}

/** An empty answer takes the default; without one it is asked again. */
async function askFor(session: Session, name: string, parameter: Parameter): Promise<string> {
  const { summary, default: usual } = parameter;
  for (;;) {
    const offered = usual === undefined || usual === "" ? "" : ` [${usual}]`;
    const typed = (await session.terminal.ask(`${name}: ${summary}${offered}\n  `)).trim();
    if (typed !== "" || usual !== undefined) return typed;
  }
}

/** One part needs no plan around it. */
async function submitMission(
  session: Session,
  run: { name: string; plan: FilledPlan; only: FilledPlan["tasks"][number]; again: boolean; command: string },
): Promise<Answer> {
  const { text, repo, criteria, priority, labels }: FilledPlan = { ...run.plan, ...run.only };
  const body = routes.submitMission.body.safeParse({ text, repo, criterion: criteria, priority, labels });
  if (!body.success) throw wrongForm(`flow ${run.name}`, body.error, placeInFlow);
  const asks = canAsk(session);
  const answer = await submitUnlessSame(session, { again: run.again, asks, command: run.command }, (again) =>
    call(session, "submitMission", { body: { ...body.data, again } }),
  );
  if (answer.kind === "refused") return answer;
  return asks ? clarifyAtTerminal(session, answer.document) : clarityAnswer(answer.document);
}

/** The values of `--set name=value`. */
export function setValues(input: VerbInput): Record<string, string> {
  const pairs = (input.texts("set") ?? []).map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1)
      throw usageFault(`--set ${escapeLine(pair, 60)} is no name=value`, '--set what="Add median() in lib/stats.js"');
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  const twice = pairs.find(([name], at) => pairs.findIndex(([other]) => other === name) !== at);
  if (twice !== undefined) throw usageFault(`--set gives ${escapeLine(twice[0], 60)} twice`, "give it once");
  if (pairs.some(([name]) => name === repositoryParameter)) throw usageFault("--set repo: use --repo", "--repo NAME");
  return Object.fromEntries(pairs);
}
