/** Reads what a Python project declares in each kind of manifest, and proposes settings from it. */
import { describe, expect, it } from "vitest";
import { detectRepository, wantedFiles } from "../../../src/repository/detect/detect-repository.ts";

const detect = (files: Record<string, string>, taggedVersion: string | null = null) => {
  const paths = Object.keys({ ...files, "tests/test_x.py": "" });
  const texts = new Map(wantedFiles(paths).map((path) => [path, files[path] ?? ""]));
  return detectRepository({ paths, texts, taggedVersion }, { overlay: {}, image: null, runnerImage: "aedev-runner:0" });
};
const installed = (files: Record<string, string>) =>
  /pip install (.*?)(?: && m=.*)?$/u.exec(detect(files).settings.prepare ?? "")?.[1];
const project = '[project]\nname = "my-tool"\nversion = "1.2"\n';

describe("what tests need", () => {
  it.each<[string, Record<string, string>, string]>([
    [
      "a group that includes another, and a marker",
      {
        "pyproject.toml":
          "[project]\ndependencies = [\"typing-extensions; python_version<'3.11'\"]\n[dependency-groups]\ntests = ['pytest>=6']\ndev = [{ include-group = 'tests' }, 'mypy']\n",
      },
      `'typing-extensions; python_version<"3.11"' 'pytest>=6'`,
    ],
    [
      "an extra that names the project's own extra",
      {
        "pyproject.toml": `${project}[project.optional-dependencies]\ncli = ["click"]\ntest = ["my_tool[cli]", "pytest"]\n`,
      },
      "'click' 'pytest'",
    ],
    [
      "Poetry's tables without a lockfile",
      {
        "pyproject.toml":
          '[tool.poetry.dependencies]\npython = ">=3.9"\nattrs = "^23.1"\ntoml = "*"\n[tool.poetry.group.dev.dependencies]\npytest = "~7.2"\nmock = { version = ">=4" }\n',
      },
      "'attrs>=23.1,<24' 'toml' 'pytest>=7.2,<7.3' 'mock>=4'",
    ],
    [
      "setup.cfg",
      {
        "setup.cfg":
          "[options]\ninstall_requires =\n    requests>=2 # http\n    attrs\n[options.extras_require]\ntest =\n    pytest\ndocs = sphinx\n",
      },
      "'requests>=2' 'attrs' 'pytest'",
    ],
    [
      "lists in setup.py",
      {
        "setup.py":
          "setup(install_requires=['six', \"attrs>=1\"], extras_require={'docs': ['sphinx'], 'test': ['pytest']})",
      },
      "'six' 'attrs>=1' 'pytest'",
    ],
    [
      "tox.ini, without other factors",
      {
        "tox.ini":
          "[tox]\n[testenv]\ndeps =\n    poetry\n    pytest\n    pytest-cov\n    py38: six\n    -r x.txt\ncommands = pytest\n[testenv:docs]\ndeps = sphinx\n",
      },
      "'pytest' 'pytest-cov'",
    ],
    [
      "hatch's environments for tests, with their extras and without fields of a matrix",
      {
        "pyproject.toml": `${project}[project.optional-dependencies]\ncli = ["click"]\n[tool.hatch.envs.test]\nfeatures = ["cli"]\ndependencies = ["pytest", "django{matrix:django}"]\n[tool.hatch.envs.docs]\ndependencies = ["mkdocs"]\n`,
      },
      "'click' 'pytest'",
    ],
    [
      "groups for development of PDM and uv as they were before",
      {
        "pyproject.toml": `${project}[tool.pdm.dev-dependencies]\ntest = ["pytest"]\ndoc = ["mkdocs"]\n[tool.uv]\ndev-dependencies = ["mock"]\n`,
      },
      "'pytest' 'mock'",
    ],
    [
      "files of requirements with other usual names, and what the project itself needs",
      {
        "setup.py": "setup(install_requires=['six'], extras_require={'test': ['nose']})",
        "tests/requirements.txt": "pytest\n",
        "test-requirements.txt": "mock\n",
        "docs/requirements.txt": "sphinx\n",
      },
      "-r tests/requirements.txt -r test-requirements.txt 'six'",
    ],
    [
      "plugins that the settings of pytest use",
      {
        "pyproject.toml":
          "[tool.pytest.ini_options]\naddopts = '--cov=x'\nasyncio_mode = 'auto'\n[tool.x]\ny = '--timeout'\n",
      },
      "'pytest-cov' 'pytest-asyncio'",
    ],
  ])("what Python tests need: %s", (_title, files, expected) => {
    expect(installed(files)).toBe(expected);
  });

  it("the project's requirements replace the project, if a requirements file installs that", () => {
    const files = (line: string) => ({
      "pyproject.toml": `${project}dependencies = ["idna"]\n[project.optional-dependencies]\nhttp2 = ["h2<5"]\ncli = ["click"]\n`,
      "requirements.txt": `${line}\npytest==8.4.1\n`,
    });
    const prepareOf = (line: string) => detect(files(line)).settings.prepare;
    const sed = String.raw`sed -i -E '/^((-e|--editable)[ =]*)?\.\/?([[# ]|$)/d' requirements.txt && `;
    const install = ".venv/bin/pip install -r requirements.txt 'idna'";
    expect(prepareOf("-e .[http2, cli]")).toContain(`${sed}${install} 'h2<5' 'click'`);
    expect(prepareOf(".")).toContain(`${sed}${install} `);
    for (const other of ["-e ./tools", "./wheel.whl", "# -e ."]) expect(prepareOf(other)).not.toContain("sed");
  });

  it("a lockfile's versions are taken by pip if its own tool can't fetch them", () => {
    const found = detect({
      "pyproject.toml": `${project}dependencies = ["idna"]\n`,
      "uv.lock": "",
      "tests/test_a.py": "import pytest\n",
    });
    const [byPip] = found.alternatives;
    expect(byPip).toMatchObject({ why: "the lockfile's versions by pip", only_if_fetch_failed: true });
    expect(byPip?.settings.prepare).toContain(
      `.venv && awk -F'"' '/^\\[\\[package\\]\\]/{n=""} /^name = "/{n=$2} n&&/^version = "/{print n"=="$2;n=""}' uv.lock >.venv/locked.txt && .venv/bin/pip install -c .venv/locked.txt 'idna'`,
    );
  });

  it("the manifests' requirements are taken if requirements files can't be fetched, and only then if they name none for tests", () => {
    const files = (extras: string) => ({
      "setup.py": `setup(install_requires=['boltons>=19'])`,
      "pyproject.toml": `${project}${extras}`,
      "requirements.txt": "attrs==19.2.0\n",
      "test/test_a.py": "import pytest\n",
    });
    const loose = (extras = "") =>
      detect(files(extras)).alternatives.find(({ why }) => why === "what the manifest names");
    expect(loose()?.settings.prepare).toContain(".venv/bin/pip install 'boltons>=19'");
    expect(loose()?.only_if_fetch_failed).toBe(true);
    const declared = loose("[project.optional-dependencies]\ntest = ['mock']\n");
    expect(declared?.settings.prepare).toContain("'mock'");
    expect(declared?.only_if_fetch_failed).toBeUndefined();
  });

  it("another try leaves tools out of a requirements file", () => {
    const leanOf = (text: string) =>
      detect({ "requirements.txt": text }).alternatives.find(({ why }) => why.includes("without formatters"))?.settings
        .prepare;
    expect(leanOf("pytest\nmkautodoc==0.2.0\nBlack\n")).toContain(
      "sed -i -E '/^(mkautodoc|black)([^[:alnum:]._-]|$)/Id' requirements.txt && .venv/bin/pip install -r requirements.txt",
    );
    expect(leanOf("pytest\nblackbox\n")).toBeUndefined();
  });

  it("requirements for other things are left out", () => {
    const files = {
      "requirements.txt": "a\n",
      "requirements/test.txt": "pytest\n",
      "requirements/docs.txt": "sphinx\n",
    };
    expect(installed(files)).toBe("-r requirements.txt -r requirements/test.txt");
    expect(installed({ "requirements-docs.txt": "sphinx\n" })).toBe("-r requirements-docs.txt");
    const declared = {
      "pyproject.toml": '[project]\nname = "p"\n[project.optional-dependencies]\ntests = ["freezegun"]\n',
    };
    expect(installed({ ...declared, "requirements-mypy.txt": "mypy\n" })).toBe("'freezegun'");
  });

  it("a requirement that could be a command gets into none", () => {
    for (const odd of ["a' ; touch x; '", "a; touch x", "a @ https://example.org/a.whl", "$(x)"]) {
      const text = JSON.stringify(odd);
      expect(detect({ "pyproject.toml": `[project]\ndependencies = [${text}]\n` }).settings.prepare).toBeNull();
    }
    const named = `[project]\nname = "x' ; touch y"\nversion = "$(z)"\ndependencies = ["attrs"]\n`;
    expect(detect({ "pyproject.toml": named }).settings.prepare).toMatch(/install 'attrs'$/u);
  });
});

