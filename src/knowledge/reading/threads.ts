import { ReadingThreads } from './reading-threads.ts';

/** One for the whole process: what is uploaded and what is fetched wait for the same threads. */
export const threads = new ReadingThreads();

/** Ends the reading threads that wait for work, at the end of the process. */
export function closeReading(): Promise<void> {
  return threads.close();
}
