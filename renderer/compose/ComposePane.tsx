import type { ComposeOverlay } from '../app/state.ts';
import { Dialog } from '../palette/Dialog.tsx';
import { Answer } from './Answer.tsx';
import { MailSource } from './MailSource.tsx';
import { Preview } from './Preview.tsx';
import { QuoteLines } from './QuoteLines.tsx';
import { Reported } from './Reported.tsx';

/** A mail from the list: what it reports can be opened and run, and a run can be its answer. Nothing is sent. */
export function ComposePane({ pane }: { readonly pane: ComposeOverlay }) {
  const { mail, problem } = pane;
  return (
    <Dialog label="Answer a mail" className="compose">
      <h2>Answer a mail</h2>
      {problem !== null && (
        <p role="alert" data-tone="error">
          {problem}
        </p>
      )}
      <div className="compose-columns">
        <div className="compose-column">
          <MailSource busy={pane.busy} />
          {mail !== null && (
            <>
              <p role="status">{mail.title}</p>
              {mail.reports.map((report, index) => (
                <Reported key={`${report.sha256} ${report.replays[0]?.schedule}`} report={report} index={index} />
              ))}
              {mail.lines.length > 0 && <QuoteLines key={mail.mailId} pane={pane} lines={mail.lines} />}
            </>
          )}
          {pane.runId === null ? <p>Run a cell first to answer with its results.</p> : <Answer pane={pane} />}
        </div>
        {pane.composed !== null && <Preview composed={pane.composed} />}
      </div>
    </Dialog>
  );
}
