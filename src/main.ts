/** Boot: config → lock → databases → HTTP → work; the end in the reverse order. */
import { enableCompileCache } from 'node:module';
import v8 from 'node:v8';

// For who starts this file alone. scripts/start and the image name a folder beforehand, so that this file is in it, too.
enableCompileCache();
// What is made while modules are read is mostly kept: room for garbage would grow to 22 MB that a server which waits never
// gives back. It grows again, by the default, as soon as there is work.
v8.setFlagsFromString('--semi-space-growth-factor=1');
const { boot } = await import('./boot.ts');
await boot(process.argv.slice(2));
v8.setFlagsFromString('--semi-space-growth-factor=2');
// Of its own V8 lets the heap of a busy server grow to five times what is in use, half a gigabyte, before it looks for old
// garbage. Half as much again, with --max-semi-space-size=8 on the command line, takes 300 MB, and a tenth of the processor.
v8.setFlagsFromString('--heap-growing-percent=50');
