/** All templates of views/, read with the first page, compiled at their first use and kept. Each is a partial of the others under its path. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from '../lib/once.ts';
import type { Around } from './frame.ts';
import { viewsFolder } from './folders.ts';
import { handlebars } from './handlebars.ts';
import { helpers } from './helpers.ts';

/** knownHelpersOnly: a helper's name that was mistyped fails instead of printing nothing. preventIndent: what stands in `pre` and `textarea` stays as it is. */
const options: CompileOptions = {
  knownHelpers: Object.fromEntries(Object.keys(helpers).map((name) => [name, true])),
  knownHelpersOnly: true,
  preventIndent: true,
};

/**
 * Handlebars itself, without express-handlebars: live pages need a partial as text, at once and outside a response of
 * its own, and Express's asynchronous view engine costs each page more than its template does.
 */
const templates = once((): ReadonlyMap<string, HandlebarsTemplateDelegate> => {
  const engine = handlebars().create();
  const found = new Map<string, HandlebarsTemplateDelegate>();
  engine.registerHelper(helpers);
  for (const file of readdirSync(viewsFolder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.hbs')) continue;
    const name = file.slice(0, -'.hbs'.length);
    const template = engine.compile<unknown>(readFileSync(join(viewsFolder, file), 'utf8').trimEnd(), options);
    found.set(name, template);
    engine.registerPartial(name, template);
    if (name.startsWith('partials/')) engine.registerPartial(name.slice('partials/'.length), template);
  }
  return found;
});

/** A template of views/ as HTML. Throws for a name that has no file. */
export function markup(view: string, data: object, around: Around): string {
  const template = templates().get(view);
  if (!template) throw new Error(`There is no template views/${view}.hbs`);
  return template(data, { data: around });
}
