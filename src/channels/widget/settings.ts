import { z } from 'zod';
import { languages } from '../../lib/catalogue.ts';

const ORIGINS_AT_MOST = 50;

/** px above the edge of the page, and what each is called. */
const LIFTS = { '0': 'In the corner', '64': 'Above a bar at the bottom', '128': 'Well above the bottom' } as const;

/** What an owner decides about the bubble. */
export const widgetSettings = z.strictObject({
  colour: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^#[0-9a-f]{6}$/, 'A colour is written as # and six digits, like #2c6b55.')
    .default('#2c6b55')
    .meta({
      group: 'look',
      label: 'Colour',
      hint: 'The button’s colour. The panel takes its tints from it and stays readable.',
      input: 'color',
    }),
  scheme: z
    .enum(['visitor', 'light', 'dark'])
    .default('visitor')
    .meta({
      group: 'look',
      label: 'Light or dark',
      later: true,
      choices: { visitor: 'As each visitor’s device is set', light: 'Always light', dark: 'Always dark' },
    }),
  side: z
    .enum(['end', 'start'])
    .default('end')
    .meta({
      group: 'look',
      label: 'Side of the page',
      hint: 'On pages that are read from the right it stands on the other side.',
      later: true,
      choices: { end: 'Right', start: 'Left' },
    }),
  lift: z.enum(['0', '64', '128']).default('0').meta({ group: 'look', label: 'Height', later: true, choices: LIFTS }),
  origins: z
    .string()
    .max(5000, 'That is more than fits here.')
    .default('')
    .overwrite((typed) =>
      originLines(typed)
        .map((line) => originOf(line) ?? line)
        .join('\n'),
    )
    .refine(
      (typed) => originLines(typed).every((line) => originOf(line) !== null),
      'Each line is one website, like https://www.example.com.',
    )
    .refine((typed) => originLines(typed).length <= ORIGINS_AT_MOST, `At most ${ORIGINS_AT_MOST} websites.`)
    .meta({
      group: 'place',
      label: 'Websites that may show it',
      hint: 'One on each line, like https://www.example.com. Its own full page always works; no other website does until it stands here.',
      rows: 3,
    }),
  language: z
    .enum(['visitor', ...languages])
    .default('visitor')
    .meta({ group: 'place', label: 'Language of the panel', choices: { visitor: 'What each visitor’s browser asks for' } }),
  sound: z.boolean().default(false).meta({
    group: 'place',
    label: 'A soft sound',
    hint: 'When an answer comes while nobody looks at the chat. Each visitor can mute it.',
    later: true,
  }),
  onlySignedIn: z.boolean().default(false).meta({
    group: 'people',
    label: 'Only for signed-in visitors',
    hint: 'Everybody else is told to sign in first, on the full page too.',
    later: true,
  }),
  /** With it the business's own server signs who is signed in there. */
  identitySecret: z.string().optional().meta({ secret: true, made: true }),
});

export type WidgetSettings = z.infer<typeof widgetSettings>;

/** The lines of the setting `origins` that hold something. */
export function originLines(origins: string): string[] {
  return origins.split(/[\s,]+/).filter(Boolean);
}

/** The origin of what was typed ("example.com/shop" gives "https://example.com"), or null when it is none. */
function originOf(typed: string): string | null {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`);
    const isWebsite = url.protocol === 'https:' || url.protocol === 'http:';
    return isWebsite && url.hostname !== '' && !url.hostname.includes('*') ? url.origin : null;
  } catch {
    return null;
  }
}
