/** Detection as a table: a base's files and the proposal for them, over five ecosystems and malicious manifests. */
import { describe, expect, it } from "vitest";
import { growsWithLength } from "../../../../../test/support/growth.ts";
import { detectRepository, wantedFiles } from "../../../src/repository/detect/detect-repository.ts";
import type { DetectedRepository } from "../../../src/repository/detect/finding.ts";

type Files = Readonly<Record<string, string | null>>;
const plain = { overlay: {}, image: null as string | null, runnerImage: "aedev-runner:0" };
const detect = (files: Files, given: Partial<typeof plain> & { overlay?: object } = {}): DetectedRepository =>
  detectRepository(
    {
      paths: Object.keys(files),
      texts: new Map(wantedFiles(Object.keys(files)).map((path) => [path, files[path] ?? null])),
    },
    { ...plain, ...given },
  );
const json = (value: unknown) => JSON.stringify(value);
const scripted = (test: string, more: object = {}) => json({ name: "x", scripts: { test }, ...more });
const nodeTestFile = "import { test } from 'node:test';\ntest('a', () => {});\n";
/** A hundred calls of one script. */
const many = (name: string) => Array(100).fill(`npm run ${name}`).join(" && ");
const dependency = { devDependencies: { x: "1" } };

interface Expected {
  readonly prepare?: string | null;
  readonly verify?: readonly string[];
  readonly tests?: readonly string[];
  readonly outputs?: readonly string[];
  readonly checks?: DetectedRepository["checks"];
  readonly language?: string;
  readonly image?: string | null;
  readonly note?: RegExp;
  readonly why?: RegExp;
}

const manage = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n';

