/** `aedev completion`: prints a shell's completion script, or for that script the ids that are there. It only reads. */
import { escapeLine, missionDocument, openHolds, type State, taskDocument } from "@aedev/core";
import { type Answer, done, usageFault } from "../answer.ts";
import { bashScript, zshScript } from "../completion/bash-script.ts";
import { describeVerb, type IdKind, idKinds } from "../completion/described-verbs.ts";
import { fishScript } from "../completion/fish-script.ts";
import { readState } from "../session/read-state.ts";
import type { Session } from "../session/session.ts";
import type { Verb } from "../verb.ts";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
/** Offered at most, the newest: nobody reads more. */
const idsMax = 200;

/** `loadVerbs`: every verb there is; the table hands it in, for it is the table that loads this file. */
export function completionVerb(loadVerbs: () => Promise<readonly { name: string; verb: Verb }[]>): Verb {
  return {
    summary: "Print the completion script of a shell: bash, zsh or fish.",
    arguments: [
      { name: "<shell>", summary: `bash, zsh or fish; the scripts themselves ask for ${idKinds.join(", ")}` },
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
  const ids = idsOf(await readState(session), kind).slice(-idsMax);
  const text = ids.map(({ id, words }) => `${id}\t${escapeLine(words, 60)}`).join("\n");
  return done({ [kind]: ids.map(({ id }) => id) }, text);
}

function idsOf(state: State, kind: IdKind): { id: string; words: string }[] {
  const titleOf = (missionId: string) => state.missions[missionId]?.title ?? "";
  switch (kind) {
    case "missions":
      return Object.values(state.missions).map(({ mission_id, title }) => ({
        id: mission_id,
        words: `${missionDocument(state, mission_id)?.status} ${title}`,
      }));
    case "tasks":
      return Object.values(state.tasks).map((task) => ({
        id: task.task_id,
        words: `${taskDocument(task).status} ${titleOf(task.mission_id)}`,
      }));
    case "holds":
      return openHolds(state).map(({ hold_id, code, title }) => ({ id: hold_id, words: `${code} ${title}` }));
    case "repositories":
      return Object.values(state.repositories).map(({ name, url }) => ({ id: name, words: url }));
  }
}
