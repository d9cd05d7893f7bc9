/**
 * What the page-state pane shows of one step, as plain data: one group per folio (head first, tails below), then the
 * words that belong to no page. Names and order are the trace's own.
 */
import type { Trace } from '../../main/engine/trace.ts';
import { type FieldView, FLAGS, rowFields } from './fields.ts';
import { changedWords, type PageStates } from './page-state.ts';
import { decodeCount } from './words.ts';

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

/**
 * The state after `step` (page-state's numbering).
 *
 * @param bias the kernel's GUP_PIN_COUNTING_BIAS; 1 where counts hold no pins.
 */
export function stateView(states: PageStates, step: number, bias = states.trace.bias): StateView {
  const { trace } = states;
  const changed = changedWords(states, step);
  const { words, step: at } = states.at(step);
  const rows = trace.objects.map((object, index): RowView => {
    const fields = rowFields({ trace, words, changed, step: at }, index);
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
        bias,
        head,
        shown.filter((row) => isPage(row) && headOf(row) === head.object),
      ),
    ),
    others: shown.filter((row) => !isPage(row) && kindOf(row) !== 'ghost'),
    held: shown.filter((row) => kindOf(row) === 'ghost'),
  };
}

function folioView(trace: Trace, bias: number, head: RowView, tails: readonly RowView[]): FolioView {
  const order = Math.max(0, trace.objects[head.object]?.order ?? 0);
  const field = (name: string) => head.fields.find((candidate) => candidate.name === name);
  const count = field('_refcount');
  return {
    head,
    order,
    tails,
    untouched: Math.max(0, 2 ** order - 1 - tails.length),
    dump: dumpLines(order, head.fields),
    decoded: count ? decodeCount(count.value, bias, field('pincount')?.value ?? null) : null,
    damage: count?.damage ?? null,
  };
}

/** `page: refcount:1 mapcount:1`, `head: order:9 entire_mapcount:1 pincount:0`, `flags: dirty|lru`, as dump_page() has them. */
function dumpLines(order: number, fields: readonly FieldView[]): readonly string[] {
  const parts = (names: readonly string[]) =>
    names.flatMap((name) => {
      const found = fields.find((field) => field.name === name);
      return found === undefined ? [] : [`${name.replace(/^_/, '')}:${found.text}`];
    });
  const counts = ['_refcount', 'mapcount', ...(order === 0 ? ['pincount'] : []), 'mapping'];
  const lines = [['page:', ...parts(counts)].join(' ')];
  if (order > 0) lines.push(['head:', `order:${order}`, ...parts(['entire_mapcount', 'pincount'])].join(' '));
  const flags = fields.find(({ name }) => name === FLAGS);
  if (flags !== undefined) lines.push(`flags: ${flags.text}`);
  return lines;
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
