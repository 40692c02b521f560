/** Asks a person at the terminal. Enter takes the default; a bad answer is refused with the reason, and the question is asked again. This file knows no setting. */
import { Fault } from "@aedev/contracts";
import type { Terminal } from "../terminal/session.ts";
import { isYes } from "../terminal/yes.ts";

export interface Dialogue {
  say(text: string): void;
  /** Enter takes `usual`. */
  askYes(question: string, usual: boolean): Promise<boolean>;
  /** `take` stores the answer; if it throws a Fault, the reason is shown and the question asked again. Enter takes `usual`. */
  askText(question: string, usual: string, take: (answer: string) => Promise<void>): Promise<void>;
  /** The answer is not shown while it is typed. Returns false if only Enter was typed. */
  askSecret(question: string, take: (answer: string) => Promise<void>): Promise<boolean>;
}

export function openDialogue(terminal: Terminal): Dialogue {
  const say = (text: string) => terminal.write(`${text}\n`);

  async function untilTaken(ask: () => Promise<string>, take: (answer: string) => Promise<void>): Promise<string> {
    for (;;) {
      const answer = await ask();
      if (answer === "") return answer;
      try {
        await take(answer);
        return answer;
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        say(`  not accepted: ${error.message}`);
      }
    }
  }

  return {
    say,
    async askYes(question, usual) {
      for (;;) {
        const answer = (await terminal.ask(`${question} ${usual ? "[Y/n]" : "[y/N]"} `)).trim();
        if (answer === "") return usual;
        if (isYes(answer)) return true;
        if (/^(n|no)$/i.test(answer)) return false;
        say("  please answer y or n");
      }
    },
    async askText(question, usual, take) {
      await untilTaken(async () => (await terminal.ask(`${question} [${usual}] `)).trim() || usual, take);
    },
    async askSecret(question, take) {
      const answer = await untilTaken(
        async () => (await terminal.ask(`${question} (not shown; Enter: later) `, { secret: true })).trim(),
        take,
      );
      return answer !== "";
    },
  };
}
