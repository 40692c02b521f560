/** Repositories with a history: many commits, one a day, with authors and messages. */
import { join } from "node:path";
import { git, temporaryFolder } from "./git-repositories.ts";

export interface PlannedCommit {
  readonly files: Readonly<Record<string, string | null>>;
  readonly message?: string;
  readonly author?: string;
  readonly day?: number;
}

/** A repository whose main branch has these commits, one a day. Null deletes a file. */
export function repositoryOf(commits: readonly PlannedCommit[]): string {
  const dir = join(temporaryFolder(), "remote.git");
  git("/", ["init", "--bare", "--quiet", "--initial-branch=main", dir]);
  addCommits(dir, commits, 0);
  return dir;
}

export function addCommits(dir: string, commits: readonly PlannedCommit[], firstDay: number): void {
  const stream = commits.map(({ files, message = "change", author = "ann", day }, index) => {
    const at = 1_700_000_000 + (day ?? firstDay + index) * 86_400;
    const parts = Object.entries(files).map(([path, text]) =>
      text === null ? `D ${path}\n` : `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
    );
    const who = `${author} <${author}@example.org> ${at} +0000`;
    const from = index === 0 && firstDay > 0 ? "from refs/heads/main^0\n" : "";
    return `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\ndata ${Buffer.byteLength(message)}\n${message}\n${from}${parts.join("")}\n`;
  });
  git(dir, ["fast-import", "--quiet"], stream.join(""));
}

export const lines = (count: number, word = "line") =>
  Array.from({ length: count }, (_, at) => `${word} ${at}\n`).join("");

/** 200 commits. Every fourth of 160 changes rewrites a large file, and is mended the next day; no other is. */
export function mendedHistory(): PlannedCommit[] {
  return Array.from({ length: 160 }, (_, at): PlannedCommit[] => {
    // Every fourth change touches a large file and is mended the next day.
    const name = at % 4 === 0 ? "large.js" : `small-${at % 7}.js`;
    const text = at % 4 === 0 ? lines(300, `wrong ${at}`) : `value(${at});\n`;
    const change: PlannedCommit = { files: { [name]: text } };
    return at % 4 === 0
      ? [change, { files: { [name]: lines(300, `right ${at}`) }, message: "Fix a defect" }]
      : [change];
  }).flat();
}