const cases: readonly [title: string, files: Files, expected: Expected][] = [
  [
    "Django with a package.json for its assets is Python, run by manage.py, with tests.py among its tests",
    {
      "package.json": json({ name: "assets", scripts: { build: "vite build", test: "eslint static" } }),
      "manage.py": manage,
      "shop/tests.py": "from django.test import TestCase\n",
      "cart/testviews.py": "from django.test import TestCase\n",
      "requirements.txt": "django\n",
    },
    {
      language: "node",
      verify: [".venv/bin/python manage.py test"],
      tests: ["**/tests.py", "**/test*.py"],
      checks: "per-test",
      why: /manage\.py of Django/,
    },
  ],
  [
    "Node with one Python file of tests beside many of its own stays Node",
    {
      "package.json": scripted("vitest"),
      "test/a.test.js": "",
      "test/b.test.js": "",
      "tools/test_tool.py": "def test_a():\n  pass\n",
      "tools.py": "",
    },
    { verify: ["npx vitest run"], language: "node" },
  ],
  [
    "pytest with its own names of test files has globs for them",
    {
      "pyproject.toml": '[tool.pytest.ini_options]\npython_files = ["check_*.py"]\n',
      "tests/check_a.py": "",
      "lib/check_b.py": "",
    },
    { tests: ["tests/**", "**/check_*.py"] },
  ],
  [
    "node:test by its script",
    { "package.json": scripted("node --test"), "test/a.test.js": nodeTestFile },
    {
      verify: ["node --test"],
      prepare: null,
      outputs: [],
      checks: "per-test",
      tests: ["test/**", "**/*.test.*"],
      image: null,
      why: /test script: node --test/,
    },
  ],
  [
    "a vitest script that would watch gets run, and npm's lockfile npm ci",
    { "package.json": scripted("vitest", dependency), "package-lock.json": "{}", "src/a.test.ts": "" },
    {
      verify: ["npx vitest run"],
      prepare: "npm ci --ignore-scripts",
      outputs: ["node_modules"],
      checks: "per-test",
      tests: ["**/*.test.*"],
    },
  ],
  [
    "variables of a script stay, and its coverage does not",
    { "package.json": scripted("TZ=UTC vitest run --coverage") },
    { verify: ["TZ=UTC npx vitest run"], checks: "per-test" },
  ],
  [
    "pnpm by lockfile version",
    { "package.json": scripted("vitest run", dependency), "pnpm-lock.yaml": "lockfileVersion: '6.0'\n" },
    { prepare: "npx -y pnpm@8 install --frozen-lockfile --ignore-scripts" },
  ],
  [
    "pnpm by the packageManager field, and a workspace's folders",
    {
      "package.json": scripted("vitest run", { packageManager: "pnpm@10.4.1+sha512.ab" }),
      "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
      "pnpm-workspace.yaml": "packages: ['packages/*']\n",
      "packages/a/package.json": "{}",
    },
    {
      prepare: "npx -y pnpm@10.4.1 install --frozen-lockfile --ignore-scripts",
      outputs: ["node_modules", "packages/a/node_modules"],
    },
  ],
  [
    "a packageManager that is no version is not put into a command",
    {
      "package.json": scripted("vitest run", { ...dependency, packageManager: "pnpm@1; rm -rf /" }),
      "pnpm-lock.yaml": "",
    },
    { prepare: "npx -y pnpm@9 install --frozen-lockfile --ignore-scripts" },
  ],
  [
    "yarn 1",
    { "package.json": scripted("mocha", dependency), "yarn.lock": "# yarn lockfile v1\n", "test/a.js": "it('a')" },
    {
      prepare: "npx -y yarn@1.22.22 install --frozen-lockfile --ignore-scripts",
      verify: ["npx mocha"],
      checks: "per-test",
    },
  ],
  [
    "yarn 4 without plug'n'play",
    { "package.json": scripted("vitest run", dependency), "yarn.lock": "__metadata:\n  version: 8\n" },
    {
      prepare:
        "YARN_IGNORE_PATH=1 YARN_NODE_LINKER=node-modules npx -y @yarnpkg/cli-dist@4 install --immutable --mode=skip-build",
    },
  ],
  [
    "bun by its lockfile, as a program from npm's registry without an install script",
    { "package.json": scripted("vitest run", { ...dependency, packageManager: "bun@1.2.3" }), "bun.lock": "{}" },
    {
      prepare:
        "mkdir -p node_modules/.bin && npm install --prefix node_modules/.managers --no-save --no-package-lock --ignore-scripts @oven/bun-linux-$(uname -m | sed s/x86_64/x64/)@1.2.3 && ln -sf ../.managers/node_modules/@oven/bun-linux-$(uname -m | sed s/x86_64/x64/)/bin/bun node_modules/.bin/bun && ln -sf ../.managers/node_modules/@oven/bun-linux-$(uname -m | sed s/x86_64/x64/)/bin/bun node_modules/.bin/bunx && node_modules/.bin/bun install --frozen-lockfile --ignore-scripts",
    },
  ],
  [
    "a package manager that a script calls is put where scripts find it",
    {
      "package.json": scripted("npm run all", { ...dependency, scripts: { test: "npm run all", all: "pnpm lint" } }),
      "pnpm-lock.yaml": "lockfileVersion: '6.0'\n",
    },
    {
      prepare:
        "npx -y pnpm@8 install --frozen-lockfile --ignore-scripts && { [ -e node_modules/.bin/pnpm ] || { npm install --prefix node_modules/.managers --no-save --no-package-lock --ignore-scripts pnpm@8 && ln -sf ../.managers/node_modules/.bin/pnpm node_modules/.bin/pnpm; }; }",
    },
  ],
  [
    "a package manager that only another script names is not",
    {
      "package.json": scripted("mocha", { ...dependency, scripts: { test: "mocha pnpm.js", release: "pnpm publish" } }),
      "package-lock.json": "{}",
    },
    { prepare: "npm ci --ignore-scripts" },
  ],
  [
    "packages that are not from a registry are named with the package that wants them",
    {
      "package.json": scripted("mocha", {
        devDependencies: {
          a: "github:x/a#1",
          b: "^1.0.0",
          e: "https://example.org/e.tgz",
          f: "https://registry.npmjs.org/f/-/f-1.0.0.tgz",
          here: "../x/y",
        },
      }),
      "package-lock.json": json({
        packages: {
          "node_modules/b": { dependencies: { c: "x/c" } },
          "node_modules/c": { resolved: "git+ssh://git@github.com/x/c.git#ab" },
          "node_modules/d": { resolved: "https://registry.npmjs.org/d.tgz" },
        },
      }),
    },
    {
      note: /: a \(github:x\/a#1, wanted by package\.json\), e \(https:\/\/example\.org\/e\.tgz, wanted by package\.json\), c \(git\+ssh:\/\/git@github\.com\/x\/c\.git#ab, wanted by b\)\. The fetch/,
    },
  ],
  [
    "no lockfile is said",
    { "package.json": scripted("tape 'test/*.js'", dependency), "test/a.js": "require('tape')" },
    {
      prepare: "npm install --ignore-scripts --no-package-lock",
      verify: ["npx tape 'test/*.js'"],
      note: /no lockfile/,
    },
  ],
  [
    "jest",
    { "package.json": scripted("jest", dependency), "__tests__/a.js": "" },
    { verify: ["npx jest"], checks: "per-test", tests: ["**/__tests__/**"] },
  ],
  [
    "Bun's own runner, for which Bun is fetched even without dependencies",
    { "package.json": scripted("bun test"), "a.test.ts": "" },
    { verify: ["npx bun test"], checks: "per-test", tests: ["**/*.test.*"] },
  ],
  [
    "jest that ends at the first red test is run to its end",
    { "package.json": scripted("jest --bail --ci", dependency), "__tests__/a.js": "" },
    { verify: ["npx jest --ci"], checks: "per-test" },
  ],
  ["ava", { "package.json": scripted("ava", dependency) }, { verify: ["npx ava"], checks: "per-test" }],
  [
    "uvu",
    { "package.json": scripted("uvu -r tsm tests", dependency) },
    { verify: ["npx uvu -r tsm tests"], checks: "per-test" },
  ],
  [
    "uvu without its end at the first failure",
    { "package.json": scripted("uvu -b tests", dependency) },
    { verify: ["npx uvu tests"], checks: "per-test" },
  ],
  [
    "Jasmine",
    { "package.json": scripted("eslint . && jasmine", dependency) },
    { verify: ["npm test"], checks: "per-test" },
  ],
  [
    "Jasmine in parallel",
    { "package.json": scripted("jasmine --parallel=4", dependency) },
    { verify: ["npm test"], checks: "exit-code" },
  ],
  [
    "a linter before the tests does not hide them",
    { "package.json": scripted("eslint . && vitest run", dependency) },
    { verify: ["npm test"], checks: "per-test" },
  ],
  [
    "a linter behind the tests is left out, and said",
    { "package.json": scripted("vitest run && eslint .", dependency) },
    { verify: ["npx vitest run"], checks: "per-test", note: /not run: eslint/ },
  ],
  [
    "a script that calls a script",
    { "package.json": json({ scripts: { test: "npm run unit", unit: "node --test test/" } }) },
    { verify: ["node --test test/"], checks: "per-test" },
  ],
  [
    "a script that starts its runner by another package manager",
    { "package.json": scripted("pnpm exec vitest") },
    { verify: ["npx vitest run"], checks: "per-test" },
  ],
  [
    "a runner by its path",
    { "package.json": scripted("./node_modules/.bin/mocha --exit") },
    { verify: ["./node_modules/.bin/mocha --exit"], checks: "per-test" },
  ],
  [
    "pipes are beyond reading",
    { "package.json": scripted("node --test | tee log") },
    { verify: ["npm test"], checks: "exit-code" },
  ],
  [
    "a script that changes the folder gives only an exit code, so its runner is tried here",
    { "package.json": scripted("cd sub && vitest run") },
    { verify: ["npx vitest run"], checks: "per-test" },
  ],
  [
    "npm's own placeholder is no test, and files speak for themselves",
    { "package.json": scripted('echo "Error: no test specified" && exit 1'), "test/a.test.mjs": nodeTestFile },
    { verify: ["node --test"], checks: "per-test", why: /test files import node:test/ },
  ],
  [
    "nothing to run is said and not made up",
    { "package.json": json({ name: "x" }), "index.js": "" },
    { verify: [], prepare: null, checks: "none", tests: [], note: /no test script, and no test file/ },
  ],
  [
    "install scripts that did not run are named",
    {
      "package.json": scripted("vitest run", dependency),
      "package-lock.json": json({
        packages: {
          "": {},
          "node_modules/esbuild": { hasInstallScript: true },
          "node_modules/fsevents": { hasInstallScript: true, optional: true },
        },
      }),
    },
    { note: /install scripts of esbuild did not run/ },
  ],
  [
    "pytest by pyproject.toml",
    {
      "pyproject.toml": "[project]\nname = 'x'\n[tool.pytest.ini_options]\npythonpath = ['src']\n",
      "src/x.py": "",
      "tests/test_x.py": "",
    },
    {
      verify: ["python3 -m pytest"],
      prepare: null,
      checks: "per-test",
      language: "python",
      tests: ["tests/**", "**/test_*.py"],
      image: "python-checks",
    },
  ],
  [
    "pytest by requirements, in an environment of the checkout",
    { "requirements.txt": "flask==3.0 # web\n-r other.txt\n", "requirements-dev.txt": "pytest\n", "test_x.py": "" },
    {
      prepare:
        "python3 -m venv --system-site-packages .venv && .venv/bin/pip install -r requirements.txt -r requirements-dev.txt",
      verify: [".venv/bin/python -m pytest"],
      outputs: [".venv"],
      why: /pytest is among the dependencies/,
    },
  ],
  [
    "dependencies of pyproject.toml, quoted",
    {
      "pyproject.toml":
        '[project]\ndependencies = [\n  "requests>=2.3, <3", # http\n  "attrs[dev]",\n]\n[dependency-groups]\ndev = ["pytest"]\n',
      "tests/test_x.py": "",
    },
    {
      prepare:
        "python3 -m venv --system-site-packages .venv && .venv/bin/pip install 'requests>=2.3,<3' 'attrs[dev]' 'pytest'",
    },
  ],
  [
    "dependencies of pyproject.toml in inline tables and with escapes",
    {
      "pyproject.toml":
        'project = { dependencies = ["attrs", "request\\u0073 >= 2"] }\n"dependency-groups".test = ["pytest"]\n',
      "tests/test_x.py": "",
    },
    {
      prepare: "python3 -m venv --system-site-packages .venv && .venv/bin/pip install 'attrs' 'requests>=2' 'pytest'",
    },
  ],
  [
    "a pyproject.toml that is not TOML, said so",
    { "pyproject.toml": '[project]\ndependencies = ["attrs"\n', "tests/test_x.py": "", "setup.cfg": "[tool:pytest]\n" },
    { prepare: null, verify: ["python3 -m pytest"], note: /pyproject\.toml is not valid TOML/ },
  ],
  [
    "a group of dependencies that includes another, for which no command is proposed",
    {
      "pyproject.toml": '[dependency-groups]\ndev = ["pytest", { include-group = "lint" }]\n',
      "tests/test_x.py": "",
    },
    { prepare: null, note: /no command is proposed for .*include-group/ },
  ],
  [
    "code below src without settings is put on the path",
    { "setup.cfg": "[tool:pytest]\n", "src/x/__init__.py": "", "tests/test_x.py": "" },
    { verify: ["PYTHONPATH=src python3 -m pytest"] },
  ],
  [
    "a project with unittest's tests",
    { "setup.py": "", "tests/__init__.py": "", "tests/test_x.py": "import unittest\n" },
    { verify: ["python3 -m unittest discover"], checks: "per-test" },
  ],
  [
    "unittest's tests in a folder that is no package",
    { "setup.py": "", "tests/test_x.py": "import unittest\n" },
    { verify: ["python3 -m unittest discover -s tests"] },
  ],
  [
    "unittest's tests whose names end with _test",
    { "setup.py": "", "x/tests/x_test.py": "import unittest\n", "x/tests/__init__.py": "" },
    { verify: ["python3 -m unittest discover -p '*_test.py'"] },
  ],
  [
    "unittest's tests of both names",
    { "setup.py": "", "x/tests/x_test.py": "import unittest\n", "x/tests/test_y.py": "" },
    { verify: ["python3 -m unittest discover"], note: /^not run: x\/tests\/x_test\.py, x\/tests\/test_y\.py\. / },
  ],
  [
    "uv's lockfile",
    { "pyproject.toml": "", "uv.lock": "", "tests/conftest.py": "" },
    { prepare: "uv sync --frozen --no-install-project", verify: [".venv/bin/python -m pytest"] },
  ],
  [
    "tox.ini",
    { "tox.ini": "[pytest]\n", "tests/test_a.py": "" },
    { verify: ["python3 -m pytest"], why: /tox\.ini has settings of pytest/ },
  ],
  [
    "settings of pytest that measure coverage",
    { "setup.cfg": "[tool:pytest]\naddopts = -v --cov=arrow --cov-fail-under=99\n\n[a]\n", "tests/test_a.py": "" },
    { verify: [".venv/bin/python -m pytest --no-cov"] },
  ],
  [
    "settings of pytest that only mention it, and those of others that measure coverage",
    {
      "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--no-cov --covers"\n\n[tool.a]\nrun = "pytest --cov"\n',
      "tests/test_a.py": "",
    },
    { verify: [".venv/bin/python -m pytest"] },
  ],
  [
    "a Go workspace, with the modules that it uses",
    {
      "go.work": "go 1.26\n\nuse (\n\t. // top\n\t./a\n\t../out\n\t./none\n)\nuse b/c\n",
      "go.mod": "module x\n",
      "a/go.mod": "module a\n",
      "b/c/go.mod": "module c\n",
      "b/c/a_test.go": "",
    },
    {
      prepare: "GOMODCACHE=$PWD/.gomodcache GOFLAGS=-modcacherw go mod download",
      verify: ["GOMODCACHE=$PWD/.gomodcache GOPROXY=off go test ./... ./a/... ./b/c/..."],
      checks: "per-test",
      why: /go\.work joins modules/,
    },
  ],
  ["Gradle is named, with what a person can give", { "build.gradle.kts": "" }, { note: /Gradle project.*offline/ }],
  [
    "Ruby without tests",
    { Gemfile: "" },
    { verify: [], note: /no test of RSpec.*\n.*rubygems\.org/, language: "ruby" },
  ],
  [
    "RSpec, with a report that proves less",
    { Gemfile: "", ".rspec": "", "spec/a_spec.rb": "" },
    {
      verify: ['rspec --format progress --format RspecJunitFormatter --out "$AEDEV_JUNIT_FILE"'],
      tests: ["spec/**"],
      checks: "per-test",
      image: "ruby-checks",
      note: /could forge it/,
    },
  ],
  [
    "minitest's specs in either folder, and Debian's packages that a person may name",
    {
      "a.gemspec":
        's.add_dependency "tty-color", "~> 0.5"\ns.add_development_dependency("rack_test")\ns.add_development_dependency "minitest"',
      "test/spec_a.rb": 'require "minitest/autorun"',
      Gemfile: "gemspec\n",
    },
    {
      verify: [expect.stringMatching(/^ruby -Ilib -Itest -rminitest .*spec_\*,\*_spec\}\.rb/u) as string],
      checks: "per-test",
      note: /--image ruby-checks:with_ruby-rack-test_ruby-tty-color;/,
    },
  ],
  [
    "minitest's specs in the folder of RSpec's",
    { Gemfile: 'gem "minitest"', "spec/a_spec.rb": 'require "minitest/autorun"' },
    { verify: [expect.stringMatching(/^ruby -Ilib -Ispec -rminitest .*"spec\/\*\*\/\*_spec\.rb"/u) as string] },
  ],
  [
    "test-unit, with a reporter of aedev's",
    { Rakefile: "", "test/test_a.rb": 'require "test/unit"' },
    {
      verify: [
        expect.stringMatching(
          /^ruby -Ilib -Itest -rtest\/unit .*; Dir\["test\/\*\*\/\{.*\}\.rb"\]\.sort\.each .* "\$AEDEV_JUNIT_FILE"$/u,
        ) as string,
      ],
      tests: ["test/**"],
      checks: "per-test",
      note: /could forge it/,
    },
  ],
  ["PHP without tests", { "composer.json": "{}" }, { verify: [], note: /no test of PHPUnit/, language: "php" }],
  [
    "PHPUnit by its configuration, with the project's own classes and the packages that are missing",
    {
      "composer.json": json({
        require: { php: ">=8", "ext-xml": "*" },
        "require-dev": { "phpunit/phpunit": "*", "a/b": "*" },
      }),
      "phpunit.xml.dist": '<phpunit bootstrap="vendor/autoload.php"/>',
      "tests/ATest.php": "",
    },
    {
      prepare: "composer dump-autoload --dev --no-scripts --no-plugins --no-interaction",
      outputs: ["vendor"],
      verify: ['phpunit --do-not-cache-result --log-junit "$AEDEV_JUNIT_FILE"'],
      tests: ["tests/**", "**/*Test.php"],
      checks: "per-test",
      image: "php-checks",
      note: /not fetched \(a\/b\): https:\/\/repo\.packagist\.org/,
    },
  ],
  [
    "PHPUnit by a configuration that loads nothing, with what Composer's would load by itself",
    { "composer.json": "{}", "phpunit.xml.dist": "<phpunit/>", "tests/ATest.php": "" },
    { verify: ['phpunit --do-not-cache-result --log-junit "$AEDEV_JUNIT_FILE" --bootstrap vendor/autoload.php'] },
  ],
  [
    "PHPUnit without a configuration, and a class map that needs the code",
    { "composer.json": json({ autoload: { classmap: ["src"] } }), "test/ATest.php": "" },
    {
      prepare: null,
      outputs: ["vendor"],
      verify: ['phpunit --do-not-cache-result --log-junit "$AEDEV_JUNIT_FILE" --bootstrap vendor/autoload.php test'],
    },
  ],
  [
    "a Go module",
    { "go.mod": "module x\n\nrequire github.com/y/z v1.0.0\n", "a_test.go": "" },
    {
      prepare: "GOMODCACHE=$PWD/.gomodcache GOFLAGS=-modcacherw go mod download",
      verify: ["GOMODCACHE=$PWD/.gomodcache GOPROXY=off go test ./..."],
      outputs: [".gomodcache"],
      checks: "per-test",
      image: "go-checks",
    },
  ],
  [
    "a Go module that needs nothing",
    { "go.mod": "module x\n", "a_test.go": "" },
    { prepare: null, verify: ["go test ./..."], tests: ["**/*_test.go"] },
  ],
  [
    "a crate",
    { "Cargo.toml": "[dependencies]\nserde = '1'\n", "Cargo.lock": 'source = "registry"\n', "src/lib.rs": "" },
    {
      prepare: "CARGO_HOME=$PWD/.cargo-home cargo fetch --locked",
      verify: ["CARGO_HOME=$PWD/.cargo-home cargo test --offline --locked"],
      checks: "per-test",
      image: "rust-checks",
    },
  ],
  [
    "a crate that needs nothing",
    { "Cargo.toml": "[package]\nname='x'\n", "Cargo.lock": "version = 4\n", "src/lib.rs": "" },
    { prepare: null, outputs: [], verify: ["cargo test --offline --locked"] },
  ],
  [
    "a library without a lockfile, which cargo can't write while tests run",
    { "Cargo.toml": "[package]\nname='x'\n", "src/lib.rs": "" },
    { prepare: "cargo generate-lockfile --offline", outputs: ["Cargo.lock"], verify: ["cargo test --offline"] },
  ],
  [
    "a library with dependencies and without a lockfile",
    { "Cargo.toml": "[dependencies]\nserde = '1'\n", "src/lib.rs": "" },
    {
      prepare: "CARGO_HOME=$PWD/.cargo-home cargo fetch",
      outputs: [".cargo-home", "Cargo.lock"],
      verify: ["CARGO_HOME=$PWD/.cargo-home cargo test --offline"],
    },
  ],
  [
    "a workspace of crates without a lockfile, where only a member has dependencies",
    {
      "Cargo.toml": "[workspace]\nmembers = ['a']\n",
      "a/Cargo.toml": "[package]\nname='a'\n[dev-dependencies]\nserde = '1'\n",
      "a/src/lib.rs": "",
    },
    { prepare: "CARGO_HOME=$PWD/.cargo-home cargo fetch" },
  ],
  [
    "a Makefile",
    { Makefile: "all:\n\ttrue\ntest: all\n\t./run\n" },
    { verify: ["make test"], checks: "exit-code", language: "make", tests: [], image: "make-checks" },
  ],
  [
    "a Makefile without a target",
    { Makefile: "all:\ntest := 1\n" },
    { verify: [], checks: "none", image: null, note: /neither a test nor a check target/ },
  ],
  [
    "two ecosystems: the first that proves something, the other said",
    { "package.json": json({ name: "x" }), "go.mod": "module x\n", "a_test.go": "" },
    { verify: ["go test ./..."], note: /there is also node at the top/ },
  ],
  ["nothing at all", { "README.md": "" }, { verify: [], checks: "none", note: /nothing at the top says/ }],
  ["only below the top", { "web/package.json": scripted("mocha") }, { verify: [], note: /alone: --path web$/ }],
  // Hostile manifests.
  ["package.json that is no JSON", { "package.json": "{" }, { verify: [], note: /not a JSON object/ }],
  ["package.json that is a list", { "package.json": "[1]" }, { verify: [], note: /not a JSON object/ }],
  ["package.json that could not be read", { "package.json": null }, { verify: [], note: /is too large/ }],
  [
    "scripts of wrong types",
    { "package.json": '{"scripts":{"test":{"a":1},"__proto__":"x","build":7},"dependencies":"x","workspaces":null}' },
    { verify: [], note: /ignored 2 scripts of package\.json: not text/ },
  ],
  [
    "one script of a wrong type",
    { "package.json": '{"scripts":{"build":7}}' },
    { verify: [], note: /ignored 1 script of package\.json: not text/ },
  ],
  [
    "scripts that are no object",
    { "package.json": '{"scripts":["node --test"]}' },
    { verify: [], note: /scripts of package\.json are not an object/ },
  ],
  [
    "a script with control characters is not taken out of its file, and is shown escaped",
    { "package.json": scripted("node --test \u001b[31m\u202e") },
    { verify: ["npm test"], why: /\\u\{1b\}\[31m\\u\{202e\}/ },
  ],
  [
    "a script of a megabyte",
    { "package.json": scripted(`node --test ${"A=".repeat(500_000)}`) },
    { verify: ["npm test"], checks: "exit-code" },
  ],
  [
    "scripts that call each other without end",
    { "package.json": json({ scripts: { test: "npm run a", a: "npm run b && npm run b", b: "npm run a" } }) },
    { verify: ["npm test"], checks: "exit-code" },
  ],
  [
    "scripts that call each other without measure",
    { "package.json": json({ scripts: { test: many("a"), a: many("b"), b: many("c"), c: many("d"), d: "x" } }) },
    { verify: ["npm test"], checks: "exit-code" },
  ],
  [
    "a requirement that is a command is not put into one",
    {
      "pyproject.toml": `[project]\ndependencies = ["x'; curl evil #"]\n[tool.pytest.ini_options]\n`,
      "tests/test_x.py": "",
    },
    { prepare: null, verify: ["python3 -m pytest"], note: /no command is proposed for/ },
  ],
  [
    "a workspace folder with a quote is not put into outputs",
    {
      "package.json": scripted("node --test", { workspaces: ["*"] }),
      "a'b/package.json": "{}",
      "c/package.json": "{}",
    },
    { outputs: ["node_modules", "c/node_modules"] },
  ],
];

describe("detection", () => {
  it("detection joins Surefire's reports for Java with Maven, and makes each module's output writable", () => {
    const files = { "pom.xml": "", "a/pom.xml": "", "a/src/test/java/ATest.java": "", "build.gradle": "" };
    const found = detect(files);
    expect(found).toMatchObject({
      languages: [{ language: "java", tools: ["maven", "surefire"] }],
      checks: "per-test",
      needsImage: { image: "java-checks" },
      settings: {
        prepare: expect.stringMatching(
          /PlaceholderTest\.java; done; mvn -B -q -Denforcer\.skip -Dmaven\.repo\.local=\$PWD\/\.m2 test /,
        ),
        verify: [expect.stringMatching(/^mvn -o .* test; status=\$\?; .*>"\$AEDEV_JUNIT_FILE"; exit \$status$/)],
        tests: ["**/src/test/**"],
        outputs: [".m2"],
        writable: ["target", "a/target"],
      },
    });
    // Without a test nothing could prove a change.
    expect(detect({ "pom.xml": "" })).toMatchObject({ checks: "none", settings: { verify: [] } });
  });

  it.each(cases)("detection: %s", (_title, files, expected) => {
    const found = detect(files);
    const { settings } = found;
    if (expected.prepare !== undefined) expect(settings.prepare).toBe(expected.prepare);
    if (expected.verify !== undefined) expect(settings.verify).toEqual(expected.verify);
    if (expected.tests !== undefined) expect(settings.tests).toEqual(expected.tests);
    if (expected.outputs !== undefined) expect(settings.outputs).toEqual(expected.outputs);
    if (expected.checks !== undefined) expect(found.checks).toBe(expected.checks);
    if (expected.language !== undefined) expect(found.languages[0]?.language).toBe(expected.language);
    if (expected.image !== undefined) expect(found.needsImage?.image ?? null).toBe(expected.image);
    if (expected.note !== undefined) expect(found.notes.join("\n")).toMatch(expected.note);
    if (expected.why !== undefined) expect(found.reasons.map(({ why }) => why).join("\n")).toMatch(expected.why);
    // Always: a reason for each command, no control character, and within the limits of settings.
    for (const text of [...found.reasons.map(({ why }) => why), ...found.notes])
      expect(text).not.toMatch(/\p{Cc}|\p{Cf}/u);
    if (settings.verify.length > 0) expect(found.reasons.some(({ setting }) => setting === "verify")).toBe(true);
    for (const command of [...settings.verify, settings.prepare ?? ""])
      expect(command.length).toBeLessThanOrEqual(2000);
    expect(Math.max(settings.inputs.length, settings.outputs.length, settings.tests.length)).toBeLessThanOrEqual(64);
  });

  it("detection has at least twenty-five cases", () => expect(cases.length).toBeGreaterThanOrEqual(25));

  it("detection proposes nothing that the repository's own file says", () => {
    const files = { "package.json": scripted("node --test", dependency), "test/a.test.js": nodeTestFile };
    const own = detect(files, { overlay: { verify: ["make proof"], prepare: "make deps" } });
    expect(own.settings).toMatchObject({ verify: [], prepare: null, tests: ["test/**", "**/*.test.*"] });
    expect(own.checks).toBeNull();
    expect(own.notes.join()).toMatch(/\.aedev\.yaml of the repository sets prepare, verify/);
    expect(detect(files).settings.verify).toEqual(["node --test"]);
  });

  it("detection needs no image if the person or the repository gives one", () => {
    const files = { "go.mod": "module x\n", "a_test.go": "" };
    expect(detect(files).needsImage?.example).toContain("FROM aedev-runner:0");
    expect(detect(files, { image: "go:1" })).toMatchObject({ needsImage: null, settings: { image: "go:1" } });
    expect(detect(files, { overlay: { image: "go:1" } })).toMatchObject({
      needsImage: null,
      settings: { image: null },
    });
  });

  it("detection reads the largest manifest in time that grows with its length alone", () => {
    const length = 1024 * 1024;
    const fillers = ["\n", " ", "#", "[", "'", "test\n", "a = [\n"];
    const manifests = ["go.mod", "pyproject.toml", "setup.cfg", "requirements.txt", "Cargo.toml", "Makefile"];
    for (const filler of fillers)
      for (const name of manifests) {
        const grows = growsWithLength(length, (size) => {
          const text = `${filler.repeat(size / filler.length)}x`;
          return () => detect({ [name]: text, "tests/test_a.py": text });
        });
        expect(grows, `${name} of ${JSON.stringify(filler)}`).toBe(true);
      }
    const far = `${"\n".repeat(length)}  [tool.pytest]\n`;
    expect(detect({ "pyproject.toml": far, "tests/test_a.py": "" }).settings.verify).toEqual(["python3 -m pytest"]);
    expect(detect({ "go.mod": `${"\n".repeat(length)}\trequire x v1\n` }).settings.prepare).toMatch(/go mod download$/);
  });

  it("detection reads a package manager and requirements only if they are plain text of one line", () => {
    const prepareOf = (packageManager: unknown) =>
      detect({ "package.json": json({ packageManager, ...dependency }), "pnpm-lock.yaml": "lockfileVersion: '9.0'" })
        .settings.prepare;
    for (const odd of [{ toString: 1, valueOf: 1 }, ["pnpm@8.1.0"], 8, null])
      expect(prepareOf(odd)).toBe("npx -y pnpm@9 install --frozen-lockfile --ignore-scripts");
    expect(prepareOf("pnpm@8.1.0")).toMatch(/^npx -y pnpm@8\.1\.0 /);
    const required = (text: string) =>
      detect({ "pyproject.toml": `[project]\ndependencies = ['${text}']\n` }).settings.prepare;
    for (const odd of ["a\r>=1", "a\u2028>=1", "a\t>=1", "-r x", "a; b"]) expect(required(odd)).toBeNull();
    expect(required("a >= 1, < 2")).toMatch(/install 'a>=1,<2'$/);
  });

  it("detection asks only for manifests, few folders below the top, and a few test files", () => {
    const many = Array.from({ length: 100 }, (_, at) => `test/${at}.test.js`);
    expect(wantedFiles(["package.json", "web/package.json", "src/secret.env", ...many])).toEqual([
      "package.json",
      ...many.slice(0, 25),
      "web/package.json",
    ]);
    const folders = Array.from({ length: 100 }, (_, at) => `p/${at}/package.json`);
    expect(wantedFiles(folders)).toHaveLength(24);
  });
});

describe("the files that cargo needs to read a manifest", () => {
  const inputsOf = (files: Record<string, string>) =>
    detect({ "src/lib.rs": "", ...files }).settings.inputs?.filter(
      (path) => !/^\*\*|^src\/(lib|main)\.rs$/u.test(path),
    );
  const common = ["Cargo.toml", "Cargo.lock", "rust-toolchain*"];

  it("cargo's inputs are the targets that the manifest names, of each crate", () => {
    const files = {
      "Cargo.toml":
        "[lib]\npath = 'lib.rs'\n[[bench]]\nname = 'parse'\nharness = false\n[[example]]\nname = 'big'\n[[bin]]\nname = 'x'\npath = './x.rs'\n",
      "lib.rs": "",
      "x.rs": "",
      "benches/parse.rs": "",
      "benches/other.rs": "",
      "examples/big/main.rs": "",
      "a/Cargo.toml": "[[test]]\nname = 'all'\n",
      "a/tests/all.rs": "",
    };
    expect(inputsOf(files)).toEqual([
      ...common,
      "lib.rs",
      "x.rs",
      "benches/parse.rs",
      "examples/big/main.rs",
      "a/tests/all.rs",
    ]);
  });

  it("cargo's inputs are only files that exist, inside the repository", () => {
    const manifest = "[[bin]]\nname = 'gone'\n[[bin]]\nname = 'up'\npath = '../up.rs'\n[[bin]]\nname = 3\n";
    expect(inputsOf({ "Cargo.toml": manifest })).toEqual(common);
  });

  it("cargo's inputs are all code if the names are patterns or too many for a registration", () => {
    const many = Array.from({ length: 60 }, (_, at) => `t${at}`);
    const named = (names: readonly string[]) => ({
      "Cargo.toml": names.map((name) => `[[test]]\nname = '${name}'\n`).join(""),
      ...Object.fromEntries(names.map((name) => [`tests/${name}.rs`, ""])),
    });
    expect(inputsOf(named(many))).toEqual([...common, "*.rs"]);
    expect(inputsOf(named(["a*"]))).toEqual([...common, "*.rs"]);
    expect(inputsOf(named(["a"]))).toEqual([...common, "tests/a.rs"]);
  });
});

it("detection says which submodules are missing from a checkout", () => {
  const gitmodules =
    '[submodule "a"]\n\tpath = tests/data\n\turl = https://example.org/a.git\n[submodule "b"]\n\tpath = b\n';
  const notesOf = (files: Record<string, string>) => detect({ "tests/test_a.py": "import pytest\n", ...files }).notes;
  expect(notesOf({ ".gitmodules": gitmodules })).toContain(
    "submodules (tests/data, b) are empty folders without --submodules, and tests that need them fail then",
  );
  expect(notesOf({}).join()).not.toContain("submodule");
});
