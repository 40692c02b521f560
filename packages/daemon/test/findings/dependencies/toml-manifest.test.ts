/** Tells which changes of a TOML manifest concern no package. */
import { describe, expect, it } from "vitest";
import { deriveDependencyChanges } from "../../../src/findings/dependencies/dependency-changes.ts";

const cargo = `[package]
name = "tides"
version = "1.0.0"
edition = "2021"
keywords = ["sea"]

[dependencies]
serde = { version = "1", features = ["derive"] }

[profile.release]
lto = true
`;
const python = `[project]
name = "tides"
version = "1.0.0"
dependencies = ["requests>=2"]

[project.urls]
home = "https://example.org"

[tool.ruff]
line-length = 100

[build-system]
requires = ["hatchling"]
`;
const asks = (path: string, before: string, after: string | null) =>
  deriveDependencyChanges([{ path, before, after }]).changes.length > 0;

describe("a manifest in TOML", () => {
  it.each<[string, string, string]>([
    ["a version", "Cargo.toml", cargo.replace("1.0.0", "1.1.0")],
    ["words about it", "sub/Cargo.toml", cargo.replace('keywords = ["sea"]', 'description = "Tides."')],
    [
      "comments and order",
      "Cargo.toml",
      `# Tides\n${cargo.replace('name = "tides"\nversion = "1.0.0"', 'version = "1.0.0"\nname = "tides"')}`,
    ],
    ["a version", "pyproject.toml", python.replace("1.0.0", "1.1.0")],
    ["a first linter", "pyproject.toml", python.replace(/\[tool.ruff\]\nline-length = 100\n/u, "")],
    ["a second linter", "pyproject.toml", `${python}\n[tool.isort]\nprofile = "black"\n`],
    ["links and a linter", "pyproject.toml", python.replace("example.org", "example.com").replace("100", "120")],
  ])("a TOML manifest may change in %s: %s", (_, path, after) => {
    expect(asks(path, path.endsWith("Cargo.toml") ? cargo : python, after)).toBe(false);
  });

  it("a TOML manifest may change the version of its workspace, but not add a workspace", () => {
    const workspace = '[workspace]\nmembers = ["a"]\n';
    const versioned = `${workspace}\n[workspace.package]\nversion = "1.0.0"\n`;
    expect(asks("Cargo.toml", versioned, versioned.replace("1.0.0", "1.1.0"))).toBe(false);
    expect(asks("Cargo.toml", workspace, versioned)).toBe(false);
    expect(asks("Cargo.toml", versioned, `${versioned}edition = "2018"\n`)).toBe(true);
    expect(asks("Cargo.toml", cargo, `${cargo}\n[workspace.package]\nversion = "1.0.0"\n`)).toBe(true);
    expect(asks("Cargo.toml", cargo, `${cargo}\n[workspace]\n`)).toBe(true);
  });

  it.each<[string, string, string | null]>([
    ["how it is compiled", "Cargo.toml", cargo.replace("lto = true", "lto = false")],
    ...["coverage.run", "pytest.ini_options", "pylint.main", "mypy", "flake8", "bumpversion", "bumpver", "refurb"].map(
      (tool): [string, string, string] => [
        `a tool that runs code (${tool})`,
        "pyproject.toml",
        `${python}\n[tool.${tool}]\nplugins = ["x"]\n`,
      ],
    ),
    ["a dependency", "Cargo.toml", cargo.replace('version = "1"', 'version = "2"')],
    ["a new dependency", "Cargo.toml", cargo.replace("[profile", '[dev-dependencies]\nlenient = "1"\n\n[profile')],
    ["another source", "Cargo.toml", `${cargo}\n[patch.crates-io]\nserde = { path = "vendor/serde" }\n`],
    [
      "a program that builds it",
      "Cargo.toml",
      cargo.replace('edition = "2021"', 'edition = "2021"\nbuild = "build.rs"'),
    ],
    ["its features", "Cargo.toml", `${cargo}\n[features]\ndefault = ["fast"]\n`],
    ["an example", "Cargo.toml", `${cargo}\n[[example]]\nname = "plan"\n`],
    ["its edition", "Cargo.toml", cargo.replace("2021", "2018")],
    ["a workspace", "Cargo.toml", `${cargo}\n[workspace]\nmembers = ["x"]\n`],
    ["a dependency", "pyproject.toml", python.replace("requests>=2", "requests>=3")],
    ["its build", "pyproject.toml", python.replace("hatchling", "hatchling2")],
    ["where a tool finds packages", "pyproject.toml", `${python}\n[tool.uv.sources]\nrequests = { path = "x" }\n`],
    ["an entry point", "pyproject.toml", `${python}\n[project.entry-points.pytest11]\nx = "x"\n`],
    ["its whole text", "pyproject.toml", null],
    ["what is no TOML", "pyproject.toml", `${python}\n= 1\n`],
    ["a doubled key", "Cargo.toml", cargo.replace('version = "1.0.0"', 'version = "1.0.0"\nversion = "1.1.0"')],
    [
      "a table that looks like a key",
      "Cargo.toml",
      cargo.replace("[package]", '["package.version"]\nx = 1\n\n[package]'),
    ],
  ])("a change of a TOML manifest asks about %s: %s", (_, path, after) => {
    expect(asks(path, path === "Cargo.toml" ? cargo : python, after)).toBe(true);
  });
});
