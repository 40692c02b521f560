/** Files that say which packages get installed, of every ecosystem, as data. It reads none of them. */

/** Why a package whose name is new needs approval. */
export const newPackage = "new package";
/** npm's lockfiles, which aedev compares with the package.json beside them. */
export const lockNames: readonly string[] = ["package-lock.json", "npm-shrinkwrap.json"];

/**
 * Manifests and lockfiles that aedev does not parse, by ecosystem: it only sees that they changed, and every change needs approval. So a new
 * package, a lockfile that changes alone and another source are all asked about.
 */
export const unreadFormats: Readonly<Record<string, readonly string[]>> = {
  npm: ["package.yaml", "package.json5", "bower.json", "jspm.config.js", "jsr.json"],
  bun: ["bun.lockb"],
  deno: ["deno.lock"],
  pip: ["*requirements*.in", "*constraints*.in", "pylock.toml", "pylock.*.toml", "setup.py", "setup.cfg"],
  poetry: ["poetry.toml"],
  uv: ["uv.toml"],
  pipenv: ["Pipfile", "Pipfile.lock"],
  pdm: ["pdm.lock", "pdm.toml"],
  conda: ["environment.y*ml", "conda-lock.yml", "pixi.toml", "pixi.lock"],
  go: ["go.work", "go.work.sum"],
  ruby: ["gems.rb", "gems.locked", "*.gemspec"],
  maven: ["pom.xml", ".mvn/**", ".m2/**"],
  gradle: [
    ...["*.gradle", "*.gradle.kts", "gradle.lockfile", "*.versions.toml", "gradle-wrapper.properties"],
    "verification-metadata.xml",
  ],
  dotnet: [
    ...["*.csproj", "*.fsproj", "*.vbproj", "packages.config", "packages.lock.json", "nuget.config"],
    ...["Directory.Packages.props", "Directory.Build.props", "paket.dependencies", "paket.lock"],
  ],
  elixir: ["mix.exs", "mix.lock"],
  erlang: ["rebar.config", "rebar.lock"],
  dart: ["pubspec.yaml", "pubspec.lock"],
  swift: ["Package.swift", "Package.resolved", "Podfile", "Podfile.lock", "Cartfile", "Cartfile.resolved"],
  nix: ["flake.nix", "flake.lock"],
  cpp: ["conanfile.*", "conan.lock", "vcpkg.json"],
  jvm: ["build.sbt", "deps.edn", "project.clj"],
  haskell: ["stack.yaml", "stack.yaml.lock", "*.cabal", "cabal.project*"],
  bazel: ["MODULE.bazel", "MODULE.bazel.lock", "WORKSPACE", "WORKSPACE.bazel"],
  // Settings that choose where packages come from or make an install run a program.
  settings: [
    ...["pip.conf", "pip.ini", ".pypirc", ".netrc", "_netrc", "mise.toml", ".bundle/config", ".condarc", ".gemrc"],
    ...["binding.gyp", "*.gypi"],
  ],
  copies: ["vendor/**", "third_party/**", "node_modules/**"],
};
