/** `aedev completion`: prints a shell's completion script, or the ids that the script offers. It only reads. */
import { escapeLine } from "@aedev/contracts";
import { openHolds } from "@aedev/core";
import { type Answer, done, usageFault } from "../command-line/answer.ts";
import { bashScript, zshScript } from "../command-line/completion/bash-script.ts";
import { describeVerb, type IdKind, idKinds } from "../command-line/completion/described-verbs.ts";
import { fishScript } from "../command-line/completion/fish-script.ts";
import type { Verb } from "../command-line/verb.ts";
import { withHome } from "../daemon-client/read-state.ts";
import type { OfflineReader } from "../terminal/entries.ts";
import type { Session } from "../terminal/session.ts";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
/** At most this many of the newest are offered. */
const idsMax = 200;

/** `loadVerbs`: loads every verb; passed in because the verb table loads this file. */
export function completionVerb(loadVerbs: () => Promise<readonly { name: string; verb: Verb }[]>): Verb {
  return {
    summary: "Print the completion script of a shell: bash, zsh or fish.",
    arguments: [
      { name: "<shell>", summary: `bash, zsh or fish; the scripts themselves also use ${idKinds.join(", ")}` },
    ],
    examples: ['eval "$(aedev completion bash)"', 'eval "$(aedev completion zsh)"', "aedev completion fish | source"],
    async run(session, input) {
      const word = input.argument(0);
      const kind = idKinds.find((known) => known === word);
      if (kind !== undefined) return idsAnswer(session, kind);
      if (!isShell(word))
        throw usageFault(`there is no completion for "${word}": bash, zsh, fish`, "aedev completion --help");
      const script = scripts[word]((await loadVerbs()).map(describeVerb));
      return done({ shell: word, script }, script);
    },
  };
}

function isShell(word: string): word is keyof typeof scripts {
  return Object.hasOwn(scripts, word);
}

/** A line for each: the id, a tab, and words that a shell may show beside it. */
async function idsAnswer(session: Session, kind: IdKind): Promise<Answer> {
  const ids = await withHome(session, (home) => idsOf(home, kind));
  const text = ids.map(({ id, words }) => `${id}\t${escapeLine(words, 60)}`).join("\n");
  return done({ [kind]: ids.map(({ id }) => id) }, text);
}

function idsOf(home: OfflineReader, kind: IdKind): { id: string; words: string }[] {
  const page = { limit: idsMax };
  switch (kind) {
    case "missions":
      return home
        .missionPage(page)
        .missions.map(({ mission_id, status, title }) => ({ id: mission_id, words: `${status} ${title}` }));
    case "tasks": {
      const { tasks } = home.taskPage(page);
      const { missions } = home.state({ tasks: tasks.map(({ task_id }) => task_id) });
      const titleOf = (missionId: string) => missions[missionId]?.title ?? "";
      return tasks.map((task) => ({ id: task.task_id, words: `${task.status} ${titleOf(task.mission_id)}` }));
    }
    case "holds":
      return openHolds(home.state())
        .slice(-idsMax)
        .map(({ hold_id, code, title }) => ({ id: hold_id, words: `${code} ${title}` }));
    case "repositories":
      return Object.values(home.state().repositories)
        .slice(-idsMax)
        .map(({ name, url }) => ({ id: name, words: url }));
  }
}
