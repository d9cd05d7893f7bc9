/** The state graph of a small experiment, for people: as DOT, and laid out by distance as SVG. */
import type { Frontier } from './frontier.ts';
import type { Space } from './space.ts';
import { Successors, type Taker } from './successors.ts';

/** Most states of a graph that can be read at all. */
export const MOST_STATES = 2000;

export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  /** Name of the actor that takes the step. */
  readonly actor: string;
}

export interface StateGraph {
  /** By number of the state: what it holds, and its distance from the start. */
  readonly states: readonly { readonly label: string; readonly distance: number; readonly isFinal: boolean }[];
  readonly edges: readonly GraphEdge[];
}

/** The graph of a space that was searched to its end. @throws RangeError when it is too large to be read */
export function graphOf(space: Space, frontier: Frontier): StateGraph {
  return new GraphReader(space, frontier).read();
}

class GraphReader implements Taker {
  private readonly space: Space;
  private readonly frontier: Frontier;
  private readonly successors: Successors;
  private edges: GraphEdge[] = [];
  private at = 0;
  private found: GraphEdge[] = [];

  constructor(space: Space, frontier: Frontier) {
    this.space = space;
    this.frontier = frontier;
    this.successors = new Successors(space);
  }

  read(): StateGraph {
    const { count } = this.space.set;
    if (count > MOST_STATES) throw new RangeError(`${count} states are too many for a graph: ${MOST_STATES} at most`);
    const states = Array.from({ length: count }, (_, id) => {
      this.at = id;
      do this.found = [];
      while (!this.successors.expand(id, this));
      this.edges.push(...this.found);
      const isFinal = this.successors.running === 0;
      return { label: this.label(), distance: this.frontier.distanceOf(id), isFinal };
    });
    return { states, edges: this.edges };
  }

  take({ next, hash, k }: Successors): void {
    const { space } = this;
    const to = space.set.find(next, 0, hash);
    const actor = space.world.actors[space.actors[k] ?? -1]?.name ?? '?';
    if (to >= 0) this.found.push({ from: this.at, to, actor });
  }

  /** Words that changed, with their values in the state that was expanded last. */
  private label(): string {
    const { space, successors } = this;
    return space.components
      .flatMap(({ kind, id }, c) => {
        const number = space.numberIn(successors.state, 0, c);
        if (kind !== 'word' || number === 0) return [];
        return [`${space.world.memory.words[id]?.name ?? '?'} = ${space.value(c, number)}`];
      })
      .join('\n');
  }
}

/** The graph in Graphviz's language. */
export function dotOf({ states, edges }: StateGraph, title: string): string {
  const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
  const lines = states.map(
    ({ label, isFinal }, id) => `\ts${id} [label=${quoted(`${id}\n${label}`)}${isFinal ? ', peripheries=2' : ''}];`,
  );
  const arrows = edges.map(({ from, to, actor }) => `\ts${from} -> s${to} [label=${quoted(actor)}];`);
  return [
    `digraph ${quoted(title)} {`,
    '\trankdir=TB; node [shape=box, fontname=monospace];',
    ...lines,
    ...arrows,
    '}',
    '',
  ].join('\n');
}

/** Sizes of the drawing, in pixels. */
const CELL = 46;
const RADIUS = 7;
const COLOURS = ['#1f6feb', '#bf3989', '#1a7f37', '#9a6700', '#8250df', '#cf222e', '#0a7b83', '#57606a'];

/** The graph as a drawing: one row for each distance from the start, one colour for each actor. */
export function svgOf({ states, edges }: StateGraph, title: string): string {
  const rows = new Map<number, number[]>();
  for (const [id, { distance }] of states.entries()) rows.set(distance, [...(rows.get(distance) ?? []), id]);
  const widest = Math.max(...[...rows.values()].map(({ length }) => length));
  const [width, height] = [(widest + 1) * CELL, (Math.max(...rows.keys()) + 2) * CELL];
  const place = new Map<number, { readonly x: number; readonly y: number }>();
  for (const [distance, row] of rows) {
    for (const [i, id] of row.entries())
      place.set(id, { x: ((i + 0.5) * width) / row.length, y: (distance + 1) * CELL });
  }
  const actors = [...new Set(edges.map(({ actor }) => actor))];
  const colour = (actor: string): string => COLOURS[actors.indexOf(actor) % COLOURS.length] ?? '#57606a';
  const lines = edges.map(({ from, to, actor }) => {
    const [a, b] = [place.get(from), place.get(to)];
    return `<line x1="${a?.x ?? 0}" y1="${a?.y ?? 0}" x2="${b?.x ?? 0}" y2="${b?.y ?? 0}" stroke="${colour(actor)}"><title>${escaped(actor)}</title></line>`;
  });
  const dots = states.map(({ label, isFinal }, id) => {
    const { x, y } = place.get(id) ?? { x: 0, y: 0 };
    const ring = isFinal ? ' stroke="#1a7f37" stroke-width="3"' : '';
    return `<circle cx="${x}" cy="${y}" r="${RADIUS}"${ring}><title>${escaped(`state ${id}\n${label}`)}</title></circle>`;
  });
  const legend = actors.map(
    (actor, i) => `<text x="8" y="${16 + 16 * i}" fill="${colour(actor)}">${escaped(actor)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="monospace" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    ...lines,
    ...dots,
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
