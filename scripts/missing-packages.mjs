/**
 * Exits 1 when node_modules lacks a package of package-lock.json or has another version. With `--production` the
 * development packages don't count; peers are never installed. Plain JavaScript, since it runs before Node 24 is there.
 * Compares what is installed and not dates: a fresh checkout, an update and an `npm install` by hand all come out right.
 */
import { readFileSync } from 'node:fs';

const read = (file) => {
  try {
    return JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
};

const production = process.argv.includes('--production');
const wanted = read('package-lock.json');
const installed = read('node_modules/.package-lock.json');
const missing = Object.entries(wanted).filter(([path, { version, dev, devOptional, optional, peer }]) => {
  if (path === '' || optional || peer || (production && (dev || devOptional))) return false;
  return installed[path]?.version !== version;
});
process.exitCode = missing.length === 0 ? 0 : 1;
