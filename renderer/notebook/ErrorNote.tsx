import type { ScriptError } from '../../main/engine/result.ts';

interface ErrorProps {
  readonly error: ScriptError;
  /** First line of the cell's text in the text that ran. */
  readonly firstLine: number;
  readonly go: (line: number, column: number) => void;
}

/** A script error in the author's own place; the place is a button that leads there. */
export function ErrorNote({ error, firstLine, go }: ErrorProps) {
  const frames = error.stack.split('\n').filter((line) => line.trim() !== '' && !line.includes(error.message));
  return (
    <div className="error-note">
      <b data-tone="error">
        <span aria-hidden="true">{'\u25b2'}</span> error
      </b>{' '}
      {error.line > 0 && (
        <button type="button" onClick={() => go(error.line, error.column)}>
          line {error.line - firstLine + 1}:{error.column}
        </button>
      )}{' '}
      <span className="error-message">{error.message}</span>
      {frames.length > 0 && (
        <details>
          <summary>where it came from</summary>
          <pre>{frames.join('\n')}</pre>
        </details>
      )}
    </div>
  );
}
