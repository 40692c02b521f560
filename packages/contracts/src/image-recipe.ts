/** The images that aedev can build from its own for other toolchains. Detection or a set-up run proposes one, and the runner builds it. All text is fixed except the names of Debian packages. Pure. */

const recipeNames = ["python", "go", "rust", "java", "ruby", "php", "make"] as const;
export type RecipeName = (typeof recipeNames)[number];

/** Debian's Go is too old for most modules. The module proxy offers every release as a module, checked against the checksum database. */
const goVersion = "1.26.8";
const goModule = `golang.org/toolchain@v0.0.1-go${goVersion}.linux-$(dpkg --print-architecture)`;
const install = "apt-get install -y --no-install-recommends";

/** In the runner image, `go` starts with this cache of the standard library: packages/runner/docker/go-with-cache.sh. */
const goCache =
  "test -x /usr/local/lib/go-with-cache && GOCACHE=/usr/local/lib/go-build /usr/local/go/bin/go build std && chmod -R a+rX /usr/local/lib/go-build && ln -s /usr/local/lib/go-with-cache /usr/local/bin/go";

/** `has`: what the image adds, as part of a sentence. `run`: one shell command as root, after the package lists were updated. */
const recipes: Readonly<Record<RecipeName, { readonly has: string; readonly run: string }>> = {
  // uv and Poetry get their own environment, so that tests don't see its packages.
  python: {
    has: "Python",
    run: `${install} python3-pytest python3-venv python3-pip && python3 -m venv /usr/local/lib/tools && /usr/local/lib/tools/bin/pip install --no-cache-dir uv poetry && ln -s /usr/local/lib/tools/bin/uv /usr/local/lib/tools/bin/poetry /usr/local/bin/`,
  },
  go: {
    has: "Go",
    run: `${install} golang-go gcc libc6-dev && GOPATH=/tmp/go GOFLAGS=-modcacherw go mod download ${goModule} && mv /tmp/go/pkg/mod/${goModule} /usr/local/go && chmod -R a+rX /usr/local/go && chmod -R a+x /usr/local/go/bin /usr/local/go/pkg/tool && rm -rf /tmp/go /root/.cache && apt-get purge -y --auto-remove golang-go && ${goCache} && ln -s /usr/local/go/bin/gofmt /usr/local/bin/`,
  },
  // Debian's security updates include a release that follows Rust's.
  rust: {
    has: "Rust",
    run: `. /etc/os-release && if [ "$ID" = debian ]; then echo "deb http://deb.debian.org/debian-security $VERSION_CODENAME-security main" >/etc/apt/sources.list.d/security.list; apt-get update; fi && (${install} cargo-web gcc libc6-dev || ${install} cargo gcc libc6-dev)`,
  },
  // Java uses its own certificate store. Behind a proxy that inspects TLS, the store gets the certificates that the machine trusts.
  java: {
    has: "Java",
    run: `([ -z "$SSL_CERT_FILE" ] || (cd /usr/local/share/ca-certificates && csplit -zs $SSL_CERT_FILE /-----BEGIN/ {*} && for f in xx*; do mv $f $f.crt; done)) && mkdir -p /usr/share/man/man1 && ${install} ca-certificates default-jdk-headless maven && update-ca-certificates`,
  },
  ruby: {
    has: "Ruby",
    run: `${install} ruby bundler rake ruby-rspec ruby-rspec-junit-formatter ruby-minitest ruby-test-unit`,
  },
  php: { has: "PHP", run: `${install} php-cli php-xml php-mbstring phpunit composer` },
  make: { has: "make", run: `${install} make gcc libc6-dev` },
};

/** How to build an image from the runner image. */
export interface ImageRecipe {
  readonly has: string;
  readonly image: string;
  /** The lines of its Dockerfile after `FROM`. */
  readonly lines: readonly string[];
}

/** The Dockerfile with which a person builds such an image. */
export function dockerfileOf({ lines }: Pick<ImageRecipe, "lines">, runnerImage: string): string {
  return [`FROM ${runnerImage}`, ...lines].join("\n");
}