it("the optional dependencies are tried too, except those for other work than tests", () => {
  const manifest = (extras: string) =>
    `[project]\nname = "a"\nversion = "1"\ndependencies = []\n\n[project.optional-dependencies]\n${extras}`;
  const found = (extras: string, more: Record<string, string> = {}) =>
    detect({ "pytest.ini": "", "pyproject.toml": manifest(extras), ...more }).alternatives.find(({ why }) =>
      why.includes("optional"),
    )?.settings.prepare;
  const extras = 'tests = ["pytest"]\nyaml = ["PyYAML>=6"]\nfast = ["orjson"]\ndocs = ["sphinx"]\n';
  expect(found(extras)).toMatch(/'PyYAML>=6' 'orjson'|'PyYAML>=6' orjson/u);
  expect(found(extras)).not.toContain("sphinx");
  expect(found(extras, { "uv.lock": "" })).toMatch(
    /^uv sync --frozen --no-install-project .*--extra yaml --extra fast/u,
  );
  expect(found('tests = ["pytest"]\ndocs = ["sphinx"]\n')).toBeUndefined();
});

describe("a lockfile", () => {
  it("a lockfile is used with the groups that tests need; the next try does without it", () => {
    const manifest = `${project}dependencies = ["attrs"]\n[dependency-groups]\ntests = ["pytest"]\n`;
    const found = detect({ "pyproject.toml": manifest, "uv.lock": "" });
    expect(found.settings.prepare).toMatch(/^uv sync --frozen --no-install-project --group tests && /u);
    expect(found.alternatives.find(({ why }) => why.startsWith("what the"))?.settings.prepare).toMatch(
      /pip install 'attrs' 'pytest'/u,
    );
  });
});

