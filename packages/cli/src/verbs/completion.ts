/** `aedev completion`: prints a shell's completion script, or the ids that the script offers. It only reads. */
import { escapeLine, statusText } from "@aedev/contracts";
import type { HomeReader } from "@aedev/daemon";
import { type Answer, done, doneWithData, usageFault } from "../command-line/answer.ts";
import { bashScript, zshScript } from "../command-line/completion/bash-script.ts";
import { describeVerb, type IdKind, idKinds } from "../command-line/completion/described-verbs.ts";
import { fishScript } from "../command-line/completion/fish-script.ts";
import type { Verb } from "../command-line/verb.ts";
import { readHome } from "../daemon-client/read-home.ts";
import type { Session } from "../terminal/session.ts";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
/** The most ids that are offered, newest first. */
const idsMax = 200;

/** `loadVerbs` loads every verb. It is passed in because the verb table loads this file. */
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
      return doneWithData({ shell: word, script }, script);
    },
  };
}

function isShell(word: string): word is keyof typeof scripts {
  return Object.hasOwn(scripts, word);
}

/** A line for each id: the id, a tab, and words that a shell may show beside it. */
async function idsAnswer(session: Session, kind: IdKind): Promise<Answer> {
  const ids = await readHome(session, (home) => idsOf(home, kind));
  const text = ids.map(({ id, words }) => `${id}\t${escapeLine(words, 60)}`).join("\n");
  return done({ [kind]: ids.map(({ id }) => id) }, text);
}

async function idsOf(home: HomeReader, kind: IdKind): Promise<{ id: string; words: string }[]> {
  const page = { limit: idsMax };
  switch (kind) {
    case "missions": {
      const { missions } = await home.missions(page);
      return missions.map(({ document }) => ({
        id: document.mission_id,
        words: `${document.status} ${document.title}`,
      }));
    }
    case "tasks": {
      const { tasks } = home.tasks(page);
      const titles = home.titles(tasks.map(({ mission_id }) => mission_id));
      return tasks.map(({ task_id, status, mission_id }) => ({
        id: task_id,
        words: `${statusText(status)} ${titles[mission_id] ?? ""}`,
      }));
    }
    case "holds":
      return home.holds(page).holds.map(({ hold_id, code, title }) => ({ id: hold_id, words: `${code} ${title}` }));
    case "repositories":
      return (await home.repositories()).slice(-idsMax).map(({ name, url }) => ({ id: name, words: url }));
  }
}