/** The recipe with this name. */
export function imageRecipe(name: RecipeName): ImageRecipe {
  const { has, run } = recipes[name];
  return recipeOf({ has, image: `${name}-checks`, runs: [run] });
}

/** The most Debian packages that one image can add. */
export const packagesMax = 16;
/** The longest tag of an image. */
const tagCharactersMax = 128;
const withPackagesTag = "with_";
/** The name must not end with a hyphen, which would make apt remove the package. */
const packageName = /^[a-z0-9][a-z0-9+.-]{0,60}[a-z0-9+]$/;

/** Whether the text has the form of a package name. Whether Debian has the package turns out when the image is built. */
export function isDebianPackage(name: string): boolean {
  return packageName.test(name);
}

/**
 * The image with the packages of `image` (null: aedev's own image) and these Debian packages; the runner builds it from a recipe. Its name encodes
 * everything, so nothing else must be stored. Null if `image` is not one of aedev's, or if the names don't fit into a tag.
 */
export function imageWithPackages(image: string | null, packages: readonly string[]): string | null {
  const before = image === null ? { base: null, packages: [] } : partsOf(image);
  return before === null ? null : nameOf({ base: before.base, packages: [...before.packages, ...packages] });
}

/** Whether the text names an aedev image with Debian packages. Only a person may name such an image, because building it installs the packages as root. */
export function hasDebianPackages(image: string): boolean {
  return (partsOf(image)?.packages.length ?? 0) > 0;
}

/** The recipe of the image with this name; undefined if aedev does not build that image. */
export function recipeOfImage(image: string): ImageRecipe | undefined {
  const parts = partsOf(image);
  if (parts === null) return undefined;
  const { base, packages } = parts;
  if (packages.length === 0) return base === null ? undefined : imageRecipe(base);
  const names = packages.join(" ");
  // Checks each exact name: apt treats an unknown name as a pattern.
  const refuseUnknownNames = `for name in ${names}; do apt-cache pkgnames $name | grep -Fqx $name || { echo "Debian has no package $name"; exit 1; }; done`;
  const own = base === null ? [] : [recipes[base]];
  return recipeOf({
    has: [...own.map(({ has }) => has), ...packages].join(", "),
    image,
    runs: [...own.map(({ run }) => run), `${refuseUnknownNames} && ${install} ${names}`],
  });
}

/** What the name of an aedev image encodes; null for any other name. */
function partsOf(image: string): { base: RecipeName | null; packages: readonly string[] } | null {
  const [, name = "", tag] = /^([a-z]+)-checks(?::with_([a-zP0-9._-]+))?$/.exec(image) ?? [];
  const base = recipeNames.find((recipe) => recipe === name) ?? null;
  if (tag === undefined) return base === null ? null : { base, packages: [] };
  const packages = tag.split("_").map((part) => part.replaceAll("P", "+"));
  return nameOf({ base, packages }) === image ? { base, packages } : null;
}

/** The canonical name of an image with these packages; null if a name is invalid or there are too many. */
function nameOf({ base, packages }: { base: RecipeName | null; packages: readonly string[] }): string | null {
  const all = [...new Set(packages)].sort();
  // A tag can't contain a plus, and a package name can't contain a capital letter.
  const tag = `${withPackagesTag}${all.join("_").replaceAll("+", "P")}`;
  const isWithin = all.length <= packagesMax && tag.length <= tagCharactersMax;
  return isWithin && all.every(isDebianPackage) ? `${base ?? "node"}-checks:${tag}` : null;
}

function recipeOf({ has, image, runs }: { has: string; image: string; runs: readonly string[] }): ImageRecipe {
  const run = ["apt-get update", ...runs, "rm -rf /var/lib/apt/lists/*"].join(" && ");
  return { has, image, lines: ["USER 0", `RUN ${run}`, "USER 1000"] };
}
