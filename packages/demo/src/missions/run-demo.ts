/** `aedev demo`: one change lands, one is asked about and lands, one cheats and is held. Only the models, the person and the phone are fakes. */

import { commitsOf } from "../setup/bare-remote.ts";
import { type DemoCaller, type DemoSetup, type DemoSetupOptions, withDemoSetup } from "../setup/demo-setup.ts";
import { readScripts } from "../setup/missions-file.ts";
import { packageCacheFolder } from "../setup/package-source.ts";
import { keepPrepared, restorePrepared } from "../setup/prepared-cache.ts";
import type { Paint } from "../telling/paint.ts";
import { outcomeLine } from "../telling/timeline.ts";
import { openDemoPhone } from "./demo-phone.ts";
import { driveMissions, type Played, pushesOf } from "./drive-missions.ts";
import { measuredText } from "./measure-judges.ts";

export interface RunDemoOptions extends DemoCaller, Pick<DemoSetupOptions, "live" | "repo"> {
  /** The folder with missions.yaml and the scripts; by default the shipped one. */
  readonly scripts: string | undefined;
}

const scriptedAnswers =
  "SCRIPTED: the models' answers, the person and the phone are fakes on loopback, and tests of another run are off; everything else is real";
/** Judges are measured by an audit after the missions; randomly planted bundles would make every demo different. */
const policies = "judges: { canary_share: 0 }\n";
/** A script has one change per mission, so an independent run would write that same change's tests. */
const scriptedPolicies = `${policies}second_implementation: never\n`;
const liveAnswers =
  "LIVE: the real models answer, with the credentials of the environment; the person and the phone are fakes";

/** 0 if every mission reached a merge, ask or hold decision and the log verifies; otherwise 1. Throws a fault if the demo can't be played. Its daemon has ended in every case. */
export async function runDemo(options: RunDemoOptions): Promise<0 | 1> {
  const { live, repo, environment, write, complain, paint } = options;
  const scripts = readScripts(options.scripts);
  const phone = await openDemoPhone();
  const cache = repo === undefined && scripts.files === null ? packageCacheFolder(environment) : null;
  const answers = live ? liveAnswers : scriptedAnswers;
  try {
    return await withDemoSetup(
      {
        ...{ live, repo, environment, complain, paint, answers, scripts, policies: live ? policies : scriptedPolicies },
        extra: phone.environment,
        againHint: "aedev demo",
      },
      async (setup) => {
        if (cache !== null) restorePrepared(cache, setup.home);
        await setup.startDaemon();
        const played = await driveMissions(setup, phone, paint);
        if (cache !== null) keepPrepared(cache, setup.home);
        const commits = (await commitsOf(setup.remote)).map(({ id, subject }) => `${id.slice(0, 10)} ${subject}`);
        const finished = { ...played, commits };
        write(
          options.json
            ? `${JSON.stringify(documentOf(finished, setup, live), null, 2)}\n`
            : textOf(finished, setup, { answers, paint }),
        );
        return played.complete && played.problems.length === 0 ? 0 : 1;
      },
    );
  } finally {
    await phone.close();
  }
}

interface Show {
  readonly answers: string;
  readonly paint: Paint;
}
type Finished = Played & { readonly commits: readonly string[] };

function documentOf(
  { missions, problems, pushes, judges }: Finished,
  { home, remote }: DemoSetup,
  live: boolean,
): object {
  const verify = problems.length === 0 ? "ok" : "failed";
  return {
    missions,
    verify,
    answers: live ? "live" : "scripted",
    ...(problems.length === 0 ? {} : { problems }),
    pushes: pushes.map(({ about, ...push }) => ({ task_id: about, ...push })),
    judges: judges.report,
    remote: remote.remote,
    home,
  };
}

function textOf(
  { missions, pushes, stories, problems, commits, judges }: Finished,
  { remote }: DemoSetup,
  show: Show,
): string {
  const verified = problems.length === 0 ? "events verify: the log is whole" : problems.join("\n");
  const log = [`git log of ${remote.remote}:`, ...commits.map((line) => `  ${line}`)].join("\n");
  const outcomes = missions.map((mission) => outcomeLine(mission, pushesOf(mission, pushes), show.paint)).join("\n");
  return `${[show.answers, ...stories, measuredText(judges), verified, log, outcomes].join("\n\n")}\n`;
}
