/** V8's own switch for the depth of captured stacks; every runtime Gupbook uses has it. */
interface ErrorConstructor {
  stackTraceLimit: number;
}
