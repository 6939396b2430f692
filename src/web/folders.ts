/** Where the pages' templates and files lie. */
import { fileURLToPath } from 'node:url';

export const publicFolder = fileURLToPath(new URL('../../public/', import.meta.url));
export const viewsFolder = fileURLToPath(new URL('../../views/', import.meta.url));
