/** Detects from a pom.xml how a Java project is prepared and tested with Maven. Pure. For Gradle it only says what is needed. */
import { posix } from "node:path";
import { type DetectionFiles, fileText, type Part, preparedRoot, unreadableFiles } from "./finding.ts";
import { testFiles, testGlobs } from "./test-globs.ts";

const modulesMax = 60;
/** How much of a pom.xml is read for its modules, in characters. */
const pomCharactersMax = 200_000;
/** Maven fetches the test runner only if there is a test, so each module gets an empty one. */
const placeholders =
  'for p in $(find . -name pom.xml); do d=$(dirname $p)/src/test/java; mkdir -p $d && echo "public class PlaceholderTest {}" >$d/PlaceholderTest.java; done';
/** Surefire writes one file per class; without their XML headers they make one report. */
const joined =
  'find . -path "*/target/surefire-reports/TEST-*.xml" -exec sed -s -e 1d -e "/<properties>/,/<.properties>/d" {} +';

/** Null if there is no pom.xml at the top. */
export function findJava(base: DetectionFiles): Part | null {
  if (!base.paths.includes("pom.xml")) return null;
  // A module is built together with the modules that it needs, from the manifest at the top.
  const module =
    base.above !== undefined && modulesOf(base.above.base, "").has(base.above.folder) ? base.above.folder : null;
  const { files: root, toRoot } = preparedRoot(base, module !== null);
  // The enforcer's rules about Maven versions say nothing about the tests.
  const maven = `-B -q -Denforcer.skip -Dmaven.repo.local=$PWD/${toRoot}.m2`;
  const globs = testGlobs(base.paths, "java");
  const hasTests = testFiles(base.paths, "java").length > 0;
  const modules = root.paths.filter((path) => /^(?:[\w.@-]+\/)*pom\.xml$/u.test(path)).slice(0, modulesMax);
  return {
    language: "java",
    tools: ["maven", ...(hasTests ? ["surefire"] : [])],
    settings: {
      prepare: `${placeholders}; mvn -B -q -Denforcer.skip -Dmaven.repo.local=$PWD/.m2 test -Dtest=PlaceholderTest -DfailIfNoTests=false -Dsurefire.failIfNoSpecifiedTests=false`,
      inputs: ["pom.xml", "**/pom.xml", ".mvn/**"].map((path) => `${toRoot}${path}`),
      outputs: [`${toRoot}.m2`],
      writable: modules.map((path) => `${toRoot}${path.replace(/pom\.xml$/u, "target")}`),
      ...(hasTests
        ? {
            verify: [
              `mvn ${module === null ? "" : `-f ${toRoot}pom.xml -pl ${module} -am `}-o ${maven} -Dmaven.test.redirectTestOutputToFile=true test; status=$?; { echo "<testsuites>"; ${joined}; echo "</testsuites>"; } >"$AEDEV_JUNIT_FILE"; exit $status`,
            ],
            tests: globs.tests,
          }
        : {}),
    },
    checks: hasTests ? "per-test" : "none",
    isPreparedAtTop: module !== null,
    reasons: [
      { setting: "prepare", why: "there is a pom.xml" },
      { setting: "inputs", why: "Maven needs the manifests of all modules" },
      { setting: "outputs", why: "where the packages are kept" },
      ...(hasTests
        ? ([
            { setting: "verify", why: "there are tests below src/test" },
            { setting: "tests", why: globs.why },
          ] as const)
        : []),
    ],
    notes: [
      ...unreadableFiles(base, ["pom.xml"]),
      ...(hasTests
        ? ["the report is joined from Surefire's files, which code under test could write: changes need your approval"]
        : ["no test below src/test was found"]),
    ],
  };
}

/** The folders of all modules that the pom.xml in a folder names, directly or through other modules. */
function modulesOf(base: DetectionFiles, folder: string, found = new Set<string>()): Set<string> {
  const text = fileText(base, posix.join(folder, "pom.xml")) ?? "";
  for (const [, name = ""] of text
    .slice(0, pomCharactersMax)
    .matchAll(/<module>\s{0,20}([\w.@/-]{1,200})\s{0,20}<\/module>/gu)) {
    const module = posix.join(folder, name);
    if (found.has(module) || found.size >= modulesMax || !base.paths.includes(`${module}/pom.xml`)) continue;
    found.add(module);
    modulesOf(base, module, found);
  }
  return found;
}
