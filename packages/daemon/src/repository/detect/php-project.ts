/** Detects from composer.json and phpunit.xml how a PHP project is tested with the image's PHPUnit. Pure. Composer's packages are only named. */
import { parseJson } from "@aedev/host/parse-json";
import {
  type DetectionFiles,
  escapedText,
  fileText,
  type Part,
  type SettingReason,
  unprovenNote,
  unreadableFiles,
} from "./finding.ts";
import { isJsonObject } from "./json-object.ts";
import { testFiles, testGlobs } from "./test-globs.ts";

const configurations = ["phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml"];
const autoload = "composer dump-autoload --dev --no-scripts --no-plugins --no-interaction";
const phpunit = 'phpunit --do-not-cache-result --log-junit "$AEDEV_JUNIT_FILE"';
const namedMax = 5;

/** Null if there is neither composer.json nor a PHPUnit configuration at the top. */
export function findPhp(base: DetectionFiles): Part | null {
  const has = (path: string) => base.paths.includes(path);
  const configuration = configurations.find(has);
  if (!has("composer.json") && configuration === undefined) return null;
  const globs = testGlobs(base.paths, "php");
  const first = testFiles(base.paths, "php").find((path) => path.endsWith("Test.php"));
  const folder = ["tests", "test"].find((name) => first?.startsWith(`${name}/`)) ?? ".";
  const isLoaded = has("composer.json") && !has("vendor/autoload.php");
  // A class map is made from the code, which only the build step sees.
  const isBuilt = isLoaded && /"classmap"/u.test(fileText(base, "composer.json") ?? "");
  const why = "it makes the project's own vendor/autoload.php, without packages";
  const reasons: SettingReason[] = isLoaded ? [{ setting: isBuilt ? "build" : "prepare", why }] : [];
  if (isLoaded) reasons.push({ setting: "outputs", why: "where Composer puts it" });
  if (first !== undefined)
    reasons.push(
      {
        setting: "verify",
        why: configuration === undefined ? `there is ${escapedText(first)}` : `there is a ${configuration}`,
      },
      { setting: "tests", why: globs.why },
    );
  // Composer's PHPUnit loads this file by itself; the image's does not.
  const text = configuration === undefined ? "" : fileText(base, configuration);
  const isBooted = text === undefined || /\sbootstrap\s*=/u.test(text);
  const run = has("composer.json") && !isBooted ? `${phpunit} --bootstrap vendor/autoload.php` : phpunit;
  const wanted = packagesOf(base);
  return {
    language: "php",
    tools: ["composer", ...(first === undefined ? [] : ["phpunit"])],
    settings: {
      ...(isLoaded ? { [isBuilt ? "build" : "prepare"]: autoload, outputs: ["vendor"] } : {}),
      ...(isLoaded && !isBuilt ? { inputs: ["composer.json", "composer.lock"] } : {}),
      ...(first === undefined
        ? {}
        : { verify: [configuration === undefined ? `${run} ${folder}` : run], tests: globs.tests }),
    },
    checks: first === undefined ? "none" : "per-test",
    reasons,
    notes: [
      ...unreadableFiles(base, ["composer.json"]),
      ...(first === undefined ? ["no test of PHPUnit (a file whose name ends in Test.php) was found"] : [unprovenNote]),
      ...(wanted.length === 0
        ? []
        : [
            `Composer's packages are not fetched (${wanted.slice(0, namedMax).map(escapedText).join(", ")}${wanted.length > namedMax ? ` and ${wanted.length - namedMax} more` : ""}): https://repo.packagist.org, and GitHub, which has their archives, are not in prepare.registries as shipped. Give an --image with them; or add https://repo.packagist.org, https://api.github.com and https://codeload.github.com in config.yaml, and give --prepare 'composer install --no-scripts --no-plugins --no-interaction' --outputs vendor`,
          ]),
    ],
  };
}

/** What composer.json requires besides PHP and PHPUnit, which the image has. */
function packagesOf(base: DetectionFiles): string[] {
  const found = parseJson(fileText(base, "composer.json"));
  if (!isJsonObject(found)) return [];
  return [found["require"], found["require-dev"]]
    .flatMap((list) => (isJsonObject(list) ? Object.keys(list) : []))
    .filter((name) => name.includes("/") && name !== "phpunit/phpunit");
}
