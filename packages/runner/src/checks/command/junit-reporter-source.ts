/**
 * Parts of the guard that make uvu, Jasmine and mocha before 2.1 write JUnit files, which they can't do in a usable way themselves. They also lock uvu's
 * assertions and Jasmine's globals. They run in the process under test, so their report proves no more than any other runner's; sentinels check it. Pure.
 */

/** Shared by all three: collects results and writes them. `lock`, `apply` and `defineProperty` are the guard's. */
const reportSource = (reportFile: string) => `
const { writeFileSync: writeJunitFile } = require('node:fs');
const junitCases = [];
const junitEntities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const junitText = (value) =>
  String(value)
    .replace(/\\s/g, ' ')
    .replace(/[^\\x20-\\ud7ff\\ue000-\\ufffd\\u{10000}-\\u{10ffff}]/gu, '?')
    .replace(/[&<>"]/g, (one) => junitEntities[one]);
const junitOutcomes = { pass: '', skip: '<skipped/>', fail: '<failure/>' };
// Only the process that loads the runner first writes, because a test may start the same runner in another process.
function ownsReport() {
  try {
    writeJunitFile(${JSON.stringify(`${reportFile}.owner`)}, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}
function junitCase({ file, group, name, result }) {
  const place = (file ? ' file="' + junitText(file) + '"' : '') + ' classname="' + junitText(group) + '"';
  return '<testcase name="' + junitText(name) + '"' + place + '>' + junitOutcomes[result] + '</testcase>';
}
function writeJunit(cases) {
  const suite = '<testsuite>' + cases.map(junitCase).join('\\n') + '</testsuite>';
  writeJunitFile(${JSON.stringify(reportFile)}, '<testsuites>' + suite + '</testsuites>\\n');
}
function whenLoaded(isWanted, change) {
  const seen = new WeakSet();
  const next = Module._load;
  defineProperty(Module, '_load', {
    writable: true,
    configurable: true,
    enumerable: true,
    value: function (request) {
      const exported = apply(next, this, arguments);
      const isExport = exported !== null && (typeof exported === 'object' || typeof exported === 'function');
      if (typeof request !== 'string' || !isExport || !isWanted(request)) return exported;
      if (!seen.has(exported)) {
        seen.add(exported);
        change(exported, arguments[1]);
      }
      return exported;
    },
  });
}
`;

/**
 * Notes the result of each of uvu's tests. ECMAScript modules get uvu's CommonJS build, so that one place sees all tests; that needs Node 22.15. A test that
 * started and has no result when the process ends counts as failed; one that never started is not reported.
 */
