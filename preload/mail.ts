/** What window and main say to each other about mails: the one that is answered, and the answer. */

/** One failure that a mail says how to replay. */
export interface MailedReplay {
  readonly experiment: string;
  readonly kernel: string;
  readonly check: string;
  readonly schedule: string;
}

/** A report of ours that a mail carries. It is a stranger's: its notebook is looked at before it is run. */
export interface MailedReport {
  /** `Gupbook 0.1.0, engine 1`, as the mail has it. */
  readonly tool: string;
  readonly notebook: string;
  readonly sha256: string;
  readonly replays: readonly MailedReplay[];
  /** The notebook's text, with the SHA-256 that the mail names; null where it is not at hand. */
  readonly text: string | null;
  /** Where the text is from, or why there is none: one sentence. */
  readonly source: string;
}

/** A mail as far as the window needs it. */
export interface ReadMail {
  /** Names it until another one is read. */
  readonly mailId: number;
  /** `John Hubbard: Re: [PATCH v5 17/24] mm/gup: track FOLL_PIN pages`. */
  readonly title: string;
  /** Its text; empty where only the Message-ID is known. */
  readonly lines: readonly string[];
  /** What is missing in it and what that means, a sentence each. */
  readonly remarks: readonly string[];
  readonly reports: readonly MailedReport[];
}

/** Parts of the answer that can be left out. */
export interface MailSections {
  readonly table: boolean;
  readonly states: boolean;
  readonly checks: boolean;
  readonly replay: boolean;
  readonly scenario: boolean;
}

export interface MailRequest {
  readonly runId: number;
  readonly format: 'reply' | 'mbox';
  readonly experiments: readonly string[] | null;
  readonly kernels: readonly string[] | null;
  /** The mail that is answered; null for none. */
  readonly mailId: number | null;
  /** 0-based lines of it that are quoted. */
  readonly quote: readonly number[];
  /** The author's own words, above everything generated; empty for none. */
  readonly comment: string;
  /** About the first failure, or about all experiments and what changed from kernel to kernel. */
  readonly layout: 'finding' | 'series';
  readonly sections: MailSections;
  /** Name of the file that the command line speaks of. */
  readonly file: string;
}

/** One rule of the check list. */
export interface MailCheck {
  readonly rule: string;
  readonly title: string;
  readonly findings: readonly {
    /** 1-based; 0 for the whole. */
    readonly line: number;
    readonly severity: 'error' | 'warning';
    readonly message: string;
  }[];
}

export interface ComposedMail {
  /** The mail, exactly as it will be. */
  readonly text: string;
  readonly checks: readonly MailCheck[];
  /** What to know before it is sent, a sentence each. */
  readonly advice: readonly string[];
  /** Tries the sending; nothing is sent by the application. */
  readonly command: string;
}
