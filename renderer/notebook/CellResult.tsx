import { goToLine } from '../app/cells.ts';
import { useApp, useAppState } from '../app/context.tsx';
import type { ViewCell } from '../app/document.ts';
import type { CellRun } from '../app/state.ts';
import { ErrorNote } from './ErrorNote.tsx';
import { ExperimentView } from './ExperimentView.tsx';
import { stripsOf } from './strip.ts';
import { WhatIfAnswer, WhatIfControls } from './WhatIfView.tsx';

interface ResultProps {
  readonly cell: ViewCell;
  readonly run: CellRun;
  readonly stale: boolean;
}

/** What a cell's last run said, directly below its text. */
export function CellResult({ cell, run, stale }: ResultProps) {
  const app = useApp();
  const kernels = useAppState((state) => state.info?.kernels);
  const whatIf = useAppState((state) => state.whatIf.get(cell.id));
  const strips = stripsOf(run, kernels ?? []);
  if (strips.length === 0 && run.error === null && run.printed.length === 0) return null;
  // Lines of the text that ran, shown and followed in the cell as it stands now.
  const go = (line: number, column: number) => {
    const { notebook } = app.store.get();
    if (notebook !== null) goToLine(app, notebook.doc, line - run.firstLine + cell.firstLine, column);
  };
  return (
    <div className="cell-result" data-stale={stale}>
      {strips.length > 0 && <WhatIfControls cell={cell} />}
      {run.error !== null && <ErrorNote error={run.error} firstLine={run.firstLine} go={go} />}
      {run.printed.length > 0 && <pre className="printed">{run.printed.join('\n')}</pre>}
      {strips.map((strip) => (
        <ExperimentView key={`${strip.line}:${strip.experiment}`} cellId={cell.id} run={run} strip={strip} go={go} />
      ))}
      {whatIf !== undefined && <WhatIfAnswer cell={cell} whatIf={whatIf} base={run} baseStale={stale} go={go} />}
    </div>
  );
}
