/** The script realm as one classic script: the engine and everything in it, neither minified nor split. */
declare module 'virtual:gupbook-engine-text' {
  const text: string;
  export default text;
}

/** What hardens a worker before the engine's text follows it there: see renderer/runner/worker.ts. */
declare module 'virtual:gupbook-worker-text' {
  const text: string;
  export default text;
}

/** The host script of the runner's page, to be put inline (and hashed) in its HTML. */
declare module 'virtual:gupbook-host-text' {
  const text: string;
  export default text;
}

/** The steps benchmark, which runs in the script realm's place: see bench/steps-realm.ts. */
declare module 'virtual:gupbook-bench-steps-text' {
  const text: string;
  export default text;
}

/** The headless runner's own process, run by Node as it stands. */
declare module 'virtual:gupbook-headless-child-text' {
  const text: string;
  export default text;
}

/** The host's half inside the headless realm. */
declare module 'virtual:gupbook-headless-realm-text' {
  const text: string;
  export default text;
}

/** The headless runner's own process, as Node reads it from standard input. */
declare module 'virtual:gupbook-headless-child-text' {
  const text: string;
  export default text;
}

/** The host's half inside the headless realm. */
declare module 'virtual:gupbook-headless-realm-text' {
  const text: string;
  export default text;
}

/** The text of a file, as it is. */
declare module '*?raw' {
  const text: string;
  export default text;
}
