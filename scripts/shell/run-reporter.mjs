/**
 * A reporter for vitest. Writes how many errors there were outside tests, such as a rejection that nobody handles, into the file that AEDEV_TEST_ERRORS
 * names. Adds a line to the file that AEDEV_TEST_PASSED names for each test file that passed, as soon as it ended: its path, and how many of its tests
 * passed and were skipped. After errors outside tests, which can be any file's, it takes the lines of this run back.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";

export default class RunReporter {
  #errors = process.env["AEDEV_TEST_ERRORS"];
  #passed = process.env["AEDEV_TEST_PASSED"];
  #before = this.#passed !== undefined && existsSync(this.#passed) ? readFileSync(this.#passed, "utf8") : "";

  /** @param {import("vitest/node").TestModule} module */
  onTestModuleEnd(module) {
    if (this.#passed === undefined || !module.ok()) return;
    const states = [...module.children.allTests()].map((test) => test.result().state);
    const count = (/** @type {string} */ state) => states.filter((one) => one === state).length;
    appendFileSync(this.#passed, `${module.relativeModuleId} ${count("passed")} ${count("skipped")}\n`);
  }

  /**
   * @param {unknown} _modules
   * @param {readonly unknown[]} errors
   */
  onTestRunEnd(_modules, errors) {
    if (this.#errors !== undefined) writeFileSync(this.#errors, String(errors.length));
    if (this.#passed !== undefined && errors.length > 0) writeFileSync(this.#passed, this.#before);
  }
}
