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
  kinds: {
    fix: {
      ask: "What happens now, and what should happen instead?",
      usual: defaultCriterion,
      follows:
        "what was reported no longer happens and what was expected does, shown by a new test; all existing tests pass",
    },
    feature: {
      ask: "What does it do, for which input, and what does one see?",
      usual: defaultCriterion,
      follows: "it behaves as described, shown by a new test that fails before the change; all existing tests pass",
    },
    refactor: {
      ask: "Which structure should there be, and what must stay the same?",
      usual: "behaviour stays as it is: the existing tests pass unchanged",
      follows: "the structure is as described; behaviour stays as it is and the existing tests pass",
    },
    upgrade: {
      ask: "Which dependency, and which version?",
      usual: "manifest and lockfile name the newest release of the same major version; build and existing tests pass",
      follows: "manifest and lockfile name that version; build and existing tests pass",
    },
    rename: {
      ask: "What is the old name, and what is the new one?",
      usual: "no occurrence of the old name is left; all existing tests pass",
      follows: "no occurrence of the old name is left except those named; all existing tests pass",
    },
    removal: {
      ask: "What exactly goes, and what stays?",
      usual: "it is gone and nothing refers to it; all other tests pass",
      follows: "it is gone and nothing refers to it; all other tests pass",
    },
    docs: {
      ask: "Which page, which section, and what must it say?",
      usual: "the page names each option with its default and one example; no code changes",
      follows: "the page says what was asked for, as the code behaves; no code changes",
    },
    test: {
      ask: "Which behaviour and which cases should the tests cover?",
      usual: "each new test passes, and fails if the behaviour it covers is taken out",
      follows: "the tests that were asked for exist and pass, and each fails if what it covers is broken",
    },
    perf: {
      ask: "What is measured, how, and which value must be reached?",
      usual:
        "a benchmark in the repository shows at least 20 % less time than before; results are identical and existing tests pass",
      follows: "the measured value is reached with identical results; all existing tests pass",
    },
    config: {
      ask: "Which setting, and which value?",
      usual: "the setting has the value named, and no other setting changes",
      follows: "the setting has exactly that value where it was named, and no other setting changes",
    },
    chore: {
      ask: "What is different in the repository afterwards?",
      usual: defaultCriterion,
      follows: "exactly what was asked for is changed; all existing tests pass",
    },
  },
  why: {
    no_acceptance_criteria: () => "no checkable result is named",
    vague_description: (words) => `${words} can mean many things`,
    no_target_surface: () => "no file, folder, function, command or route is named",
    unbounded_scope: (words) => `${words} has no limit`,
  },
  inPlace: (place) => `${place} and its tests`,
  asStated:
    "done when exactly what the request itself states holds, shown by a test that fails before where behaviour changes; existing tests pass",
  understood: (follows, request) => `understood: ${follows} (${request})`,
  drafted: (text) => `drafted: ${text}`,
  draftQuestions: {
    title: "What will be different?",
    place: "Where?",
    criteria: "How will we know it is done?",
    test: "How could a test show it?",
  },
  whatChanges: "What should change before work starts?",
  example: {
    ofFunction: (name) => `For example: "${name}(…) returns … instead of …, in a new test".`,
    ofRequest: (request) => `For example, for "${request}": "… shows … instead of …".`,
  },
  again: "The usual answer alone does not say what should be different here.",
  isQuestion:
    'this asks a question, and a mission changes code: say what should change ("parse(\'\') should return []"), or ask your question elsewhere; to have the answer written down, ask for a page with it ("explain in docs/parse.md why …")',
  quote: (words) => words.map((word) => `"${word}"`).join(", "),
  found: {
    failingTest: (sentence) => `the test that fails now passes after the change, and is itself unchanged: ${sentence}`,
    reproduction: (command) =>
      `after the change this command no longer shows the fault, and a new test covers it: ${command}`,
  },
  refused: {
    empty: "the answer is empty",
    long: (charactersMax) => `the answer is longer than ${charactersMax} characters`,
    placeholder: (text) => `"${text}" says nothing that can be checked`,
    short: (widthMin) => `it is too short to be checked: at least ${widthMin} characters`,
    vague: (words) => `${words} is vague: say what a test, a command or a reader would see`,
    noPlace: "it names no place: give a file, folder, function, command or route, e.g. `lib/cart.js` or `add()`",
    unbounded: (words) => `${words} still has no limit: say the most that may change`,
    reference: "a link or a number of a ticket can't be read here: write down what it asks for",
  },
  document: {
    criteria: "Acceptance criteria",
    ownCriterion: "aedev's default, because none was given",
    notChecked: "In no criterion, so nobody checks it",
    answers: "Questions and answers",
    score: (score) => `Ambiguity: ${score} of 100`,
    repository: "Repository",
  },
};
