import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { Control } from '../../preload/contract.ts';
import { goTo } from '../app/cells.ts';
import { useApp, useAppState } from '../app/context.tsx';
import type { ViewCell } from '../app/document.ts';
import { closureOf, sameTexts } from '../app/reading.ts';
import type { CellRun, WhatIf } from '../app/state.ts';
import { clear, keep, questionText, setControl, sweep } from '../app/what-if.ts';
import { type CellState, stateOf } from './cell-state.ts';
import { differences, differenceText } from './difference.ts';
import { ErrorNote } from './ErrorNote.tsx';
import { ExperimentView } from './ExperimentView.tsx';
import { StateMark } from './StateMark.tsx';
import { SweepTable } from './SweepTable.tsx';
import { stripsOf } from './strip.ts';

/** Milliseconds after the last arrow key until the value that it led to is tried. */
const STEP_PAUSE = 350;

const NO_CONTROLS: readonly Control[] = [];

/** What in a cell could be otherwise, as controls above its result. Changing one runs the cell with it. */
export function WhatIfControls({ cell }: { readonly cell: ViewCell }) {
  const app = useApp();
  const controls = useAppState(({ notebook }) => notebook?.reading?.controls.get(cell.id) ?? NO_CONTROLS);
  const whatIf = useAppState((state) => state.whatIf.get(cell.id));
  if (controls.length === 0) return null;
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    goTo(app, cell.id);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as one line of text.
    <div className="what-if" role="group" aria-label="What if" onKeyDown={keys}>
      <span className="what-if-title dim">what if</span>
      {controls.map((control) => (
        <ControlField
          key={control.label}
          cellId={cell.id}
          control={control}
          value={whatIf?.values.get(control.label) ?? control.value}
        />
      ))}
      {whatIf !== undefined && whatIf.values.size > 0 && (
        <button type="button" onClick={() => void keep(app, cell.id)}>
          write into the cell
        </button>
      )}
      {whatIf !== undefined && (
        <button type="button" onClick={() => clear(app, cell.id)}>
          as the file says
        </button>
      )}
    </div>
  );
}

interface FieldProps {
  readonly cellId: string;
  readonly control: Control;
  /** The value that is asked about, or the file's. */
  readonly value: string;
}

/** A number to type, or a list to choose from; the arrow keys try the next value worth trying. */
function ControlField({ cellId, control, value }: FieldProps) {
  const app = useApp();
  const [draft, setDraft] = useState(value);
  const timer = useRef(0);
  const { label, options, free } = control;
  const id = useId();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new question or none replaces what was typed.
  useEffect(() => setDraft(value), [value, control]);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const apply = (wanted: string) => {
    window.clearTimeout(timer.current);
    void setControl(app, cellId, label, wanted.trim());
  };
  const later = (wanted: string) => {
    setDraft(wanted);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => apply(wanted), STEP_PAUSE);
  };
  const keys = (event: KeyboardEvent) => {
    const offset = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === 'Enter') apply(draft);
    else if (offset !== undefined && free) later(beside(options, draft, offset));
    else return;
    event.preventDefault();
  };
  const changed = value !== control.value;
  const title = `${label}: ${control.said ? `the cell says ${control.value}` : `${control.value} without saying`}`;
  return (
    <span className="control" data-changed={changed} data-draft={draft !== value}>
      <label title={title} htmlFor={id}>
        {label}{' '}
        {free ? (
          <input
            id={id}
            value={draft}
            size={Math.max(3, draft.length)}
            inputMode="numeric"
            spellCheck={false}
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={keys}
          />
        ) : (
          <select id={id} value={draft} onChange={(event) => later(event.target.value)} onKeyDown={keys}>
            {options.map((option) => (
              <option key={option}>{option}</option>
            ))}
          </select>
        )}
      </label>
      {changed && <span className="was"> (file: {control.value})</span>}
      <button
        type="button"
        aria-label={`Sweep ${label}: the verdict over ${options.join(', ')}`}
        title={`Sweep: the verdict over ${options.join(', ')}`}
        onClick={() => void sweep(app, cellId, label)}
      >
        sweep
      </button>
    </span>
  );
}

/** The next value worth trying above (1) or below (-1) the present one; the present one at the ends. */
function beside(options: readonly string[], present: string, offset: number): string {
  const values = options.map(Number);
  const now = Number(present);
  const next = offset > 0 ? values.find((value) => value > now) : values.findLast((value) => value < now);
  return next === undefined ? present : String(next);
}

interface AnswerProps {
  readonly cell: ViewCell;
  readonly whatIf: WhatIf;
  /** The cell's run of what the file says; undefined where it never ran. */
  readonly base: CellRun | undefined;
  readonly baseStale: boolean;
  readonly go: (line: number, column: number) => void;
}

/** What the question's run says, and in what that differs from the file's. */
export function WhatIfAnswer({ cell, whatIf, base, baseStale, go }: AnswerProps) {
  const run = useAppState((state) => (whatIf.key === null ? undefined : state.cellRuns.get(whatIf.key)));
  const kernels = useAppState((state) => state.info?.kernels) ?? [];
  const stale = useAppState(({ notebook }) => {
    const now = notebook === null ? null : closureOf(notebook, cell.id);
    return now !== null && whatIf.basis !== null && !sameTexts(now, whatIf.basis);
  });
  const key = whatIf.key;
  return (
    <>
      {run !== undefined && key !== null && whatIf.values.size > 0 && (
        <section className="answer" data-stale={stale} aria-label={`What if ${questionText(whatIf.values)}`}>
          <p className="answer-head">
            <b>what if {questionText(whatIf.values)}</b> <StateMark state={withoutExpectation(stateOf(run, stale))} />
          </p>
          {run.error !== null && <ErrorNote error={run.error} firstLine={run.firstLine} go={go} />}
          {stripsOf(run, kernels, base?.results).map((strip) => (
            <ExperimentView key={`${strip.line}:${strip.experiment}`} cellId={key} run={run} strip={strip} go={go} />
          ))}
          <p className="difference">{comparison(run, base, baseStale)}</p>
        </section>
      )}
      {whatIf.sweep !== null && <SweepTable cellId={cell.id} sweep={whatIf.sweep} stale={stale} />}
    </>
  );
}

/** What the author expects is expected of the file. */
function withoutExpectation(state: CellState): CellState {
  return state.word === 'running' ? state : { ...state, detail: '' };
}

function comparison(run: CellRun, base: CellRun | undefined, baseStale: boolean): string {
  if (run.stage === 'queued' || run.stage === 'running') return '';
  if (base === undefined || base.results.length === 0) return 'Run the cell as it is (Ctrl+Enter) to see what differs.';
  const said = differenceText(differences(base.results, run.results));
  return baseStale ? `${said} The run of the file is stale.` : said;
}
