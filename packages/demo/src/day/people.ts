/** The people at the fake GitHub during a day: they open and label an issue, answer, review. They see only what GitHub shows. */
import { setTimeout } from "node:timers/promises";
import { Fault } from "@aedev/contracts";
import type { RepositoryControl } from "@aedev/fakes/github/repository-control";

export const fullName = "acme/adder";
const label = "aedev";
const waitMs = 300_000;
const pauseMs = 200;

export interface Draft {
  readonly number: number;
  readonly branch: string;
  readonly head: string;
}
export interface People {
  /** The bare repository at GitHub. */
  readonly gitDir: string;
  /** The first line of the text is the title. Returns the issue's number; the issue has the label. */
  openIssue(text: string): Promise<number>;
  /** Waits for aedev's questions on the issue; returns their ids. */
  questionsOn(issue: number): Promise<string[]>;
  /** Answers the questions in one comment. */
  answer(issue: number, answers: ReadonlyMap<string, string>): Promise<void>;
  /** The mission's id in aedev's comment. */
  missionOf(issue: number): Promise<string>;
  /** Waits for the draft pull request. */
  draft(): Promise<Draft>;
  requestChanges(pull: number, words: string): Promise<void>;
  approve(pull: number): Promise<void>;
  /** Waits until the branch has a new commit. */
  nextHead(draft: Draft): Promise<string>;
  /** Waits for the merge; returns its commit. */
  merged(pull: number): Promise<string>;
  /** Waits until the issue says that the change has landed. */
  told(issue: number): Promise<void>;
}

/** `ann` and `boss` may write to the repository. `own`: aedev's login. */
export function actAsPeople(
  repository: RepositoryControl,
  { own, signal }: { own: string; signal: AbortSignal },
): People {
  for (const login of ["ann", "boss"]) repository.setRole(login, "write");
  const [ann, boss] = [repository.as("ann"), repository.as("boss")];
  let issues = 0;

  /** Throws a fault if nothing appears in five minutes. */
  async function wait<T>(what: string, read: () => Promise<T | null | undefined>): Promise<T> {
    for (const until = Date.now() + waitMs; Date.now() < until; ) {
      const found = await read();
      if (found !== null && found !== undefined) return found;
      await setTimeout(pauseMs, undefined, { signal });
    }
    throw new Fault("no-answer", `${what} was not seen at GitHub`, { hint: "aedev status" });
  }
  const commentOf = async (issue: number, slot: string) =>
    (await repository.issue(issue)).comments.find(
      ({ author, body }) => author.login === own && body.includes(` comment=${slot}`),
    )?.body;

  return {
    gitDir: repository.gitDir,
    async openIssue(text) {
      const [title = "", ...lines] = text.split("\n");
      issues = await repository.as("somebody").openIssue({ title, body: lines.join("\n") });
      await ann.label(issues, label);
      return issues;
    },
    async questionsOn(issue) {
      const comment = await wait("the comment with the questions", () => commentOf(issue, "questions-1"));
      return [...comment.matchAll(/\*\*([a-z-]+)\*\*/g)].flatMap(([, id]) => id ?? []);
    },
    async answer(issue, answers) {
      const lines = [...answers].map(([id, answer]) => `${id}: ${answer}`);
      await ann.comment(issue, ["/aedev", ...lines].join("\n"));
    },
    missionOf: (issue) =>
      wait("the mission", async () => /mission=(m-\w+)/.exec((await commentOf(issue, "progress")) ?? "")?.[1]),
    draft: () =>
      wait("the draft pull request", async () => {
        const pull = (await repository.issue(issues + 1).catch(() => null))?.pull;
        const head = pull === null || pull === undefined ? null : await repository.tip(pull.headRef);
        return pull == null || head === null ? null : { number: pull.number, branch: pull.headRef, head };
      }),
    async requestChanges(pull, words) {
      await boss.review(pull, { event: "REQUEST_CHANGES", body: words });
    },
    async approve(pull) {
      await boss.review(pull, { event: "APPROVE", body: "Thanks." });
    },
    nextHead: ({ branch, head }) =>
      wait("the changed commit", async () => {
        const tip = await repository.tip(branch);
        return tip === head ? null : tip;
      }),
    merged: (pull) => wait("the merge", async () => (await repository.issue(pull)).pull?.mergeCommitSha ?? null),
    async told(issue) {
      await wait("the last comment", async () =>
        (await commentOf(issue, "progress"))?.includes("**Landed**") === true ? true : null,
      );
    },
  };
}
