/**
 * What instrumented generators report at each step: where they are and which locals are still needed, frame by frame.
 * From it comes the key that lets two histories share a node. Code that was not instrumented reports nothing.
 */
class Live {
  /** True while a new node is being discovered: only then do generators take the trouble to report. */
  on = false;

  reset(): void {
    this.on = true;
  }

  /** Key of the step just made, or null where some frame did not report. */
  key(): string | null {
    return null;
  }

  /** Key of an actor's body (the place of its code and what it captured), or null where unknown. */
  bodyKey(_body: () => unknown): string | null {
    return null;
  }
}

export const live = new Live();
