/**
 * Appended to a file of the code under test: makes a function that records the plain calls of another one. `values`: plain-values.cjs; `target`: the
 * file that records are appended to; `path`: of this file in the repository; `root`: the folder of the repository; `variables`: of the environment, which tests may set; `exported`: the object of its exports; `load`: its `require`. A failure here changes no call.
 */
(values, target, { path, root, variables }, exported, load) => {
  const own = globalThis.process;
  const { appendFileSync } = own.getBuiltinModule ? own.getBuiltinModule("node:fs") : load("node:fs");
  const { apply } = Reflect;
  const { stringify } = JSON;
  const callsMax = 200;
  const isModule = (self) => Object.prototype.toString.call(self) === "[object Module]";
  // Runners that isolate test files give each one a global object, or a process, of its own.
  const key = Symbol.for("calls of one test file");
  globalThis[key] ??= `${own.pid} ${Math.random()}`;
  const group = globalThis[key];
  const write = (...fields) => {
    try {
      appendFileSync(target, `${stringify([group, path, ...fields])}\n`);
    } catch {
      // What is missing can't be called again.
    }
  };
  const environment = () => {
    try {
      return variables.map((name) => own.env[name]);
    } catch {
      return [];
    }
  };
  const usual = environment();
  /** Whether tests set something up that a bare process does not have. */
  const wasSetUp = () => environment().some((value, index) => value !== usual[index]);
  // The file was loaded, whether or not it has functions.
  write({ module: null, paths: [] });
  const classesKey = Symbol.for("classes of one test file");
  globalThis[classesKey] ??= new Map();
  values.shared.classes = globalThis[classesKey];
  values.shared.roots = [root];
  let depth = 0;
  /** Methods are called with their object as the first argument. */
  const recordClass = (name, real) => {
    const { prototype } = real;
    // A file that collects the classes of others is loaded after those.
    if (!values.shared.classes.has(prototype)) values.shared.classes.set(prototype, [path, name]);
    for (const key of Object.getOwnPropertyNames(prototype)) {
      const found = Object.getOwnPropertyDescriptor(prototype, key);
      if (key === "constructor" || key.startsWith("_") || typeof found.value !== "function" || !found.configurable)
        continue;
      Object.defineProperty(prototype, key, { ...found, value: record(`${name}.${key}`, found.value, prototype) });
    }
    return real;
  };
  const record = (name, real, prototype) => {
    if (typeof real !== "function") return real;
    const text = Function.prototype.toString.call(real);
    if (/^class\b/u.test(text)) return values.isOpenClass(text) ? recordClass(name, real) : real;
    // Another object may hold it as well: a file that collects the functions of others.
    const ignoresObject = !/\bthis\b/u.test(text);
    write(name);
    let calls = 0;
    return new Proxy(real, {
      apply(_target, self, given) {
        if (depth > 0) return apply(real, self, given);
        if (calls === callsMax) {
          depth += 1;
          try {
            return apply(real, self, given);
          } finally {
            depth -= 1;
          }
        }
        calls += 1;
        let input = null;
        try {
          const isOwn = self === undefined || self === null || self === globalThis || self === exported;
          if (prototype !== undefined) input = values.encode([self, ...given]);
          else if (ignoresObject || isOwn || isModule(self)) input = values.encode(given);
        } catch {
          // Not plain: it is counted.
        }
        const isSetUp = wasSetUp();
        depth += 1;
        let result;
        const end = values.outcome(() => {
          try {
            result = { value: apply(real, self, given) };
          } catch (error) {
            result = { error };
            throw error;
          }
          return result.value;
        });
        depth -= 1;
        const told = (text) =>
          write(
            name,
            input,
            input === null ? text : values.left(text, prototype === undefined ? given : [self, ...given], input),
            isSetUp,
          );
        if ("error" in result) {
          told(end);
          throw result.error;
        }
        if (end === "x[object Promise]")
          result.value.then(
            (value) => told(values.outcome(() => value)),
            (error) =>
              told(
                values.outcome(() => {
                  throw error;
                }),
              ),
          );
        else told(end);
        return result.value;
      },
    });
  };
  return record;
};
