/** A schedule as a picture: a lane a CPU, time running down, the count beside it as a step line. */
import type { Failure } from '../engine/result.ts';
import type { Trace } from '../engine/trace.ts';
import { cut, plain } from './columns.ts';
import { escapeMarkup } from './markup.ts';
import { elideRows, foldRows } from './race-fold.ts';
import { type RaceRow, raceRows } from './race-rows.ts';
import { stateWords } from './race-words.ts';
import { at } from './steps.ts';
import { wordName } from './values.ts';

/** Sizes in pixels. */
const ROW = 20;
const TOP = 44;
const LANE = 260;
const CHART = 150;
/** Column for the numbers, right of the chart. */
const NUMBER = 110;
const MARGIN = 12;

function round(n: number): string {
  return n.toFixed(1).replace(/\.0$/, '');
}

/** The value of the first word after every row, as numbers. */
function values(trace: Trace, word: number | undefined, rows: readonly RaceRow[]): number[] {
  let value = word === undefined ? 0 : (trace.initial[word] ?? 0);
  return rows.map((row) => {
    const said = row.states[0]?.last;
    if (said !== undefined && /^-?\d+$/.test(said)) value = Number(said);
    return value;
  });
}

function chart(counts: readonly number[], left: number): string {
  const least = Math.min(0, ...counts);
  const most = Math.max(1, ...counts);
  const x = (value: number) => left + ((value - least) / (most - least)) * (CHART - 2 * MARGIN) + MARGIN;
  const points = counts.flatMap((value, i) => [
    `${round(x(value))},${TOP + i * ROW}`,
    `${round(x(value))},${TOP + (i + 1) * ROW}`,
  ]);
  const bottom = TOP + counts.length * ROW;
  return (
    `<line class="zero" x1="${round(x(0))}" y1="${TOP}" x2="${round(x(0))}" y2="${bottom}"/>` +
    `<polyline class="count" points="${points.join(' ')}"/>`
  );
}

function rowMarks(row: RaceRow, i: number, textLength: number): string {
  const y = TOP + i * ROW;
  const left = MARGIN + Math.max(0, row.cpu) * LANE;
  const text = `${row.text}${row.count > 1 ? ` x ${row.count}` : ''}`;
  const box =
    row.step === null ? '' : `<rect class="step" x="${left - 6}" y="${y + 5}" width="3" height="${ROW - 8}"/>`;
  const shown = escapeMarkup(cut(text, textLength - 2 * row.depth));
  const label = `<text x="${left + row.depth * 12}" y="${y + 15}">${shown}</text>`;
  return row.failing ? `<g class="failing"><title>here the check breaks</title>${box}${label}</g>` : box + label;
}

/** One self-contained `<svg>` element; `kernel` is whose function names are used. */
export function svgTimeline(trace: Trace, failure: Pick<Failure, 'failingStep' | 'message'>, kernel: string): string {
  const words = stateWords(trace, failure, 1);
  const { rows: all, cpus } = raceRows(trace, words, failure.failingStep, { kernel });
  const rows = elideRows(foldRows(all), 60);
  const width = MARGIN + cpus.length * LANE + CHART + NUMBER + MARGIN;
  const height = TOP + rows.length * ROW + MARGIN;
  const heads = cpus.map((actors, cpu) => {
    const names = actors.map((actor) => plain(at(trace.actors, actor, 'actor').name)).join(', ');
    return `<text class="head" x="${MARGIN + cpu * LANE}" y="20">CPU${cpu} ${escapeMarkup(cut(names, 26))}</text>`;
  });
  const counted = words[0] === undefined ? '' : wordName(trace, words[0]);
  const chartLeft = MARGIN + cpus.length * LANE;
  const labels = values(trace, words[0], rows);
  const numbers = rows.map((row, i) =>
    row.states[0] == null
      ? ''
      : `<text class="value" x="${width - MARGIN}" y="${TOP + i * ROW + 15}">${labels[i]}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`,
    ' role="img">',
    `<title>${escapeMarkup(plain(failure.message))}</title>`,
    ...heads,
    `<text class="head value" x="${width - MARGIN}" y="20">${escapeMarkup(cut(counted, 24))}</text>`,
    words.length === 0 ? '' : chart(labels, chartLeft),
    ...rows.map((row, i) => rowMarks(row, i, Math.floor(LANE / 7.5))),
    ...numbers,
    '</svg>',
  ]
    .filter((line) => line !== '')
    .join('\n');
}
