/** What the check list says of a mail. */

/** `error`: a tool will lose, change or refuse something. `warning`: a reader or maintainer will mind. */
export type Severity = 'error' | 'warning';

/** Stable names of the rules, for scripts and the window. */
export type Rule =
  | 'headers'
  | 'content-type'
  | 'flowed'
  | 'charset'
  | 'transfer-encoding'
  | 'threading'
  | 'subject'
  | 'obfuscated-address'
  | 'width'
  | 'long-line'
  | 'tab'
  | 'control-character'
  | 'non-ascii'
  | 'trailing-blank'
  | 'column-0'
  | 'in-body-header'
  | 'trailer'
  | 'hex-word'
  | 'signature'
  | 'link'
  | 'markup'
  | 'top-posting'
  | 'footer'
  | 'placeholder'
  | 'mbox'
  | 'ktap';

export interface Finding {
  /** 1-based line of the file; 0 for the whole. */
  readonly line: number;
  readonly rule: Rule;
  readonly severity: Severity;
  /** One sentence: what is wrong and what it does. */
  readonly message: string;
}

export function error(line: number, rule: Rule, message: string): Finding {
  return { line, rule, severity: 'error', message };
}

export function warning(line: number, rule: Rule, message: string): Finding {
  return { line, rule, severity: 'warning', message };
}

/** What each rule looks at, in the order of the check list. */
const TITLES: Readonly<Record<Rule, string>> = {
  width: 'own lines fit',
  'long-line': 'no line is longer than mail allows',
  'column-0': 'nothing at column 0 ends the text',
  'in-body-header': 'the text does not begin like a header',
  trailer: 'nothing reads as a trailer',
  'hex-word': 'no bare commit ids',
  tab: 'no tabs in own text',
  'trailing-blank': 'no blanks at line ends',
  'control-character': 'no control or bidi characters',
  'non-ascii': 'ASCII, but for names',
  signature: 'the signature is set off',
  link: 'links to lore',
  markup: 'plain text, no markup',
  'top-posting': 'the answer stands below what it answers',
  footer: 'no confidentiality footer',
  placeholder: 'no placeholders left',
  subject: 'the subject is an answer',
  threading: 'threaded to what it answers',
  headers: 'headers are whole',
  'content-type': 'one part, text/plain',
  flowed: 'not format=flowed',
  charset: 'the charset is declared',
  'transfer-encoding': '7bit or 8bit',
  'obfuscated-address': 'no obfuscated addresses',
  mbox: 'the mailbox splits where it should',
  ktap: 'KTAP inside is whole',
};

/** A rule of the check list with what it found. */
export interface Check {
  readonly rule: Rule;
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** The whole check list: also the rules that found nothing. */
export function checkList(findings: readonly Finding[]): Check[] {
  const rules: Rule[] = [];
  let rule: Rule;
  for (rule in TITLES) rules.push(rule);
  return rules.map((name) => ({
    rule: name,
    title: TITLES[name],
    findings: findings.filter((finding) => finding.rule === name),
  }));
}
