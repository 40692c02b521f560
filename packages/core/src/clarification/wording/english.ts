/** The English texts of clarification's questions. */
import type { Wording } from "./wording.ts";

const testFailsBefore = "a new test fails before the change and passes after it";
const defaultCriterion = `${testFailsBefore}; all existing tests pass`;

export const english: Wording = {
  questions: {
    no_acceptance_criteria: {
      text: () =>
        "How will we know it is done? Give something that can be checked: what a test asserts, a command and what it prints, or the name of a failing test.",
      choices: [
        defaultCriterion,
        "an existing test that fails now passes; all other tests pass as before",
        "the reported command prints the right result and exits 0, and a new test shows it",
      ],
      default: defaultCriterion,
    },
    vague_description: {
      text: (words) => `${words} can mean many things. What exactly will be different, in a way that others can see?`,
      choices: [
        "one behaviour changes, and a new test shows it: red before the change, green after it",
        "one output or message changes, and a test compares its text",
        "behaviour stays as it is: only structure changes, and the existing tests pass unchanged",
      ],
      default: "one behaviour changes, and a new test shows it: red before the change, green after it",
    },
    no_target_surface: {
      text: () =>
        "Where should the change be made? Name a file, folder, function, command or route, e.g. `lib/cart.js` or `add()`.",
      choices: [
        "the files that the new failing test leads to, and the tests; no other file changes",
        "src/ and its tests",
        "lib/ and its tests",
        "README.md and docs/",
      ],
      default: "the files that the new failing test leads to, and the tests; no other file changes",
    },
    unbounded_scope: {
      text: (words) => `${words} has no limit. What is the most that may change, and what must stay the same?`,
      choices: [
        "at most 10 files and 400 changed lines; what is outside of them stays as it is",
        "only the first place where it is needed; the others become separate missions",
        "at most 3 files and 100 changed lines; no public interface changes",
      ],
      default: "at most 10 files and 400 changed lines; what is outside of them stays as it is",
    },
  },
  why: {
    no_acceptance_criteria: () => "no checkable result is named",
    vague_description: (words) => `${words} can mean many things`,
    no_target_surface: () => "no file, folder, function, command or route is named",
    unbounded_scope: (words) => `${words} has no limit`,
  },
  defaultCriterion,
  found: {
    failingTest: (sentence) => `the test that fails now passes after the change, and is itself unchanged: ${sentence}`,
    reproduction: (command) =>
      `after the change this command no longer shows the fault, and a new test covers it: ${command}`,
    issue: (address) => `the issue ${address} is solved: a new test for it fails before the change and passes after it`,
  },
  refused: {
    empty: "the answer is empty",
    long: (charactersMax) => `the answer is longer than ${charactersMax} characters`,
    placeholder: (text) => `"${text}" says nothing that can be checked`,
    short: (widthMin) => `it is too short to be checked: at least ${widthMin} characters`,
    vague: (words) => `${words} is vague: say what a test, a command or a reader would see`,
    noPlace: "it names no place: give a file, folder, function, command or route, e.g. `lib/cart.js` or `add()`",
    unbounded: (words) => `${words} still has no limit: say the most that may change`,
  },
  document: {
    criteria: "Acceptance criteria",
    ownCriterion: "aedev's default, because none was given",
    answers: "Questions and answers",
    score: (score) => `Ambiguity: ${score} of 100`,
    repository: "Repository",
  },
};
