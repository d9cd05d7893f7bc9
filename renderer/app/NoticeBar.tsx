import { useAppState } from './context.tsx';

/** The one line in which the window answers. It stays until the next command. */
export function NoticeBar() {
  const notice = useAppState((state) => state.notice);
  return (
    <p className="notice" role={notice?.kind === 'problem' ? 'alert' : 'status'} data-kind={notice?.kind ?? 'none'}>
      {notice !== null && <strong>{notice.kind === 'problem' ? 'Problem' : 'Note'}</strong>} {notice?.text}
    </p>
  );
}
