/** V8's own: the depth of captured stacks, and who describes them. Every runtime Gupbook uses has both. */
interface ErrorConstructor {
  stackTraceLimit: number;
  prepareStackTrace(error: Error, sites: V8CallSite[]): unknown;
}

/** A frame while V8 makes a stack. */
interface V8CallSite {
  getFunctionName(): string | null;
  getScriptNameOrSourceURL(): string | null;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
}
