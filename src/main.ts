/** Boot: config → lock → databases → HTTP → work; the end in the reverse order. */
import { enableCompileCache } from 'node:module';

enableCompileCache();
const { boot } = await import('./boot.ts');
await boot(process.argv.slice(2));