export const uvuReporter = (reportFile: string) => `${reportSource(reportFile)}
const uvuFile = /[\\\\/]uvu[\\\\/]dist[\\\\/]index\\.m?js$/;
const uvuAssertFile = /[\\\\/]uvu[\\\\/]assert[\\\\/]index\\.m?js$/;
if (Module.registerHooks)
  Module.registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      if (!(uvuFile.test(found.url) || uvuAssertFile.test(found.url)) || !found.url.endsWith('.mjs')) return found;
      return { ...found, url: found.url.replace(/\\.mjs$/, '.js'), format: 'commonjs' };
    },
  });
const uvuPackages = /[\\\\/]node_modules[\\\\/]|^node:/;
/** The calling file: the first one in the stack that is neither this file nor in a package. */
function uvuCaller() {
  for (const line of String(new Error().stack).split('\\n').slice(1)) {
    const path = /(?:\\(|at (?:async )?)(?:file:\\/\\/)?(\\/[^()]*?):\\d+(?::\\d+)?\\)?$/.exec(line)?.[1];
    if (path !== undefined && path !== __filename && !uvuPackages.test(path)) return decodeURI(path);
  }
  return '';
}
const failUvu = (test) => { if (test) test.result = 'fail'; };
function notedUvuTest(real, group) {
  let announced = [];
  let current = null;
  const add = (into, isOnly) => (name, handler) => {
    const entry = { file: uvuCaller(), group, name, isOnly, result: null };
    announced.push(entry);
    junitCases.push(entry);
    into(name, async function (state) {
      current = entry;
      entry.result = 'fail';
      try {
        const given = await apply(handler, this, arguments);
        entry.result = 'pass';
        return given;
      } catch (error) {
        failUvu(entry);
        throw error;
      }
    });
  };
  const test = add(real, false);
  test.only = add(real.only, true);
  test.skip = (name, handler) => {
    junitCases.push({ file: uvuCaller(), group, name: name === undefined ? '' : name, result: 'skip' });
    real.skip(name, handler);
  };
  test.before = real.before;
  const noted = (into) => (hook) =>
    into(async (state) => {
      try {
        await hook(state);
      } catch (error) {
        failUvu(current);
        throw error;
      }
    });
  test.after = noted(real.after);
  test.after.each = noted(real.after.each);
  test.run = () => {
    if (announced.some(({ isOnly }) => isOnly))
      for (const entry of announced) if (!entry.isOnly) entry.result = 'skip';
    announced = [];
    real.run();
  };
  lock(test);
  return test;
}
whenLoaded(
  (request) => request === 'uvu' || uvuFile.test(request),
  (exported) => {
    const { suite } = exported;
    exported.suite = (name, state) => notedUvuTest(suite(name, state), name || '');
    exported.test = notedUvuTest(exported.test, '');
    lock(exported);
    if (!ownsReport()) return;
    process.on('exit', () => {
      const begun = junitCases.filter(({ result }) => result !== null);
      if (begun.length > 0) writeJunit(begun);
    });
  },
);
whenLoaded(
  (request) => request === 'uvu/assert' || uvuAssertFile.test(request),
  (exported) => {
    for (const target of [exported.is, exported.not, exported]) lock(target);
  },
);
`;

