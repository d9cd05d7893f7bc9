/** `manifest.json`: the list of captures of a folder. What it says beyond the captures' own files is for people. */
import { z } from 'zod';

const entry = z.object({
  name: z.string(),
  files: z.array(z.string()).optional(),
  truncated_lines: z.number().optional(),
});

export const manifestFile = z.object({ kernel: z.string(), entries: z.array(entry) });

export type Manifest = z.infer<typeof manifestFile>;
