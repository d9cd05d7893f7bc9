/**
 * What the page-state pane shows of one step, as plain data: one group per folio (head first, tails below), then the
 * words that belong to no page. Names and order are the trace's own.
 */
import { Op, StepColumn, type Trace } from '../../main/engine/trace.ts';
import { changedWords, type PageStates, stepValue } from './page-state.ts';
import { countDamage, decodeCount, wordText } from './words.ts';

/** One word of a row. */
export interface FieldView {
  readonly word: number;
  /** The kernel's field name. */
  readonly name: string;
  /** The word's full name. */
  readonly label: string;
  readonly value: number;
  readonly text: string;
  /** Text of the value before the last step, where that step changed it; null otherwise. */
  readonly was: string | null;
  /** False while the value is the one it had before the first step. */
  readonly moved: boolean;
  readonly damage: 'UNDERFLOW' | 'OVERFLOW' | null;
}

/** One page, or one object that is no page. */
export interface RowView {
  readonly object: number;
  readonly name: string;
  readonly fields: readonly FieldView[];
  readonly changed: boolean;
}

/** A folio: its head page, and those of its tails that the model has words for. */
export interface FolioView {
  readonly head: RowView;
  readonly order: number;
  readonly tails: readonly RowView[];
  /** Tails of the compound that no step can touch, so that they have no words: they hold what they were made with. */
  readonly untouched: number;
  /** Lines in the form of dump_page(), with the fields that the model has. */
  readonly dump: readonly string[];
  /** `_refcount` as pins and references; null where the folio has no such word. */
  readonly decoded: string | null;
  readonly damage: 'UNDERFLOW' | 'OVERFLOW' | null;
}

export interface StateView {
  readonly step: number;
  readonly folios: readonly FolioView[];
  readonly others: readonly RowView[];
  /** Words of the model's own bookkeeping: who was told that they hold what. */
  readonly held: readonly RowView[];
}

/** The state after `step` (page-state's numbering). */
export function stateView(states: PageStates, step: number): StateView {
  const { trace } = states;
  const changed = changedWords(states, step);
  const { words, step: at } = states.at(step);
  const rows = trace.objects.map((object, index): RowView => {
    const fields = fieldsOf(trace, index).map((word): FieldView => {
      const value = words[word] ?? 0;
      const before = changed.get(word);
      return {
        word,
        name: trace.words[word]?.field ?? '',
        label: trace.words[word]?.name ?? '',
        value,
        text: wordText(trace, word, value),
        moved: value !== trace.initial[word],
        was: before === undefined ? null : wordText(trace, word, before),
        damage: trace.words[word]?.field === '_refcount' && value < 0 ? damageOf(trace, word, at) : null,
      };
    });
    return { object: index, name: object.name, fields, changed: fields.some((field) => field.was !== null) };
  });
  const shown = rows.filter((row) => row.fields.length > 0);
  const kindOf = (row: RowView) => trace.objects[row.object]?.kind;
  const isPage = (row: RowView) => kindOf(row) === 'folio' || kindOf(row) === 'page';
  const headOf = (row: RowView) => trace.objects[row.object]?.head ?? -1;
  const heads = shown.filter((row) => isPage(row) && headOf(row) < 0);
  return {
    step: at,
    folios: heads.map((head) =>
      folioView(
        trace,
        head,
        shown.filter((row) => isPage(row) && headOf(row) === head.object),
      ),
    ),
    others: shown.filter((row) => !isPage(row) && kindOf(row) !== 'ghost'),
    held: shown.filter((row) => kindOf(row) === 'ghost'),
  };
}

const wordsByObject = new WeakMap<Trace, readonly (readonly number[])[]>();

/** Words of an object, in the trace's order. */
function fieldsOf(trace: Trace, object: number): readonly number[] {
  let table = wordsByObject.get(trace);
  if (table === undefined) {
    const lists: number[][] = trace.objects.map(() => []);
    trace.words.forEach((word, index) => {
      lists[word.object]?.push(index);
    });
    table = lists;
    wordsByObject.set(trace, table);
  }
  return table[object] ?? [];
}

function folioView(trace: Trace, head: RowView, tails: readonly RowView[]): FolioView {
  const order = Math.max(0, trace.objects[head.object]?.order ?? 0);
  const field = (name: string) => head.fields.find((candidate) => candidate.name === name);
  const count = field('_refcount');
  const pincount = field('pincount');
  const flags = field('flags');
  const page = [
    count && `refcount:${count.value}`,
    field('mapcount') && `mapcount:${field('mapcount')?.value}`,
    order === 0 ? pincount && `pincount:${pincount.value}` : undefined,
  ].filter((part) => part !== undefined);
  const dump = [`page: ${page.join(' ')}`];
  if (order > 0) dump.push(`head: order:${order}${pincount ? ` pincount:${pincount.value}` : ''}`);
  if (flags) dump.push(`flags: ${flags.text}`);
  return {
    head,
    order,
    tails,
    untouched: Math.max(0, 2 ** order - 1 - tails.length),
    dump,
    decoded: count ? decodeCount(count.value, trace.bias, pincount?.value ?? null) : null,
    damage: count?.damage ?? null,
  };
}

/** Why a counter is negative: the last step at or before `step` that took it below zero tells. */
function damageOf(trace: Trace, word: number, step: number): 'UNDERFLOW' | 'OVERFLOW' {
  for (let i = step; i >= 0; i--) {
    if (stepValue(trace, i, StepColumn.word) !== word) continue;
    const before = stepValue(trace, i, StepColumn.before);
    const after = stepValue(trace, i, StepColumn.after);
    if (before < 0 || after >= 0) continue;
    return countDamage(after, before, addedBy(trace, i)) ?? 'UNDERFLOW';
  }
  return 'UNDERFLOW';
}

/** What a step adds to its word, before the 32-bit wrap; 0 for steps that do not add. */
function addedBy(trace: Trace, step: number): number {
  const op = stepValue(trace, step, StepColumn.op);
  const a = stepValue(trace, step, StepColumn.a);
  if (op === Op.ADD || op === Op.ADDR || op === Op.ADDU) return a;
  return op === Op.SUBT ? -a : 0;
}

/** The whole state as text, at most 72 columns where names allow: what `y` copies. */
export function stateText(view: StateView, steps: number): string {
  const lines = [view.step < 0 ? 'State before the first step' : `State after step ${view.step + 1} of ${steps}`];
  for (const folio of view.folios) {
    lines.push('', folio.head.name, ...folio.dump.map((line) => `  ${line}`));
    if (folio.decoded !== null) lines.push(`  refcount ${folio.decoded}${folio.damage ? `  ${folio.damage}` : ''}`);
    lines.push(...rowLines(folio.tails));
    if (folio.untouched > 0) lines.push(`  +${folio.untouched} tails, untouched`);
  }
  if (view.others.length > 0) lines.push('', ...rowLines(view.others));
  if (view.held.length > 0) lines.push('', 'Held', ...rowLines(view.held));
  return `${lines.join('\n')}\n`;
}

function rowLines(rows: readonly RowView[]): readonly string[] {
  return rows.map((row) => {
    const fields = row.fields.map(
      (field) => `${field.name} ${field.text}${field.was === null ? '' : ` (was ${field.was})`}`,
    );
    return `  ${row.name}: ${fields.join(', ')}`;
  });
}
