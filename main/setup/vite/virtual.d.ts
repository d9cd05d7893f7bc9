/** The script realm as one classic script: the engine and everything in it, neither minified nor split. */
declare module 'virtual:gupbook-engine-text' {
  const text: string;
  export default text;
}

/** The host script of the runner's page, to be put inline (and hashed) in its HTML. */
declare module 'virtual:gupbook-host-text' {
  const text: string;
  export default text;
}
