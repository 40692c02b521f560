/** The names of systems and processors in Go, as a part of a regular expression: a file's name or a build constraint contains them. From `go tool dist list`. */
export const goPlatformPattern = String.raw`aix|android|darwin|dragonfly|freebsd|illumos|ios|js|linux|netbsd|openbsd|plan9|solaris|wasip1|windows|386|amd64|arm|arm64|loong64|mips\w*|ppc64\w*|riscv64|s390x|wasm`;
