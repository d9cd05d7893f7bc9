/**
 * An experiment that was searched, as a Promela model: one d_step for each transition, one variable for each component of
 * a state. So SPIN (`spin -o3`, `-DNOREDUCE`) must store exactly as many states, and come to the same verdict. What the
 * search did not meet is an assertion that fails: SPIN would find it.
 */
import { DONE } from '../lower/automaton.ts';
import { OP_NAMES } from '../trace.ts';
import { BROKEN, type Checks } from './checks.ts';
import { DISABLED, type Move, NOT_RUNNING } from './leaves.ts';
import type { Space } from './space.ts';
import { Successors } from './successors.ts';
import type { Look } from './tries.ts';

/** Most transitions of a model that SPIN's generated C code can be compiled from in good time. */
const MOST = 20_000;

/**
 * The model of a space in which everything was remembered (`remember: 'always'`, `symmetry: false`) and searched to the
 * end. @throws RangeError when it is too large
 */
export function promelaOf(space: Space, checks: Checks, title: string): string {
  return new PromelaWriter(space, checks).write(title);
}

class PromelaWriter {
  private readonly space: Space;
  private readonly checks: Checks;
  private readonly names: readonly string[];
  private transitions = 0;

  constructor(space: Space, checks: Checks) {
    this.space = space;
    this.checks = checks;
    const used = new Set<string>();
    this.names = space.components.map(({ kind, id }) => {
      const { world } = space;
      const name = (kind === 'actor' ? world.actors[id]?.name : world.memory.words[id]?.name) ?? '?';
      return unique(
        `${kind === 'actor' ? 'at' : 'w'}_${name.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_|_$/g, '')}`,
        used,
      );
    });
  }

  /** Decides everything again that was forgotten when the layout grew: the trees are to be whole. */
  private complete(): void {
    const { space, checks } = this;
    const successors = new Successors(space);
    for (let id = 0; id < space.set.count; id++) {
      while (!successors.expand(id, { take() {} }));
      for (const i of checks.always.keys()) checks.breaks('always', i, successors.state, 0);
      if (successors.running > 0) continue;
      for (const i of checks.finals.keys()) checks.breaks('end', i, successors.state, 0);
    }
  }

  write(title: string): string {
    const { space } = this;
    this.complete();
    const variables = space.components.map(({ domain }, c) => {
      const low = Math.min(...domain.values.map((_, number) => this.shown(c, number)));
      const high = Math.max(...domain.values.map((_, number) => this.shown(c, number)));
      return `${typeFor(low, high)} ${this.names[c]} = ${literal(this.shown(c, 0))};`;
    });
    const actors = space.actorComponents.map((component, k) => this.actor(component, k));
    return [
      `/* ${title.replaceAll('*/', '* /')} */`,
      '/* Search it with: spin -o3 -a, gcc -DSAFETY -DNOREDUCE; stored states are the states of the search. */',
      ...variables,
      '',
      ...this.finished(),
      ...this.condition('ALWAYS', 'always'),
      ...this.condition('FINALLY', 'end'),
      '',
      ...actors,
      this.watcher(),
      '',
    ].join('\n');
  }

  /** Places are numbered; words have their own values. */
  private shown(component: number, number: number): number {
    return this.space.components[component]?.kind === 'actor' ? number : this.space.value(component, number);
  }

  private is({ component, number }: Look): string {
    return `${this.names[component]} == ${literal(this.shown(component, number))}`;
  }

  private all(looks: readonly Look[]): string {
    return looks.length === 0 ? 'true' : looks.map((look) => this.is(look)).join(' && ');
  }

  // --- actors ------------------------------------------------------------------------------------------------------

  private actor(component: number, k: number): string {
    const { space } = this;
    const name = this.names[component]?.replace(/^at_/, '') ?? `actor_${k}`;
    const places = space.components[component]?.domain.values ?? [];
    const lines = places.flatMap((value, number) => this.place(component, k, number, space.placeOf(value).node));
    return [`active proctype ${name}()`, '{', 'end:', '\tdo', ...lines, '\tod', '}', ''].join('\n');
  }

