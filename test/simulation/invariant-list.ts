/** All invariants, in the words that report a violation. Each has a planted bug that breaks it. */
export const invariants = [
  // Checked as each event is committed.
  "positions have a gap",
  "versions of a stream have a gap",
  "a bundle was judged twice",
  "an approval was used twice",
  "work becomes pending that was not announced",
  "a plan was decided in part",
  // Checked as a task's first run starts, against what people wrote.
  "a run started before what its mission waits for landed",
  "a part started beside one that may change the same files",
  "a part started although its plan has stopped",
  // Checked as a change lands, against the truth about it.
  "landed without a run",
  "landed a run that made no change",
  "landed without full evidence",
  "landed with red checks",
  "landed without a pass of each judge",
  "landed without a person",
  "landed without tests of another run",
  "landed against tests of another run",
  "landed without a push",
  "is on its branch more than once",
  // Checked as something begins outside.
  "a container was started beside another of its run",
  "more runs at once than allowed",
  "more runs were started than a budget has",
  "a judge was asked with no tokens left",
  "a judge was asked with no dollars left",
  "a run used more tokens than a budget has",
  "a run used more dollars than a budget has",
  "a run used more minutes than a budget has",
  // Checked as people and the outside send commands.
  "the log threw",
  "a pause was refused",
  "two daemons wrote to one log",
  // Checked once nothing is due.
  "it does not come to rest",
  "the loop remembers work that nobody waits for",
  "an acknowledged command is not in the log",
  "an event is missing when the log is read",
  "the state is not the fold of the log",
  "the file or its views are wrong",
  "a commit of others is gone",
  "a container was left",
  "work is pending, and nobody does it",
  "is on its branch and not landed",
  "a part of an approved plan has not exactly one task",
  "a plan has another status than its most urgent part",
  "waits although nothing keeps it from starting",
  "waits for nothing that anybody names",
  "waits in a hold that ends automatically",
  "is held although a change of it could be approved",
  "is held although a change of it could be checked",
] as const;
export type Invariant = (typeof invariants)[number];

/** Reports that an invariant does not hold, and for what. */
export type Violated = (invariant: Invariant, of: string) => void;
