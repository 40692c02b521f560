/** The images that aedev can make from its own for other toolchains: what detection proposes and the runner builds. Fixed text; nothing of a repository gets into it. Pure. */

const recipeNames = ["python", "go", "rust", "java", "make"] as const;
export type RecipeName = (typeof recipeNames)[number];

/** Debian's Go is too old for most modules; the module proxy has every release as a module, checked against the checksum database. */
const goVersion = "1.26.8";
const goModule = `golang.org/toolchain@v0.0.1-go${goVersion}.linux-$(dpkg --print-architecture)`;
const install = "apt-get install -y --no-install-recommends";

/** `has`: what the image adds, for a sentence; `run`: one shell command as root, after the package lists were updated. */
const recipes: Readonly<Record<RecipeName, { readonly has: string; readonly run: string }>> = {
  // uv and Poetry have an environment of their own, so that tests don't see what they need.
  python: {
    has: "Python",
    run: `${install} python3-pytest python3-venv python3-pip && python3 -m venv /usr/local/lib/tools && /usr/local/lib/tools/bin/pip install --no-cache-dir uv poetry && ln -s /usr/local/lib/tools/bin/uv /usr/local/lib/tools/bin/poetry /usr/local/bin/`,
  },
  go: {
    has: "Go",
    run: `${install} golang-go gcc libc6-dev && GOPATH=/tmp/go GOFLAGS=-modcacherw go mod download ${goModule} && mv /tmp/go/pkg/mod/${goModule} /usr/local/go && chmod -R a+rX /usr/local/go && chmod -R a+x /usr/local/go/bin /usr/local/go/pkg/tool && rm -rf /tmp/go /root/.cache && apt-get purge -y --auto-remove golang-go && ln -s /usr/local/go/bin/go /usr/local/go/bin/gofmt /usr/local/bin/`,
  },
  // Debian's security updates have a release that follows Rust's.
  rust: {
    has: "Rust",
    run: `. /etc/os-release && if [ "$ID" = debian ]; then echo "deb http://deb.debian.org/debian-security $VERSION_CODENAME-security main" >/etc/apt/sources.list.d/security.list; apt-get update; fi && (${install} cargo-web gcc libc6-dev || ${install} cargo gcc libc6-dev)`,
  },
  // Java trusts its own store; on a machine behind a proxy that inspects TLS it gets what the machine trusts.
  java: {
    has: "Java",
    run: `([ -z "$SSL_CERT_FILE" ] || (cd /usr/local/share/ca-certificates && csplit -zs $SSL_CERT_FILE /-----BEGIN/ {*} && for f in xx*; do mv $f $f.crt; done)) && mkdir -p /usr/share/man/man1 && ${install} ca-certificates default-jdk-headless maven && update-ca-certificates`,
  },
  make: { has: "make", run: `${install} make gcc libc6-dev` },
};

/** How an image is made from the runner image. */
export interface ImageRecipe {
  readonly has: string;
  /** The name that the image gets. */
  readonly image: string;
  /** The lines of its Dockerfile after `FROM`. */
  readonly lines: readonly string[];
}

/** The recipe of this name. */
export function imageRecipe(name: RecipeName): ImageRecipe {
  const { has, run } = recipes[name];
  const lines = ["USER 0", `RUN apt-get update && ${run} && rm -rf /var/lib/apt/lists/*`, "USER 1000"];
  return { has, image: `${name}-checks`, lines };
}

/** The recipe of an image of this name; undefined if aedev does not make such an image. */
export function recipeOfImage(image: string): ImageRecipe | undefined {
  return recipeNames.map(imageRecipe).find((recipe) => recipe.image === image);
}
