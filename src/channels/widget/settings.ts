import { z } from 'zod';
import { languages } from '../../lib/catalogue.ts';

const ORIGINS_AT_MOST = 50;

/** What an owner decides about the bubble. It has no secrets. */
export const widgetSettings = z.strictObject({
  colour: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^#[0-9a-f]{6}$/, 'A colour is written as # and six digits, like #2c6b55.')
    .default('#2c6b55')
    .meta({ label: 'Colour', hint: 'The button’s colour. The panel takes its tints from it and stays readable.', input: 'color' }),
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
      label: 'Websites that may show it',
      hint: 'One on each line, like https://www.example.com. Its own full page always works; no other website does until it stands here.',
      rows: 3,
    }),
  language: z
    .enum(['visitor', ...languages])
    .default('visitor')
    .meta({ label: 'Language of the panel', choices: { visitor: 'What each visitor’s browser asks for' } }),
});

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
