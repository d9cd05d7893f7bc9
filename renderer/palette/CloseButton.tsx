import { useApp } from '../app/context.tsx';
import { closeOverlay } from '../app/overlay.ts';

/** The last button of a dialog. */
export function CloseButton() {
  const app = useApp();
  return (
    <button type="button" onClick={() => closeOverlay(app)}>
      Close
    </button>
  );
}
