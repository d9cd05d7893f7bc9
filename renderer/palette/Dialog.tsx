import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useApp } from '../app/context.tsx';
import { closeOverlay } from '../app/overlay.ts';

interface DialogProps {
  readonly label: string;
  readonly className: string;
  /** It has nothing to take the focus, and may be longer than the window: the arrow keys scroll it. */
  readonly scrolls?: boolean;
  readonly children: ReactNode;
}

/** A dialog over the window: it keeps the focus, Escape closes it, and the focus goes back to where it was. */
export function Dialog({ label, className, scrolls = false, children }: DialogProps) {
  const app = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    // Chromium gives the focus to what scrolls, even where there is something to act on.
    if (!scrolls && document.activeElement?.classList.contains('dialog-inside') === true) {
      element?.querySelector<HTMLElement>('input, select, textarea, button')?.focus();
    }
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [scrolls]);
  const close = () => closeOverlay(app);
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    close();
  };
  return (
    <dialog
      ref={dialog}
      className={`dialog ${className}`}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onKeyDown={keys}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      <div className="dialog-inside" tabIndex={scrolls ? 0 : undefined}>
        {children}
      </div>
    </dialog>
  );
}
