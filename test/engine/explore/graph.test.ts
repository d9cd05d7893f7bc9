/** The state graph of a small experiment, as text and as a drawing. */
import { expect, test } from 'vitest';
import { pinners } from '../../../bench/explore-models.ts';
import { dotOf, graphOf, MOST_STATES, svgOf } from '../../../main/engine/explore/graph.ts';
import type { Lab } from '../../../main/engine/interface.ts';
import { ADD } from '../../../main/engine/step.ts';
import { explore } from './explore.ts';

function two(lab: Lab): void {
  const [a, b] = [lab.word('a "quoted"', 0), lab.word('b', 0)];
  lab.task('left & right', function* () {
    yield ADD(a, 1);
  });
  lab.task('other', function* () {
    yield ADD(b, 2);
  });
}

test('has a state for each and an edge for each step', () => {
  const { space, frontier } = explore(two);
  const graph = graphOf(space, frontier);
  expect(graph.states.map(({ label, distance, isFinal }) => [label, distance, isFinal])).toEqual([
    ['', 0, false],
    ['a "quoted" = 1', 1, false],
    ['b = 2', 1, false],
    ['a "quoted" = 1\nb = 2', 2, true],
  ]);
  expect(graph.edges.map(({ from, to, actor }) => `${from}-${to} ${actor}`)).toEqual([
    '0-1 left & right',
    '0-2 other',
    '1-3 other',
    '2-3 left & right',
  ]);
});

test('is one digraph, with what has to be quoted quoted', () => {
  const { space, frontier } = explore(two);
  const dot = dotOf(graphOf(space, frontier), 'a "title"');
  expect(dot).toMatch(/^digraph "a \\"title\\"" \{/);
  expect(dot).toContain('s1 [label="1\\na \\"quoted\\" = 1"];');
  expect(dot.match(/->/g)).toHaveLength(4);
});

test('is one drawing, with what has to be escaped escaped', () => {
  const { space, frontier } = explore(two);
  const svg = svgOf(graphOf(space, frontier), 'a <title>');
  expect(svg).toContain('<title>a &#60;title&#62;</title>');
  expect(svg).toContain('left &#38; right');
  expect(svg.match(/<circle /g)).toHaveLength(4);
  expect(svg.match(/<line /g)).toHaveLength(4);
});

test('is refused where nobody could read it', () => {
  const { space, frontier } = explore(pinners(3, 2, true));
  expect(() => graphOf(space, frontier)).toThrow(`5981 states are too many for a graph: ${MOST_STATES} at most`);
});
