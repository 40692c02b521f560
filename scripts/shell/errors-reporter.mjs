/** A reporter for vitest: writes how many errors there were outside tests, such as a rejection that nobody handles, into the file that AEDEV_TEST_ERRORS names. */
import { writeFileSync } from "node:fs";

export default class ErrorsReporter {
  /**
   * @param {unknown} _modules
   * @param {readonly unknown[]} errors
   */
  onTestRunEnd(_modules, errors) {
    const file = process.env["AEDEV_TEST_ERRORS"];
    if (file !== undefined) writeFileSync(file, String(errors.length));
  }
}
