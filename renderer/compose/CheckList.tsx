import type { MailCheck } from '../../preload/contract.ts';

/** Every rule with a mark; what breaks one stands first, with its line. */
export function CheckList({ checks }: { readonly checks: readonly MailCheck[] }) {
  const found = checks.flatMap(({ rule, findings }) => findings.map((finding) => ({ rule, ...finding })));
  const errors = found.filter(({ severity }) => severity === 'error').length;
  return (
    <section className="check-list" aria-label="Check list">
      <p role="status" data-tone={errors > 0 ? 'fail' : found.length > 0 ? 'limit' : 'ok'}>
        {found.length === 0
          ? `Check list: all ${checks.length} ok`
          : `Check list: ${errors} to mend, ${found.length - errors} to look at`}
      </p>
      <ul>
        {found.map(({ rule, line, severity, message }) => (
          <li key={`${rule} ${line} ${message}`} data-tone={severity === 'error' ? 'fail' : 'limit'}>
            {severity === 'error' ? '!!' : '? '} line {line}: {message} [{rule}]
          </li>
        ))}
      </ul>
      <ul className="check-marks">
        {checks
          .filter(({ findings }) => findings.length === 0)
          .map(({ rule, title }) => (
            <li key={rule}>ok {title}</li>
          ))}
      </ul>
    </section>
  );
}
