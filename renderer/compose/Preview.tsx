import type { ComposedMail } from '../../preload/contract.ts';
import { copyMail, saveMail } from '../app/composing.ts';
import { useApp } from '../app/context.tsx';
import { CloseButton } from '../palette/CloseButton.tsx';
import { CheckList } from './CheckList.tsx';

/** The mail as it will be, what the check list says of it, and the command that tries the sending. */
export function Preview({ composed }: { readonly composed: ComposedMail }) {
  const app = useApp();
  const { text, checks, advice, command } = composed;
  return (
    <div className="compose-column">
      <textarea readOnly aria-label="The mail" value={text} rows={26} cols={78} />
      <CheckList checks={checks} />
      {advice.map((sentence) => (
        <p key={sentence} data-tone="limit">
          {sentence}
        </p>
      ))}
      <p className="compose-command">
        <label>
          Nothing is sent here. To try it: <input readOnly value={command} />
        </label>
      </p>
      <p className="deeds">
        <button type="button" onClick={() => void saveMail(app)}>
          Save as ...
        </button>
        <button type="button" onClick={() => void copyMail(app, 'text')}>
          Copy
        </button>
        <button type="button" onClick={() => void copyMail(app, 'command')}>
          Copy the command
        </button>
        <CloseButton />
      </p>
    </div>
  );
}
