/**
 * One count through the same calls under several kernels: `pinned  1025  524289  513`. Only kernels whose schedules
 * make the same calls in the same order stand side by side.
 */
import type { ExperimentResult } from '../engine/result.ts';
import { stepCount, type Trace } from '../engine/trace.ts';
import { columnsOf, plain, table, WIDTH, wrap } from './columns.ts';
import { callSpans } from './race-rows.ts';
import { stateWords } from './race-words.ts';
import { type FoundFailure, kernelsOf, type Report, resultOf } from './report.ts';
import { allSteps } from './steps.ts';
import { ownerName, valueText } from './values.ts';

/** More rows than this are no summary. */
const MOST_ROWS = 10;

/** The longest schedule that is known of a result: a failing one that runs to the end says more than one cut short. */
function longestTrace(result: ExperimentResult): Trace | null {
  const traces = [...result.failures.map((failure) => failure.trace), ...(result.sample ? [result.sample] : [])];
  return traces.reduce<Trace | null>((best, t) => (best === null || stepCount(t) > stepCount(best) ? t : best), null);
}

/** A kernel's column: value of the count at the start and after every call. */
interface Track {
  readonly kernel: string;
  /** Calls under the model's names, to compare by, and under the kernel's own. */
  readonly calls: readonly string[];
  readonly labels: readonly string[];
  readonly values: readonly string[];
}

/** Values of a word at the given steps (0-based, the value after that step). */
function valuesAt(trace: Trace, word: number, steps: readonly number[]): string[] {
  const all = allSteps(trace).filter((step) => step.word === word);
  return steps.map((n) => {
    const value = all.filter((step) => step.n <= n).at(-1)?.after ?? trace.initial[word] ?? 0;
    return valueText(trace, word, value);
  });
}

function trackOf(kernel: string, trace: Trace, name: string): Track | null {
  const word = trace.words.findIndex((info) => info.name === name);
  if (word < 0) return null;
  const calls = callSpans(trace);
  const ends = [-1, ...calls.map((call) => call.last)];
  let values = valuesAt(trace, word, ends);
  const info = trace.words[word];
  const pins = trace.words.findIndex((other) => other.object === info?.object && other.field === 'pincount');
  // Kernels with an exact pincount are shown with both counts, since neither says it all.
  if (pins >= 0 && pins !== word && allSteps(trace).some((step) => step.word === pins && step.before !== step.after)) {
    const counts = valuesAt(trace, pins, ends);
    values = values.map((value, i) => `${value} / ${counts[i]}`);
  }
  const labels = callSpans(trace, kernel).map((call) => call.label);
  return { kernel, calls: calls.map((call) => call.label), labels, values };
}

/** Kernels in whose columns the same numbers stand. */
interface Group {
  readonly title: string;
  readonly values: readonly string[];
}

/** Neighbours with the same numbers share a column: `5.18..7.2`. */
function grouped(tracks: readonly Track[]): Group[] {
  const groups: { first: string; last: string; values: readonly string[] }[] = [];
  for (const { kernel, values } of tracks) {
    const before = groups.at(-1);
    if (before?.values.join('\n') === values.join('\n')) before.last = kernel;
    else groups.push({ first: kernel, last: kernel, values });
  }
  return groups.map(({ first, last, values }) => ({
    title: first === last ? plain(first) : `${plain(first)}..${plain(last)}`,
    values,
  }));
}

/** Room that the calls need at least; columns that do not fit beside it go into a further table. */
const CALL_ROOM = 28;

function bands(columns: readonly Group[]): Group[][] {
  const out: Group[][] = [];
  let room = -1;
  for (const column of columns) {
    const width = Math.max(columnsOf(column.title), ...column.values.map(columnsOf)) + 2;
    if (room < width) {
      out.push([]);
      room = WIDTH - 2 - CALL_ROOM;
    }
    out.at(-1)?.push(column);
    room -= width;
  }
  return out;
}

/** The table with a line that says what it shows, or nothing where fewer than two kernels can be compared. */
export function stateTable(report: Report, { result, failure }: FoundFailure): string[] {
  const own = longestTrace(result);
  const [word] =
    own === null ? [] : stateWords(own, failure.trace === own ? failure : { failingStep: -1, message: '' }, 1);
  if (own === null || word === undefined) return [];
  const name = own.words[word]?.name ?? '';
  const tracks = kernelsOf(report).flatMap((kernel) => {
    const other = kernel === result.kernel ? result : resultOf(report, result.experiment, kernel);
    const trace = other === undefined ? null : longestTrace(other);
    const track = trace === null ? null : trackOf(kernel, trace, name);
    return track === null ? [] : [track];
  });
  const model = tracks.find((track) => track.kernel === result.kernel);
  if (model === undefined || model.calls.length > MOST_ROWS) return [];
  const same = tracks.filter((track) => track.calls.join('\n') === model.calls.join('\n'));
  if (same.length < 2) return [];
  const columns = grouped(same);
  const field = own.words[word]?.field ?? '';
  const exact = same.some((track) => track.values.some((value) => value.includes(' / ')));
  return [
    ...wrap(
      `${plain(field)} of ${ownerName(own, word)} after each call${exact ? ' (/ pincount, where kept)' : ''}:`,
      WIDTH - 2,
    ),
    '',
    ...bands(columns).flatMap((band, i) => [
      ...(i > 0 ? [''] : []),
      ...table(
        [{ title: 'step', align: 'left' }, ...band.map(({ title }) => ({ title, align: 'right' as const }))],
        ['start', ...model.labels].map((call, row) => [plain(call), ...band.map(({ values }) => values[row] ?? '')]),
      ),
    ]),
  ];
}
