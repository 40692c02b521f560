/** The signals whose weights add up to a change's chance of harm, in words. docs/RISK.md shows them as a table. */

/** Signals against harm: their weights are at most 0. */
const againstHarm = {
  same_behaviour: "the code does what it did",
  same_results: "the mission asks for no new behaviour, and calls of all changed code give the base's results",
  updates_confirmed: "only versions of known packages change, and their registries confirm each",
  added_tests_notice: "only tests change, and each new or edited one notices faults",
  tests_can_fail: "tests of the base were shown able to fail",
  new_tests_fail_on_base: "new tests fail without the change",
  ways_covered: "tests take every way through the changed code",
  same_outside_tests: "calls from the tests give the same results when repeated outside them",
  independent_tests_pass: "tests that another run wrote from the mission alone pass",
  implementations_agree: "the code that another run made gives the same results, also where both change them",
  judges_pass: "enough judges pass",
  safer_history: "changes like this one needed a later fix less often than usual",
} as const;
/** Signals for harm: their weights are at least 0. */
const forHarm = {
  riskier_history: "changes like this one needed a later fix more often than usual",
  sensitive_paths: "a file where money is handled",
  authentication_paths: "a file that decides who gets in, or cryptography",
  network_paths: "a file that talks to a network",
  document_used: "a document that something uses, and no code",
  tests_without_code: "tests change, but no code",
  code_without_test: "code changes, but no test",
  untested_ways: "ways through the changed code that no test takes",
  minor_untested_ways: "such ways that matter less, such as code that only throws",
  nothing_proven: "no test of the base was shown able to fail",
  unneeded_code: "parts of the changed code that the tests pass without",
  new_tests_green_on_base: "new tests pass without the change",
  new_tests_skipped: "new tests are skipped",
  only_skipped_tests: "only skipped tests check the code",
  tests_notice_nothing: "added tests fail on no fault in the code",
  changed_tests: "existing tests are edited; old versions fail or may notice more",
  edited_tests: "existing tests are edited, and their old versions still pass",
  moved_tests: "tests move to another file",
  lost_assertions: "tests lose assertions",
  test_finding: "something that a forged test would need, such as a skip",
  test_settings: "settings of tests change",
  shared_by_tests: "code that tests share changes",
  test_support: "a file that only tests use changes",
  unwatched: "the base's tests could not be watched",
  replay_unsure: "functions give other results outside the tests, which may be meant",
  independent_tests_fail: "tests that another run wrote from the mission alone fail",
  implementations_differ: "the code that another run made gives other results",
  independent_tests_missing: "another run was to write tests, but none count",
  judge_flip: "a judge failed the change in one of its two views",
} as const;

const namesOf = <Name extends string>(signals: Readonly<Record<Name, string>>) => Object.keys(signals) as Name[];
/** The names of the signals against harm. */
export const signalsAgainst = namesOf(againstHarm);
/** The names of the signals for harm. */
export const signalsFor = namesOf(forHarm);
/** The name of a signal, as the policy and decisions have it. */
export type HarmSignal = keyof typeof againstHarm | keyof typeof forHarm;

const meanings: Readonly<Record<string, string>> = { ...againstHarm, ...forHarm };
/** What a signal found; for a factor of an earlier version, its name in words. */
export function signalText(factor: string): string {
  return Object.hasOwn(meanings, factor) ? (meanings[factor] ?? factor) : factor.replaceAll("_", " ");
}
