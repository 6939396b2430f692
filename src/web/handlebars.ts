import { createRequire } from 'node:module';
import type Handlebars from 'handlebars';
import { once } from '../lib/once.ts';

const require = createRequire(import.meta.url);

/** The one place that loads Handlebars, with the first page: 13 ms and 5 MB that a start needs not pay. */
export const handlebars = once(() => require('handlebars') as typeof Handlebars);