  private place(component: number, k: number, number: number, node: number): string[] {
    const { space } = this;
    if (node <= DONE) return [];
    const { decisions, automata, world } = space;
    const at: Look = { component, number };
    const word = world.memory.words[automata.word[node] ?? -1]?.name ?? '';
    const lines = [`\t/* ${this.is(at)}: ${OP_NAMES[automata.op[node] ?? 0] ?? '?'} ${word} */`];
    const known: string[] = [];
    for (const { looks, leaf } of space.tries.paths(decisions.roots[(decisions.rootBase[k] ?? 0) + number] ?? 0)) {
      const rest = looks.filter((look) => look.component !== component);
      known.push(`(${this.all(rest)})`);
      if (leaf === DISABLED || leaf === NOT_RUNNING) continue;
      for (const answer of space.leaves.answers(leaf)) {
        lines.push(this.transition([at, ...rest], space.leaves.move(answer)));
      }
    }
    const unknown = known.length === 0 ? '' : ` && !(${known.join(' || ')})`;
    if (!known.includes('(true)')) lines.push(`\t:: d_step { ${this.is(at)}${unknown} -> assert(false) }`);
    return lines;
  }

  private transition(guard: readonly Look[], { changes, segments, events }: Move): string {
    if (++this.transitions > MOST) throw new RangeError(`the model has more than ${MOST} transitions`);
    const broken = events.some(({ kind }) => kind === 'broken' || kind === 'BUG' || kind === 'bad-page');
    const steps = [
      ...this.assignments(changes),
      ...segments.map((segment) => this.effect(segment)),
      ...(broken ? ['assert(false)'] : []),
    ];
    return `\t:: d_step { ${this.all(guard)} -> ${steps.length === 0 ? 'skip' : steps.join('; ')} }`;
  }

  private assignments(changes: Move['changes']): string[] {
    return changes
      .filter(({ from, to }) => from !== to)
      .map(({ component, to }) => `${this.names[component]} = ${literal(this.shown(component, to))}`);
  }

  /** An effect, as a choice between what it does in the states that were met. */
  private effect(segment: number): string {
    const { space } = this;
    const cases = [...space.tries.paths(space.decisions.segmentRoots[segment] ?? 0)].map(({ looks, leaf }) => {
      const { changes, events } = space.leaves.move(leaf);
      const broken = events.some(({ kind }) => kind === 'broken' || kind === 'BUG' || kind === 'bad-page');
      const steps = [...this.assignments(changes), ...(broken ? ['assert(false)'] : [])];
      return { guard: this.all(looks), does: steps.length === 0 ? 'skip' : steps.join('; ') };
    });
    const [only] = cases;
    if (only !== undefined && cases.length === 1 && only.guard === 'true') return only.does;
    return `if ${cases.map(({ guard, does }) => `:: ${guard} -> ${does}`).join(' ')} :: else -> assert(false) fi`;
  }

  // --- checks ------------------------------------------------------------------------------------------------------

  private finished(): string[] {
    const { space } = this;
    const over = space.actorComponents.map((component) => {
      const values = space.components[component]?.domain.values ?? [];
      const ends = values.flatMap((value, number) =>
        space.placeOf(value).node <= DONE ? [{ component, number }] : [],
      );
      return `(${ends.map((look) => this.is(look)).join(' || ') || 'false'})`;
    });
    return [`#define FINISHED (${over.join(' && ')})`];
  }

  /** A macro that is false where a check is broken, or where it was never asked. */
  private condition(name: string, when: 'always' | 'end'): string[] {
    const macros = this.checks.trees(when).flatMap(({ check, root }, i) => {
      const cases = [...this.space.tries.paths(root)].filter(({ leaf }) => leaf === BROKEN);
      if (cases.length === 0) return [];
      const broken = cases.map(({ looks }) => `(${this.all(looks)})`).join(' || ');
      return [{ name: `${name}_${i}`, text: `/* ${check.name} */\n#define ${name}_${i} (!(${broken}))` }];
    });
    const all = macros.map((macro) => macro.name).join(' && ');
    return [...macros.map(({ text }) => text), `#define ${name} (${all === '' ? 'true' : all})`];
  }

  /** Looks at states without changing them. */
  private watcher(): string {
    return [
      'active proctype watcher()',
      '{',
      'end:',
      '\tdo',
      '\t:: d_step { !(ALWAYS) -> assert(false) }',
      '\t:: d_step { FINISHED && !(FINALLY) -> assert(false) }',
      '\t:: timeout && !FINISHED -> assert(false)',
      '\tod',
      '}',
    ].join('\n');
  }
}

/** SPIN takes the digits of the least int for a number above the greatest. */
function literal(value: number): string {
  return value === -(2 ** 31) ? `(-${2 ** 31 - 1} - 1)` : `${value}`;
}

function typeFor(low: number, high: number): string {
  if (low >= 0 && high <= 1) return 'bit';
  if (low >= 0 && high <= 255) return 'byte';
  return low >= -32_768 && high <= 32_767 ? 'short' : 'int';
}

function unique(wanted: string, used: Set<string>): string {
  let name = wanted;
  for (let n = 2; used.has(name); n++) name = `${wanted}_${n}`;
  used.add(name);
  return name;
}