it("the last try is without formatters, linters and documentation tools, because one that can't be fetched stops all", () => {
  const manifest = (dev: string) => `${project}dependencies = ["attrs"]\n[dependency-groups]\ndev = [${dev}]\n`;
  const lean = (dev: string) =>
    detect({ "pyproject.toml": manifest(dev), "uv.lock": "" }).alternatives.find(({ why }) => why.includes("linters"));
  expect(lean('"pytest", "mypy", "black==22", "portray>=1.6", "sphinx-rtd-theme"')?.settings.prepare).toMatch(
    /pip install 'attrs' 'pytest' 'mypy' && m=/u,
  );
  expect(lean('"pytest", "pytest-black", "blackboard"')).toBeUndefined();
});

it("the project's own metadata can be found", () => {
  const { prepare } = detect({ "pyproject.toml": `${project}dependencies = ["attrs"]\n` }).settings;
  expect(prepare).toContain("my_tool-1.2.dist-info");
  expect(prepare).toContain("Name: my-tool\\nVersion: 1.2\\n");
});

describe("the project itself, installed", () => {
  const way = (files: Record<string, string>) =>
    detect({ "pytest.ini": "", ...files }).alternatives.find(({ why }) => why === "with the project itself installed")
      ?.settings;
  const pip = "python3 -m pip --python .venv/bin/python install";
  const built = (requires: string) =>
    `${project}dependencies = ["attrs"]\n[build-system]\nrequires = ${requires}\nbuild-backend = "x"\n`;

  it("the installed project is the next try: its build tools are fetched, and it is built without the network", () => {
    const environment = "python3 -m venv --system-site-packages .venv";
    expect(way({ "pyproject.toml": built('["flit_core >=3.2,<4"]') })).toEqual({
      prepare: `${environment} && .venv/bin/pip install 'attrs' && ${pip} 'flit_core>=3.2,<4' 'editables' 'wheel'`,
      build: `${pip} --no-index --no-deps --no-build-isolation -e .`,
      outputs: [".venv"],
      verify: [".venv/bin/python -m pytest"],
    });
    expect(way({ "setup.py": "" })?.prepare).toBe(`${environment} && ${pip} 'setuptools>=40.8' 'editables' 'wheel'`);
  });

  it("the installed project is also tried without the lockfile", () => {
    const files = { "pyproject.toml": built('["hatchling"]'), "uv.lock": "" };
    expect(
      detect({ "pytest.ini": "", ...files }).alternatives.map(({ why, settings }) => [why, settings.prepare]),
    ).toEqual([
      ["the lockfile's versions by pip", expect.stringMatching(/-c \.venv\/locked\.txt 'attrs' && m=/u)],
      [
        "the lockfile's versions by pip and the project itself installed",
        expect.stringMatching(/-c \.venv\/locked\.txt 'attrs' && .*'editables' 'wheel'$/u),
      ],
      ["what the manifest names, without the lockfile", expect.stringContaining("dist-info")],
      ["with the project itself installed", expect.stringMatching(/^uv sync .*'editables' 'wheel'$/u)],
      [
        "without the lockfile and with the project itself installed",
        expect.stringMatching(/pip install 'attrs' && .*'editables' 'wheel'$/u),
      ],
      ["only the tests in tests", undefined],
    ]);
    expect(way({ "pyproject.toml": built('["hatchling"]') })?.prepare).not.toContain("uv");
  });

  it("the installed project gets a version if its history would give one", () => {
    expect(way({ "pyproject.toml": built('["hatchling", "hatch-vcs"]') })?.build).toMatch(
      /^SETUPTOOLS_SCM_PRETEND_VERSION=1\.2 .*-e \.$/u,
    );
    expect(way({ "pyproject.toml": built('["hatchling"]') })?.build).not.toContain("VERSION");
  });

  it("the installed project gets the nearest tag's version if the manifest has none or a placeholder", () => {
    const dynamic = (version: string) =>
      `[project]\nname = "my-tool"\n${version}dependencies = ["attrs", "pytest"]\n[build-system]\nrequires = ["setuptools-scm"]\n`;
    const found = (version: string, tag: string | null) => detect({ "pyproject.toml": dynamic(version) }, tag);
    const buildOf = (version: string, tag: string | null) =>
      found(version, tag).alternatives.find(({ settings }) => settings.build)?.settings.build;
    expect(buildOf('dynamic = ["version"]\n', "4.9.0")).toContain("SETUPTOOLS_SCM_PRETEND_VERSION=4.9.0 ");
    expect(buildOf('version = "0.0.0"\n', "4.9.0")).toContain("POETRY_DYNAMIC_VERSIONING_BYPASS=4.9.0 ");
    expect(buildOf('version = "1.2"\n', "4.9.0")).toContain("SETUPTOOLS_SCM_PRETEND_VERSION=1.2 ");
    expect(buildOf('dynamic = ["version"]\n', null)).toContain("SETUPTOOLS_SCM_PRETEND_VERSION=0.0.0 ");
    expect(buildOf('dynamic = ["version"]\n', "1 ; touch x")).toContain("SETUPTOOLS_SCM_PRETEND_VERSION=0.0.0 ");
    expect(found('dynamic = ["version"]\n', "4.9.0").settings.prepare).toContain("my_tool-4.9.0.dist-info");
    expect(found('dynamic = ["version"]\n', "4.9.0").notes.join()).toContain("comes from git tags: 4.9.0");
    expect(found('dynamic = ["version"]\n', null).notes.join()).toContain("0.0.0 stands in for it");
    expect(detect({ "pyproject.toml": project }, null).notes.join()).not.toContain("git tags");
  });

  it("the installed project keeps the file that its build writes the version into, unless the base has it", () => {
    const vcs = built('["hatchling", "hatch-vcs"]');
    const named = { "pyproject.toml": `${vcs}[tool.hatch.build.hooks.vcs]\nversion-file = "src/p/_version.py"\n` };
    expect(way(named)?.outputs).toEqual([".venv", "src/p/_version.py"]);
    const dotted = { "pyproject.toml": `${vcs}[tool.hatch]\nbuild.hooks.vcs.version-file = "src/p/_version.py"\n` };
    expect(way(dotted)?.outputs).toEqual([".venv", "src/p/_version.py"]);
    expect(way({ ...named, "src/p/_version.py": "" })?.outputs).toEqual([".venv"]);
    const scm = { "pyproject.toml": `${vcs}[tool.setuptools_scm]\nwrite_to = '../p.py'\n` };
    expect(way(scm)?.outputs).toEqual([".venv"]);
  });

  it("the project is not installed if nothing says how it is built, or if that could be a command", () => {
    expect(way({ "requirements.txt": "attrs\n" })).toBeUndefined();
    for (const odd of ["a' ; touch x; '", "$(x)", "a @ https://example.org/a.whl"])
      expect(way({ "pyproject.toml": built(JSON.stringify([odd])) })).toBeUndefined();
  });
});