/** Adds a reporter to each environment of Jasmine. It writes when Jasmine is done. The first failing spec doesn't end the run. */
export const jasmineReporter = (reportFile: string) => `${reportSource(reportFile)}
const jasmineOutcomes = { passed: 'pass', failed: 'fail', pending: 'skip', excluded: 'skip' };
const jasmineEnvironments = new WeakSet();
const jasmineMatchers = new Set(
  ('nothing toBe toBeCloseTo toBeDefined toBeFalse toBeFalsy toBeGreaterThan toBeGreaterThanOrEqual toBeInstanceOf toBeLessThan toBeLessThanOrEqual ' +
    'toBeNaN toBeNegativeInfinity toBeNull toBeNullish toBePositiveInfinity toBeTrue toBeTruthy toBeUndefined toContain toEqual toHaveBeenCalled ' +
    'toHaveBeenCalledBefore toHaveBeenCalledOnceWith toHaveBeenCalledTimes toHaveBeenCalledWith toHaveClass toHaveClasses toHaveNoOtherSpyInteractions ' +
    'toHaveSize toHaveSpyInteractions toMatch toThrow toThrowError toThrowMatching toBePending toBeRejected toBeRejectedWith toBeRejectedWithError ' +
    'toBeResolved toBeResolvedTo').split(' '),
);
function reportJasmine(jasmine) {
  const environment = jasmine.getEnv({ suppressLoadErrors: true });
  if (jasmineEnvironments.has(environment)) return;
  jasmineEnvironments.add(environment);
  const isOwner = ownsReport();
  const groups = [];
  const failures = ({ failedExpectations = [] }, group, name) => {
    if (failedExpectations.length > 0) junitCases.push({ file: '', group, name, result: 'fail' });
  };
  // Custom matchers may have any other name.
  const isBuiltIn = (name) => jasmineMatchers.has(name);
  for (const [holder, method] of [[jasmine, 'addMatchers'], [jasmine, 'addAsyncMatchers'], [environment, 'addMatchers'], [environment, 'addAsyncMatchers']]) {
    const real = holder[method];
    if (typeof real !== 'function' || !getOwnPropertyDescriptor(holder, method)?.writable) continue;
    const added = function (matchers) {
      if (ownKeys(matchers).some(isBuiltIn)) throw new Error('a matcher of Jasmine can not be replaced');
      return apply(real, this, arguments);
    };
    defineProperty(holder, method, { value: added, writable: false, configurable: false, enumerable: true });
  }
  const expectations = new WeakSet();
  for (const name of ['expect', 'expectAsync']) {
    const real = globalThis[name];
    if (typeof real !== 'function') continue;
    globalThis[name] = function () {
      const made = apply(real, this, arguments);
      const own = Object.getPrototypeOf(made);
      if (own && own !== Object.prototype && !expectations.has(own)) {
        expectations.add(own);
        lockPrototype(own);
      }
      return made;
    };
  }
  for (const name of ['describe', 'it', 'expect', 'expectAsync', 'fail']) {
    const found = getOwnPropertyDescriptor(globalThis, name);
    if (found && found.configurable) defineProperty(globalThis, name, { ...found, writable: false, configurable: false });
  }
  environment.addReporter({
    jasmineStarted: () => void environment.configure?.({ stopOnSpecFailure: false, failFast: false }),
    suiteStarted: ({ description }) => void groups.push(description),
    suiteDone(result) {
      failures(result, groups.join(' > '), 'after all');
      groups.pop();
    },
    specDone: ({ description, filename, status }) =>
      void junitCases.push({ file: filename, group: groups.join(' > '), name: description, result: jasmineOutcomes[status] }),
    jasmineDone(result) {
      failures(result || {}, '', 'outside the specs');
      if (isOwner) writeJunit(junitCases);
    },
  });
}
const isJasmine = /^jasmine-core$|[\\\\/]jasmine-core[\\\\/]lib[\\\\/]jasmine-core\\.js$/;
const booted = (made) => {
  const jasmine = made && typeof made.getEnv === 'function' ? made : made && made.jasmine;
  if (jasmine) reportJasmine(jasmine);
};
whenLoaded(
  (request) => isJasmine.test(request),
  (exported) => {
    for (const name of ['boot', 'noGlobals', 'installGlobals']) {
      const real = exported[name];
      if (typeof real !== 'function') continue;
      exported[name] = function () {
        const made = apply(real, this, arguments);
        booted(name === 'installGlobals' ? exported : made);
        return made;
      };
    }
  },
);
`;

/** Notes the results of mocha's tests and writes them, for versions whose own reporter can't write to a file. */
export const mochaReporter = (reportFile: string) => `${reportSource(reportFile)}
const { readFileSync: readMochaFile } = require('node:fs');
const { dirname: mochaFolder, join: mochaPath } = require('node:path');
function writesNoFile(loader) {
  try {
    const { name, version } = JSON.parse(readMochaFile(mochaPath(mochaFolder(loader.filename), '..', 'package.json'), 'utf8'));
    const [major, minor] = version.split('.').map(Number);
    return name === 'mocha' && (major < 2 || (major === 2 && minor < 1));
  } catch {
    return false;
  }
}
function reportMocha(runner) {
  const note = (result) => (test) => {
    const group = test.parent && typeof test.parent.fullTitle === 'function' ? test.parent.fullTitle() : '';
    junitCases.push({ file: test.file, group, name: test.title, result });
  };
  runner.on('pass', note('pass'));
  runner.on('fail', note('fail'));
  runner.on('pending', note('skip'));
  runner.on('end', () => writeJunit(junitCases));
}
whenLoaded(
  (request) => /(?:^|[\\\\/])runner(?:\\.js)?$/.test(request),
  (exported, loader) => {
    const own = exported.prototype;
    if (!own || typeof own.run !== 'function' || typeof own.runSuite !== 'function') return;
    if (!loader || !writesNoFile(loader) || !ownsReport()) return;
    const run = own.run;
    own.run = function () {
      reportMocha(this);
      return apply(run, this, arguments);
    };
  },
);
`;
