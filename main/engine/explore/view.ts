/** States as those who decide look at them: component by component, by numbers of values. */
import type { Change } from './leaves.ts';
import type { Look } from './tries.ts';

export interface StateView {
  number(component: number): number;
  set(component: number, number: number): void;
}

/** A state being looked at by a decision that is made for the first time: keeps what is looked at and what changes. */
export class View implements StateView {
  readonly looks: Look[] = [];
  private readonly seen = new Set<number>();
  private readonly changed = new Map<number, { readonly from: number; to: number }>();
  private readonly numberAt: (component: number) => number;

  constructor(numberAt: (component: number) => number) {
    this.numberAt = numberAt;
  }

  number(component: number): number {
    const change = this.changed.get(component);
    if (change !== undefined) return change.to;
    const number = this.numberAt(component);
    if (!this.seen.has(component)) {
      this.seen.add(component);
      this.looks.push({ component, number });
    }
    return number;
  }

  set(component: number, number: number): void {
    const from = this.number(component);
    const change = this.changed.get(component);
    if (change === undefined) this.changed.set(component, { from, to: number });
    else change.to = number;
  }

  get changes(): Change[] {
    return [...this.changed]
      .filter(([, { from, to }]) => from !== to)
      .map(([component, { from, to }]) => ({ component, from, to }));
  }
}
