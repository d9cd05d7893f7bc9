import { useEffect, useRef } from 'react';
import type { MailedReport } from '../../preload/contract.ts';
import { openReported } from '../app/composing.ts';
import { useApp } from '../app/context.tsx';

interface ReportedProps {
  readonly report: MailedReport;
  /** Its position among the mail's reports. */
  readonly index: number;
}

/** A report that the mail carries: its notebook to look at, and to open. Nothing of it has run yet. */
export function Reported({ report, index }: ReportedProps) {
  const app = useApp();
  const open = useRef<HTMLButtonElement>(null);
  // The first of them takes the focus: Enter opens it, and the keys for a run do the rest.
  useEffect(() => {
    if (index === 0) open.current?.focus();
  }, [index]);
  return (
    <section className="reported" aria-label={`Report about ${report.notebook}`}>
      <h3>
        This mail reports: {report.notebook}, sha256:{report.sha256} ({report.tool})
      </h3>
      <ul>
        {report.replays.map(({ experiment, kernel, check, schedule }) => (
          <li key={`${experiment} ${kernel} ${schedule}`}>
            {kernel}, &quot;{experiment}&quot;: {check}, schedule {schedule}
          </li>
        ))}
      </ul>
      <p>{report.source}</p>
      {report.text !== null && (
        <>
          <textarea readOnly aria-label={`Text of ${report.notebook}`} value={report.text} rows={12} />
          <p className="deeds">
            <button ref={open} type="button" onClick={() => void openReported(app, index)}>
              Open it as a notebook
            </button>
            <span>It is a stranger&apos;s text: look at it before you run it.</span>
          </p>
        </>
      )}
    </section>
  );
}
