/**
 * A reporter for vitest. Writes the number of errors outside tests, such as an unhandled rejection, to the file in AEDEV_TEST_ERRORS. Adds a line to the notes
 * in AEDEV_TEST_PASSED for each test file that passed, as soon as it ended. After errors outside tests, which any file can have caused, it removes the lines of
 * this run.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { noteOf } from "./noted-files.ts";

export default class RunReporter {
  #errors = process.env["AEDEV_TEST_ERRORS"];
  #passed = process.env["AEDEV_TEST_PASSED"];
  #before = this.#passed !== undefined && existsSync(this.#passed) ? readFileSync(this.#passed, "utf8") : "";

  /** @param {import("vitest/node").TestModule} module */
  onTestModuleEnd(module) {
    if (this.#passed === undefined || !module.ok()) return;
    const states = [...module.children.allTests()].map((test) => test.result().state);
    const count = (/** @type {string} */ state) => states.filter((one) => one === state).length;
    const note = { path: module.relativeModuleId, passed: count("passed"), skipped: count("skipped") };
    appendFileSync(this.#passed, noteOf(module.project.config.root, note));
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
