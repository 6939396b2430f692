import { setTimeout as pause } from 'node:timers/promises';

/** Tries an assertion until it holds; after `withinMs` its last failure is the test's. */
export async function eventually<T>(assertion: () => T | Promise<T>, withinMs = 3000): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() > until) throw error;
      await pause(5);
    }
  }
}
