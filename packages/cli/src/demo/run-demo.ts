/**
 * `aedev demo`: one change lands, one is asked about and lands, a cheating one is held, on real parts in a throw-away home. It has no code
 * path of its own: it makes a repository and stand-ins for the paid models, and everything else it asks of aedev's own verbs.
 */
import type { Environment } from "./child.ts";
import { openDemoPhone } from "./demo-phone.ts";
import { driveMissions, type Played, pushesOf } from "./drive-missions.ts";
import { commitsOf } from "./ground/bare-remote.ts";
import { cacheFolder } from "./ground/package-source.ts";
import { keepPrepared, restorePrepared } from "./ground/prepared-cache.ts";
import { onStage, type Stage } from "./ground/stage.ts";
import { measuredText } from "./measure-judges.ts";
import { readScripts } from "./missions-file.ts";
import { noPaint, type Paint } from "./telling/paint.ts";
import { outcomeLine } from "./telling/timeline.ts";

export interface DemoOptions {
  /** One document on standard output, everything else on standard error. */
  readonly json: boolean;
  /** The real models with the environment's credentials instead of the stand-in. */
  readonly live: boolean;
  /** Folder with missions.yaml and the scripts; what is shipped where it is left out. */
  readonly scripts?: string;
  /** Repository to clone and work on instead of the package. */
  readonly repo?: string;
  /** Colours, where a terminal shows the account. */
  readonly paint?: Paint;
  readonly environment?: Environment;
  readonly write?: (text: string) => void;
  readonly complain?: (text: string) => void;
}

const scriptedAnswers =
  "SCRIPTED: the models' answers, the person and the phone are stand-ins on loopback; everything else is real";
/** Judges are measured after the missions, by an audit. A planted bundle that rides along by chance would tell another story each time. */
const policies = "judges: { canary_share: 0 }\n";
const liveAnswers =
  "LIVE: the models answer, with the credentials of the environment; the person and the phone are stand-ins";

/**
 * 0 where every mission reached merge, ask or hold and the log verifies, whatever the answers; else 1. Throws a fault where it can't be
 * played. The daemon that it started has ended in every case.
 */
export async function runDemo(options: DemoOptions): Promise<0 | 1> {
  const { live, repo } = options;
  const environment = options.environment ?? process.env;
  const write = options.write ?? ((text) => void process.stdout.write(text));
  const complain = options.complain ?? ((text) => void process.stderr.write(text));
  const paint = options.paint ?? noPaint;
  const scripts = readScripts(options.scripts);
  const phone = await openDemoPhone();
  const cache = repo === undefined && scripts.files === null ? cacheFolder(environment) : null;
  const answers = live ? liveAnswers : scriptedAnswers;
  const own = repo === undefined ? {} : { repo };
  try {
    return await onStage(
      {
        live,
        environment,
        complain,
        paint,
        answers,
        scripts,
        policies,
        extra: phone.environment,
        againHint: "aedev demo",
        ...own,
      },
      async (stage) => {
        if (cache !== null) restorePrepared(cache, stage.home);
        await stage.startDaemon();
        const played = await driveMissions(stage, phone, paint);
        if (cache !== null) keepPrepared(cache, stage.home);
        const commits = (await commitsOf(stage.place)).map(({ id, subject }) => `${id.slice(0, 10)} ${subject}`);
        const finished = { ...played, commits };
        write(
          options.json
            ? `${JSON.stringify(documentOf(finished, stage, live), null, 2)}\n`
            : textOf(finished, stage, { answers, paint }),
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

function documentOf({ missions, problems, pushes, judges }: Finished, { home, place }: Stage, live: boolean): object {
  const verify = problems.length === 0 ? "ok" : "failed";
  return {
    missions,
    verify,
    answers: live ? "live" : "scripted",
    ...(problems.length === 0 ? {} : { problems }),
    pushes,
    judges: judges.report,
    remote: place.remote,
    home,
  };
}

function textOf(
  { missions, pushes, stories, problems, commits, judges }: Finished,
  { place }: Stage,
  show: Show,
): string {
  const verified = problems.length === 0 ? "events verify: the log is whole" : problems.join("\n");
  const log = [`git log of ${place.remote}:`, ...commits.map((line) => `  ${line}`)].join("\n");
  const outcomes = missions.map((mission) => outcomeLine(mission, pushesOf(mission, pushes), show.paint)).join("\n");
  return `${[show.answers, ...stories, measuredText(judges), verified, log, outcomes].join("\n\n")}\n`;
}
