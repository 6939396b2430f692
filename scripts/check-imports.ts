/**
 * The import rules of .dependency-cruiser.cjs over src. `node scripts/check-imports.ts` prints each breach with the rule's
 * name and exits 1. It also fails when it did not see every file of src: dependency-cruiser passes over what it can't read.
 */
import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cruise, type ICruiseResult, type ICruiseOptions, type IFlattenedRuleSet } from 'dependency-cruiser';

export interface ImportCheck {
  modules: number;
  breaches: string[];
}

/** Checks `<root>/src` against the project's rules. A breach is one line: `rule: from → to`. */
export async function checkImports(root: string): Promise<ImportCheck> {
  const files = globSync('src/**/*.ts', { cwd: root });
  if (files.length === 0) return { modules: 0, breaches: ['nothing-seen: there is no TypeScript in src'] };
  const { forbidden, options } = rules();
  const cruised = await cruise(['src'], { ...options, baseDir: root, ruleSet: { forbidden }, validate: true }, {}, {});
  if (typeof cruised.output === 'string') throw new Error('dependency-cruiser answered with text instead of a result');
  return judge(cruised.output, files);
}

function judge(result: ICruiseResult, files: string[]): ImportCheck {
  const seen = new Set(result.modules.filter((module) => module.source.startsWith('src/')).map((module) => module.source));
  const unseen = files.filter((file) => !seen.has(file)).map((file) => `nothing-seen: ${file} was not read`);
  const breaches = result.summary.violations.map(({ rule, from, to, cycle }) => {
    const way = cycle ? cycle.map((step) => step.name).join(' → ') : to;
    return `${rule.name}: ${from} → ${way}`;
  });
  return { modules: seen.size, breaches: [...unseen, ...new Set(breaches)] };
}

function rules(): { forbidden: IFlattenedRuleSet['forbidden']; options: ICruiseOptions } {
  const require = createRequire(import.meta.url);
  return require('../.dependency-cruiser.cjs') as ReturnType<typeof rules>;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { modules, breaches } = await checkImports(join(import.meta.dirname, '..'));
  for (const breach of breaches) console.error(breach);
  console.log(`${modules} modules, ${breaches.length} breaches`);
  process.exitCode = breaches.length === 0 ? 0 : 1;
}
